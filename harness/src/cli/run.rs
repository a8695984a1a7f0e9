//! `grader run`: casts the targets, runs the checks, judges and reports.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use super::args::{ReportArg, RunArgs, SandboxArg, TargetArg};
use super::casting::{Player, Studio};
use super::distrust::confirm;
use super::doctor::REMEDIES;
use super::entry::Context;
use super::error::CliError;
use super::explore::{self, Wanted};
use super::stage::{self, Act};
use crate::engine::{self, EngineError, Level, Machine, Seclusion};
use crate::plan::{
    Build, Built, PlannedScenario, Surroundings, Workshop, environment, flatten, select, settings,
};
use crate::report::{
    CheckResult, Report, RunFacts, Sandbox, TargetReport, TerminalOptions, assemble, assemble_search,
    exit_status, progress, render_json, render_terminal,
};
use crate::spec::{Counting, Ensemble, Exercise, Scenario, Tier};
use crate::transcript::{Ended, Transcript};
use crate::units::Text;
use crate::verdict::{Code, Outcome, Verdict, judge, settle};

/// Runs the checks of an exercise; gives the exit status.
pub(crate) fn run(args: &RunArgs, context: &Context, out: &mut dyn Write) -> Result<u8, CliError> {
    let exercise = exercise_of(args, context)?;
    let chosen = select(&exercise, &args.only)?;
    let values = settings(&exercise, &args.set)?;
    let targets =
        args.target.iter().map(|target| known_role(&exercise, target)).collect::<Result<Vec<_>, _>>()?;
    let reports = formats(&args.report)?;
    let machine = prepare(seclusion(args.sandbox))?;
    let surroundings = surroundings();
    let outer: BTreeMap<String, String> = std::env::vars().collect();
    let grader = std::env::current_exe()?;
    let hidden = context.catalog.hidden(&grader);
    let builder = builder(&machine);
    let workshop = Workshop::open((machine.scratch(), &builder), environment(&outer), hidden.clone())?;
    let studio = Studio {
        machine: &machine,
        exercise: &exercise,
        workshop: &workshop,
        around: &surroundings,
        outer: &outer,
        grader: &grader,
        hidden,
    };
    let players = studio.cast(&targets)?;
    let seed = args.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let facts = |remarks| RunFacts {
        seed,
        sandbox: sandbox(machine.level),
        targets: players.iter().map(target_report).collect(),
        graded: graded(args.tier, &exercise),
        remarks,
    };
    if let Some(sessions) = args.explore {
        let wanted = Wanted { sessions, seed, values: &values, args };
        let (search, remarks) = explore::search(&studio, &players, &wanted)?;
        let report = assemble_search(&exercise, facts(remarks), search);
        publish(&report, &reports, context, out)?;
        return Ok(exit_status(&report));
    }
    let plans: Vec<PlannedScenario> = chosen
        .into_iter()
        .filter(|scenario| cast_of(scenario, &players).is_some())
        .map(|scenario| flatten(scenario, &values, seed))
        .collect();
    let times = args.repeat.get();
    let repeated: Vec<PlannedScenario> =
        plans.iter().flat_map(|plan| std::iter::repeat_n(plan.clone(), times)).collect();
    let mut transcripts = perform(args.jobs, &machine, &players, &repeated).into_iter();
    let runs = plans.iter().map(|plan| (plan, transcripts.by_ref().take(times).collect())).collect();
    let mut results = judged(runs, exercise.repeats, &|scenario| rerun(args, scenario, seed));
    if !targets.is_empty() {
        confirm(&studio, args.jobs, &plans, &mut results)?;
    }
    let report = assemble(&exercise, facts(left_out(&exercise, &players)), &results);
    publish(&report, &reports, context, out)?;
    Ok(exit_status(&report))
}

