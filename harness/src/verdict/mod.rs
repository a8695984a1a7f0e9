//! Judging: a transcript and the steps it came from become an outcome with a
//! reason. Pure: no clock, no file, no socket.

mod blame;
mod cause;
mod describe;
mod foreign;
mod http;
mod judge;
mod outcome;
mod program;
mod scene;
mod words;

pub use judge::judge;
pub use outcome::{Code, Finding, Outcome, Verdict};

#[cfg(test)]
mod tests;
