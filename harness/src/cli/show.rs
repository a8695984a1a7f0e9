//! `grader show`: the handout of an exercise.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::args::ShowArgs;
use super::columns::{self, Align};
use super::entry::Context;
use super::error::CliError;
use super::exit;
use super::list::of_part;
use super::words::{self, Phrase};
use crate::spec::{Exercise, Setting};
use crate::units::Language;

/// Shows an exercise.
pub(crate) fn show(args: &ShowArgs, context: &Context, out: &mut dyn Write) -> Result<u8, CliError> {
    let exercise = context.catalog.exercise(&args.exercise)?;
    let handout = Handout { exercise: &exercise, language: context.language };
    handout.print(out)?;
    Ok(exit::PASSED)
}

struct Handout<'a> {
    exercise: &'a Exercise,
    language: Language,
}

impl Handout<'_> {
    fn print(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let exercise = self.exercise;
        let title = format!("{}: {}", exercise.id, exercise.title.in_language(self.language));
        writeln!(out, "{title}\n{}\n", "=".repeat(title.width()))?;
        writeln!(out, "{}", exercise.about.in_language(self.language).trim())?;
        self.heading(out, words::PROGRAMS)?;
        let roles =
            exercise.roles.iter().map(|role| vec![role.name.clone(), words::role(role, self.language)]);
        columns::print(out, "  ", &[Align::Left, Align::Left], &roles.collect::<Vec<_>>())?;
        self.heading(out, words::PROTOCOL)?;
        writeln!(out, "{}", exercise.protocol.in_language(self.language).trim())?;
        self.heading(out, words::SAMPLE)?;
        for line in exercise.sample.trim_matches('\n').lines() {
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        }
        self.heading(out, words::GRADED)?;
        self.checks(out, true)?;
        if exercise.scenarios.iter().any(|scenario| !exercise.graded.contains(&scenario.tier)) {
            self.heading(out, words::BEYOND)?;
            self.checks(out, false)?;
        }
        self.settings(out)?;
        self.heading(out, words::TRY)?;
        writeln!(out, "    grader run {} --target ./my_program", exercise.id)
    }

    fn heading(&self, out: &mut dyn Write, phrase: Phrase) -> std::io::Result<()> {
        let words = phrase.in_language(self.language);
        writeln!(out, "\n{words}\n{}", "-".repeat(words.width()))
    }

    fn checks(&self, out: &mut dyn Write, graded: bool) -> std::io::Result<()> {
        for part in self.exercise.parts() {
            let here = of_part(self.exercise, part)
                .filter(|scenario| self.exercise.graded.contains(&scenario.tier) == graded);
            let rows: Vec<_> = here
                .map(|scenario| {
                    let title = scenario.title.in_language(self.language);
                    vec![words::points(scenario.points), format!("{title} ({})", scenario.short_id())]
                })
                .collect();
            if !rows.is_empty() {
                writeln!(out, "{part}")?;
                columns::print(out, "  ", &[Align::Right, Align::Left], &rows)?;
            }
        }
        Ok(())
    }

    fn settings(&self, out: &mut dyn Write) -> std::io::Result<()> {
        if self.exercise.settings.is_empty() {
            return Ok(());
        }
        self.heading(out, words::SETTINGS)?;
        let row = |setting: &Setting| {
            let about = setting.about.in_language(self.language);
            let default = words::DEFAULT.in_language(self.language);
            let default = setting.default.as_ref().map(|value| format!(" ({default} {value})"));
            vec![format!("--set {}=…", setting.key), format!("{about}{}", default.unwrap_or_default())]
        };
        let rows: Vec<_> = self.exercise.settings.iter().map(row).collect();
        columns::print(out, "  ", &[Align::Left, Align::Left], &rows)
    }
}
