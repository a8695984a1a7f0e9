//! Self-distrust: before a lost check is told, the model programs play it too, with the same
//! seed. Where they do not pass either, the machine or the check is in trouble, and nothing is
//! said of the student's program.

use std::num::NonZeroUsize;

use super::casting::Studio;
use super::error::CliError;
use super::run::perform;
use crate::plan::PlannedScenario;
use crate::report::CheckResult;
use crate::spec::Scenario;
use crate::verdict::{Code, Finding, Outcome, Verdict, judge};

/// Takes back what was lost where the model programs lose it as well. `results` are those of
/// `plans`, in order. Of losses of one kind one is played again; the others only where that
/// one is in doubt.
pub(super) fn confirm(
    studio: &Studio<'_>,
    jobs: Option<NonZeroUsize>,
    plans: &[PlannedScenario],
    results: &mut [CheckResult],
) -> Result<(), CliError> {
    let mut kinds: Vec<((&str, Code), Vec<usize>)> = Vec::new();
    for (index, result) in results.iter().enumerate() {
        let Some(code) = lost(&result.verdict).filter(|_| has_models(studio, &result.scenario)) else {
            continue;
        };
        let kind = (result.scenario.role.as_str(), code);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, members)) => members.push(index),
            None => kinds.push((kind, vec![index])),
        }
    }
    let kinds: Vec<Vec<usize>> = kinds.into_iter().map(|(_, members)| members).collect();
    let first: Vec<usize> = kinds.iter().filter_map(|members| members.first().copied()).collect();
    let mut doubtful = lost_by_models(studio, jobs, plans, &first)?;
    let is_doubtful = |members: &&Vec<usize>| doubtful.iter().any(|(index, _)| members.contains(index));
    let rest: Vec<usize> =
        kinds.iter().filter(is_doubtful).flat_map(|members| &members[1..]).copied().collect();
    doubtful.extend(lost_by_models(studio, jobs, plans, &rest)?);
    for (index, finding) in doubtful {
        results[index].verdict = Verdict::doubted(&finding);
    }
    Ok(())
}

/// The kind of a loss.
fn lost(verdict: &Verdict) -> Option<Code> {
    let lost = matches!(verdict.outcome, Outcome::Fail | Outcome::Partial);
    verdict.finding.as_ref().filter(|_| lost).map(|finding| finding.code)
}

fn has_models(studio: &Studio<'_>, scenario: &Scenario) -> bool {
    let known = |role: &str| reference::find(&studio.exercise.id, role).is_some();
    scenario.players.iter().all(|player| known(&player.role))
}

/// Of these checks those that the model programs do not pass, each with the reason.
fn lost_by_models(
    studio: &Studio<'_>,
    jobs: Option<NonZeroUsize>,
    plans: &[PlannedScenario],
    checks: &[usize],
) -> Result<Vec<(usize, Finding)>, CliError> {
    if checks.is_empty() {
        return Ok(Vec::new());
    }
    let plans: Vec<PlannedScenario> = checks.iter().map(|check| plans[*check].clone()).collect();
    let plays =
        |role: &str| plans.iter().any(|plan| plan.scenario.players.iter().any(|player| player.role == role));
    let models = studio.models(plays)?;
    let transcripts = perform(jobs, studio.machine, &models, &plans);
    let verdicts = plans.iter().zip(&transcripts).map(|(plan, transcript)| judge(plan, transcript));
    let found = checks.iter().zip(verdicts).filter_map(|(check, verdict)| {
        let fails = matches!(verdict.outcome, Outcome::Fail | Outcome::Error);
        verdict.finding.filter(|_| fails).map(|finding| (*check, finding))
    });
    Ok(found.collect())
}
