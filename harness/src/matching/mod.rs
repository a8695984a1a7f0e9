//! The matcher: whether what came satisfies an expectation. Pure. The engine waits
//! with it until it is satisfied or can no longer be, the judge decides with it:
//! one matcher, never two.

mod decimal;
mod examine;
mod integer;
mod moment;
mod number;
mod plain;
mod template;
mod text;
mod token;
mod trace;

pub use examine::{Material, Progress, examine, examine_any};
pub use template::{encode, fill};

#[cfg(test)]
mod tests;
