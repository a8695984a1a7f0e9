//! `browser`: a web browser without pictures, links or anything. TCP port 80.
//!
//! # Protocol
//!
//! HTTP/1.1. The client sends a request: a line with method, path and version, header lines, and an
//! empty line that ends it. Every line ends in `\r\n`. The server sends a response: a status line,
//! header lines, an empty line, and the page.
//!
//! # Run it
//!
//! ```text
//! $ grader reference browser client -- example.org
//! HTTP/1.1 200 OK
//! Content-Type: text/html
//! ...
//!
//! <!doctype html><html>...
//! ```
//!
//! Without an address it asks `google.com`, as the handout does. There is no server in this
//! exercise: [`hw4`](crate::hw4) has one, `client -- localhost 80` would find it.
//!
//! # Worth a look
//!
//! A page does not come in one piece. [`response`] finds out from the header how long it is; where
//! the header does not say so, the page ends where the connection ends.

pub mod client;
pub mod response;

/// The host of the handout.
pub const HOST: &str = "google.com";

/// The port of the web.
pub const PORT: u16 = 80;
