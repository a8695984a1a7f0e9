//! Why a command could not do its work. A student's failing is never one of these.

use std::path::PathBuf;

use super::exit;
use crate::plan::PlanError;
use crate::spec::SpecErrors;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A spec is wrong.
    #[error(transparent)]
    Spec(#[from] SpecErrors),
    /// What was asked for is not in the exercise.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No exercise has this name.
    #[error("no exercise is called `{name}`{}", suggestion.as_ref().map_or_else(
        || "\nhelp: `grader list` shows them all".to_owned(),
        |name| format!("\nhelp: did you mean `{name}`?"),
    ))]
    NoSuchExercise {
        /// The name as written.
        name: String,
        /// The nearest one.
        suggestion: Option<String>,
    },
    /// A path to specs that holds none.
    #[error("`{}` is no spec\nhelp: give a folder with an exercise.toml, or a folder of such folders", .0.display())]
    NoSpec(PathBuf),
    /// What a command prints cannot be written.
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
}

impl CliError {
    /// The exit status it means.
    pub(crate) fn status(&self) -> u8 {
        match self {
            CliError::Spec(_) => exit::SPEC,
            CliError::Plan(_) | CliError::NoSuchExercise { .. } | CliError::NoSpec(_) => exit::USAGE,
            CliError::Output(_) => exit::MACHINE,
        }
    }
}
