//! `file`: file transfer. TCP port 7777.
//!
//! # Protocol
//!
//! ```text
//! client                          server
//!   Hello                   →
//!                           ←     Filename
//!   the name of a file      →
//!                           ←     its size: 4 bytes, most significant first; or Nofile, and the end
//!                           ←     its content
//!   Bye                     →
//! ```
//!
//! # Run it
//!
//! ```text
//! $ grader reference file server               $ grader reference file client
//! File server is running...                    server: Filename
//! client: 127.0.0.1:61973 Hello                Enter a filename: test.mp4
//! client: 127.0.0.1:61973 test.mp4             server: 92952225
//! client: 127.0.0.1:61973 Bye                  Download complete
//! ```
//!
//! Both take an address. The server offers the files of its working directory, the client saves into
//! its own.
//!
//! # Worth a look
//!
//! The size goes before the content, so the reader knows what belongs to the file. Both may come in
//! one piece, and then the first read brings a part of the content along with the size: [`client`]
//! keeps it. And a name from the network is not yet a path: [`folder`] says which names are welcome.

pub mod client;
pub mod folder;
pub mod message;
pub mod server;

/// The port of the handout.
pub const PORT: u16 = 7777;
