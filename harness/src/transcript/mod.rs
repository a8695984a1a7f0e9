//! The record of one run: who did what, in the order that is real between actors.
//! Running makes it, judging reads it; it holds no judgement and no colour.

mod canonical;
mod event;
mod state;

pub use canonical::canonical;
pub use event::{Actor, Ended, Entry, Event, Heard, Stop, Transcript};
pub use state::{ExitStatus, ProgramState};
