//! `hw3`: a calculator. TCP port 3333.
//!
//! # Protocol
//!
//! The client sends an expression as text: two integers and one of `+ - * /` between them, blanks
//! where it likes. The server sends the result as text. A quotient has one decimal, rounded to the
//! nearest (`2 / 3` is 0.7, and a tie such as `1 / 4` goes away from zero: 0.3). What cannot be
//! calculated is answered with one line that begins with `error: `, and the conversation goes on.
//!
//! # Run it
//!
//! ```text
//! $ grader reference hw3 server                   $ grader reference hw3 client
//! connection from 127.0.0.1:41522                 Expression (q to quit): 20 + 17
//! 127.0.0.1:41522: 20 + 17 = 37                   Result: 37
//! 127.0.0.1:41522: 7/2 = 3.5                      Expression (q to quit): 7/2
//! 127.0.0.1:41522: 1/0 = error: division by zero  Result: 3.5
//!                                                 Expression (q to quit): 1/0
//!                                                 Result: error: division by zero
//!                                                 Expression (q to quit): q
//! ```
//!
//! Both take an address. `q` ends the client.
//!
//! # Worth a look
//!
//! What comes from the network is data, never a program: [`expression`] reads it sign by sign and
//! accepts what it knows. A server that hands the text to `eval` lets every client run whatever it
//! likes on the server's machine.

pub mod client;
pub mod expression;
pub mod server;

/// The customary port; the handout leaves it open.
pub const PORT: u16 = 3333;
