//! The model programs on the stage: every check of an exercise, as it is recorded.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::casting::{Player, Studio};
use crate::cli::error::CliError;
use crate::cli::run;
use crate::engine::Machine;
use crate::plan::{PlannedScenario, Workshop, environment, flatten, settings};
use crate::spec::Exercise;
use crate::transcript::{SnapshotFile, Transcript, canonical};
use crate::verdict::{Outcome, Verdict, judge};

/// The seed of every snapshot.
const SEED: u64 = 7;

/// What became of one check.
pub(super) enum Take {
    /// It was recorded.
    Recorded(SnapshotFile),
    /// The model program fails it: that is not what students are to be compared with.
    Unfit { reason: String },
    /// This machine lacks something.
    CannotRun { reason: String },
    /// The grader's own trouble.
    Broken { reason: String },
}

/// Runs every check of an exercise against the model programs; gives ids and takes in
/// the order of the spec.
pub(super) fn play(
    machine: &Machine,
    exercise: &Exercise,
    specs: &Path,
) -> Result<Vec<(String, Take)>, CliError> {
    let surroundings = run::surroundings();
    let mut outer: BTreeMap<String, String> = std::env::vars().collect();
    // Models that draw values draw the same ones in every recording.
    outer.insert("SEED".to_owned(), "7".to_owned());
    let grader = std::env::current_exe()?;
    let builder = run::builder(machine);
    let workshop = Workshop::open((machine.scratch(), &builder), environment(&outer), [].into())?;
    let studio = Studio {
        machine,
        exercise,
        workshop: &workshop,
        around: &surroundings,
        outer: &outer,
        grader: &grader,
        // Models are the grader's own.
        hidden: [].into(),
    };
    let players: Vec<Player> = studio.cast(&[])?;
    let values = settings(exercise, &[])?;
    let plans: Vec<PlannedScenario> =
        exercise.scenarios.iter().map(|scenario| flatten(scenario, &values, SEED)).collect();
    let transcripts = run::perform(None, machine, &players, &plans);
    let folder = specs.canonicalize()?;
    let folder = folder.file_name().unwrap_or_default().to_string_lossy();
    let takes = plans.iter().zip(&transcripts).map(|(plan, transcript)| {
        let take = take(plan, transcript, &folder);
        (plan.scenario.id.clone(), take)
    });
    Ok(takes.collect())
}

fn take(plan: &PlannedScenario, transcript: &Transcript, folder: &str) -> Take {
    let verdict = judge(plan, transcript);
    match verdict.outcome {
        Outcome::Pass | Outcome::Partial => Take::Recorded(record(plan, transcript, folder)),
        Outcome::Fail => {
            let reason = format!("the model program fails it: {}", finding(&verdict));
            Take::Unfit { reason }
        }
        Outcome::Skip => Take::CannotRun { reason: finding(&verdict) },
        Outcome::Error => Take::Broken { reason: finding(&verdict) },
    }
}

fn finding(verdict: &Verdict) -> String {
    let Some(finding) = &verdict.finding else { return String::new() };
    format!("expected {}, received {}", finding.expected.en, finding.received.en)
}

fn record(plan: &PlannedScenario, transcript: &Transcript, folder: &str) -> SnapshotFile {
    let scenario = &plan.scenario;
    let exercise = scenario.id.split('/').next().unwrap_or_default();
    SnapshotFile {
        source: format!("{folder}/{}", scenario.place.file),
        expression: format!("grader run {exercise} --only {} --seed {}", scenario.id, plan.seed),
        check: scenario.id.clone(),
        spec_hash: scenario.hash.clone(),
        seed: plan.seed,
        transcript: canonical(transcript),
    }
}
