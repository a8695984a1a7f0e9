//! The linter: checks that can be run and show less than their author meant. What it needs to
//! know beside the spec is handed in; nothing is read or run here.

mod defaults;
mod reached;

use std::collections::{BTreeMap, BTreeSet};

use super::{PlannedScenario, flatten, settings};
use crate::spec::{
    Action, Exercise, Expect, Expectation, Fault, Place, Problem, Scenario, Source, SpecErrors, SpecFiles,
    Suspicion,
};
use crate::units::Pattern;

/// What stands beside a spec and tells of its checks.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The model's snapshot of each check that has one, by the check's id.
    pub snapshots: BTreeMap<String, String>,
    /// Checks that some wrong sample program loses; none where there are no samples to look at.
    pub caught: Option<BTreeSet<String>>,
}

/// The seed that values are drawn from where no snapshot tells another one.
const SEED: u64 = 7;

/// `seed: 7` in the header of a snapshot.
static SEED_OF: Pattern = Pattern::new(r"(?m)^  seed: (\d+)$");

/// Everything suspicious in an exercise, in the order of its files.
pub fn lint(exercise: &Exercise, files: &SpecFiles, evidence: &Evidence) -> SpecErrors {
    let values = settings(exercise, &[]).unwrap_or_default();
    let mut faults = Vec::new();
    for scenario in &exercise.scenarios {
        let snapshot = evidence.snapshots.get(&scenario.id).map(String::as_str);
        let plan = flatten(scenario, &values, snapshot.and_then(seed_of).unwrap_or(SEED));
        let mut say = |place: &Place, words: Option<&str>, suspicion| {
            faults.push(fault(files, place, words, suspicion));
        };
        let id = scenario.id.rsplit('/').next();
        if let Some(suspicion) = of_whole(scenario, &plan, evidence) {
            say(&scenario.place, id, suspicion);
        }
        for step in &plan.steps {
            if let Action::Expect(expect) = &step.action
                && let Some(suspicion) = unbounded(expect)
            {
                say(&step.place, None, suspicion);
            }
        }
        for place in snapshot.into_iter().flat_map(|snapshot| reached::missing(&plan, snapshot)) {
            say(place, None, Suspicion::NeverReached);
        }
        let missed = |caught: &BTreeSet<String>| !scenario.noted && !caught.contains(&scenario.id);
        if evidence.caught.as_ref().is_some_and(missed) {
            say(&scenario.place, id, Suspicion::NobodyFails);
        }
    }
    SpecErrors::new(faults, files.texts.iter().map(|(name, text)| (files.path(name), text.clone())).collect())
}

fn seed_of(snapshot: &str) -> Option<u64> {
    SEED_OF.regex().captures(snapshot)?.get(1)?.as_str().parse().ok()
}

/// What is suspicious in a check as a whole. A wrong program that the checks it needs keep away
/// can do no harm here, nor one that another check is known to catch.
fn of_whole(scenario: &Scenario, plan: &PlannedScenario, evidence: &Evidence) -> Option<Suspicion> {
    // A line can be typed only where the program asks for one.
    let expects = |action: &Action| {
        matches!(action, Action::Expect(_) | Action::ExpectProgram(_) | Action::Type { if_asked: false, .. })
    };
    if !plan.steps.iter().any(|step| expects(&step.action)) {
        return Some(Suspicion::ExpectsNothing);
    }
    let is_caught = evidence.caught.as_ref().is_some_and(|caught| caught.contains(&scenario.id));
    if !scenario.needs.is_empty() || scenario.is_ensemble() || is_caught {
        return None;
    }
    defaults::that_passes(plan)
}

fn unbounded(expect: &Expect) -> Option<Suspicion> {
    expect.alternatives.iter().find_map(|alternative| match &alternative.expectation {
        Expectation::Integer(integer) if integer.more => {
            let unknown = integer.value.is_none() && integer.plausible.is_none();
            unknown.then_some(Suspicion::Unbounded("integer"))
        }
        Expectation::Jpeg(picture) => picture.bytes.is_none().then_some(Suspicion::Unbounded("jpeg")),
        // What a console has shown may be put aside, whatever it is.
        Expectation::Matches(pattern) if matches!(expect.from, Source::Connection(_)) => {
            let takes_all = regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(""));
            takes_all.then_some(Suspicion::Unbounded("matches"))
        }
        _ => None,
    })
}

/// A warning at some words of a line or of what follows it, or at the line as a whole.
fn fault(files: &SpecFiles, place: &Place, words: Option<&str>, suspicion: Suspicion) -> Fault {
    let name = place.file.rsplit('/').next().unwrap_or_default();
    let text = files.texts.get(name).map_or("", String::as_str);
    let start: usize = text.split_inclusive('\n').take(place.line.saturating_sub(1)).map(str::len).sum();
    let line = text[start..].lines().next().unwrap_or_default();
    let quoted = words.map(|words| format!("\"{words}\""));
    let found = quoted.and_then(|quoted| Some((text[start..].find(&quoted)?, quoted.len())));
    let (offset, length) = found.unwrap_or_else(|| {
        let shown = line.trim().trim_end_matches(',');
        (line.len() - line.trim_start().len(), shown.len())
    });
    let span = Some(start + offset..start + offset + length);
    Fault { file: files.path(name), span, problem: Box::new(Problem::Suspect(suspicion)) }
}
