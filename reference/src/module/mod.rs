//! `module`: a small server type that other programs are built on. TCP ports 8888 and 2500.
//!
//! # Protocol
//!
//! Two programs use the type [`TcpServer`](tcp_server::TcpServer):
//!
//! - `module` listens on 8888, sends `Hello Client` to one client, closes, and ends.
//! - `echo` listens on 2500 and behaves as [`echo`](crate::echo).
//!
//! # Run it
//!
//! ```text
//! $ grader reference module module             $ nc localhost 8888
//! connected by 127.0.0.1:55718                 Hello Client
//!
//! $ grader reference module echo               $ grader reference echo client
//! connected by 127.0.0.1 55720                 Port No: 2500
//! Received message: Of course!                 Message to send: Of course!
//!                                              Received message: Of course!
//! ```
//!
//! Both take an address.
//!
//! # Worth a look
//!
//! What is the same in every server belongs in [`tcp_server`], what is different stays outside: the
//! type knows how clients come in, not what is said to them.

pub mod echo;
pub mod greeter;
pub mod tcp_server;

/// The port of the type's own program.
pub const PORT: u16 = 8888;
