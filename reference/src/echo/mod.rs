//! `echo`: every message comes back. TCP port 2500.
//!
//! # Protocol
//!
//! The client sends bytes, the server sends the same bytes back. There is no form to keep to, and
//! either end may close at any time.
//!
//! # Run it
//!
//! ```text
//! $ grader reference echo server               $ grader reference echo client
//! connected by 127.0.0.1 62719                 Port No: 2500
//! Received message: Hello, Server              Message to send: Hello, Server
//! Received message: Nice to meet you!          Received message: Hello, Server
//!                                              Message to send: Nice to meet you!
//!                                              Received message: Nice to meet you!
//!                                              Message to send:
//! ```
//!
//! The client asks for the port unless it was given one: `client -- localhost 2501`. Ctrl+D or
//! Ctrl+C ends it.
//!
//! # Worth a look
//!
//! A read of zero bytes means that the other end has closed. A server that overlooks it prints
//! empty messages for ever. [`server`] also serves many clients at once, a task for each.

pub mod client;
pub mod reply;
pub mod server;

/// The port of the handout.
pub const PORT: u16 = 2500;

/// How many bytes are read at once, at most.
pub const BUFFER_SIZE: usize = 4096;
