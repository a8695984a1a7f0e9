//! Planning: which scenarios run, against which program, with which port, folder
//! and seed; tables and drawn values become flat steps.

mod dice;
mod error;
mod flatten;
mod planned;
#[cfg(test)]
mod sample;
mod select;
#[cfg(test)]
mod tests;

pub use error::PlanError;
pub use flatten::flatten;
pub use planned::{PlannedScenario, PlannedStep};
pub use select::{select, settings};
