//! What a script needs: the exit status, and a line while checks are running.

use super::model::{CheckReport, Report};
use crate::verdict::{Code, Outcome};

/// The exit status a report stands for: 0 every graded check passed, 1 something was
/// lost, 4 this machine could not grade everything (what it lacks costs nothing and hides no
/// loss; where it failed on the way nothing is sure), 70 the grader itself was in trouble.
pub fn exit_status(report: &Report) -> u8 {
    let found = report.explore.iter().flat_map(|search| &search.roles);
    let found: Vec<&CheckReport> =
        found.filter_map(|role| role.difference.as_ref()).map(|difference| &difference.check).collect();
    let graded = || {
        let checks = report.checks.iter().filter(|check| !check.noted && report.graded.contains(&check.tier));
        checks.chain(found.iter().copied())
    };
    let any = |outcomes: &[Outcome]| graded().any(|check| outcomes.contains(&check.outcome));
    let is_defect = |check: &CheckReport| {
        check.finding.as_ref().is_some_and(|finding| finding.code == Code::GraderTrouble)
    };
    if graded().any(is_defect) {
        70
    } else if any(&[Outcome::Error]) {
        4
    } else if any(&[Outcome::Fail, Outcome::Partial]) {
        1
    } else if graded().any(is_lacking) {
        4
    } else {
        0
    }
}

/// The machine lacks something; what was not reached is no fault of the machine.
fn is_lacking(check: &CheckReport) -> bool {
    let reached = check
        .finding
        .as_ref()
        .is_none_or(|finding| !matches!(finding.code, Code::NotReached | Code::OwnForm));
    check.outcome == Outcome::Skip && reached
}

/// A line of progress: how many checks are done, and which one was the last.
pub fn progress(done: usize, total: usize, id: &str) -> String {
    let width = total.to_string().len();
    format!("[{done:>width$}/{total}] {id}")
}
