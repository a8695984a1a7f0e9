//! One run of the grader, and how it differs from another.

use std::process::Command;

use serde_json::Value;

use super::options::Phase;
use super::subjects::{Subject, repository};

/// What became of a check: its id, its outcome, the code of its finding.
pub(crate) type Verdict = (String, String, String);

/// One run of a subject.
pub(crate) struct Run {
    pub(crate) phase: Phase,
    /// From 1 in each phase.
    pub(crate) number: usize,
    /// One of every check, and how the grader ended.
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) seconds: f64,
}

/// How a run differs from what comes most often.
#[derive(Default)]
pub(crate) struct Difference {
    /// Checks with another outcome.
    pub(crate) outcomes: usize,
    /// Checks with the same outcome and another code.
    pub(crate) codes: usize,
    /// Each in words.
    pub(crate) told: Vec<String>,
}

/// Grades a subject, so many checks at a time if that is told.
pub(crate) fn grade(subject: &Subject, jobs: Option<usize>) -> Vec<Verdict> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.current_dir(repository()).args(["run", &subject.exercise, "--seed", "7", "--report", "json=-"]);
    if let Some(jobs) = jobs {
        command.args(["--jobs", &jobs.to_string()]);
    }
    for target in &subject.targets {
        command.args(["--target", target]);
    }
    let output = command.output().expect("the grader runs");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let verdict =
        |check: &Value| (text(&check["id"]), text(&check["outcome"]), text(&check["finding"]["code"]));
    let mut verdicts: Vec<Verdict> =
        report["checks"].as_array().map_or(Vec::new(), |checks| checks.iter().map(verdict).collect());
    let said = if verdicts.is_empty() {
        String::from_utf8_lossy(&output.stderr).trim().to_owned()
    } else {
        String::new()
    };
    verdicts.push(("the grader".to_owned(), output.status.to_string(), said));
    verdicts
}

/// What came most often; of equals the first.
pub(crate) fn usual(runs: &[Run]) -> &[Verdict] {
    let times = |run: &&Run| runs.iter().filter(|other| other.verdicts == run.verdicts).count();
    runs.iter().rev().max_by_key(times).map_or(&[], |run| &run.verdicts)
}

/// How a run differs from what is usual.
pub(crate) fn difference(usual: &[Verdict], run: &Run) -> Difference {
    let mut difference = Difference::default();
    let other = &run.verdicts;
    if usual.len() != other.len() {
        difference.outcomes = usual.len().max(other.len());
        difference.told.push(format!("{} verdicts, not {}: {:?}", other.len(), usual.len(), other.last()));
        return difference;
    }
    for (one, other) in usual.iter().zip(other).filter(|(one, other)| one != other) {
        // How the grader ends follows from the checks.
        let is_check = one.0 != "the grader";
        difference.outcomes += usize::from(is_check && one.1 != other.1);
        difference.codes += usize::from(is_check && one.1 == other.1);
        difference.told.push(format!("{}: {} {} → {} {}", one.0, one.1, one.2, other.1, other.2));
    }
    difference
}
