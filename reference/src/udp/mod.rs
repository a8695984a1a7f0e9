//! `udp`: datagrams instead of a stream. UDP port 50001.
//!
//! # Protocol
//!
//! The client sends the datagram `Hello, UDPServer!`. The server answers every datagram it gets with
//! `UDPServer has received your message`, sent to whoever sent it.
//!
//! # Run it
//!
//! ```text
//! $ grader reference udp server
//! UDPServer listens at 0.0.0.0:50001
//! [Client 127.0.0.1:54247 said]: Hello, UDPServer!
//!
//! $ grader reference udp client
//! [UDPServer said]: UDPServer has received your message
//! ```
//!
//! Both take an address.
//!
//! # Worth a look
//!
//! There is no connection: one socket serves everybody, and each datagram brings the address of its
//! sender along. A datagram comes whole or not at all, so nothing has to be put together. But it may
//! get lost, and nobody is told: [`client`] does not wait for ever.

pub mod client;
pub mod server;

/// The port of the report.
pub const PORT: u16 = 50001;

/// What the client says.
pub const QUESTION: &str = "Hello, UDPServer!";

/// What the server says to everything.
pub const ANSWER: &str = "UDPServer has received your message";

/// The largest datagram there can be. A longer one than the buffer would lose its end.
pub const LARGEST: usize = 65_535;
