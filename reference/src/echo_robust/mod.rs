//! `echo-robust`: the echo pair, prepared for every way in which a connection can end. TCP port
//! 2500.
//!
//! # Protocol
//!
//! As [`echo`](crate::echo). What is new is what happens at the end:
//!
//! - The other end closes in good order (FIN): reading gives zero bytes.
//! - The other end breaks off (RST, for instance because it was killed while data was waiting for
//!   it): reading or writing fails with an error.
//!
//! # Run it
//!
//! ```text
//! $ grader reference echo-robust server        $ grader reference echo-robust client
//! connected by 127.0.0.1 59746                 Port No: 2500
//! Received message: Hello                      Message to send: Hello
//! ^C                                           5 bytes sent
//!                                              Received message: Hello
//!                                              Message to send: Are you there?
//!                                              14 bytes sent
//!                                              connection closed
//! ```
//!
//! # Worth a look
//!
//! In [`server`] the ends of a conversation are a type, [`End`](server::End), and the compiler sees
//! to it that each of them is thought of. An error is not thrown away: it tells which end it was.

pub mod client;
pub mod server;

/// The port of the handout.
pub const PORT: u16 = 2500;
