//! Judging: a transcript and the steps it came from become an outcome with a
//! reason. Pure: no clock, no file, no socket.

mod blame;
mod cause;
mod content;
mod datagrams;
mod describe;
mod foreign;
mod http;
mod judge;
mod outcome;
mod program;
mod records;
mod relay;
mod repeats;
mod scene;
mod words;

pub use judge::judge;
pub use outcome::{Code, Finding, Outcome, Verdict};
pub use repeats::{Repeats, settle};

#[cfg(test)]
mod tests;
