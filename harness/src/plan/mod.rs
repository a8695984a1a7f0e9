//! Planning: which scenarios run, against which program, with which port, folder
//! and seed; tables and drawn values become flat steps.

mod build;
mod dice;
mod error;
mod explore;
mod flatten;
mod folder;
mod lint;
mod planned;
#[cfg(test)]
mod sample;
mod select;
mod target;
mod target_error;
#[cfg(test)]
mod tests;

pub use build::{Build, Builder, Built, Workshop};
pub use error::PlanError;
pub use explore::{Grammar, Label, Manner, Move, Script, Session, Trial, script, shrink, sow};
pub use flatten::flatten;
pub use folder::candidates;
pub use lint::{Evidence, lint};
pub use planned::{PlannedScenario, PlannedStep};
pub use select::{select, settings};
pub use target::{Startable, Surroundings, environment, find_program, resolve};
pub use target_error::TargetError;
