//! `grader check`: validates specs and shows every fault and every warning at its place.

use std::io::Write;
use std::path::Path;

use super::args::CheckArgs;
use super::catalog::{holds_exercises, is_exercise};
use super::entry::Context;
use super::error::CliError;
use super::{evidence, exit};
use crate::plan::lint;
use crate::spec::{Exercise, SpecErrors, SpecFiles, load, load_all};

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
    let (warnings, unseen) = suspicious(&sound)?;
    if !warnings.is_empty() {
        writeln!(out, "{}\n", warnings.render(context.coloured))?;
    }
    unseen.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    let checks = sound.iter().map(|exercise| exercise.scenarios.len()).sum();
    let told = match warnings.faults().len() {
        0 => "no faults".to_owned(),
        warnings => format!("no faults, {}", count(warnings, "warning")),
    };
    writeln!(out, "{}, {}: {told}", count(sound.len(), "exercise"), count(checks, "check"))?;
    Ok(if args.strict && !warnings.is_empty() { exit::SPEC } else { exit::PASSED })
}

/// What is suspicious in exercises that are sound, and what could not be looked at.
fn suspicious(exercises: &[Exercise]) -> Result<(SpecErrors, Vec<String>), CliError> {
    let mut warnings = SpecErrors::default();
    let mut unseen = Vec::new();
    for exercise in exercises {
        // Specs that are built in were looked at when they were written.
        let Ok(files) = SpecFiles::read(&exercise.folder) else { continue };
        let evidence = evidence::beside(exercise)?;
        if evidence.caught.is_none() {
            unseen.push(format!(
                "{}: no wrong sample programs stand beside it, so whether each check catches one was not looked at",
                exercise.id
            ));
        }
        let without = exercise.scenarios.len().saturating_sub(evidence.snapshots.len());
        if without > 0 {
            unseen.push(format!(
                "{}: {} without a snapshot: whether the model comes to every step was not looked at",
                exercise.id,
                count(without, "check")
            ));
        }
        warnings.extend(lint(exercise, &files, &evidence));
    }
    Ok((warnings, unseen))
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
