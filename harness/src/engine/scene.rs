//! One scenario while it runs: the network, the program, the connections, the record.

use std::cell::Cell;
use std::collections::VecDeque;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::cast::Cast;
use super::connection::Connection;
use super::error::EngineError;
use super::machine::{Machine, Witness};
use super::observer::Budget;
use super::player::{Player, known_before, laid};
use super::relay::{Streams, Wire};
use super::time_of_day::Reading;
use crate::plan::PlannedScenario;
use crate::transcript::{Actor, Entry, Event, Played, ProgramState, Transcript};

/// One scenario while it runs.
pub(crate) struct Scene<'a> {
    pub(crate) machine: &'a Machine,
    pub(crate) plan: &'a PlannedScenario,
    /// Who may play, in the order of the plan.
    pub(crate) casts: Vec<&'a Cast>,
    /// The programs on stage; most scenes have one.
    pub(crate) players: Vec<Player<'a>>,
    /// The one whom the current step is about.
    pub(crate) lead: usize,
    /// Another player than that one, found to get nowhere, and its state.
    pub(crate) spinning: Option<(usize, ProgramState)>,
    /// Everybody who is there from the beginning has been started.
    pub(crate) everybody_is_there: bool,
    /// Connections between programs, open or not any more.
    pub(crate) wires: Vec<Wire>,
    /// Since when a call that sends waits for a reader.
    pub(crate) pacing: Option<Budget>,
    /// What they have carried.
    pub(crate) streams: Streams,
    /// Named connections, open or not any more.
    pub(crate) connections: Vec<Connection>,
    /// How many connections the harness has opened.
    pub(crate) opened: Cell<u16>,
    /// Connections of the program that no step has named yet.
    pub(crate) arrived: VecDeque<Connection>,
    /// Names that wait for a connection of the program.
    pub(crate) awaited: VecDeque<String>,
    /// The harness has gone: it listens no more.
    pub(crate) left: bool,
    /// Optional connections that the program refused: steps on them do nothing.
    pub(crate) refused: Vec<String>,
    /// The connection on which the harness sent last.
    pub(crate) last_sent: Option<String>,
    /// How often the program was started again because it had ended after a client.
    pub(crate) restarts: usize,
    /// How many bytes the harness has sent.
    pub(crate) bytes_sent: u64,
    /// The last wait ended with programs that can do nothing more by themselves, and the
    /// harness has done nothing since.
    pub(crate) still: bool,
    /// The scene was over when the console had shown so much: what follows is not judged.
    pub(crate) last_scene: Option<usize>,
    /// The model program, once it is needed.
    pub(crate) oracle: Option<Box<Scene<'a>>>,
    pub(crate) transcript: Transcript,
    pub(crate) began: Instant,
    /// The same by the time of day.
    pub(crate) began_clock: Reading,
    /// Index of the current step.
    pub(crate) step: Option<usize>,
}

impl<'a> Scene<'a> {
    /// Makes the network and starts the program in it; of several programs the first.
    pub(crate) fn open(
        machine: &'a Machine,
        casts: Vec<&'a Cast>,
        plan: &'a PlannedScenario,
    ) -> Result<Self, EngineError> {
        let (began, began_clock) = (Instant::now(), Reading::now());
        let Some(&cast) = casts.first() else {
            return Err(EngineError::Launcher("a scene without a program".into()));
        };
        let player = Player::start(machine, cast, plan, (0, Vec::new()))?;
        let transcript = Transcript {
            scenario: plan.scenario.id.clone(),
            seed: plan.seed,
            witnessed: machine.witness == Witness::Kernel,
            datagrams: player.is_udp(),
            players: played(plan),
            files: laid(cast, plan, player.given_port),
            ..Transcript::default()
        };
        let given_port = player.given_port;
        let mut scene = Self {
            machine,
            plan,
            casts,
            players: vec![player],
            lead: 0,
            spinning: None,
            everybody_is_there: false,
            wires: Vec::new(),
            pacing: None,
            streams: Streams::new(),
            connections: Vec::new(),
            opened: Cell::new(0),
            arrived: VecDeque::new(),
            awaited: VecDeque::new(),
            left: false,
            refused: Vec::new(),
            last_sent: None,
            restarts: 0,
            bytes_sent: 0,
            still: false,
            last_scene: None,
            oracle: None,
            transcript,
            began,
            began_clock,
            step: None,
        };
        scene.transcript.bindings.extend(known_before(given_port));
        let folder = cast.launch.folder.to_string_lossy().into_owned();
        scene.transcript.bindings.insert("dir".into(), folder);
        let zone = plan.scenario.environment.iter().find(|(key, _)| key == "TZ");
        let zone = zone.map_or("UTC", |(_, value)| value);
        scene.transcript.bindings.insert("tz".into(), zone.to_owned());
        scene.record(Actor::Program, Event::Started);
        Ok(scene)
    }

