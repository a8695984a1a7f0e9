//! `number`: numbers become words. TCP port 3333.
//!
//! # Protocol
//!
//! The client sends a number from 1 to 10 in digits, the server answers with the English word.
//! Whatever else is sent is answered with `Try again`. A connection carries as many questions as
//! the client likes.
//!
//! # Run it
//!
//! ```text
//! $ grader reference number server             $ grader reference number client
//! waiting...                                   Number to send (1~10): 1
//! connection from 127.0.0.1:50310              Received message: one
//!                                              Number to send (1~10): 11
//!                                              Received message: Try again
//!                                              Number to send (1~10): q
//! ```
//!
//! Both take an address. `q` ends the client.
//!
//! # Worth a look
//!
//! [`server`] serves one client at a time, as the handout has it. A second client can connect all
//! the same: the kernel keeps it in the queue of the listening socket until `accept` takes it out.

pub mod client;
pub mod server;
pub mod word;

/// The port of the handout.
pub const PORT: u16 = 3333;
