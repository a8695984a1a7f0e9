//! Planning: which scenarios run, against which program, with which port, folder
//! and seed; tables and drawn values become flat steps.

mod build;
mod target_error;
mod folder;
mod planned;
mod target;

pub use build::Workshop;
pub use target_error::TargetError;
pub use folder::candidates;
pub use planned::{PlannedScenario, PlannedStep};
pub use target::{Startable, Surroundings, Target, environment, resolve};
