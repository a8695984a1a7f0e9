//! Judging: a transcript and the steps it came from become an outcome with a
//! reason. Pure: no clock, no file, no socket.

mod blame;
mod cause;
mod code;
mod content;
mod datagrams;
mod describe;
mod foreign;
mod http;
mod judge;
mod likeness;
mod limits;
mod outcome;
mod program;
mod records;
mod relay;
mod repeats;
mod scene;
mod segment;
mod words;

pub use code::Code;
pub use judge::judge;
pub use limits::exceeded;
pub use outcome::{Finding, Outcome, Verdict};
pub use repeats::{Repeats, settle};

#[cfg(test)]
mod tests;
