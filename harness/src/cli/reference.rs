//! `grader reference`: runs a model program, as if it had been started by hand.

use super::args::ReferenceArgs;
use super::error::CliError;

/// Runs the model program of a role until it ends; its exit status is ours.
pub(crate) fn reference(args: &ReferenceArgs) -> Result<u8, CliError> {
    let missing = || CliError::NoModel { exercise: args.exercise.clone(), role: args.role.clone() };
    let program = reference::find(&args.exercise, &args.role).ok_or_else(missing)?;
    Ok(program.run(&args.arguments))
}
