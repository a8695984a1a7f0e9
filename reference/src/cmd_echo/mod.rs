//! `cmd-echo`: the echo pair, told by its command line where to go. TCP port 2500 by default.
//!
//! # Protocol
//!
//! As [`echo`](crate::echo).
//!
//! # Run it
//!
//! ```text
//! $ grader reference cmd-echo server -- 9999   $ grader reference cmd-echo client -- -s 127.0.0.1 -p 9999
//! connected by 127.0.0.1 49952                 connected to 127.0.0.1 9999
//! Received message: Who are you?               Message to send: Who are you?
//!                                              Received message: Who are you?
//!                                              Message to send: q
//! ```
//!
//! The server's argument is the port. The client's options are `-s HOST` and `-p PORT`. `q` ends it.
//!
//! # Worth a look
//!
//! What is typed on a command line is input like any other, and may be wrong. `abc` and `70000` are
//! no ports: the programs say so and end with status 2, without having touched the network.

pub mod client;
pub mod server;

/// The port if no other is given.
pub const PORT: u16 = 2500;
