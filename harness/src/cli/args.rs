//! The command line as typed. What it means is the business of the commands.

use std::ffi::OsStr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::report::Subject;
use crate::spec::Tier;
use crate::units::{Language, Limits};

/// Grades socket programs: starts them in a private network, talks to them over real
/// sockets, and explains what it saw.
#[derive(Debug, Parser)]
#[command(name = "grader", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// Folder of the specs [default: ./specs or that of a folder above, else the built-in ones].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) specs: Option<PathBuf>,
    /// Language of what is printed [default: that of the environment].
    #[arg(long, global = true, value_name = "en|ko", value_parser = language())]
    pub(crate) lang: Option<Language>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "Examples:
  grader list                                  what can be graded
  grader show EXERCISE                         what it asks for
  grader run EXERCISE --target ./student_bin   grade a program
  grader reference EXERCISE server             run the model server, to try a client against it
  grader explain no-reply                      what a finding of a report means

Exit status:
  0 every graded check passed   1 something lost   2 wrong command line   3 a spec is wrong
  4 this machine cannot grade   70 a defect of the grader";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Grade programs against an exercise.
    #[command(after_help = RUN_EXAMPLES)]
    Run(RunArgs),
    /// List the exercises, or the checks of one.
    List(ListArgs),
    /// Show the handout of an exercise: what is asked, the protocol, the checks.
    Show(ShowArgs),
    /// Check specs; every fault is shown with file, line, column and a caret.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// Record what the model programs say in every check, or compare it with what was recorded.
    #[command(after_help = SNAPSHOT_EXAMPLES)]
    Snapshot(SnapshotArgs),
    /// Run a model program, so that the other half can be tried against it.
    #[command(after_help = REFERENCE_EXAMPLES)]
    Reference(ReferenceArgs),
    /// Explain a finding, an idea of the course or a check; without one, list what can be explained.
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Tell what this machine can do, and how to mend what it cannot.
    Doctor(DoctorArgs),
    /// Print the JSON schema of spec files, for editors.
    Schema,
    /// Print the completions of a shell.
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
}

const RUN_EXAMPLES: &str = "Examples:
  grader run EXERCISE --target ./student_bin
  grader run EXERCISE --target server.py --only CHECK
  grader run EXERCISE --target 'python3 srv.py {host} {port}'
  grader run EXERCISE --target server=srv.py --target client=cli.py --set student_id=20170031
  grader run EXERCISE --target server.py --only CHECK --repeat 20
  grader run EXERCISE --target server.py --tier robust --report json=report.json
  grader run EXERCISE --target server.py --explore 200";

const CHECK_EXAMPLES: &str = "Examples:
  grader check                   every spec that grader finds
  grader check specs/EXERCISE    one exercise
  grader check my/specs          a folder of exercises";

const SNAPSHOT_EXAMPLES: &str = "Examples:
  grader snapshot EXERCISE             rewrite its snapshots, and tell what has changed
  grader snapshot --all --check        compare; status 1 where a snapshot is not what happens
  grader snapshot EXERCISE --review    put what differs beside the snapshots, for `cargo insta review`

Snapshots stand in the folder of their exercise: specs/EXERCISE/snapshots/ROLE__CHECK.snap";

const REFERENCE_EXAMPLES: &str = "Examples:
  grader reference EXERCISE server
  grader reference EXERCISE client -- -s 127.0.0.1 -p 2500";

const EXPLAIN_EXAMPLES: &str = "Examples:
  grader explain                        every finding and every concept, a sentence each
  grader explain no-reply               what a report's finding means, and how programs come to it
  grader explain partial-read           an idea of the course
  grader explain EXERCISE/ROLE/CHECK    what a check does, step by step";

const COMPLETIONS_EXAMPLES: &str = "Examples:
  grader completions bash > ~/.local/share/bash-completion/completions/grader
  grader completions zsh  > ~/.zfunc/_grader";

/// What `grader run` is given.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The exercise: its name in `grader list`.
    pub(crate) exercise: String,
    /// A program: an executable, a script, a command line in quotes (`{host}` and `{port}`
    /// are filled in) or a folder. `server=…` says which role it plays.
    /// Without any the model programs are graded.
    #[arg(long, value_name = "[ROLE=]COMMAND", value_parser = target)]
    pub(crate) target: Vec<TargetArg>,
    /// Only these checks: `EXERCISE/server/adds`, `EXERCISE/server`, or simply `adds`.
    #[arg(long, value_name = "ID")]
    pub(crate) only: Vec<String>,
    /// Tier that makes the score: `robust` grades the checks beyond the handout as well.
    #[arg(long, value_parser = tier())]
    pub(crate) tier: Option<Tier>,
    /// Seed of the drawn values [default: another one every time; the report tells it].
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Value of a setting of the exercise; `grader show` tells which there are.
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,
    /// Write a report in this format; `-` is standard output.
    #[arg(long, value_name = "FORMAT=PATH", value_parser = report)]
    pub(crate) report: Vec<ReportArg>,
    /// Run every check so many times: a program that is not always right is told so.
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::MIN, hide_default_value = true)]
    pub(crate) repeat: NonZeroUsize,
    /// Search in place of grading: ask so many random sessions, drawn from the exercise's
    /// `[explore]`, of the program, and stop at the first in which it differs from the
    /// reference. `--tier robust` does what lies beyond the handout, too.
    #[arg(long, value_name = "N", conflicts_with_all = ["only", "repeat"])]
    pub(crate) explore: Option<NonZeroUsize>,
    /// How much the program is locked in: as much as this machine can, all of it or not at all.
    #[arg(long, value_enum, default_value_t = SandboxArg::Auto)]
    pub(crate) sandbox: SandboxArg,
    /// How much a program may use: memory, disk, file or output of a size (`2 GiB`), so many
    /// processes, files or open files, cpu time (`90s`).
    #[arg(long, value_name = "KEY=VALUE", value_parser = limit)]
    pub(crate) limit: Vec<(String, String)>,
    /// Checks that run at the same time [default: the number of processors].
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
}

