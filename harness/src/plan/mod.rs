//! Planning: which scenarios run, against which program, with which port, folder
//! and seed; tables and drawn values become flat steps.

mod planned;

pub use planned::{PlannedScenario, PlannedStep};
