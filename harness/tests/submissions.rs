//! The grader is graded: every program under `fixtures/submissions` gets the verdict its
//! header comment tells, every model program gets full marks, every check is the first to
//! catch some wrong program, and every kind of finding is earned by some of them.
//!
//! Grading all of them by every check takes a quarter of an hour. Unless told otherwise a wrong
//! program meets only the check that should catch it, and of the right ones a choice is graded: of
//! every role one in each language, and of every scene one. `SUBMISSIONS=all cargo test --test
//! submissions` grades all by every check; `SUBMISSIONS=hw3/server,hello` those whose paths contain
//! one of these.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use grader::spec::{Exercise, Scenario, load_all};
use grader::verdict::Code;
use serde_json::Value;
use support::program::{Program, programs};
use support::{Graded, grade_all, grader, is_installed, repository, tell, text};

/// Graders that run at a time.
const SIDE_BY_SIDE: usize = 2;

fn samples() -> Vec<Program> {
    programs(&repository().join("fixtures/submissions"))
}

/// The samples to be graded: those asked for, or else all wrong ones and a choice of the right
/// ones; whether by every check.
fn graded_samples() -> (Vec<Program>, bool) {
    let all = samples();
    let wanted = match std::env::var("SUBMISSIONS") {
        Ok(wanted) if wanted == "all" => return (all, true),
        Ok(wanted) => wanted,
        Err(_) => return (choice(all), false),
    };
    let found: Vec<Program> = all
        .into_iter()
        .filter(|program| wanted.split(',').any(|part| program.name().contains(part)))
        .collect();
    assert!(!found.is_empty(), "no sample submission contains `{wanted}` in its path");
    (found, true)
}

/// All wrong programs, of every role a right one in each language, and of every scene one.
fn choice(mut all: Vec<Program>) -> Vec<Program> {
    let total = all.len();
    let mut met = BTreeSet::new();
    all.sort_by_key(Program::slowness);
    all.retain(|program| {
        let language = if program.parts.is_empty() { program.slowness() } else { 0 };
        !program.right || met.insert((program.exercise.clone(), program.role.clone(), language))
    });
    all.sort_by_key(Program::name);
    tell(&format!(
        "{} of {total} sample submissions are graded, wrong ones by the check that should catch them: \
         `SUBMISSIONS=all` grades all by every check",
        all.len()
    ));
    all
}

fn exercises() -> Vec<Exercise> {
    load_all(&repository().join("specs")).expect("the specs are right")
}

fn scenarios() -> BTreeMap<String, Scenario> {
    let all = exercises().into_iter().flat_map(|exercise| exercise.scenarios);
    all.map(|scenario| (scenario.id.clone(), scenario)).collect()
}

/// What became of one program.
struct Row {
    line: String,
    skipped: bool,
    faults: Vec<String>,
}

#[test]
fn every_sample_submission_gets_its_verdict() {
    let (samples, wholly) = graded_samples();
    let rows = side_by_side(&samples, |program| row(program, wholly));
    let mut failed = String::new();
    for row in &rows {
        if row.skipped {
            tell(&row.line);
        } else {
            println!("{}", row.line);
        }
    }
    for (program, row) in samples.iter().zip(&rows).filter(|(_, row)| !row.faults.is_empty()) {
        failed.push_str(&format!("\n{}\n  it {}\n", program.name(), program.what));
        failed.extend(row.faults.iter().map(|fault| format!("  {fault}\n")));
    }
    let skipped = rows.iter().filter(|row| row.skipped).count();
    let wrong = rows.iter().filter(|row| !row.faults.is_empty()).count();
    tell(&format!(
        "{} sample submissions: {wrong} with another verdict than told, {skipped} skipped",
        rows.len()
    ));
    assert!(failed.is_empty(), "{wrong} of {} programs get another verdict than told\n{failed}", rows.len());
}

