//! Failures that say the same are told once, with the names of all the checks.

use super::model::{CheckReport, FindingReport};

/// Checks whose findings say the same; the first one speaks for all.
pub(super) struct Fold<'a> {
    pub(super) checks: Vec<&'a CheckReport>,
}

impl<'a> Fold<'a> {
    /// The check that speaks for all.
    pub(super) fn first(&self) -> Option<&'a CheckReport> {
        self.checks.first().copied()
    }

    /// The names of the checks.
    pub(super) fn names(&self) -> String {
        self.checks.iter().map(|check| check.short_id()).collect::<Vec<_>>().join(", ")
    }
}

/// Folds checks with equal outcomes and findings together, in the order of the first of each.
pub(super) fn fold<'a>(checks: impl Iterator<Item = &'a CheckReport>) -> Vec<Fold<'a>> {
    let mut folds: Vec<Fold<'a>> = Vec::new();
    for check in checks {
        match folds.iter_mut().find(|fold| fold.first().is_some_and(|first| says_the_same(first, check))) {
            Some(fold) => fold.checks.push(check),
            None => folds.push(Fold { checks: vec![check] }),
        }
    }
    folds
}

fn says_the_same(left: &CheckReport, right: &CheckReport) -> bool {
    let key = |finding: &FindingReport| {
        let parts = &finding.parts;
        (
            parts.code,
            parts.expected.clone(),
            parts.received.clone(),
            parts.program.clone(),
            parts.cause.clone(),
        )
    };
    match (&left.finding, &right.finding) {
        (Some(a), Some(b)) => left.outcome == right.outcome && key(a) == key(b),
        _ => false,
    }
}
