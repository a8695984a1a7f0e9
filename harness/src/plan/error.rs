//! What can be wrong with what a person asks to be planned.

/// A choice that cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No check of the exercise is meant by an `--only`.
    #[error("no check of {exercise} is called `{id}`{}", help(suggestion.as_deref(), "grader list", exercise))]
    NoSuchCheck {
        /// The exercise.
        exercise: String,
        /// What was asked for.
        id: String,
        /// The nearest id.
        suggestion: Option<String>,
    },
    /// A `--set` of a key that the exercise does not have.
    #[error("{exercise} has no setting `{key}`{}", help(suggestion.as_deref(), "grader show", exercise))]
    NoSuchSetting {
        /// The exercise.
        exercise: String,
        /// The key.
        key: String,
        /// The nearest key.
        suggestion: Option<String>,
    },
}

fn help(suggestion: Option<&str>, command: &str, exercise: &str) -> String {
    match suggestion {
        Some(name) => format!("\nhelp: did you mean `{name}`?"),
        None => format!("\nhelp: `{command} {exercise}` tells what there is"),
    }
}
