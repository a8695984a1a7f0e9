//! Findings about programs that play together: whose fault it is, and how it is told.

mod fault;
pub(super) mod words;

pub(super) use fault::{at_fault, finding_of, keeps_waiting};
