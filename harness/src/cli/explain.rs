//! `grader explain`: what a finding or an idea of the course is about, and what a check does.

use std::io::Write;

use super::args::ExplainArgs;
use super::entry::Context;
use super::error::CliError;
use super::exit;
use crate::plan::select;
use crate::report::{Subject, TerminalOptions, render_check, render_lesson, render_lessons};
use crate::spec::{SpecErrors, nearest};

/// Explains a word, or lists the words.
pub(crate) fn explain(args: &ExplainArgs, context: &Context, out: &mut dyn Write) -> Result<u8, CliError> {
    let options =
        TerminalOptions { colour: context.coloured, language: context.language, width: context.width };
    let text = match args.word.as_deref() {
        None => render_lessons(options),
        Some(word) => match (Subject::named(word), word.split_once('/')) {
            (Some(subject), _) => render_lesson(subject, options),
            (None, Some((exercise, _))) => check(exercise, word, context, options)?,
            (None, None) => return Err(unknown(word, context)?),
        },
    };
    out.write_all(text.as_bytes())?;
    Ok(exit::PASSED)
}

/// The page of one check of an exercise.
fn check(name: &str, id: &str, context: &Context, options: TerminalOptions) -> Result<String, CliError> {
    let exercise = context.catalog.exercise(name)?;
    match select(&exercise, &[id.to_owned()])?.as_slice() {
        [scenario] => Ok(render_check(&exercise, scenario, options)),
        several => Err(CliError::SeveralChecks {
            id: id.to_owned(),
            count: several.len(),
            exercise: exercise.id.clone(),
        }),
    }
}

/// What may have been meant by a word that nothing is called by: a finding or a concept, else
/// a check without its path, else an exercise.
fn unknown(word: &str, context: &Context) -> Result<CliError, SpecErrors> {
    let words: Vec<String> = Subject::codes().chain(Subject::concepts()).map(Subject::key).collect();
    let suggestion = match nearest(word, &words) {
        Some(near) => Some(near.clone()),
        None => {
            let exercises = context.catalog.exercises()?;
            let checks = || exercises.iter().flat_map(|exercise| &exercise.scenarios);
            let check = checks().find(|check| check.short_id() == word).map(|check| check.id.clone());
            let exercise = || exercises.iter().find(|exercise| exercise.id == word);
            check.or_else(|| exercise().map(|exercise| format!("grader show {}", exercise.id)))
        }
    };
    Ok(CliError::NothingToExplain { word: word.to_owned(), suggestion })
}
