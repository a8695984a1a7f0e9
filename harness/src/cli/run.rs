//! `grader run`: casts the targets, runs the checks, judges and reports.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use super::args::{ReportArg, RunArgs, SandboxArg, TargetArg};
use super::casting::{Player, Studio};
use super::doctor::REMEDIES;
use super::entry::Context;
use super::error::CliError;
use super::stage::{self, Act};
use crate::engine::{EngineError, Machine, Seclusion};
use crate::plan::{PlannedScenario, Surroundings, Workshop, flatten, select, settings};
use crate::report::{
    CheckResult, Report, RunFacts, Sandbox, TargetReport, TerminalOptions, assemble, exit_status, progress,
    render_json, render_terminal,
};
use crate::spec::{Exercise, Scenario, Tier};
use crate::transcript::{Ended, Transcript};
use crate::verdict::{Outcome, Verdict, judge};

/// Runs the checks of an exercise; gives the exit status.
pub(crate) fn run(args: &RunArgs, context: &Context, out: &mut dyn Write) -> Result<u8, CliError> {
    let exercise = context.catalog.exercise(&args.exercise)?;
    let chosen = select(&exercise, &args.only)?;
    let values = settings(&exercise, &args.set)?;
    let targets =
        args.target.iter().map(|target| known_role(&exercise, target)).collect::<Result<Vec<_>, _>>()?;
    let reports = formats(&args.report)?;
    let machine = prepare(args.sandbox)?;
    let workshop = Workshop::open()?;
    let surroundings = surroundings();
    let outer: BTreeMap<String, String> = std::env::vars().collect();
    let grader = std::env::current_exe()?;
    let studio = Studio {
        machine: &machine,
        exercise: &exercise,
        workshop: &workshop,
        around: &surroundings,
        outer: &outer,
        grader: &grader,
    };
    let players = studio.cast(&targets)?;
    let seed = args.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let plans: Vec<PlannedScenario> = chosen
        .into_iter()
        .filter(|scenario| players.iter().any(|player| player.role.name == scenario.role))
        .map(|scenario| flatten(scenario, &values, seed))
        .collect();
    let transcripts = perform(args, &machine, &players, &plans);
    let results = judged(&plans, transcripts, &|scenario| rerun(args, scenario, seed));
    let facts = RunFacts {
        seed,
        sandbox: sandbox(args.sandbox, &machine),
        targets: players.iter().map(target_report).collect(),
        graded: graded(args.tier, &exercise),
    };
    let report = assemble(&exercise, facts, &results);
    publish(&report, &reports, context, out)?;
    Ok(exit_status(&report))
}

/// The role in front of a target must be one of the exercise.
fn known_role(exercise: &Exercise, target: &TargetArg) -> Result<(Option<String>, String), CliError> {
    if let Some(role) = &target.role
        && !exercise.roles.iter().any(|known| known.name == *role)
    {
        let names: Vec<String> = exercise.roles.iter().map(|role| role.name.clone()).collect();
        return Err(CliError::NoSuchRole { exercise: exercise.id.clone(), role: role.clone(), names });
    }
    Ok((target.role.clone(), target.command.clone()))
}

/// Where a report goes.
enum Destination {
    Standard,
    File(PathBuf),
}

/// The formats asked for; one that is unknown is refused before anything runs.
fn formats(asked: &[ReportArg]) -> Result<Vec<Destination>, CliError> {
    let destination = |report: &ReportArg| match report.format.as_str() {
        "json" if report.path.as_os_str() == "-" => Ok(Destination::Standard),
        "json" => Ok(Destination::File(report.path.clone())),
        other => Err(CliError::NoSuchFormat(other.to_owned())),
    };
    asked.iter().map(destination).collect()
}

fn prepare(sandbox: SandboxArg) -> Result<Machine, CliError> {
    let seclusion = match sandbox {
        SandboxArg::Auto => Seclusion::Auto,
        SandboxArg::Require => Seclusion::Require,
        SandboxArg::Off => Seclusion::Off,
    };
    Machine::prepare(seclusion).map_err(|trouble| match trouble {
        EngineError::NoNamespaces { .. } => CliError::Machine(format!("{trouble}\n{}", REMEDIES.join("\n"))),
        other => CliError::Engine(other),
    })
}

/// Where targets are looked up: here, and on the search path.
pub(crate) fn surroundings() -> Surroundings {
    let search =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    Surroundings { folder: std::env::current_dir().unwrap_or_default(), search }
}

