//! What a check costs. Side by side and in turn on this machine: the bare cost of starting
//! a program, waiting until it listens, exchanging the same bytes and ending it, against
//! the same check by the grader; and ten echo checks by the grader against the same ten
//! in pytest. Ends with 1 where a bar is missed on a quiet machine; on a busy one the bars
//! are told but mean nothing.
//!
//! `cargo bench --bench cost -- [--rounds 200]`

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod bare;
mod checks;
mod customary;
mod listening;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use grader::engine::{Level, Machine, Seclusion};

/// Milliseconds that a check may add to the bare cost: in a private network, and in a room.
const ADDED: [f64; 2] = [1.5, 4.0];
/// How much dearer a program that never replies may be than one that does.
const HANGING: f64 = 1.1;
/// How much faster than pytest the grader must be.
const FASTER: f64 = 40.0;

/// A program of the bench: how it is started, with the port as its last word.
struct Subject {
    name: &'static str,
    command: Vec<String>,
    /// The same, but it never replies.
    silent: Vec<String>,
    /// Share of the rounds: an interpreter takes long to start.
    share: usize,
}

fn main() -> ExitCode {
    // Before anything else: it needs the process to have one thread.
    let machines = [Seclusion::Namespaces, Seclusion::Auto]
        .map(|seclusion| Machine::prepare(seclusion).expect("this machine can run programs"));
    let rounds = rounds();
    let workshop = tempfile::tempdir().expect("a temporary folder can be made");
    println!(
        "load average {} on {} processors · witness: {:?}",
        load_average(),
        std::thread::available_parallelism().map_or(1, usize::from),
        machines[0].witness
    );
    println!("\nmilliseconds in {rounds} rounds taken in turn: median, in brackets the best tenth");
    println!(
        "{:<8} {:<8} {:>15} {:>15} {:>8} {:>15} {:>8}",
        "program", "own", "bare", "grader", "added", "never replies", "ratio"
    );
    let mut met = true;
    for subject in subjects(workshop.path()) {
        for (machine, added) in machines.iter().zip(ADDED) {
            let rounds = rounds / subject.share;
            met &= compare((machine, added), &subject, rounds, workshop.path());
        }
    }
    met &= customary::compare(workshop.path());
    if is_busy() {
        println!("\nload average {}: too busy for the bars to mean anything", load_average());
        return ExitCode::SUCCESS;
    }
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// More wants to run than can, this bench apart.
fn is_busy() -> bool {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    load_average().parse::<f64>().is_ok_and(|load| load > processors as f64)
}

fn rounds() -> usize {
    let words: Vec<String> = std::env::args().collect();
    let place = words.iter().position(|word| word == "--rounds");
    place.and_then(|place| words.get(place + 1)?.parse().ok()).unwrap_or(200)
}

/// The C server where there is a compiler, the Python server where there is Python.
fn subjects(workshop: &Path) -> Vec<Subject> {
    let mut found = Vec::new();
    let place = |name: &str| workshop.join(name).to_string_lossy().into_owned();
    for (name, source) in [("answers", include_str!("answers.c")), ("silent", include_str!("silent.c"))] {
        std::fs::write(place(&format!("{name}.c")), source).expect("a source can be written");
        let mut compiler = Command::new("cc");
        let done = compiler.args(["-O1", "-o", &place(name), &place(&format!("{name}.c"))]).status();
        if !done.is_ok_and(|status| status.success()) {
            println!("SKIPPED: no C compiler");
            break;
        }
    }
    if Path::new(&place("silent")).exists() {
        let (command, silent) = (vec![place("answers")], vec![place("silent")]);
        found.push(Subject { name: "C", command, silent, share: 1 });
    }
    match customary::python() {
        None => println!("SKIPPED: no Python"),
        Some(python) => {
            for (name, source) in
                [("answers.py", include_str!("answers.py")), ("silent.py", include_str!("silent.py"))]
            {
                std::fs::write(place(name), source).expect("a source can be written");
            }
            let command = vec![python.clone(), place("answers.py")];
            let silent = vec![python, place("silent.py")];
            found.push(Subject { name: "Python", command, silent, share: 3 });
        }
    }
    found
}

/// One line of the table; whether the bars are met.
fn compare((machine, most): (&Machine, f64), subject: &Subject, rounds: usize, workshop: &Path) -> bool {
    let (mut bare, mut graded, mut hanging) = (Vec::new(), Vec::new(), Vec::new());
    let check = checks::Check::load(workshop);
    let (mut bare_row, mut graded_row) = (Duration::ZERO, Duration::ZERO);
    // A scenario moves its thread between networks: as in a run, one thread plays many checks.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // What the kernel still clears away of a check falls on the bare round after it,
            // and never on another check.
            for _ in 0..rounds {
                bare.push(bare::round(&subject.command));
                graded.push(check.round(machine, &subject.command, true));
                bare.push(bare::round(&subject.command));
                hanging.push(check.round(machine, &subject.silent, false));
            }
            let in_a_row = |round: &dyn Fn()| {
                let begin = Instant::now();
                (0..rounds).for_each(|_| round());
                begin.elapsed() / rounds as u32
            };
            bare_row = in_a_row(&|| {
                bare::round(&subject.command);
            });
            graded_row = in_a_row(&|| {
                check.round(machine, &subject.command, true);
            });
        });
    });
    let (bare, graded, hanging) = (Times::of(bare), Times::of(graded), Times::of(hanging));
    let (added, ratio) = (graded.median - bare.median, hanging.median / graded.median);
    let level = match machine.level {
        Level::Full => "room",
        Level::Namespaces => "network",
        Level::Bare | Level::Off => "nothing",
    };
    println!(
        "{:<8} {level:<8} {bare:>15} {graded:>15} {added:>8.2} {hanging:>15} {ratio:>7.2}×",
        subject.name
    );
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "         {rounds} in a row, with everything until the last is gone: bare {:.2}, grader {:.2} each",
        milliseconds(bare_row),
        milliseconds(graded_row)
    );
    let added = bar(&format!("added at most {most} ms"), added <= most);
    bar(&format!("one that never replies costs at most {HANGING}×"), ratio <= HANGING) && added
}

/// Tells whether a bar is met.
fn bar(words: &str, met: bool) -> bool {
    println!("         {} {words}", if met { "✓" } else { "✗ missed:" });
    met
}

/// Milliseconds.
struct Times {
    median: f64,
    tenth: f64,
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |place: usize| times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
        Self { median: at(times.len() / 2), tenth: at(times.len() / 10) }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{:.2} ({:.2})", self.median, self.tenth))
    }
}

fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}
