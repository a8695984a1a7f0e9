//! `grader snapshot`: what the model programs say in every check, recorded beside the
//! specs, and compared with what was recorded before.

mod changes;
mod models;
mod shelf;

use std::io::Write;
use std::path::Path;

use super::args::SnapshotArgs;
use super::catalog::Catalog;
use super::entry::Context;
use super::error::CliError;
use super::{exit, run};
use crate::engine::{Machine, Seclusion};
use crate::spec::Exercise;
use changes::Changes;
use models::Take;
use shelf::Shelf;

/// Records or compares snapshots; gives the exit status.
pub(crate) fn snapshot(args: &SnapshotArgs, context: &Context, out: &mut dyn Write) -> Result<u8, CliError> {
    let Catalog::Folder(specs) = &context.catalog else { return Err(CliError::NoSpecFolder) };
    let exercises = chosen(args, context)?;
    // Elsewhere two programs could meet at one port, and names would lead out.
    let machine = run::prepare(Seclusion::Require)?;
    let mut session = Session { args, context, specs, out, untrue: Vec::new(), worst: Worst::default() };
    for exercise in &exercises {
        session.exercise(&machine, exercise)?;
    }
    session.farewell()?;
    Ok(session.worst.status())
}

/// The exercises that are named, each once, or all.
fn chosen(args: &SnapshotArgs, context: &Context) -> Result<Vec<Exercise>, CliError> {
    if args.all {
        return Ok(context.catalog.exercises()?);
    }
    let mut names: Vec<&String> = Vec::new();
    for name in &args.exercises {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().map(|name| context.catalog.exercise(name)).collect()
}

/// One call of the command.
struct Session<'a> {
    args: &'a SnapshotArgs,
    context: &'a Context,
    specs: &'a Path,
    out: &'a mut dyn Write,
    /// Exercises whose snapshots do not tell what happens.
    untrue: Vec<String>,
    worst: Worst,
}

impl Session<'_> {
    fn exercise(&mut self, machine: &Machine, exercise: &Exercise) -> Result<(), CliError> {
        let takes = models::play(machine, exercise, self.specs)?;
        let shelf = Shelf::open(&self.specs.join(&exercise.id))?;
        let mut changes = Changes::default();
        for (check, take) in &takes {
            match take {
                Take::Recorded(file) => changes.add(check, shelf.compare(check, &file.render())?),
                Take::Unfit { reason } => {
                    self.worst.failed = true;
                    changes.trouble(check, reason);
                }
                Take::CannotRun { reason } => {
                    self.worst.skipped = true;
                    changes.trouble(check, &format!("cannot run here, nothing compared: {reason}"));
                }
                Take::Broken { reason } => {
                    self.worst.broken = true;
                    changes.trouble(check, &format!("the grader's own trouble: {reason}"));
                }
            }
        }
        let known: Vec<&str> = takes.iter().map(|(check, _)| check.as_str()).collect();
        changes.orphans(shelf.orphans(&known)?);
        if self.args.review {
            shelf.propose(&changes)?;
        } else if !self.args.check {
            shelf.accept(&changes)?;
        }
        if self.only_looks() && changes.any() {
            self.worst.failed = true;
            self.untrue.push(exercise.id.clone());
        }
        let told = changes.tell(&exercise.id, self.only_looks(), self.context.coloured);
        Ok(self.out.write_all(told.as_bytes())?)
    }

    /// Whether the recorded snapshots stay as they are.
    fn only_looks(&self) -> bool {
        self.args.check || self.args.review
    }

    /// How to go on from here.
    fn farewell(&mut self) -> Result<(), CliError> {
        if self.untrue.is_empty() {
            return Ok(());
        }
        let accept = self.command("");
        writeln!(self.out)?;
        if self.args.review {
            writeln!(self.out, "go through them with: cargo insta review")?;
        } else {
            let review = self.command(" --review");
            writeln!(self.out, "go through them with: {review} && cargo insta review")?;
        }
        writeln!(self.out, "accept them all with: {accept}")?;
        Ok(())
    }

    /// The command that looks at these exercises again.
    fn command(&self, flag: &str) -> String {
        let here = std::env::current_dir().unwrap_or_default();
        let mut words = vec!["grader".to_owned()];
        if Catalog::find(None, &here) != self.context.catalog {
            words.extend(["--specs".to_owned(), self.specs.display().to_string()]);
        }
        words.push("snapshot".to_owned());
        words.extend(self.untrue.iter().cloned());
        let words = shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "));
        format!("{words}{flag}")
    }
}

/// What has happened so far, for the exit status.
#[derive(Default)]
struct Worst {
    broken: bool,
    failed: bool,
    skipped: bool,
}

impl Worst {
    fn status(&self) -> u8 {
        match self {
            Worst { broken: true, .. } => exit::DEFECT,
            Worst { failed: true, .. } => exit::LOST,
            Worst { skipped: true, .. } => exit::MACHINE,
            Worst { .. } => exit::PASSED,
        }
    }
}
