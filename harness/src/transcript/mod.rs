//! The record of one run: who did what, in the order that is real between actors.
//! Running makes it, judging reads it; it holds no judgement and no colour.

mod canonical;
mod deed;
mod event;
mod redact;
mod snapshot;
mod state;
#[cfg(test)]
mod tests;

pub use canonical::{CanonicalLine, canonical, canonical_lines, console_title};
pub use deed::Deed;
pub use event::{Actor, Datagrams, Ended, Entry, Event, Heard, Played, Stop, Transcript};
pub use snapshot::SnapshotFile;
pub use state::{ExitStatus, ProgramState};
