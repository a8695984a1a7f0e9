//! A scenario ready to run: no table, no drawn value is left in it.

use crate::spec::{Action, FileContent, Place, Scenario};

/// A scenario with flat steps. Only names that are known while it runs
/// (`{port}`, `{a.ip}`, captures) are left in braces.
#[derive(Debug, Clone)]
pub struct PlannedScenario {
    /// The scenario as the spec has it; its own `steps` are the unplanned ones.
    pub scenario: Scenario,
    /// The seed its values were drawn from.
    pub seed: u64,
    /// Files laid over the program's own, by name; never `FileContent::Random`.
    pub files: Vec<(String, FileContent)>,
    /// The steps in order; never `Action::Each`.
    pub steps: Vec<PlannedStep>,
}

/// One flat step.
#[derive(Debug, Clone)]
pub struct PlannedStep {
    /// What is done or awaited.
    pub action: Action,
    /// Index of the player whom it is about.
    pub player: usize,
    /// The line of the spec.
    pub place: Place,
    /// Round of the block it came from, from 1; none outside a block.
    pub round: Option<usize>,
}