/// Does something with every item, a few at a time; the results come in the order of the items.
fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    done.lock().expect("no thread panicked").push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no thread panicked");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn row(program: &Program, wholly: bool) -> Row {
    let name = program.name();
    if let Some(missing) = program.tools().iter().find(|tool| !is_installed(tool)) {
        let line = format!("SKIPPED {name}: `{missing}` is not installed");
        return Row { line, skipped: true, faults: Vec::new() };
    }
    let begin = Instant::now();
    let only = ["--only", &program.caught_by];
    let checks: &[&str] = if wholly || program.right { &[] } else { &only };
    let graded = grade_all(&program.exercise, &program.targets(), checks);
    let faults = if program.right { not_right(program, &graded) } else { not_wrong(program, &graded) };
    let mark = if faults.is_empty() { "ok     " } else { "FAILED " };
    let told = if program.right { "passes".to_owned() } else { format!("caught by {}", program.caught_by) };
    let line = format!("{mark} {name:<64} {told:<44} {:>6.2} s", begin.elapsed().as_secs_f64());
    Row { line, skipped: false, faults }
}

/// A check that was lost.
struct Lost {
    id: String,
    concept: String,
    code: String,
    /// What was found, in words.
    found: String,
}

/// Checks that were lost, in the order of the report.
fn lost(graded: &Graded) -> Vec<Lost> {
    let is_lost = |check: &&Value| matches!(check["outcome"].as_str(), Some("fail" | "partial"));
    let told = |check: &Value| {
        let finding = &check["finding"];
        let found = format!(
            "{}: expected {}, received {}, program {}",
            text(&finding["code"]),
            text(&finding["expected"]),
            text(&finding["received"]),
            text(&finding["program"]),
        );
        Lost { id: text(&check["id"]), concept: text(&check["concept"]), code: text(&finding["code"]), found }
    };
    graded.checks().iter().filter(is_lost).map(told).collect()
}

/// What must hold of every run: a report, and neither trouble of the grader nor skipped checks.
fn troubles(graded: &Graded) -> Vec<String> {
    if graded.report.is_null() {
        return vec![format!("no report; exit {}; said: {}", graded.exit, graded.said.trim())];
    }
    let unreached = ["not-reached", "own-form"];
    let reached = |check: &Value| !unreached.contains(&text(&check["finding"]["code"]).as_str());
    let is_trouble = |check: &&Value| match check["outcome"].as_str() {
        Some("skip") => reached(check),
        outcome => matches!(outcome, Some("error") | None),
    };
    let told = |check: &Value| {
        format!("{} is {}: {}", text(&check["id"]), check["outcome"], text(&check["finding"]["text"]["en"]))
    };
    graded.checks().iter().filter(is_trouble).map(told).collect()
}

fn not_right(program: &Program, graded: &Graded) -> Vec<String> {
    let mut faults = troubles(graded);
    for Lost { id, concept, found, .. } in lost(graded) {
        if !program.misses.contains(&id) {
            faults.push(format!("loses {id} ({concept}): {found}"));
        }
    }
    if graded.exit != 0 && !graded.report.is_null() {
        faults.push(format!("expected exit 0, got {}", graded.exit));
    }
    faults
}

fn not_wrong(program: &Program, graded: &Graded) -> Vec<String> {
    let mut faults = troubles(graded);
    if graded.report.is_null() {
        return faults;
    }
    let lost = lost(graded);
    let Program { caught_by, concept, code, .. } = program;
    let expected = format!("expected {caught_by} ({concept}) to be lost first, as {code}");
    match lost.first() {
        None => faults.push(format!("{expected}, but nothing was lost")),
        Some(first) if first.id != *caught_by || first.concept != *concept || first.code != *code => {
            faults.push(format!("{expected}, got {} ({}): {}", first.id, first.concept, first.found));
        }
        Some(_) => {}
    }
    for Lost { id, concept, found, .. } in lost.iter().skip(1) {
        if *id != program.caught_by && !program.also.contains(id) {
            faults.push(format!("loses {id} ({concept}) too, which `also:` does not tell: {found}"));
        }
    }
    let is_graded = |id: &str| {
        let check = graded.checks().iter().find(|check| check["id"] == id);
        check.is_some_and(|check| check["tier"] == "basic" && check["points"].as_f64() > Some(0.0))
    };
    let expected = i32::from(lost.iter().any(|lost| is_graded(&lost.id)));
    if graded.exit != expected {
        faults.push(format!("expected exit {expected}, got {}", graded.exit));
    }
    faults
}

