//! Why a command could not do its work. A student's failing is never one of these.

use std::path::PathBuf;

use super::casting::CastError;
use super::exit;
use crate::engine::EngineError;
use crate::plan::{PlanError, TargetError};
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
    /// Neither a finding nor a concept is called so.
    #[error("no finding and no concept is called `{word}`{}", suggestion.as_ref().map_or_else(
        || "\nhelp: `grader explain` lists them all; a check is called EXERCISE/ROLE/CHECK".to_owned(),
        |word| format!("\nhelp: did you mean `{word}`?"),
    ))]
    NothingToExplain {
        /// The word as written.
        word: String,
        /// The nearest one.
        suggestion: Option<String>,
    },
    /// A path of checks where one is wanted.
    #[error("`{id}` means {count} checks\nhelp: `grader list {exercise}` shows their whole names")]
    SeveralChecks {
        /// The path as written.
        id: String,
        /// How many there are.
        count: usize,
        /// The exercise.
        exercise: String,
    },
    /// A limit that is none.
    #[error("{0}")]
    Limit(String),
    /// A path to specs that holds none.
    #[error("`{}` is no spec\nhelp: give a folder with an exercise.toml, or a folder of such folders", .0.display())]
    NoSpec(PathBuf),
    /// A target names a role the exercise does not have.
    #[error("{exercise} has no role `{role}`\nhelp: its roles are {}", names.join(", "))]
    NoSuchRole {
        /// The exercise.
        exercise: String,
        /// The role as written.
        role: String,
        /// The roles there are.
        names: Vec<String>,
    },
    /// A report format nobody knows.
    #[error("no report format is called `{0}`\nhelp: there is `json`")]
    NoSuchFormat(String),
    /// No model program plays this role.
    #[error("there is no model program for the role `{role}` of {exercise}")]
    NoModel {
        /// The exercise.
        exercise: String,
        /// The role as written.
        role: String,
    },
    /// No spec says how this exercise could be searched.
    #[error("{}", not_explorable(what, known))]
    NotExplorable {
        /// The exercise, or a role of it.
        what: String,
        /// What can be.
        known: Vec<String>,
    },
    /// A target cannot be cast.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// This machine cannot do what was required.
    #[error("{0}")]
    Machine(String),
    /// The engine's own trouble.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A report cannot be written.
    #[error("cannot write the report `{}`: {source}", path.display())]
    Report {
        /// Where to.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Snapshots stand beside specs, and these specs are inside the program.
    #[error(
        "the built-in specs have no folder for snapshots\nhelp: call it in the repository, or give a folder of specs: --specs DIR"
    )]
    NoSpecFolder,
    /// A snapshot cannot be read or written.
    #[error("cannot read or write `{}`: {source}", path.display())]
    Snapshot {
        /// The file or its folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What a command prints cannot be written.
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
}

fn not_explorable(what: &str, known: &[String]) -> String {
    format!(
        "{what} cannot be explored: what travels on its wire is free, or is no matter of requests and replies\n\
         help: these can be: {}",
        known.join(", ")
    )
}

impl CliError {
    /// The exit status it means.
    pub(crate) fn status(&self) -> u8 {
        match self {
            CliError::Spec(_) => exit::SPEC,
            CliError::Plan(_)
            | CliError::NoSuchExercise { .. }
            | CliError::NothingToExplain { .. }
            | CliError::SeveralChecks { .. }
            | CliError::NoSpec(_)
            | CliError::Limit(_)
            | CliError::NoSuchRole { .. }
            | CliError::NoSuchFormat(_)
            | CliError::NoModel { .. }
            | CliError::NotExplorable { .. }
            | CliError::NoSpecFolder => exit::USAGE,
            CliError::Cast(
                CastError::Engine(EngineError::System { .. })
                | CastError::Target(TargetError::NoRoom { .. } | TargetError::NoInterpreter { .. }),
            )
            | CliError::Engine(EngineError::System { .. }) => exit::MACHINE,
            CliError::Cast(CastError::Engine(_)) | CliError::Engine(_) => exit::DEFECT,
            CliError::Cast(_) => exit::USAGE,
            CliError::Output(_)
            | CliError::Machine(_)
            | CliError::Report { .. }
            | CliError::Snapshot { .. } => exit::MACHINE,
        }
    }
}
