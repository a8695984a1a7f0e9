//! `oneline`: the echo pair once more, with sockets made in one call. TCP port 2500.
//!
//! # Protocol
//!
//! As [`echo`](crate::echo). The client does not ask for a port, and it ends when the server closes.
//!
//! # Run it
//!
//! ```text
//! $ grader reference oneline server            $ grader reference oneline client
//! connected by 127.0.0.1 49902                 Message to send: Hi!
//! Received message: Hi!                        Received message: Hi!
//!                                              Message to send:
//! ```
//!
//! Both take an address.
//!
//! # Worth a look
//!
//! Tokio has the two calls as well: `TcpListener::bind` and `TcpStream::connect`. [`one_call`] does
//! without them and shows the single steps that are hidden inside.

pub mod client;
pub mod one_call;
pub mod server;

/// The port of the handout.
pub const PORT: u16 = 2500;
