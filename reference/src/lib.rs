//! Model programs for every exercise of the course, written to be read.
//!
//! Each exercise is one module: its first lines tell the protocol, how to run both ends, and show
//! a sample session. Inside, `server.rs` and `client.rs` hold one program each.
//!
//! # Layout
//!
//! - [`program`]: the list of all programs, and how one is run by name.
//! - [`arguments`]: what stands behind the program's name on the command line.
//! - [`console`]: asking and telling the person at the terminal; Ctrl+C.
//! - [`network`]: listen, accept, connect, and an orderly close.
//! - [`chat`]: what the two chat rooms have in common.
//! - [`failure`]: the ways in which a whole program can fail.
//!
//! The servers all have the same outside: `serve(listener, shutdown)` takes a socket that is
//! already bound and any future as the signal to stop. A test binds port 0 and passes a signal of
//! its own; the program binds the port of the handout and passes Ctrl+C.

pub mod arguments;
pub mod chat;
pub mod console;
pub mod failure;
pub mod network;
pub mod program;

pub mod browser;
pub mod cmd_echo;
pub mod echo;
pub mod echo_robust;
pub mod file;
pub mod hello;
pub mod hw2;
pub mod hw3;
pub mod hw4;
pub mod hw5;
pub mod module;
pub mod nick_chat;
pub mod number;
pub mod oneline;
pub mod p2p_chat;
pub mod partial;
pub mod room_chat;
pub mod stream;
pub mod time;
pub mod udp;

pub use failure::Failure;
pub use program::{Program, find, programs};
