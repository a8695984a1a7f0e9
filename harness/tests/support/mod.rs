//! What the suites share: where things are, how the grader is run, and which interpreters
//! this machine has. Asserts nothing itself.

#![allow(dead_code, reason = "every suite uses a part")]

pub(crate) mod program;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;

/// Longest time one run of the grader may take before the suite gives it up.
const TOO_LONG: Duration = Duration::from_secs(300);

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the harness lies in the repository").to_owned()
}

/// The grader as a user calls it: in the repository, in English, without a terminal.
pub(crate) fn grader() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.current_dir(repository()).timeout(TOO_LONG);
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C.UTF-8").env("NO_COLOR", "1");
    command
}

/// What one run said.
#[derive(Debug)]
pub(crate) struct Graded {
    /// The exit status; -1 where a signal or the suite ended it.
    pub(crate) exit: i32,
    /// The report of machines; null where there is none.
    pub(crate) report: Value,
    /// The rest of what it said.
    pub(crate) said: String,
}

impl Graded {
    /// Takes a finished run with `--report json=-`.
    pub(crate) fn new(output: &Output) -> Self {
        Self {
            exit: output.status.code().unwrap_or(-1),
            report: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
            said: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The checks, in the order of the report.
    pub(crate) fn checks(&self) -> &[Value] {
        self.report["checks"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Every check's id with its outcome and the kind of its finding.
    pub(crate) fn verdicts(&self) -> Vec<(String, String, String)> {
        let verdict =
            |check: &Value| (text(&check["id"]), text(&check["outcome"]), text(&check["finding"]["code"]));
        self.checks().iter().map(verdict).collect()
    }
}

/// A string of a report, empty where there is none.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Grades a target with a fixed seed.
pub(crate) fn grade(exercise: &str, target: &str, arguments: &[&str]) -> Graded {
    grade_all(exercise, &[target.to_owned()], arguments)
}

/// Grades the programs of several roles with a fixed seed.
pub(crate) fn grade_all(exercise: &str, targets: &[String], arguments: &[&str]) -> Graded {
    let mut command = grader();
    command.args(["run", exercise, "--seed", "7", "--report", "json=-"]).args(arguments);
    for target in targets {
        command.args(["--target", target]);
    }
    Graded::new(&command.output().expect("the grader runs"))
}

/// Tells something that must be seen: what a passing test prints is swallowed otherwise.
pub(crate) fn tell(line: &str) {
    // Where nobody listens nothing is lost.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Whether a program is on the search path.
pub(crate) fn is_installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// A sample program of the fixtures.
pub(crate) fn sample(path: &str) -> String {
    let whole = repository().join("fixtures/submissions").join(path);
    assert!(whole.is_file(), "the sample {path} is gone");
    whole.to_string_lossy().into_owned()
}
