//! What the two chat rooms have in common: people, and how words get from one to all others.
//!
//! This is no exercise of its own. [`nick_chat`](crate::nick_chat) and
//! [`room_chat`](crate::room_chat) are built on it.
//!
//! - [`room`]: who is there, and a queue of messages for each of them.
//! - [`conversation`]: the server's side of one connection, reading and writing at the same time.
//! - [`talk`]: the client's side, listening to keyboard and network at the same time.
//! - [`text`]: text that arrives in pieces.

pub mod conversation;
pub mod room;
pub mod talk;
pub mod text;
