//! A report from the results of a run: points are counted here, and nowhere else.

use super::model::{
    CheckReport, ExcerptLine, FindingReport, Points, Report, Sandbox, TargetReport, TierPoints, Tiers,
};
use super::{conduct, wording};
use crate::spec::{Exercise, Scenario, Tier};
use crate::transcript::{CanonicalLine, Transcript, canonical, canonical_lines, console_title};
use crate::units::Text;
use crate::verdict::{Code, Finding, Outcome, Repeats, Verdict};

/// What a report says about the run as a whole.
#[derive(Debug, Clone)]
pub struct RunFacts {
    /// The seed of the run.
    pub seed: u64,
    /// How far the programs were kept apart from the machine.
    pub sandbox: Sandbox,
    /// The programs that were graded.
    pub targets: Vec<TargetReport>,
    /// The tiers that make the score: those of the spec, or those asked for.
    pub graded: Vec<Tier>,
    /// Remarks about the run as a whole.
    pub remarks: Vec<Text>,
}

/// One check that was run and judged.
#[derive(Debug, Clone)]
pub struct CheckResult {
    /// The check.
    pub scenario: Scenario,
    /// The judgement.
    pub verdict: Verdict,
    /// How often it was run, and lost.
    pub repeats: Repeats,
    /// What happened; empty where the check was not reached.
    pub transcript: Transcript,
    /// The command that runs this check again.
    pub rerun: String,
}

/// Lines of the transcript that are shown before a failure.
const BEFORE: usize = 5;
/// Lines of the console that are shown under a failure.
const LAST_WORDS: usize = 5;

/// Puts a report together.
pub fn assemble(exercise: &Exercise, facts: RunFacts, results: &[CheckResult]) -> Report {
    let checks: Vec<CheckReport> = results.iter().map(check).collect();
    let points = |tiers: &[Tier]| {
        let counted = || checks.iter().filter(|check| check.is_counted() && tiers.contains(&check.tier));
        let earned = counted().map(|check| check.earned.value()).sum();
        let possible = counted().map(|check| check.points.value()).sum();
        TierPoints(Points::new(earned), Points::new(possible))
    };
    let TierPoints(score, max_score) = points(&facts.graded);
    let tiers = Tiers { basic: points(&[Tier::Basic]), robust: points(&[Tier::Robust]) };
    Report {
        schema: "grader/report/v1",
        grader: env!("CARGO_PKG_VERSION"),
        exercise: exercise.id.clone(),
        seed: facts.seed,
        spec_hash: exercise.hash.clone(),
        sandbox: facts.sandbox,
        targets: facts.targets,
        score,
        max_score,
        tiers,
        graded: facts.graded,
        remarks: [facts.remarks, conduct::remarks(checks.iter().map(|check| &check.conduct[..]))].concat(),
        checks,
        explore: None,
        title: exercise.title.clone(),
    }
}

/// One check as it is reported.
pub(super) fn check(result: &CheckResult) -> CheckReport {
    let CheckResult { scenario, verdict, repeats, transcript, rerun } = result;
    let points = if scenario.noted { 0.0 } else { scenario.points };
    let judged = !matches!(verdict.outcome, Outcome::Skip | Outcome::Error);
    let earned = if judged { points * verdict.credit } else { 0.0 };
    CheckReport {
        id: scenario.id.clone(),
        role: scenario.role.clone(),
        tier: scenario.tier,
        concept: scenario.concept,
        title: scenario.title.clone(),
        outcome: verdict.outcome,
        points: Points::new(points),
        earned: Points::new(earned),
        finding: verdict.finding.as_ref().map(finding),
        runs: Some(*repeats).filter(|repeats| repeats.count > 1),
        conduct: conduct::conduct(transcript),
        wall_ms: (transcript.wall.as_secs_f64() * 10_000.0).round() / 10.0,
        transcript: if judged { canonical(transcript) } else { String::new() },
        rerun: rerun.clone(),
        noted: scenario.noted,
        hint: scenario.hint.clone(),
        notes: verdict.notes.clone(),
        excerpt: verdict
            .finding
            .as_ref()
            .filter(|_| judged)
            .map_or_else(Vec::new, |finding| excerpt(finding, transcript)),
    }
}

fn finding(finding: &Finding) -> FindingReport {
    FindingReport {
        code: finding.code,
        expected: finding.expected.en.clone(),
        received: finding.received.en.clone(),
        program: finding.program.en.clone(),
        player: finding.player.clone(),
        text: wording::sentences(finding),
        parts: finding.clone(),
    }
}

/// The lines before the failure, its own lines marked, and the program's last words
/// where they tell why it ended.
fn excerpt(finding: &Finding, transcript: &Transcript) -> Vec<ExcerptLine> {
    let lines = canonical_lines(transcript);
    let player = transcript.players.iter().position(|player| finding.player.as_ref() == Some(&player.name));
    let is_console = |line: &CanonicalLine| line.step.is_none() && line.text.starts_with("console");
    let (story, consoles) = lines.split_at(lines.iter().position(is_console).unwrap_or(lines.len()));
    let title = console_title(transcript, player.unwrap_or_default());
    let shown = consoles.iter().position(|line| line.text == title).map_or(&[][..], |at| &consoles[at..]);
    let next = shown.iter().skip(1).position(is_console).map_or(shown.len(), |at| at + 1);
    let shown = &shown[..next];
    let here = |line: &CanonicalLine| finding.step.is_some() && line.step == finding.step;
    let until = story.iter().rposition(|line| line.step <= finding.step || finding.step.is_none());
    let end = until.map_or(0, |last| last + 1);
    let mut excerpt: Vec<ExcerptLine> = story[end.saturating_sub(BEFORE)..end]
        .iter()
        .map(|line| ExcerptLine { marked: here(line), text: line.text.clone() })
        .collect();
    let dying = matches!(
        finding.code,
        Code::Traceback
            | Code::Crashed
            | Code::EndedBeforeReady
            | Code::CannotStart
            | Code::BusyLoop
            | Code::BusyLoopAtEof
    );
    if dying && !shown.is_empty() {
        let from = shown.len().saturating_sub(LAST_WORDS).max(1);
        let lines = shown[..1].iter().chain(&shown[from..]);
        excerpt.extend(lines.map(|line| ExcerptLine { marked: false, text: line.text.clone() }));
    }
    excerpt
}
