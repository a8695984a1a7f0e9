//! `grader check`: validates specs and shows every fault at its place.

use std::io::Write;
use std::path::Path;

use super::args::CheckArgs;
use super::catalog::{holds_exercises, is_exercise};
use super::entry::Context;
use super::error::CliError;
use super::exit;
use crate::spec::{Exercise, SpecErrors, load, load_all};

/// Checks the specs at the paths, or those that are found.
pub(crate) fn check(args: &CheckArgs, context: &Context, out: &mut dyn Write) -> Result<u8, CliError> {
    let mut errors = SpecErrors::default();
    let mut sound = Vec::new();
    let mut take = |loaded: Result<Vec<Exercise>, SpecErrors>| match loaded {
        Ok(exercises) => sound.extend(exercises),
        Err(more) => errors.extend(more),
    };
    if args.paths.is_empty() {
        take(context.catalog.exercises());
    }
    for path in &args.paths {
        take(load_path(path)?);
    }
    if !errors.is_empty() {
        writeln!(out, "{}\n", errors.render(context.coloured))?;
        writeln!(out, "{}", count(errors.faults().len(), "fault"))?;
        return Ok(exit::SPEC);
    }
    let checks = sound.iter().map(|exercise| exercise.scenarios.len()).sum();
    writeln!(out, "{}, {}: no faults", count(sound.len(), "exercise"), count(checks, "check"))?;
    Ok(exit::PASSED)
}

/// A folder of exercises, the folder of one, or a file in it.
fn load_path(path: &Path) -> Result<Result<Vec<Exercise>, SpecErrors>, CliError> {
    let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
    if is_exercise(folder) {
        Ok(load(folder).map(|exercise| vec![exercise]))
    } else if holds_exercises(folder) {
        Ok(load_all(folder))
    } else {
        Err(CliError::NoSpec(path.to_owned()))
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
