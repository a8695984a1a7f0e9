//! What a script needs: the exit status, and a line while checks are running.

use super::model::Report;
use crate::verdict::Outcome;

/// The exit status a report stands for: 0 every graded check passed, 1 something was
/// lost, 4 nothing was lost but this machine could not grade everything, 70 the grader
/// itself was in trouble.
pub fn exit_status(report: &Report) -> u8 {
    let graded = || report.checks.iter().filter(|check| !check.noted && report.graded.contains(&check.tier));
    let any = |outcomes: &[Outcome]| graded().any(|check| outcomes.contains(&check.outcome));
    if any(&[Outcome::Error]) {
        70
    } else if any(&[Outcome::Fail, Outcome::Partial]) {
        1
    } else if any(&[Outcome::Skip]) {
        4
    } else {
        0
    }
}

/// A line of progress: how many checks are done, and which one was the last.
pub fn progress(done: usize, total: usize, id: &str) -> String {
    let width = total.to_string().len();
    format!("[{done:>width$}/{total}] {id}")
}
