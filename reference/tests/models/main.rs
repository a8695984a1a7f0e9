//! Every model program, spoken to over real loopback sockets.
//!
//! A server is started on port 0, which lets the kernel choose a free port, so that all tests can
//! run at once. Nothing here sleeps: a test waits for bytes, for the end of a stream, or for a
//! task, and each of these comes or the test hangs where one can see it.

mod browser;
mod chromium;
mod cmd_echo;
mod echo;
mod file;
mod hello;
mod hw2;
mod hw3;
mod hw4;
mod hw4_browser;
mod hw5;
mod loopback;
mod module;
mod nick_chat;
mod number;
mod oneline;
mod p2p_chat;
mod partial;
mod room_chat;
mod stream;
mod time;
mod udp;
