//! The same verdicts, always: for every exercise the model programs, right strangers and wrong
//! programs are graded again and again with one seed, on the machine as it is, beside busy
//! loops, beside programs that write to the disk, and with 64 checks at once. Prints a Markdown
//! table of how often a verdict or the code of a finding was another one than most often, and
//! what differed. Ends with 1 where anything did.
//!
//! `cargo bench --bench flips -- [--runs 20] [--exercise ID]… [--phase idle|busy|disk|jobs]…
//! [--subject reference|right|wrong]… [--right 3] [--wrong 6] [--busy 8] [--writers 4] [--jobs 64]`

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod grading;
mod load;
mod options;
#[allow(dead_code, reason = "the bench needs a part")]
#[path = "../../tests/support/program.rs"]
mod program;
mod subjects;
mod table;

use std::process::ExitCode;
use std::time::Instant;

use grading::{Run, grade};
use load::{Load, load_average};
use options::{Options, Phase};
use subjects::{Subject, subjects};

/// What a phase took.
struct Passage {
    phase: Phase,
    /// Load averages of a minute before and after.
    load: (String, String),
    seconds: f64,
}

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(fault) => {
            println!("{fault}\nusage: {}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    let workshop = tempfile::tempdir().expect("a temporary folder can be made");
    let subjects = subjects(&options, workshop.path());
    let mut runs: Vec<Vec<Run>> = subjects.iter().map(|_| Vec::new()).collect();
    let mut passages = Vec::new();
    for phase in &options.phases {
        let before = load_average();
        let began = Instant::now();
        let load = Load::start(*phase, &options, workshop.path());
        for (subject, runs) in subjects.iter().zip(&mut runs) {
            observe(subject, runs, *phase, &options);
        }
        drop(load);
        let load = (before, load_average());
        passages.push(Passage { phase: *phase, load, seconds: began.elapsed().as_secs_f64() });
    }
    let differing = table::print(&options, &passages, &subjects, &runs);
    if differing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn observe(subject: &Subject, runs: &mut Vec<Run>, phase: Phase, options: &Options) {
    for number in 1..=options.runs {
        let began = Instant::now();
        let verdicts = grade(subject, (phase == Phase::Jobs).then_some(options.jobs));
        runs.push(Run { phase, number, verdicts, seconds: began.elapsed().as_secs_f64() });
    }
}
