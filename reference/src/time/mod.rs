//! `time`: the time of day over the network. TCP port 9999.
//!
//! # Protocol
//!
//! The client connects and says nothing. The server sends its local time as the C function `ctime`
//! writes it, always 24 characters (`Thu Mar  4 09:43:07 2021`), and closes.
//!
//! # Run it
//!
//! ```text
//! $ grader reference time server               $ grader reference time client
//! connection from 127.0.0.1:62762              Time: Fri Mar 11 17:02:13 2022
//! ```
//!
//! Both take an address. The server's time zone is that of its machine, or the one named in the
//! environment: `TZ=Asia/Seoul grader reference time server`.
//!
//! # Worth a look
//!
//! The message has a fixed length. That makes it easy for [`client`] to know when it is whole.

pub mod client;
pub mod server;

/// The port of the handout.
pub const PORT: u16 = 9999;

/// The length of every message.
pub const LENGTH: usize = 24;
