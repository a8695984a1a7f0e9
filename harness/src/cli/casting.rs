//! Casting: which target plays which role, and what is known of it before the first
//! check. File names lie: without `ROLE=` the role is told by what the program does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::demands::{demanded_arguments, wanted_arguments};
use crate::engine::{self, Audition, Cast, Launch, Machine, START, START_AGAIN, Tickers};
use crate::plan::{
    PlannedScenario, Startable, Surroundings, TargetError, Workshop, candidates, environment, resolve,
};
use crate::spec::{Action, Console, End, Exercise, Role, Scenario, Step};
use crate::transcript::{ExitStatus, ProgramState};

/// A role with its program.
#[derive(Debug)]
pub(crate) struct Player {
    /// The role.
    pub(crate) role: Role,
    /// The target as typed; for a folder with the program found in it.
    pub(crate) typed: String,
    /// The program, or why it cannot be started.
    pub(crate) cast: Result<Cast, String>,
    /// The port it was seen at.
    pub(crate) port: Option<u16>,
}

/// Everything casting needs to know.
pub(crate) struct Studio<'a> {
    /// The machine.
    pub(crate) machine: &'a Machine,
    /// The exercise.
    pub(crate) exercise: &'a Exercise,
    /// Where sources are built.
    pub(crate) workshop: &'a Workshop<'a>,
    /// Where targets are looked up.
    pub(crate) around: &'a Surroundings,
    /// The grader's own environment.
    pub(crate) outer: &'a BTreeMap<String, String>,
    /// The grader's own program, for model programs.
    pub(crate) grader: &'a Path,
    /// What programs must not see: specs, samples, the grader.
    pub(crate) hidden: Arc<[PathBuf]>,
}

/// A target nobody can play with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CastError {
    /// The target cannot be started.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Two targets for one role.
    #[error("two targets play the role `{role}`\nhelp: say which is which: --target {role}=…")]
    Twice {
        /// The role.
        role: String,
    },
    /// The grader's own trouble.
    #[error(transparent)]
    Engine(#[from] engine::EngineError),
}

