//! `main`: reads the command line and the environment, calls the command, and turns
//! what it says into an exit status.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;

use super::args::{Cli, Command};
use super::catalog::Catalog;
use super::error::CliError;
use super::{check, completions, doctor, exit, explain, list, reference, run, schema, show, snapshot};
use crate::units::Language;

/// What every command knows of the world.
#[derive(Debug)]
pub(crate) struct Context {
    /// Where the specs are.
    pub(crate) catalog: Catalog,
    /// The language to print in.
    pub(crate) language: Language,
    /// Standard output is a terminal that shows colours.
    pub(crate) coloured: bool,
    /// Columns of the terminal; 100 where there is none.
    pub(crate) width: usize,
}

/// Runs the grader.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let status = if error.use_stderr() { exit::USAGE } else { exit::PASSED };
            // Nobody is left to tell that nothing can be told.
            let _ = error.print();
            return ExitCode::from(status);
        }
    };
    let here = std::env::current_dir().unwrap_or_default();
    let context = Context {
        catalog: Catalog::find(cli.specs.as_deref(), &here),
        language: cli.lang.unwrap_or_else(language_of_environment),
        coloured: io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        width: rustix::termios::tcgetwinsize(io::stdout())
            .map_or(100, |size| usize::from(size.ws_col))
            .clamp(60, 120),
    };
    let mut out = io::stdout().lock();
    let done =
        dispatch(cli.command, &context, &mut out).and_then(|status| Ok(out.flush().map(|()| status)?));
    ExitCode::from(match done {
        Ok(status) => status,
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => exit::PASSED,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}", message(&error, &context));
            error.status()
        }
    })
}

fn dispatch(command: Command, context: &Context, out: &mut dyn Write) -> Result<u8, CliError> {
    match command {
        Command::Run(args) => run::run(&args, context, out),
        Command::List(args) => list::list(&args, context, out),
        Command::Show(args) => show::show(&args, context, out),
        Command::Check(args) => check::check(&args, context, out),
        Command::Snapshot(args) => snapshot::snapshot(&args, context, out),
        Command::Reference(args) => reference::reference(&args),
        Command::Explain(args) => explain::explain(&args, context, out),
        Command::Doctor(_) => Ok(doctor::doctor(&run::surroundings(), out)?),
        Command::Schema => schema::schema(out),
        Command::Completions(args) => completions::completions(&args, out),
    }
}

/// Faults of specs are blocks of their own; everything else is one sentence.
fn message(error: &CliError, context: &Context) -> String {
    match error {
        CliError::Spec(errors) => errors.render(context.coloured && io::stderr().is_terminal()),
        other => format!("error: {other}"),
    }
}

/// Korean where the environment says so, in the order in which the system reads it.
fn language_of_environment() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let first = names.iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.is_empty());
    if first.is_some_and(|value| value.starts_with("ko")) { Language::Korean } else { Language::English }
}
