//! The engine: runs a planned scenario against real programs and records what
//! happens. Judges nothing and prints nothing.
//!
//! A scenario runs on one thread, as a script: the thread moves into a network
//! namespace of its own, has the launcher start the program there, and then drives
//! connections and terminal step by step. All waiting goes through `wait`, which asks
//! the observer whether anything can still come.

mod audition;
mod bare;
mod build;
mod calls;
mod cast;
mod conduct;
mod connection;
mod datagrams;
mod dying;
mod ensemble;
mod error;
mod expect;
mod files;
mod folder;
mod glance;
mod launcher;
mod machine;
mod meeting;
mod network;
mod observer;
mod oracle;
mod pieces;
mod places;
mod player;
mod program;
mod relay;
mod run;
mod scene;
mod send;
mod steps;
mod streams;
mod sys;
mod time_of_day;
mod turn;
mod udp;
mod wait;

pub use audition::{Audition, audition};
pub use build::build;
pub use cast::{Cast, START, START_AGAIN};
pub use error::EngineError;
pub use machine::{Level, Machine, Seclusion, Witness};
pub use network::free_port;
pub use observer::Tickers;
pub use places::places;
pub use program::Launch;
pub use run::run;
