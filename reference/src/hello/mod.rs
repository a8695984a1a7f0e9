//! `hello`: the first server and the first client. TCP port 9000.
//!
//! # Protocol
//!
//! The client connects and says nothing. The server sends `Hello ` and the client's IP address in
//! dotted form, without a newline, and closes the connection.
//!
//! # Run it
//!
//! ```text
//! $ grader reference hello server              $ grader reference hello client
//! Connection from 127.0.0.1:60509              Hello 127.0.0.1
//! ```
//!
//! Both take an address: `server -- 9001`, `client -- 192.168.0.7 9001`. The server runs until
//! Ctrl+C.
//!
//! # Worth a look
//!
//! The loop in [`server`] has the shape that all later servers have: accept, serve, next. The
//! [`greeting`] shows a question that comes back in every exercise: how does the reader know that
//! a message is complete?

pub mod client;
pub mod greeting;
pub mod server;

/// The port of the handout.
pub const PORT: u16 = 9000;
