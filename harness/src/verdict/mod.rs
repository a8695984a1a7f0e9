//! Judging: a transcript and the steps it came from become an outcome with a
//! reason. Pure: no clock, no file, no socket.

mod outcome;

pub use outcome::{Code, Finding, Outcome, Verdict};