#[test]
fn headers_name_checks_that_exist() {
    let scenarios = scenarios();
    let codes: Vec<String> = Code::ALL.iter().map(|code| text(&serde_json::json!(code))).collect();
    let mut faults = String::new();
    for program in samples() {
        let name = program.name();
        let mut say = |fault: String| faults.push_str(&format!("  {name}: {fault}\n"));
        program.faults.iter().for_each(|line| say(format!("no key of a header: {line}")));
        if program.what.is_empty() {
            say("the header does not tell `what:`".to_owned());
        }
        let listed = program.misses.iter().chain(&program.also);
        for id in listed.filter(|id| !scenarios.contains_key(*id)) {
            say(format!("no check is called {id}"));
        }
        if !program.right && !codes.contains(&program.code) {
            say(format!("no kind of finding is called `{}`", program.code));
        }
        if program.right {
            if program.verdict != "pass" {
                say("the header of a right program says `verdict: pass`".to_owned());
            }
        } else {
            match scenarios.get(&program.caught_by) {
                None => say(format!("no check is called `{}`", program.caught_by)),
                Some(scenario) if scenario.concept.key() != program.concept => {
                    say(format!(
                        "{} is about {}, not {}",
                        scenario.id,
                        scenario.concept.key(),
                        program.concept
                    ));
                }
                Some(_) => {}
            }
        }
    }
    assert!(faults.is_empty(), "headers of sample submissions are wrong\n{faults}");
}

#[test]
fn every_check_is_the_first_to_catch_some_program() {
    let caught: Vec<String> = samples().into_iter().map(|program| program.caught_by).collect();
    let idle: Vec<String> = scenarios()
        .into_values()
        .filter(|scenario| !scenario.noted && !caught.contains(&scenario.id))
        .map(|scenario| format!("  {}\n", scenario.id))
        .collect();
    assert!(idle.is_empty(), "no wrong program is first caught by\n{}", idle.concat());
}

/// Kinds of findings that no sample program can earn, and why.
const UNEARNED: [(&str, &str); 7] = [
    ("over-limit", "earned by the programs of fixtures/hostile"),
    ("cannot-start", "a sample that does not build would show nothing but a compiler's words"),
    ("not-reached", "tells of another check that was lost"),
    ("own-form", "tells that nothing is wrong"),
    ("cannot-run-here", "tells of this machine, and is no loss"),
    ("machine-trouble", "tells of this machine, and is no loss"),
    ("grader-trouble", "tells of a defect of the grader, and is no loss"),
];

#[test]
fn every_kind_of_finding_is_earned_by_two_programs() {
    let known: Vec<String> = Code::ALL.iter().map(|code| text(&serde_json::json!(code))).collect();
    let earned: Vec<String> = samples().into_iter().map(|program| program.code).collect();
    let times = |code: &str| earned.iter().filter(|earned| *earned == code).count();
    let mut faults = String::new();
    for code in &known {
        let (least, most) =
            if UNEARNED.iter().any(|(unearned, _)| unearned == code) { (0, 0) } else { (2, usize::MAX) };
        if !(least..=most).contains(&times(code)) {
            faults.push_str(&format!("  {code}: {} sample programs\n", times(code)));
        }
    }
    for (unearned, _) in UNEARNED.iter().filter(|(unearned, _)| !known.contains(&(*unearned).to_owned())) {
        faults.push_str(&format!("  {unearned}: no such kind\n"));
    }
    assert!(faults.is_empty(), "kinds of findings without samples that earn them\n{faults}");
}

#[test]
fn every_model_program_gets_full_marks() {
    let mut faults = String::new();
    for exercise in exercises() {
        let run = grader().args(["run", &exercise.id, "--seed", "7", "--report", "json=-"]).output();
        let graded = Graded::new(&run.expect("the grader runs"));
        let mut say = |fault: String| faults.push_str(&format!("  {}: {fault}\n", exercise.id));
        if graded.exit != 0 {
            say(format!("exit {}: {}", graded.exit, graded.said.trim()));
        }
        for check in graded.checks().iter().filter(|check| check["outcome"] != "pass") {
            say(format!("{} is {}: {}", check["id"], check["outcome"], check["finding"]["text"]["en"]));
        }
        if graded.checks().len() != exercise.scenarios.len() {
            say(format!("{} checks of {} were run", graded.checks().len(), exercise.scenarios.len()));
        }
        for tier in ["basic", "robust"] {
            let points = &graded.report["tiers"][tier];
            if points[0] != points[1] {
                say(format!("{tier}: {} of {} points", points[0], points[1]));
            }
        }
    }
    assert!(faults.is_empty(), "model programs lose marks\n{faults}");
}
