//! `partial`: a message that is longer than what one read brings. TCP port 9999.
//!
//! # Protocol
//!
//! The client connects and says nothing. The server sends `This is IoT world!!!`, which is 20 bytes,
//! and closes. Both ends know the length beforehand.
//!
//! # Run it
//!
//! ```text
//! $ grader reference partial server            $ grader reference partial client
//! connection from 127.0.0.1:50102              ["This"]
//!                                              ["This", " is "]
//!                                              ["This", " is ", "IoT "]
//!                                              ["This", " is ", "IoT ", "worl"]
//!                                              ["This", " is ", "IoT ", "worl", "d!!!"]
//!                                              This is IoT world!!!
//! ```
//!
//! Both take an address.
//!
//! # Worth a look
//!
//! The size handed to a read is a limit, not an order: four bytes *at most*. How many pieces it will
//! take is for the network to decide, so [`client`] counts bytes, not reads.

pub mod client;
pub mod server;

/// The port of the handout.
pub const PORT: u16 = 9999;

/// The message.
pub const MESSAGE: &[u8; LENGTH] = b"This is IoT world!!!";

/// Its length, agreed upon by both ends.
pub const LENGTH: usize = 20;