    /// The player whom the current step is about.
    pub(crate) fn player(&self) -> &Player<'a> {
        &self.players[self.lead]
    }

    /// The same, to act on.
    pub(crate) fn player_mut(&mut self) -> &mut Player<'a> {
        &mut self.players[self.lead]
    }

    /// Starts the program again.
    pub(crate) fn restart(&mut self, same_network: bool) -> Result<(), EngineError> {
        self.players[self.lead].restart(self.machine, self.plan, same_network)?;
        self.record(Actor::Program, Event::Restarted);
        Ok(())
    }

    /// Writes down what happened to the player whom the current step is about.
    pub(crate) fn record(&mut self, actor: Actor, event: Event) {
        self.record_of(self.lead, actor, event);
    }

    /// Writes down what happened to a player.
    pub(crate) fn record_of(&mut self, player: usize, actor: Actor, event: Event) {
        let at = self.began.elapsed();
        let player = self.players[player].part;
        self.transcript.entries.push(Entry { step: self.step, player, actor, event, at });
    }

    /// Gives a name its value; the one it had is remembered.
    pub(crate) fn bind(&mut self, name: String, value: String) {
        if let Some(before) = self.transcript.bindings.insert(name.clone(), value)
            && self.transcript.bindings[&name] != before
        {
            self.transcript.earlier.push((name, before));
        }
    }

    /// Several programs play.
    pub(crate) fn is_ensemble(&self) -> bool {
        self.plan.scenario.is_ensemble()
    }

    /// A named connection.
    pub(crate) fn connection(&mut self, name: &str) -> Option<&mut Connection> {
        self.connections.iter_mut().rev().find(|connection| connection.name == name)
    }

    /// Takes everything that has happened since the last time; whether anything had.
    pub(crate) fn pump(&mut self) -> bool {
        let peers = self.pump_peers();
        self.drain_consoles() || peers
    }

    /// Takes what the programs have shown; whether anything was.
    pub(crate) fn drain_consoles(&mut self) -> bool {
        let mut any = false;
        for player in &mut self.players {
            any |= player.drain_console();
        }
        any
    }

    /// The same without the consoles.
    pub(crate) fn pump_peers(&mut self) -> bool {
        let mut any = false;
        for player in 0..self.players.len() {
            any |= self.players[player].take_words();
            any |= self.take_calls(player);
            any |= self.accept(player);
            any |= self.take_datagrams(player);
        }
        for connection in self.connections.iter_mut().chain(&mut self.arrived) {
            any |= connection.drain();
        }
        self.close_what_is_over();
        self.retry_held() | self.carry() | self.let_senders_go() || any
    }

    /// Sleeps until something happens or a time is over.
    pub(crate) fn doze(&self, limit: std::time::Duration) {
        let mut fds = Vec::new();
        for player in &self.players {
            player.add_polled(&mut fds);
        }
        self.wires.iter().for_each(|wire| wire.add_polled(&mut fds));
        let open = self.connections.iter().chain(&self.arrived).filter_map(Connection::reader);
        fds.extend(open.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)));
        let limit = self.paced(limit);
        let limit = Timespec { tv_sec: limit.as_secs() as i64, tv_nsec: limit.subsec_nanos().into() };
        let _ = poll(&mut fds, Some(&limit));
    }
}

/// The players of a plan; nothing is shown yet.
pub(crate) fn played(plan: &PlannedScenario) -> Vec<Played> {
    let names = plan.scenario.players.iter().map(|player| player.name.clone());
    names.map(|name| Played { name, ..Played::default() }).collect()
}