/// A program to grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TargetArg {
    /// The role it plays, if told.
    pub(crate) role: Option<String>,
    /// How it is started.
    pub(crate) command: String,
}

/// A report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportArg {
    /// Name of the format.
    pub(crate) format: String,
    /// Where to; `-` is standard output.
    pub(crate) path: PathBuf,
}

/// How much the program is locked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SandboxArg {
    /// As much as this machine can.
    Auto,
    /// All of it, or no run.
    Require,
    /// Not at all: for programs one trusts.
    Off,
}

/// What `grader list` is given.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The exercise whose checks to list.
    pub(crate) exercise: Option<String>,
}

/// What `grader show` is given.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The exercise.
    pub(crate) exercise: String,
}

/// What `grader check` is given.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Folders of exercises, of one exercise, or files in one [default: the specs that grader finds].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Take a warning for a fault.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// What `grader snapshot` is given.
#[derive(Debug, Args)]
pub(crate) struct SnapshotArgs {
    /// The exercises.
    #[arg(value_name = "EXERCISE", required_unless_present = "all", conflicts_with = "all")]
    pub(crate) exercises: Vec<String>,
    /// Every exercise.
    #[arg(long)]
    pub(crate) all: bool,
    /// Write nothing; fail where a snapshot is missing, differs or stands for no check.
    #[arg(long, conflicts_with = "review")]
    pub(crate) check: bool,
    /// Leave the snapshots and write what differs beside them (`.snap.new`).
    #[arg(long)]
    pub(crate) review: bool,
}

/// What `grader reference` is given.
#[derive(Debug, Args)]
pub(crate) struct ReferenceArgs {
    /// The exercise.
    pub(crate) exercise: String,
    /// The role: `server`, `client`, …
    pub(crate) role: String,
    /// Arguments of the program.
    #[arg(last = true)]
    pub(crate) arguments: Vec<String>,
}

/// What `grader explain` is given.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A finding (`no-reply`), a concept (`partial-read`) or the whole id of a check.
    #[arg(value_name = "CODE|CONCEPT|CHECK", value_parser = ExplainedWord, hide_possible_values = true)]
    pub(crate) word: Option<String>,
}

/// Any word; completions offer those that are findings and concepts.
#[derive(Debug, Clone)]
struct ExplainedWord;

impl TypedValueParser for ExplainedWord {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Subject::words().map(PossibleValue::new)))
    }
}

/// What `grader doctor` is given.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {}

/// What `grader completions` is given.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

fn language() -> impl TypedValueParser<Value = Language> {
    let words = PossibleValuesParser::new(["en", "ko"]);
    words.map(|word| if word == "ko" { Language::Korean } else { Language::English })
}

fn tier() -> impl TypedValueParser<Value = Tier> {
    let words = PossibleValuesParser::new(["basic", "robust"]);
    words.map(|word| if word == "robust" { Tier::Robust } else { Tier::Basic })
}

/// `ROLE=COMMAND` or `COMMAND`: a role is a word of small letters, so that paths and
/// commands with an equals sign in them stay whole.
fn target(text: &str) -> Result<TargetArg, String> {
    let is_role = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let (role, command) = match text.split_once('=').filter(|(word, _)| is_role(word)) {
        Some((role, command)) => (Some(role.to_owned()), command),
        None => (None, text),
    };
    if command.trim().is_empty() {
        return Err("the command is empty".to_owned());
    }
    Ok(TargetArg { role, command: command.to_owned() })
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("no `=` between key and value")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// One limit, which is sound.
fn limit(text: &str) -> Result<(String, String), String> {
    let (key, value) = setting(text)?;
    Limits::default().set(&key, &value)?;
    Ok((key, value))
}

fn report(text: &str) -> Result<ReportArg, String> {
    let (format, path) = text.split_once('=').ok_or("no `=` between format and path")?;
    Ok(ReportArg { format: format.to_owned(), path: PathBuf::from(path) })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn is_a_command_line_that_clap_finds_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn takes_a_role_only_where_one_is_meant() {
        let parts = |text| target(text).map(|target| (target.role, target.command)).unwrap();
        assert_eq!(parts("server=./a.out"), (Some("server".to_owned()), "./a.out".to_owned()));
        assert_eq!(parts("./a.out --x=1"), (None, "./a.out --x=1".to_owned()));
        assert_eq!(parts("PORT=1 ./a.out"), (None, "PORT=1 ./a.out".to_owned()));
        assert!(target("server=").is_err());
    }

    #[test]
    fn reads_a_whole_line() {
        let line = "grader run sum --target a --target client=b --only adds --tier robust --seed 7 --set k=v=w \
                    --report json=- --sandbox off --jobs 2 --lang ko";
        let cli = Cli::try_parse_from(line.split_whitespace()).unwrap();
        assert_eq!(cli.lang, Some(Language::Korean));
        let Command::Run(run) = cli.command else { panic!("not run") };
        assert_eq!((run.tier, run.seed), (Some(Tier::Robust), Some(7)));
        assert_eq!(run.set, [("k".to_owned(), "v=w".to_owned())]);
        assert_eq!(run.target[1].role.as_deref(), Some("client"));
        assert_eq!(run.report[0].format, "json");
    }
}
