//! The table, in Markdown: the machine, the phases, and of every exercise how often what
//! differed; then each run that did.

use super::Passage;
use super::grading::{Run, difference, usual};
use super::load::machine;
use super::options::{Kind, Options, Phase};
use super::subjects::Subject;

/// Verdicts of some runs, and those that differed.
#[derive(Default)]
struct Count {
    runs: usize,
    checks: usize,
    outcomes: usize,
    codes: usize,
    seconds: f64,
}

/// Prints the table; the number of runs that differ.
pub(crate) fn print(
    options: &Options,
    passages: &[Passage],
    subjects: &[Subject],
    runs: &[Vec<Run>],
) -> usize {
    println!("\n{}; {} runs of each program in each phase\n", machine(), options.runs);
    println!("| phase | load before | load after | seconds |\n|---|---:|---:|---:|");
    for Passage { phase, load: (before, after), seconds } in passages {
        println!("| {} | {before} | {after} | {seconds:.0} |", told(*phase, options));
    }
    println!("\nOf all verdicts those with another outcome + those with another code of the finding.\n");
    let phases: Vec<String> = options.phases.iter().map(ToString::to_string).collect();
    println!("| exercise | programs | {} |", phases.join(" | "));
    println!("|---|---|{}", "---:|".repeat(phases.len()));
    let mut exercises: Vec<&str> = subjects.iter().map(|subject| subject.exercise.as_str()).collect();
    exercises.dedup();
    for exercise in exercises {
        for kind in &options.kinds {
            row((exercise, *kind), options, subjects, runs);
        }
    }
    let differing = differing(subjects, runs);
    let all: usize = runs.iter().map(Vec::len).sum();
    println!("\n{all} runs, {} differ", differing.len());
    differing.iter().for_each(|line| println!("- {line}"));
    differing.len()
}

fn told(phase: Phase, options: &Options) -> String {
    match phase {
        Phase::Idle => "idle".to_owned(),
        Phase::Busy => format!("busy: {} loops", options.busy),
        Phase::Disk => format!("disk: {} writers", options.writers),
        Phase::Jobs => format!("jobs: {} checks at once", options.jobs),
    }
}

fn row((exercise, kind): (&str, Kind), options: &Options, subjects: &[Subject], runs: &[Vec<Run>]) {
    let own: Vec<&Vec<Run>> = subjects
        .iter()
        .zip(runs)
        .filter(|(subject, _)| subject.exercise == exercise && subject.kind == kind)
        .map(|(_, runs)| runs)
        .collect();
    if own.is_empty() {
        return;
    }
    let cells: Vec<String> = options.phases.iter().map(|phase| cell(&own, *phase)).collect();
    let programs = if kind == Kind::Reference { kind.to_string() } else { format!("{} {kind}", own.len()) };
    println!("| {exercise} | {programs} | {} |", cells.join(" | "));
}

fn cell(subjects: &[&Vec<Run>], phase: Phase) -> String {
    let mut count = Count::default();
    for runs in subjects {
        let usual = usual(runs);
        for run in runs.iter().filter(|run| run.phase == phase) {
            let difference = difference(usual, run);
            count.runs += 1;
            count.checks += usual.len().saturating_sub(1);
            count.outcomes += difference.outcomes;
            count.codes += difference.codes;
            count.seconds += run.seconds;
        }
    }
    let Count { runs, checks, outcomes, codes, seconds } = count;
    format!("{outcomes} + {codes} of {checks} ({:.2} s a run)", seconds / runs.max(1) as f64)
}

/// Every run that differs, and what differed.
fn differing(subjects: &[Subject], runs: &[Vec<Run>]) -> Vec<String> {
    let mut lines = Vec::new();
    for (subject, runs) in subjects.iter().zip(runs) {
        let usual = usual(runs);
        for run in runs {
            let told = difference(usual, run).told;
            if !told.is_empty() {
                let place = format!("{}, {} run {}", subject.name, run.phase, run.number);
                lines.push(format!("{place}: {}", told.join("; ")));
            }
        }
    }
    lines
}
