//! Rendering: a report becomes text for people and for machines. Decides nothing
//! about passing and failing.

mod assemble;
mod conduct;
mod fold;
mod json;
mod layout;
mod lesson;
mod model;
mod status;
mod terminal;
mod wording;

pub use assemble::{CheckResult, RunFacts, assemble};
pub use conduct::ConductReport;
pub use json::render_json;
pub use lesson::{Subject, render_check, render_lesson, render_lessons};
pub use model::{
    CheckReport, ExcerptLine, FindingReport, Points, Report, Sandbox, TargetReport, TierPoints, Tiers,
};
pub use status::{exit_status, progress};
pub use terminal::{TerminalOptions, render_terminal};

#[cfg(test)]
mod tests;
