//! What a search found: its part of the report, for people and for machines.

use serde::Serialize;

use super::assemble::{CheckResult, RunFacts, assemble, check};
use super::fold::fold;
use super::model::{CheckReport, Report};
use super::terminal::Page;
use super::wording;
use crate::spec::{Exercise, Tier};
use crate::units::Text;
use crate::verdict::Outcome;

/// A search made in place of the checks.
#[derive(Debug, Clone, Serialize)]
pub struct SearchReport {
    /// Sessions that were asked for.
    pub sessions: usize,
    /// Whether they went beyond the handout.
    pub tier: Tier,
    /// What came of it, role by role.
    pub roles: Vec<RoleSearch>,
}

/// What came of the search with one program.
#[derive(Debug, Clone, Serialize)]
pub struct RoleSearch {
    /// Its role.
    pub role: String,
    /// Sessions that were played.
    pub played: usize,
    /// The first session in which the program differed.
    pub difference: Option<Difference>,
}

/// A session in which a program differs from the reference.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// Number of the session, from 1.
    pub session: usize,
    /// The session, made as small as it can be, as a scenario of a spec file (TOML).
    pub scenario: String,
    /// Its judgement, as that of a check.
    pub check: CheckReport,
}

impl Difference {
    /// A difference from the result of the scenario.
    pub fn new(session: usize, scenario: String, result: &CheckResult) -> Self {
        Self { session, scenario, check: check(result) }
    }
}

/// Puts the report of a search together; it has no checks.
pub fn assemble_search(exercise: &Exercise, facts: RunFacts, search: SearchReport) -> Report {
    Report { explore: Some(search), ..assemble(exercise, facts, &[]) }
}

impl Page {
    /// What a search found.
    pub(super) fn search(&mut self, report: &Report, search: &SearchReport) {
        for role in &search.roles {
            self.program(report, &role.role);
            match &role.difference {
                None => {
                    let told = wording::no_difference(role.played, search.tier, self.options.language);
                    let seed = format!("{} {}", wording::seed(self.options.language), report.seed);
                    let line = format!("  {} {told} ({seed})", self.paint.good("✓"));
                    self.line(&line);
                }
                Some(difference) => self.difference(report, &role.role, difference),
            }
        }
        self.remarks(report);
        let found = search.roles.iter().filter_map(|role| role.difference.as_ref());
        self.learn_more(&found.map(|difference| &difference.check).collect::<Vec<_>>());
    }

    fn difference(&mut self, report: &Report, role: &str, difference: &Difference) {
        for fold in fold(std::iter::once(&difference.check)) {
            self.failure(&fold);
        }
        if !matches!(difference.check.outcome, Outcome::Fail | Outcome::Partial) {
            return;
        }
        self.gap();
        let file = format!("specs/{}/{role}.toml", report.exercise);
        let above = wording::as_scenario(&file, self.options.language);
        let above = self.paint.faint(&above);
        self.line(&above);
        self.gap();
        difference.scenario.lines().for_each(|line| self.line(line));
        self.gap();
    }
}

/// The title of a scenario that a search has found.
pub fn found_title(session: usize, seed: u64) -> Text {
    Text::new(
        format!("Answers as the reference does (session {session} of a search with seed {seed})"),
        format!("모범 프로그램과 똑같이 답한다 (시드 {seed} 탐색의 {session}번째 세션)"),
    )
}

/// Where to look when such a scenario fails.
pub fn found_hint() -> Text {
    Text::new(
        "A search made this session as small as it could: follow its steps through the program by hand.",
        "탐색으로 찾아 가장 작게 줄인 세션입니다. 단계를 하나씩 손으로 따라가 보세요.",
    )
}

/// A difference that did not come again.
pub fn once_only(session: usize, runs: usize) -> Text {
    let all = runs + 1;
    Text::new(
        format!("session {session} differed in 1 of {all} runs: not told as a difference"),
        format!("{session}번째 세션이 {all}번 중 1번 다름: 차이로 보지 않음"),
    )
}
