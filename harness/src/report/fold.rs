//! Failures that say the same are told once, with the names of all the checks.

use super::model::CheckReport;
use crate::verdict::Code;

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
    let (Some(a), Some(b)) = (&left.finding, &right.finding) else { return false };
    let (a, b) = (&a.parts, &b.parts);
    let same =
        left.outcome == right.outcome && left.runs == right.runs && a.code == b.code && a.cause == b.cause;
    let content = a.expected == b.expected && a.received == b.received && a.program == b.program;
    same && (content || (a.cause.is_some() && is_about_the_program(a.code)))
}

/// Failures that are the same whatever was asked: the program did not come to answer.
fn is_about_the_program(code: Code) -> bool {
    matches!(
        code,
        Code::NeverListens
            | Code::NeverConnects
            | Code::NeverBinds
            | Code::NeverSends
            | Code::CannotStart
            | Code::EndedBeforeReady
            | Code::Refused
            | Code::NoReply
            | Code::ClosedEarly
            | Code::ClosedByReset
            | Code::EndedTooEarly
            | Code::Crashed
            | Code::Traceback
            | Code::NeverAsks
            | Code::SpeaksTcp
            | Code::WaitsToBeSpokenTo
            | Code::EndedAtReset
            | Code::OneMessageOnly
            | Code::ServesOneClientOnly
            | Code::BusyLoopAtEof
            | Code::BlockedBehindSilentClient
            | Code::BusyLoop
    )
}