/// The exercise, with the limits of the command line.
fn exercise_of(args: &RunArgs, context: &Context) -> Result<Exercise, CliError> {
    let mut exercise = context.catalog.exercise(&args.exercise)?;
    if args.explore.is_some() {
        explore::is_explorable(&exercise, context)?;
    }
    for (key, value) in &args.limit {
        exercise.limits.set(key, value).map_err(CliError::Limit)?;
    }
    Ok(exercise)
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

fn seclusion(asked: SandboxArg) -> Seclusion {
    match asked {
        SandboxArg::Auto => Seclusion::Auto,
        SandboxArg::Require => Seclusion::Require,
        SandboxArg::Off => Seclusion::Off,
    }
}

/// Gets the machine ready; a machine that cannot seclude is told how it could.
pub(super) fn prepare(seclusion: Seclusion) -> Result<Machine, CliError> {
    Machine::prepare(seclusion).map_err(|trouble| match trouble {
        EngineError::NoNamespaces { .. } => CliError::Machine(format!("{trouble}\n{}", REMEDIES.join("\n"))),
        EngineError::TooFewFiles { .. } => {
            CliError::Machine(format!("{trouble}\nhelp: raise the limit (ulimit -n), or have it raised"))
        }
        other => CliError::Engine(other),
    })
}

/// Compilers run as programs do, each on a thread of its own: they change networks.
pub(super) fn builder(machine: &Machine) -> impl Fn(&Build) -> io::Result<Built> {
    move |build| {
        std::thread::scope(|scope| {
            let run = scope.spawn(|| engine::build(machine, build));
            let built = run.join().unwrap_or_else(|_| Err(EngineError::Launcher("a build panicked".into())));
            built.map_err(io::Error::other)
        })
    }
}

/// Where targets are looked up: here, and on the search path.
pub(crate) fn surroundings() -> Surroundings {
    let search =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    Surroundings { folder: std::env::current_dir().unwrap_or_default(), search, submission: None }
}

/// Runs every plan whose program can be started, and tells how far it has come; the others get
/// a transcript that says why not.
pub(super) fn perform(
    jobs: Option<NonZeroUsize>,
    machine: &Machine,
    players: &[Player],
    plans: &[PlannedScenario],
) -> Vec<Transcript> {
    let total = plans.len();
    let transcripts = play(jobs, machine, (players, plans), &|done, id| tell(&progress(done, total, id)));
    tell("");
    transcripts
}

/// A line at the terminal in place of the one before; none where nobody watches.
pub(super) fn tell(line: &str) {
    if io::stderr().is_terminal() {
        let _ = write!(io::stderr(), "\r\x1b[2K{line}");
    }
}

/// How many scenarios run at a time.
pub(super) fn at_a_time(jobs: Option<NonZeroUsize>, machine: &Machine) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Without private networks two programs would fight for one port.
    if machine.secluded { jobs.map_or(cores, usize::from) } else { 1 }
}

/// Runs every plan, and tells the number done and the id of each as it ends.
pub(super) fn play(
    jobs: Option<NonZeroUsize>,
    machine: &Machine,
    (players, plans): (&[Player], &[PlannedScenario]),
    told: &(dyn Fn(usize, &str) + Sync),
) -> Vec<Transcript> {
    let mut acts = Vec::new();
    let mut fixed: Vec<Option<Transcript>> = Vec::new();
    for plan in plans {
        let players = cast_of(&plan.scenario, players).unwrap_or_default();
        let refused =
            players.iter().enumerate().find_map(|(part, player)| Some((part, player.cast.as_ref().err()?)));
        fixed.push(refused.map(|(part, said)| not_started(plan, part, said)));
        if refused.is_none() {
            let casts = players.iter().filter_map(|player| player.cast.as_ref().ok()).collect();
            acts.push(Act { plan: plan.clone(), casts });
        }
    }
    let mut played = stage::perform(machine, &acts, at_a_time(jobs, machine), told).into_iter();
    fixed.into_iter().map(|fixed| fixed.or_else(|| played.next()).unwrap_or_default()).collect()
}

/// Who plays in a scenario, in the order of its players; none where a program is missing.
fn cast_of<'a>(scenario: &Scenario, players: &'a [Player]) -> Option<Vec<&'a Player>> {
    let of_role = |role: &str| players.iter().find(|player| player.role.name == role);
    scenario.players.iter().map(|player| of_role(&player.role)).collect()
}

fn not_started(plan: &PlannedScenario, unready: usize, said: &str) -> Transcript {
    Transcript {
        unready,
        scenario: plan.scenario.id.clone(),
        seed: plan.seed,
        ended: Ended::CannotStart(said.to_owned()),
        ..Transcript::default()
    }
}

