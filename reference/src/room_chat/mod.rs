//! `room-chat`: a chat room where everybody is known by their address. The port is an argument.
//!
//! # Protocol
//!
//! Lines of text, each with a newline at its end. The client sends what was typed. The server sends
//! what the client is to show:
//!
//! | what happens    | who sees it            | what                                            |
//! |-----------------|------------------------|-------------------------------------------------|
//! | somebody enters | the one who enters     | `Connected to the chat server (2 users online)` |
//! |                 | the server, all others | `New user IP:PORT entered (2 users online)`     |
//! | somebody speaks | the one who speaks     | `[You] text`                                    |
//! |                 | the server, all others | `[IP:PORT] text`                                |
//! | somebody leaves | the server, all others | `The user IP:PORT left (1 user online)`         |
//!
//! # Run it
//!
//! ```text
//! $ grader reference room-chat server -- 127.0.0.1 3333
//! Chat Server started on port 3333.
//! New user 127.0.0.1:49448 entered (1 user online)
//! New user 127.0.0.1:49450 entered (2 users online)
//! [127.0.0.1:49450] World
//! ^C
//! exit
//!
//! $ grader reference room-chat client -- 127.0.0.1 3333
//! Connected to the chat server (2 users online)
//! World
//! [You] World
//! ^C
//! exit
//! ```
//!
//! Ctrl+C ends either.
//!
//! # Worth a look
//!
//! The number of people has to be right at every moment, also when two enter or leave at once:
//! [`chat::room`](crate::chat::room) counts and tells under one lock. [`words`] has all the lines.

pub mod client;
pub mod server;
pub mod words;
