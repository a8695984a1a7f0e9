//! `grader list`: the exercises, or the checks of one.

use std::io::Write;

use super::args::ListArgs;
use super::columns::{self, Align};
use super::entry::Context;
use super::error::CliError;
use super::{exit, words};
use crate::spec::{Exercise, Scenario, Tier};
use crate::units::Language;

/// Lists exercises or checks.
pub(crate) fn list(args: &ListArgs, context: &Context, out: &mut dyn Write) -> Result<u8, CliError> {
    match &args.exercise {
        None => exercises(&context.catalog.exercises()?, context.language, out)?,
        Some(name) => checks(&context.catalog.exercise(name)?, context.language, out)?,
    }
    Ok(exit::PASSED)
}

fn exercises(exercises: &[Exercise], language: Language, out: &mut dyn Write) -> std::io::Result<()> {
    let head = [words::EXERCISE, words::BASIC, words::ROBUST, words::ROLES, words::TITLE];
    let mut rows = vec![head.map(|phrase| phrase.in_language(language).to_uppercase()).to_vec()];
    rows.extend(exercises.iter().map(|exercise| {
        let roles: Vec<&str> = exercise.roles.iter().map(|role| role.name.as_str()).collect();
        let total = |tier| {
            words::points(exercise.scenarios.iter().filter(|s| s.tier == tier).map(|s| s.points).sum())
        };
        let title = exercise.title.in_language(language).to_owned();
        vec![exercise.id.clone(), total(Tier::Basic), total(Tier::Robust), roles.join(" "), title]
    }));
    columns::print(out, "", &[Align::Left, Align::Right, Align::Right, Align::Left, Align::Left], &rows)
}

fn checks(exercise: &Exercise, language: Language, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}  {}", exercise.id, exercise.title.in_language(language))?;
    let head = [words::CHECK, words::POINTS, words::TIER, words::CONCEPT, words::TITLE];
    let mut rows = vec![head.map(|phrase| phrase.in_language(language).to_owned()).to_vec()];
    for part in exercise.parts() {
        rows.extend(of_part(exercise, part).map(|scenario| row(scenario, language)));
    }
    writeln!(out)?;
    columns::print(out, "", &[Align::Left, Align::Right, Align::Left, Align::Left, Align::Left], &rows)
}

/// The checks of a role or a scene.
pub(super) fn of_part<'a>(exercise: &'a Exercise, part: &'a str) -> impl Iterator<Item = &'a Scenario> {
    exercise.scenarios.iter().filter(move |scenario| scenario.role == part)
}

fn row(scenario: &Scenario, language: Language) -> Vec<String> {
    vec![
        scenario.id.clone(),
        words::points(scenario.points),
        words::tier(scenario.tier, scenario.noted, language).to_owned(),
        scenario.concept.key().to_owned(),
        scenario.title.in_language(language).to_owned(),
    ]
}
