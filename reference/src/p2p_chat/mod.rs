//! `p2p-chat`: two people take turns. TCP port 50000.
//!
//! # Protocol
//!
//! Each message of the client travels on a connection of its own: connect, send, wait for the reply,
//! close. Messages are text without an end mark. `#exit` has no reply and ends both programs.
//!
//! # Run it
//!
//! ```text
//! $ grader reference p2p-chat server
//! TCP Server listens at: 0.0.0.0:50000
//! Waiting for connection with Client...
//! Client 127.0.0.1:1679 said: Hi, server!
//! Your message to the Client> Hi, client!
//! Waiting for connection with Client...
//! Client was disconnected from connection
//! Press Enter to continue...
//!
//! $ grader reference p2p-chat client
//! Your message to server> Hi, server!
//! TCP Server said: Hi, client!
//! Your message to server> #exit
//! Press Enter to continue...
//! ```
//!
//! Both take an address.
//!
//! # Worth a look
//!
//! [`text`] says what to do about encodings. Both ends have to use the same: this program writes
//! UTF-8, and reads CP949 too, in which old Korean programs write. And [`server`] waits for its user
//! and for Ctrl+C at the same time.

pub mod client;
pub mod server;
pub mod text;

/// The port of the report.
pub const PORT: u16 = 50000;

/// The message that ends the chat.
pub const FAREWELL: &str = "#exit";
