//! The same verdicts, always: every exercise's model programs and one wrong program of
//! each role are graded hundreds of times with one seed, first on the machine as it is and
//! then beside busy loops. Ends with 1 where any verdict differs.
//!
//! `cargo bench --bench stability -- [--runs 200] [--load 8] [--wrong N] [--exercise ID]…`
//! With `--wrong N` at most so many wrong programs of an exercise.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[allow(dead_code, reason = "the bench needs the names only")]
#[path = "../tests/support/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use grader::spec::load_all;
use program::{Program, programs};
use serde_json::Value;

/// What was asked for.
struct Options {
    runs: usize,
    load: usize,
    /// Most wrong programs of an exercise.
    wrong: usize,
    exercises: Vec<String>,
}

/// Something that is graded again and again.
struct Subject {
    name: String,
    exercise: String,
    /// Nothing for the model programs.
    targets: Vec<String>,
}

/// Of every check its id, outcome and kind of finding.
type Verdicts = Vec<(String, String, String)>;

/// What became of a subject.
#[derive(Default)]
struct Tally {
    first: Verdicts,
    /// Median wall time of each phase.
    walls: Vec<Duration>,
    /// Runs with another verdict, and each difference with how often it came.
    differing: usize,
    differences: BTreeMap<String, usize>,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(options) => options,
        Err(fault) => {
            println!("{fault}\nusage: stability [--runs 200] [--load 8] [--wrong N] [--exercise ID]…");
            return ExitCode::from(2);
        }
    };
    let workshop = tempfile::tempdir().expect("a temporary folder can be made");
    let subjects = subjects(&options, workshop.path());
    let mut tallies: Vec<Tally> = subjects.iter().map(|_| Tally::default()).collect();
    for phase in ["idle", "loaded"] {
        let load = if phase == "loaded" { options.load } else { 0 };
        let loops = Loops::start(load);
        println!("\n{phase}: {} runs each, {load} busy loops, load average {}", options.runs, load_average());
        for (subject, tally) in subjects.iter().zip(&mut tallies) {
            observe(subject, tally, options.runs, phase);
        }
        drop(loops);
    }
    if print(&subjects, &tallies, options.runs) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options() -> Result<Options, String> {
    let mut options = Options { runs: 200, load: 8, wrong: usize::MAX, exercises: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        let number = |text: String| text.parse::<usize>().map_err(|_| format!("`{text}` is no number"));
        match word.as_str() {
            "--runs" => options.runs = number(value()?)?,
            "--load" => options.load = number(value()?)?,
            "--wrong" => options.wrong = number(value()?)?,
            "--exercise" => options.exercises.push(value()?),
            // Cargo says it to every bench.
            "--bench" => {}
            other => return Err(format!("`{other}` is not understood")),
        }
    }
    Ok(options)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The model programs of every exercise, and of every role a wrong program that starts fast.
fn subjects(options: &Options, workshop: &Path) -> Vec<Subject> {
    let samples = programs(&repository().join("fixtures/submissions"));
    let mut found = Vec::new();
    for exercise in load_all(&repository().join("specs")).expect("the specs are right") {
        if !options.exercises.is_empty() && !options.exercises.contains(&exercise.id) {
            continue;
        }
        let name = format!("{}: the models", exercise.id);
        found.push(Subject { name, exercise: exercise.id.clone(), targets: Vec::new() });
        let before = found.len();
        for part in exercise.parts() {
            if found.len() - before == options.wrong {
                break;
            }
            let mut wrong: Vec<&Program> =
                samples.iter().filter(|p| !p.right && p.exercise == exercise.id && p.role == part).collect();
            // Fast starters first: two hundred runs of a JVM take long.
            wrong.sort_by_key(|program| program.slowness());
            let Some((program, targets)) = wrong.iter().find_map(|p| Some((p, built(p, workshop)?))) else {
                println!("SKIPPED {}/{}: no wrong program can be built here", exercise.id, part);
                continue;
            };
            found.push(Subject { name: program.name(), exercise: exercise.id.clone(), targets });
        }
    }
    found
}

/// The targets, compiled once where it is a program in C.
fn built(program: &Program, workshop: &Path) -> Option<Vec<String>> {
    let ending = program.path.extension().unwrap_or_default().to_string_lossy();
    if ending != "c" || program.run.is_some() {
        return Some(program.targets());
    }
    let binary = workshop.join(program.name().replace('/', "-")).with_extension("");
    let mut compiler = Command::new("cc");
    compiler.args(["-O1", "-w", "-pthread", "-o"]).arg(&binary).arg(&program.path).arg("-lm");
    let done = compiler.status().is_ok_and(|status| status.success());
    done.then(|| vec![format!("{}={}", program.role, binary.display())])
}

fn observe(subject: &Subject, tally: &mut Tally, runs: usize, phase: &str) {
    let mut walls = Vec::with_capacity(runs);
    for run in 0..runs {
        let begin = Instant::now();
        let verdicts = grade(subject);
        walls.push(begin.elapsed());
        if tally.first.is_empty() {
            tally.first = verdicts;
        } else if verdicts != tally.first {
            tally.differing += 1;
            println!("  {}: run {run} ({phase}) differs", subject.name);
            for difference in differences(&tally.first, &verdicts) {
                *tally.differences.entry(format!("{phase}: {difference}")).or_default() += 1;
            }
        }
    }
    walls.sort();
    tally.walls.push(walls.get(runs / 2).copied().unwrap_or_default());
}

fn grade(subject: &Subject) -> Verdicts {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.current_dir(repository()).args(["run", &subject.exercise, "--seed", "7", "--report", "json=-"]);
    for target in &subject.targets {
        command.args(["--target", target]);
    }
    let output = command.output().expect("the grader runs");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let verdict =
        |check: &Value| (text(&check["id"]), text(&check["outcome"]), text(&check["finding"]["code"]));
    let mut verdicts: Verdicts =
        report["checks"].as_array().map_or(Vec::new(), |checks| checks.iter().map(verdict).collect());
    let exit = output.status.to_string();
    let said = if verdicts.is_empty() {
        String::from_utf8_lossy(&output.stderr).into_owned()
    } else {
        String::new()
    };
    verdicts.push(("the grader".to_owned(), exit, said));
    verdicts
}

fn differences(first: &Verdicts, other: &Verdicts) -> Vec<String> {
    if first.len() != other.len() {
        return vec![format!("{} verdicts, then {}: {:?}", first.len(), other.len(), other.last())];
    }
    let pairs = first.iter().zip(other).filter(|(one, other)| one != other);
    pairs.map(|(one, other)| format!("{}: {} {} → {} {}", one.0, one.1, one.2, other.1, other.2)).collect()
}

/// Prints the table and every difference; whether there was none.
fn print(subjects: &[Subject], tallies: &[Tally], runs: usize) -> bool {
    println!(
        "\n{:<62} {:>6} {:>6} {:>6} {:>9} {:>9}",
        "subject", "checks", "lost", "differ", "idle", "loaded"
    );
    for (subject, tally) in subjects.iter().zip(tallies) {
        let lost =
            tally.first.iter().filter(|(_, outcome, _)| outcome == "fail" || outcome == "partial").count();
        let wall = |phase: usize| tally.walls.get(phase).map_or(0.0, |wall| wall.as_secs_f64() * 1000.0);
        let checks = tally.first.len().saturating_sub(1);
        println!(
            "{:<62} {checks:>6} {lost:>6} {:>6} {:>6.0} ms {:>6.0} ms",
            subject.name,
            tally.differing,
            wall(0),
            wall(1)
        );
        for (difference, times) in &tally.differences {
            println!("  {times} × {difference}");
        }
    }
    let differing: usize = tallies.iter().map(|tally| tally.differing).sum();
    let checks: usize = tallies.iter().map(|tally| tally.first.len().saturating_sub(1)).sum();
    println!("\n{} runs, {} verdicts: {differing} runs differ", 2 * runs * subjects.len(), 2 * runs * checks);
    differing == 0
}

/// Busy loops, each in a session of its own so that the scheduler counts it as another
/// user; they end with this value, and by themselves when the bench is gone.
struct Loops(Vec<Child>);

impl Loops {
    fn start(number: usize) -> Self {
        let script =
            r#"while kill -0 "$1" 2>/dev/null; do i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; done"#;
        let bench = std::process::id().to_string();
        let start = || {
            let mut command = Command::new("setsid");
            command.args(["sh", "-c", script, "busy", &bench]).stdin(Stdio::null());
            command.spawn().expect("setsid (util-linux) starts a busy loop")
        };
        Self((0..number).map(|_| start()).collect())
    }
}

impl Drop for Loops {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // One that has ended already is what is wanted.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}