/// Runs every plan whose program can be started; the others get a transcript that says why not.
fn perform(
    args: &RunArgs,
    machine: &Machine,
    players: &[Player],
    plans: &[PlannedScenario],
) -> Vec<Transcript> {
    let player =
        |plan: &PlannedScenario| players.iter().find(|player| player.role.name == plan.scenario.role);
    let mut acts = Vec::new();
    let mut fixed: Vec<Option<Transcript>> = Vec::new();
    for plan in plans {
        let cast = player(plan).map(|player| player.cast.as_ref());
        fixed.push(match cast {
            Some(Ok(cast)) => {
                acts.push(Act { plan: plan.clone(), cast });
                None
            }
            Some(Err(said)) => Some(not_started(plan, said)),
            None => Some(not_started(plan, "no program")),
        });
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Without private networks two programs would fight for one port.
    let jobs = if machine.secluded { args.jobs.map_or(cores, usize::from) } else { 1 };
    let total = acts.len();
    let shown = io::stderr().is_terminal();
    let transcripts = stage::perform(machine, &acts, jobs, &|done, id| {
        if shown {
            let _ = write!(io::stderr(), "\r\x1b[2K{}", progress(done, total, id));
        }
    });
    if shown {
        let _ = write!(io::stderr(), "\r\x1b[2K");
    }
    let mut played = transcripts.into_iter();
    fixed.into_iter().map(|fixed| fixed.or_else(|| played.next()).unwrap_or_default()).collect()
}

fn not_started(plan: &PlannedScenario, said: &str) -> Transcript {
    Transcript {
        scenario: plan.scenario.id.clone(),
        seed: plan.seed,
        ended: Ended::CannotStart(said.to_owned()),
        ..Transcript::default()
    }
}

/// Judges every transcript; a check whose need has failed is not reached.
fn judged(
    plans: &[PlannedScenario],
    transcripts: Vec<Transcript>,
    rerun: &dyn Fn(&Scenario) -> String,
) -> Vec<CheckResult> {
    let mut results: Vec<CheckResult> = Vec::new();
    for (plan, transcript) in plans.iter().zip(transcripts) {
        let unmet = plan.scenario.needs.iter().find(|need| {
            let failed = |result: &&CheckResult| {
                result.scenario.role == plan.scenario.role
                    && result.scenario.id.ends_with(&format!("/{need}"))
            };
            results.iter().find(failed).is_some_and(|result| result.verdict.outcome == Outcome::Fail)
        });
        let mut verdict = judge(plan, &transcript);
        if let Some(need) = unmet
            && verdict.outcome == Outcome::Fail
        {
            verdict = Verdict::not_reached(need);
        }
        let rerun = rerun(&plan.scenario);
        results.push(CheckResult { scenario: plan.scenario.clone(), verdict, transcript, rerun });
    }
    results
}

/// The command that runs one check again.
fn rerun(args: &RunArgs, scenario: &Scenario, seed: u64) -> String {
    let mut words = vec!["grader".to_owned(), "run".to_owned(), args.exercise.clone()];
    words.extend(["--only".to_owned(), scenario.id.clone(), "--seed".to_owned(), seed.to_string()]);
    for (key, value) in &args.set {
        words.extend(["--set".to_owned(), format!("{key}={value}")]);
    }
    for target in &args.target {
        let role = target.role.as_ref().map_or(String::new(), |role| format!("{role}="));
        words.extend(["--target".to_owned(), format!("{role}{}", target.command)]);
    }
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
}

fn sandbox(asked: SandboxArg, machine: &Machine) -> Sandbox {
    match (asked, machine.secluded) {
        (SandboxArg::Off, _) => Sandbox::Off,
        (_, true) => Sandbox::Namespace,
        (_, false) => Sandbox::Bare,
    }
}

fn target_report(player: &Player) -> TargetReport {
    TargetReport { role: player.role.name.clone(), command: player.typed.clone(), port: player.port }
}

/// The tiers that make the score: those of the spec, and the robust one where asked for.
fn graded(asked: Option<Tier>, exercise: &Exercise) -> Vec<Tier> {
    match asked {
        Some(Tier::Robust) => vec![Tier::Basic, Tier::Robust],
        Some(Tier::Basic) => vec![Tier::Basic],
        None => exercise.graded.clone(),
    }
}

/// Writes the reports; the one for people goes to standard output unless a machine reads there.
fn publish(
    report: &Report,
    destinations: &[Destination],
    context: &Context,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let mut taken = false;
    for destination in destinations {
        let text = render_json(report);
        match destination {
            Destination::Standard => {
                taken = true;
                writeln!(out, "{text}")?;
            }
            Destination::File(path) => std::fs::write(path, text)
                .map_err(|source| CliError::Report { path: path.clone(), source })?,
        }
    }
    let options =
        TerminalOptions { colour: context.coloured, language: context.language, width: context.width };
    let page = render_terminal(report, options);
    if taken {
        write!(io::stderr(), "{page}")?;
    } else {
        write!(out, "{page}")?;
    }
    Ok(())
}
