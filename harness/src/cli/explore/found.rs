//! A difference is looked at before it is told: it is played again, made small, and the model
//! program plays it in the same slot.

use std::time::{Duration, Instant};

use super::plays::{Played, Plays, Retrial};
use super::search::Group;
use crate::cli::error::CliError;
use crate::cli::run::again;
use crate::plan::{Session, shrink, sow};
use crate::report::{CheckResult, Difference};
use crate::verdict::{Code, Outcome, Repeats, Verdict};

/// How often a difference is played again before it is told.
const TIMES: usize = 20;
/// The least, where a play takes long.
const LEAST: usize = 3;
/// Longest time that plays of one difference may take all together.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest time that a session is made smaller.
const SHRINKING: Duration = Duration::from_secs(20);

/// What became of a difference.
pub(super) enum Finding {
    /// It came again, or the session cannot be judged here.
    Sure(Box<Difference>),
    /// It did not come again.
    Once {
        /// Number of the session.
        session: usize,
        /// How often it was played again.
        runs: usize,
    },
}

/// Looks at a group that showed a difference.
pub(super) fn investigate(plays: &Plays<'_>, group: &Group, played: Played) -> Result<Finding, CliError> {
    let (number, alone, until_here) = narrowed(plays, group, &played);
    let Some(code) = played.difference() else {
        let told = told(plays, (number, &until_here), vec![played])?;
        return Ok(Finding::Sure(Box::new(told)));
    };
    let times = times(plays, &played);
    let mut retrial =
        Retrial { plays, number, code, times: 1, until: Instant::now() + SHRINKING, trouble: None };
    let candidates = [alone, until_here];
    let first = crate::plan::Trial::first(&mut retrial, &candidates);
    let start = match first {
        Some(index) => candidates[index].clone(),
        None => {
            let [_, whole] = candidates;
            let lost = lost(&plays.repeat((number, &whole), times)?, code);
            if lost == 0 {
                return Ok(Finding::Once { session: number, runs: times });
            }
            retrial.times = (3 * times / lost).clamp(2, TIMES);
            whole
        }
    };
    let small = shrink(plays.grammar, start.clone(), &mut retrial);
    if let Some(trouble) = retrial.trouble {
        return Err(trouble);
    }
    let mut session = small;
    let mut runs = plays.repeat((number, &session), times)?;
    if lost(&runs, code) == 0 {
        session = start;
        runs = plays.repeat((number, &session), times)?;
    }
    if lost(&runs, code) == 0 {
        return Ok(Finding::Once { session: number, runs: times });
    }
    let kept = |played: &Played| played.difference() == Some(code) || played.difference().is_none();
    runs.retain(kept);
    Ok(Finding::Sure(Box::new(told(plays, (number, &session), runs)?)))
}

/// The session in which it was seen: its number, itself up to there, and all before it as well.
fn narrowed(plays: &Plays<'_>, group: &Group, played: &Played) -> (usize, Session, Session) {
    let script = plays.script(&group.whole, group.numbers.start);
    let step = played.verdict.finding.as_ref().and_then(|finding| finding.step);
    let last = step.and_then(|step| script.move_of(step)).unwrap_or(0);
    let mut before = 0;
    for number in group.numbers.clone() {
        let session = sow(plays.grammar, plays.wanted.seed, number);
        if last < before + session.moves.len() {
            return (number, session.until(last - before), group.whole.until(last));
        }
        before += session.moves.len();
    }
    (group.numbers.start, group.whole.clone(), group.whole.clone())
}

/// How often a difference is played again.
fn times(plays: &Plays<'_>, played: &Played) -> usize {
    let wall = played.transcript.wall.as_secs_f64() / plays.at_a_time() as f64;
    ((PATIENCE.as_secs_f64() / wall.max(0.001)) as usize).clamp(LEAST, TIMES)
}

fn lost(runs: &[Played], code: Code) -> usize {
    runs.iter().filter(|played| played.difference() == Some(code)).count()
}

/// The difference as it is told: of the runs one that shows it, unless the model program shows
/// one as well.
fn told(
    plays: &Plays<'_>,
    (number, session): (usize, &Session),
    runs: Vec<Played>,
) -> Result<Difference, CliError> {
    let count = runs.len();
    let lost = runs.iter().filter(|played| played.difference().is_some()).count();
    let repeats = Repeats { count, lost };
    let index = runs.iter().position(|played| played.difference().is_some()).unwrap_or_default();
    let scenario = plays.script(session, number).toml();
    let Some(mut shown) = runs.into_iter().nth(index) else {
        return Err(CliError::Machine("a session was not played".to_owned()));
    };
    if lost > 0 {
        let model = plays.ask_model((number, session), count)?;
        let fails = |played: &Played| matches!(played.verdict.outcome, Outcome::Fail | Outcome::Error);
        let doubt = model.into_iter().find(fails).and_then(|played| played.verdict.finding);
        if let Some(finding) = doubt {
            shown.verdict = Verdict::doubted(&finding);
        }
    }
    let until = ["--explore".to_owned(), number.to_string()];
    let result = CheckResult {
        scenario: shown.plan.scenario,
        verdict: shown.verdict,
        repeats,
        transcript: shown.transcript,
        rerun: again(plays.wanted.args, until, plays.wanted.seed),
    };
    Ok(Difference::new(number, scenario, &result))
}