impl Studio<'_> {
    /// Gives every target a role. Without targets the model programs play.
    pub(crate) fn cast(&self, typed: &[(Option<String>, String)]) -> Result<Vec<Player>, CastError> {
        if typed.is_empty() {
            let roles = self.exercise.roles.iter();
            return self.assign(roles.map(|role| (Some(role.clone()), self.model(role))).collect());
        }
        let mut found = Vec::new();
        for (name, words) in typed {
            let role = self.exercise.roles.iter().find(|role| Some(&role.name) == name.as_ref());
            let folder = self.around.folder.join(words);
            if folder.is_dir() {
                found.extend(self.programs_of(&folder, role)?);
            } else {
                found.push((role.cloned(), self.open(words)?));
            }
        }
        self.assign(found)
    }

    /// The model programs of these roles. What they are need not be seen: one that is asked
    /// nothing at its terminal does as the exercise says.
    pub(crate) fn models(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<Player>, CastError> {
        let roles = self.exercise.roles.iter().filter(|role| wanted(&role.name));
        let (asked, plain): (Vec<&Role>, Vec<&Role>) = roles.partition(|role| !role.asks.is_empty());
        let found = asked.into_iter().map(|role| (Some(role.clone()), self.model(role)));
        let mut players = self.assign(found.collect())?;
        for role in plain {
            if let Ok(startable) = self.model(role) {
                players.push(self.player(role.clone(), startable, &Audition::unseen()));
            }
        }
        Ok(players)
    }

    /// A target that does not build is the student's failing; one that is not there is the caller's.
    fn open(&self, words: &str) -> Result<Result<Startable, (String, String)>, TargetError> {
        match resolve(words, self.around, self.workshop) {
            Ok(startable) => Ok(Ok(startable)),
            Err(trouble @ TargetError::DoesNotBuild { .. }) => {
                Ok(Err((words.to_owned(), trouble.to_string())))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// The model program of a role.
    fn model(&self, role: &Role) -> Result<Startable, (String, String)> {
        let words = ["reference", &self.exercise.id, &role.name];
        let mut command = vec![self.grader.to_string_lossy().into_owned()];
        command.extend(words.iter().map(|word| (*word).to_owned()));
        // A check may add arguments, which are the model's own.
        command.push("--".to_owned());
        Ok(Startable {
            command,
            folder: self.workshop.empty_folder(),
            typed: format!("grader {}", words.join(" ")),
            submission: None,
        })
    }

    /// The programs of a submission, each with the role it was seen to play. A program at the
    /// port of one role plays that one; those at no such port play what is left.
    fn programs_of(
        &self,
        folder: &Path,
        wanted: Option<&Role>,
    ) -> Result<Vec<(Option<Role>, Opened)>, TargetError> {
        let mut free: Vec<Role> = self.exercise.roles.clone();
        free.retain(|role| wanted.is_none_or(|wanted| wanted.name == role.name));
        let mut hints: Vec<&str> = vec![&self.exercise.id];
        hints.extend(free.iter().map(|role| role.name.as_str()));
        let around = Surroundings { submission: folder.canonicalize().ok(), ..self.around.clone() };
        let mut found = Vec::new();
        let mut elsewhere = Vec::new();
        for path in candidates(folder, &hints) {
            if free.is_empty() {
                break;
            }
            let Ok(startable) = resolve(&path.to_string_lossy(), &around, self.workshop) else {
                continue;
            };
            let Some((startable, seen)) = self.sees_end(startable, &free[0]) else { continue };
            match self.role_at_port(&seen, &free, &startable) {
                Some(role) => {
                    free.retain(|other| other.name != role.name);
                    found.push((Some(role), Ok(startable)));
                }
                None => elsewhere.push((startable, seen)),
            }
        }
        // At the port of a role nobody asked for: the likeliest to play that one.
        elsewhere.sort_by_key(|(startable, seen)| {
            self.role_at_port(seen, &self.exercise.roles, startable).is_some()
        });
        for (startable, seen) in elsewhere {
            let Some(role) = seen.end.and_then(|end| pick(&free, end, &startable)) else { continue };
            free.retain(|other| other.name != role.name);
            found.push((Some(role), Ok(startable)));
        }
        if found.is_empty() {
            return Err(TargetError::NoProgram { path: folder.to_owned() });
        }
        Ok(found)
    }

    /// What a program is, if it listens or connects.
    fn sees_end(&self, startable: Startable, role: &Role) -> Option<(Startable, Audition)> {
        self.see(startable, role).ok().filter(|(_, seen)| seen.end.is_some())
    }

    /// The role that a program plays at the port where it was seen. Where the handout leaves the
    /// port open, or only one role has this end, every port is right.
    fn role_at_port(&self, seen: &Audition, roles: &[Role], startable: &Startable) -> Option<Role> {
        let end = seen.end?;
        let told_by_port = |role: &Role| {
            let same_end = self.exercise.roles.iter().filter(|other| other.end == role.end);
            role.port_fixed && same_end.count() > 1
        };
        let at_port = |role: &&Role| !told_by_port(role) || seen.port == Some(role.port);
        let fitting: Vec<Role> = roles.iter().filter(at_port).cloned().collect();
        pick(&fitting, end, startable)
    }

    fn assign(&self, found: Vec<(Option<Role>, Opened)>) -> Result<Vec<Player>, CastError> {
        let mut players: Vec<Player> = Vec::new();
        for (role, opened) in found {
            let taken: Vec<String> = players.iter().map(|player| player.role.name.clone()).collect();
            let free: Vec<Role> =
                self.exercise.roles.iter().filter(|role| !taken.contains(&role.name)).cloned().collect();
            let first = role.as_ref().or(free.first()).or(self.exercise.roles.first()).cloned();
            let Some(first) = first else { continue };
            let player = match opened {
                Ok(startable) => {
                    let (startable, seen) = self.see(startable, &first)?;
                    let told = seen.end.and_then(|end| pick(&free, end, &startable));
                    let role = role.or(told).or_else(|| by_name(&free, &startable)).unwrap_or(first);
                    self.player(role, startable, &seen)
                }
                Err((typed, said)) => Player { role: first, typed, cast: Err(said), port: None },
            };
            if taken.contains(&player.role.name) {
                return Err(CastError::Twice { role: player.role.name });
            }
            players.push(player);
        }
        let place =
            |player: &Player| self.exercise.roles.iter().position(|role| role.name == player.role.name);
        players.sort_by_key(place);
        Ok(players)
    }

    fn player(&self, role: Role, startable: Startable, seen: &Audition) -> Player {
        let mut cast = self.plain_cast(&startable, &role);
        cast.prologue.clone_from(&seen.prologue);
        if seen.end.is_none() && matches!(seen.state, ProgramState::Running { .. }) {
            cast.start = START_AGAIN;
        }
        if !self.is_typed_at(&role) {
            cast.prologue.extend(seen.message.clone());
        }
        cast.port = seen.port.filter(|_| !role.port_fixed && seen.end == Some(role.end)).unwrap_or(role.port);
        if let Ok(model) = self.model(&role) {
            let mut model = self.plain_cast(&model, &role);
            model.launch.private_folder = false;
            if !self.machine.secluded {
                // It shares the network with the program: it needs a port of its own.
                model.port = engine::free_port().unwrap_or(role.port);
            }
            model.launch.command.push("{port}".to_owned());
            cast.reference = Some(Box::new(model));
        }
        Player { role, typed: startable.typed, cast: Ok(cast), port: seen.port }
    }

    fn plain_cast(&self, startable: &Startable, role: &Role) -> Cast {
        let environment = environment(self.outer);
        let mut places = engine::places(&startable.command, &environment, &startable.folder);
        // Its other folders may hold what it needs.
        let handed_in = startable.submission.clone();
        places.extend(handed_in.filter(|submission| *submission != startable.folder));
        Cast {
            launch: Launch {
                command: startable.command.clone(),
                places,
                own: Vec::new(),
                hidden: self.hidden.clone(),
                limits: self.exercise.limits,
                environment,
                folder: startable.folder.clone(),
                console: Console::Terminal,
                private_folder: startable.folder != Path::new("/"),
                fixtures: self.exercise.fixtures.clone(),
                files: Vec::new(),
                names: Vec::new(),
                transport: role.transport,
                in_company: false,
            },
            end: role.end,
            port: role.port,
            prologue: Vec::new(),
            tickers: Tickers::default(),
            start: START,
            reference: None,
        }
    }

    /// Sees what a program is. One that ends at once is tried with the arguments it may want:
    /// with host and port, in the orders in which programs take them.
    fn see(&self, startable: Startable, role: &Role) -> Result<(Startable, Audition), engine::EngineError> {
        let seen = self.audition(&startable, role)?;
        // What we have ended for what it used would be no better with arguments.
        let ended = match seen.state {
            ProgramState::Ended(status) => status != ExitStatus::Signal(libc::SIGKILL) && seen.end.is_none(),
            _ => false,
        };
        if !ended || self.is_about_arguments(role) || startable.command.iter().any(|word| word.contains('{'))
        {
            return Ok((startable, seen));
        }
        let demanded = demanded_arguments(&String::from_utf8_lossy(&seen.console));
        let usual =
            wanted_arguments(role.end).iter().map(|words| words.iter().map(|&word| word.into()).collect());
        for arguments in demanded.into_iter().chain(usual) {
            let with = self.with_arguments(&startable, &arguments);
            let again = self.audition(&with, role)?;
            if again.end.is_some() && again.port == Some(role.port) {
                return Ok((with, again));
            }
        }
        Ok((startable, seen))
    }

    /// The exercise itself says what the arguments are.
    fn is_about_arguments(&self, role: &Role) -> bool {
        let mut scenarios = self.exercise.scenarios.iter();
        scenarios.any(|scenario| {
            scenario.arguments.is_some() && scenario.players.iter().any(|player| player.role == role.name)
        })
    }

    /// Some check types at its terminal: then no line belongs before it.
    fn is_typed_at(&self, role: &Role) -> bool {
        self.exercise.scenarios.iter().any(|scenario| {
            let plays = scenario.players.iter().any(|player| player.role == role.name);
            plays && scenario.steps.iter().any(types)
        })
    }

    fn with_arguments(&self, startable: &Startable, arguments: &[String]) -> Startable {
        let mut with = startable.clone();
        with.command.extend(arguments.iter().cloned());
        // What was typed becomes a command line, which can be typed again.
        let is_file = self.around.folder.join(&startable.typed).is_file();
        let quoted = shlex::try_quote(&startable.typed).ok().filter(|_| is_file);
        let words = quoted.as_deref().unwrap_or(&startable.typed);
        with.typed = format!("{words} {}", arguments.join(" "));
        with
    }

    /// Runs a program once to see what it is. On a thread of its own: it changes networks.
    fn audition(&self, startable: &Startable, role: &Role) -> Result<Audition, engine::EngineError> {
        if !self.machine.secluded && !role.names.is_empty() {
            // It would go out to where its names really lead.
            return Ok(Audition::unseen());
        }
        let cast = self.plain_cast(startable, role);
        let blank = blank(role);
        std::thread::scope(|scope| {
            let run = scope.spawn(|| engine::audition(self.machine, &cast, &blank));
            run.join().unwrap_or_else(|_| Err(engine::EngineError::Launcher("an audition panicked".into())))
        })
    }
}

/// A program ready to be started, or its name and why it cannot be.
type Opened = Result<Startable, (String, String)>;

/// The role of an end; among several the one whose name is in the file's.
fn pick(free: &[Role], end: End, startable: &Startable) -> Option<Role> {
    let fitting: Vec<Role> = free.iter().filter(|role| role.end == end).cloned().collect();
    by_name(&fitting, startable).or_else(|| fitting.first().cloned())
}

fn by_name(roles: &[Role], startable: &Startable) -> Option<Role> {
    // The folders above a file are not its name.
    let names = startable.command.iter().filter_map(|word| Path::new(word).file_name());
    let names: Vec<String> = names.map(|name| name.to_string_lossy().to_lowercase()).collect();
    roles.iter().find(|role| names.iter().any(|name| name.contains(&role.name))).cloned()
}

/// A line is typed in this step.
fn types(step: &Step) -> bool {
    match &step.action {
        Action::Type { .. } => true,
        Action::Each { steps, .. } => steps.iter().any(types),
        _ => false,
    }
}

/// A scenario without steps, for auditions.
fn blank(role: &Role) -> PlannedScenario {
    let scenario = Scenario { names: role.names.clone(), ..Scenario::bare("audition", &role.name) };
    PlannedScenario { scenario, seed: 0, files: Vec::new(), steps: Vec::new() }
}