/// Judges every transcript; a check whose need has failed is not reached.
fn judged(
    runs: Vec<(&PlannedScenario, Vec<Transcript>)>,
    counting: Counting,
    rerun: &dyn Fn(&Scenario) -> String,
) -> Vec<CheckResult> {
    let mut results: Vec<CheckResult> = Vec::new();
    for (plan, mut transcripts) in runs {
        let unmet = plan.scenario.needs.iter().find(|need| {
            let need = results.iter().find(|result| result.scenario.id == **need);
            need.is_some_and(|need| excuses(need, &plan.scenario))
        });
        let mut verdicts: Vec<Verdict> =
            transcripts.iter().map(|transcript| judge(plan, transcript)).collect();
        let Some((index, repeats)) = settle(&verdicts, counting) else { continue };
        let (mut verdict, transcript) = (verdicts.swap_remove(index), transcripts.swap_remove(index));
        if let Some(need) = unmet
            && verdict.outcome == Outcome::Fail
        {
            verdict = Verdict::not_reached(need);
        }
        let rerun = rerun(&plan.scenario);
        results.push(CheckResult { scenario: plan.scenario.clone(), verdict, repeats, transcript, rerun });
    }
    excuse_own_forms(&mut results);
    results
}

/// Whether a check that was lost, or not reached itself, makes another one meaningless. One that
/// costs nothing excuses none that does.
fn excuses(need: &CheckResult, other: &Scenario) -> bool {
    let unreached = need.verdict.finding.as_ref().is_some_and(|finding| finding.code == Code::NotReached);
    let lost = need.verdict.outcome == Outcome::Fail || unreached;
    lost && !need.scenario.noted && need.scenario.tier <= other.tier
}

/// A half that fails where it supposes the customary form on the wire, while the student's
/// own programs are right together, was not reached.
fn excuse_own_forms(results: &mut [CheckResult]) {
    let passed: Vec<String> = results
        .iter()
        .filter(|result| result.verdict.outcome == Outcome::Pass)
        .map(|result| result.scenario.id.clone())
        .collect();
    for result in results {
        let lost = matches!(result.verdict.outcome, Outcome::Fail | Outcome::Partial);
        let shown = |id: &String| passed.contains(id);
        if let (true, Some(first)) = (lost, result.scenario.customary.first())
            && result.scenario.customary.iter().all(shown)
        {
            result.verdict = Verdict::customary(first);
        }
    }
}

/// Scenes that could not be played because a program was not given.
fn left_out(exercise: &Exercise, players: &[Player]) -> Vec<Text> {
    let given = |role: &str| players.iter().any(|player| player.role.name == role);
    let left_out =
        exercise.scenes.iter().filter(|scene| scene.players.iter().any(|player| !given(&player.role)));
    let remark = |scene: &Ensemble| {
        let roles: Vec<String> =
            scene.players.iter().map(|player| format!("--target {}=…", player.role)).collect();
        let (name, roles) = (&scene.name, roles.join(" "));
        Text::new(
            format!(
                "the {name} was not judged: give its programs together ({roles}) and what they do with each other counts"
            ),
            format!("{name} 검사는 하지 않음: 프로그램을 함께 주면({roles}) 서로 주고받는 동작이 채점됨"),
        )
    };
    left_out.map(remark).collect()
}

/// The command that runs one check again.
fn rerun(args: &RunArgs, scenario: &Scenario, seed: u64) -> String {
    again(args, ["--only".to_owned(), scenario.id.clone()], seed)
}

/// The command that does a part of a run again.
pub(super) fn again(args: &RunArgs, part: [String; 2], seed: u64) -> String {
    let mut words = vec!["grader".to_owned(), "run".to_owned(), args.exercise.clone()];
    words.extend(part);
    if args.explore.is_some() && args.tier == Some(Tier::Robust) {
        words.extend(["--tier".to_owned(), "robust".to_owned()]);
    }
    words.extend(["--seed".to_owned(), seed.to_string()]);
    for (key, value) in &args.set {
        words.extend(["--set".to_owned(), format!("{key}={value}")]);
    }
    for (key, value) in &args.limit {
        words.extend(["--limit".to_owned(), format!("{key}={value}")]);
    }
    if args.repeat > NonZeroUsize::MIN {
        words.extend(["--repeat".to_owned(), args.repeat.to_string()]);
    }
    for target in &args.target {
        let role = target.role.as_ref().map_or(String::new(), |role| format!("{role}="));
        words.extend(["--target".to_owned(), format!("{role}{}", target.command)]);
    }
    shlex::try_join(words.iter().map(String::as_str)).unwrap_or_else(|_| words.join(" "))
}

fn sandbox(level: Level) -> Sandbox {
    match level {
        Level::Full => Sandbox::Full,
        Level::Namespaces => Sandbox::Namespace,
        Level::Bare => Sandbox::Bare,
        Level::Off => Sandbox::Off,
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
