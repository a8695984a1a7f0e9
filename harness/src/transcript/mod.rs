//! The record of one run: who did what, in the order that is real between actors.
//! Running makes it, judging reads it; it holds no judgement and no colour.

mod canonical;
mod event;
mod redact;
mod state;
#[cfg(test)]
mod tests;

pub use canonical::{CanonicalLine, canonical, canonical_lines};
pub use event::{Actor, Ended, Entry, Event, Heard, Stop, Transcript};
pub use state::{ExitStatus, ProgramState};
