//! `hw2`: a name in one direction, a number in the other. TCP port 9000.
//!
//! # Protocol
//!
//! 1. The server sends `Hello ` and the client's address, as in [`hello`](crate::hello).
//! 2. The client sends its name as text (UTF-8).
//! 3. The server sends the student number as an unsigned integer of 4 bytes, the most significant
//!    byte first (big-endian, also called network byte order), and closes.
//!
//! # Run it
//!
//! ```text
//! $ grader reference hw2 server                $ grader reference hw2 client
//! Connection from 127.0.0.1:57127              Hello 127.0.0.1
//! Gildong Hong                                 20260001
//! ```
//!
//! Both take an address, as always. `client -- --name Chunhyang` sends another name,
//! `server -- --number 20267777` another number.
//!
//! # Worth a look
//!
//! 20260001 is `01 35 24 A1` in hexadecimal, and these four bytes are what travels. An Intel or
//! ARM processor keeps them in its memory the other way round: a program that sends its memory as
//! it is delivers 2703504641. The number has a fixed size, so [`client`] knows when it is whole,
//! in however many pieces it comes.

pub mod client;
pub mod server;

/// The port of the handout.
pub const PORT: u16 = 9000;

/// The student number that the server gives out when it is told no other.
pub const NUMBER: u32 = 20_260_001;

/// The name that the client gives when it is told no other.
pub const NAME: &str = "Gildong Hong";
