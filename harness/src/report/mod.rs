//! Rendering: a report becomes text for people and for machines. Decides nothing
//! about passing and failing.

mod assemble;
mod conduct;
mod fold;
mod json;
mod layout;
mod lesson;
mod model;
mod search;
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
pub use search::{Difference, RoleSearch, SearchReport, assemble_search, found_hint, found_title, once_only};
pub use status::{exit_status, progress};
pub use terminal::{TerminalOptions, render_terminal};

#[cfg(test)]
mod tests;
