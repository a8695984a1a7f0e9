//! From the file format to the model: tables that have the right shape become what
//! they mean. Nothing is judged here; `names` and `flow` look at the result.

mod action;
mod exercise;
mod expectation;
mod explore;
mod file;
mod scenario;

pub(super) use exercise::{Head, head};
pub(super) use explore::{Part, Path, exploration};
pub(super) use scenario::{Home, scenario};
