//! The matcher: whether what came satisfies an expectation. Pure. The engine waits
//! with it until it is satisfied or can no longer be, the judge decides with it:
//! one matcher, never two.

mod examine;

pub use examine::{Material, Progress, examine, examine_any, fill};
