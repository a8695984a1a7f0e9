//! One scenario while it runs: the network, the program, the connections, the record.

use std::collections::{BTreeMap, VecDeque};
use std::net::{SocketAddr, TcpListener};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::cast::Cast;
use super::connection::Connection;
use super::error::{EngineError, Trying};
use super::machine::{Machine, Witness};
use super::meeting::{early_listeners, take_ports};
use super::network::Network;
use super::observer::Observer;
use super::program::{Launch, Program};
use super::sys::DiagSocket;
use crate::matching::fill;
use crate::plan::PlannedScenario;
use crate::spec::FileContent;
use crate::transcript::{Actor, Entry, Event, Transcript};

/// One scenario while it runs.
pub(crate) struct Scene<'a> {
    pub(crate) machine: &'a Machine,
    pub(crate) cast: &'a Cast,
    pub(crate) plan: &'a PlannedScenario,
    pub(crate) network: Network,
    pub(crate) diag: DiagSocket,
    pub(crate) program: Program,
    pub(crate) observer: Option<Observer>,
    /// Named connections, open or not any more.
    pub(crate) connections: Vec<Connection>,
    /// Connections of the program that no step has named yet.
    pub(crate) arrived: VecDeque<Connection>,
    /// Names that wait for a connection of the program.
    pub(crate) awaited: VecDeque<String>,
    /// Where the harness listens for the program.
    pub(crate) listeners: Vec<(SocketAddr, TcpListener)>,
    /// The harness has gone: it listens no more.
    pub(crate) left: bool,
    /// Ports that another program has taken: the harness.
    taken: Vec<TcpListener>,
    /// Where the program listens.
    pub(crate) serving: Vec<SocketAddr>,
    /// Where the program tried to connect.
    pub(crate) called: Vec<SocketAddr>,
    /// Optional connections that the program refused: steps on them do nothing.
    pub(crate) refused: Vec<String>,
    /// How much of each file the expectations have taken.
    pub(crate) file_marks: BTreeMap<String, usize>,
    /// How much of the console the expectations have taken.
    pub(crate) console_mark: usize,
    /// The connection on which the harness sent last.
    pub(crate) last_sent: Option<String>,
    /// How many bytes the harness has sent.
    pub(crate) bytes_sent: u64,
    /// How many answers of the prologue were typed.
    pub(crate) answered: usize,
    /// The scene was over when the console had shown so much: what follows is not judged.
    pub(crate) last_scene: Option<usize>,
    /// The model program, once it is needed.
    pub(crate) oracle: Option<Box<Scene<'a>>>,
    pub(crate) transcript: Transcript,
    pub(crate) began: Instant,
    /// Index of the current step.
    pub(crate) step: Option<usize>,
}

impl<'a> Scene<'a> {
    /// Makes the network and starts the program in it.
    pub(crate) fn open(
        machine: &'a Machine,
        cast: &'a Cast,
        plan: &'a PlannedScenario,
    ) -> Result<Self, EngineError> {
        let network = if machine.secluded { Network::create()? } else { Network::Shared };
        let diag = DiagSocket::open().trying("open a sock_diag socket")?;
        let listeners = early_listeners(machine, cast, plan);
        let taken = take_ports(plan);
        let began = Instant::now();
        let launch = launch_of(cast, plan);
        let program = Program::start(machine, &network, &launch)?;
        let transcript = Transcript {
            scenario: plan.scenario.id.clone(),
            seed: plan.seed,
            witnessed: machine.witness == Witness::Kernel,
            files: laid(&launch),
            ..Transcript::default()
        };
        let mut scene = Self {
            machine,
            cast,
            plan,
            network,
            diag,
            program,
            observer: None,
            connections: Vec::new(),
            arrived: VecDeque::new(),
            awaited: VecDeque::new(),
            listeners,
            left: false,
            taken,
            serving: Vec::new(),
            called: Vec::new(),
            refused: Vec::new(),
            file_marks: BTreeMap::new(),
            console_mark: 0,
            last_sent: None,
            bytes_sent: 0,
            answered: 0,
            last_scene: None,
            oracle: None,
            transcript,
            began,
            step: None,
        };
        scene.transcript.bindings.extend(known_before(given_port(cast, plan)));
        let folder = cast.launch.folder.to_string_lossy().into_owned();
        scene.transcript.bindings.insert("dir".into(), folder);
        let zone = plan.scenario.environment.iter().find(|(key, _)| key == "TZ");
        let zone = zone.map_or("UTC", |(_, value)| value);
        scene.transcript.bindings.insert("tz".into(), zone.to_owned());
        scene.record(Actor::Program, Event::Started);
        Ok(scene)
    }

    /// Starts the program again, in a new network: the old one still holds its port.
    pub(crate) fn restart(&mut self) -> Result<(), EngineError> {
        self.program.end();
        if self.machine.secluded {
            self.network = Network::create()?;
            self.taken = take_ports(self.plan);
        }
        self.diag = DiagSocket::open().trying("open a sock_diag socket")?;
        let shown = std::mem::take(&mut self.program.shown);
        self.program = Program::start(self.machine, &self.network, &launch_of(self.cast, self.plan))?;
        self.program.shown = shown;
        self.observer = None;
        self.serving.clear();
        self.answered = 0;
        self.file_marks.clear();
        self.record(Actor::Program, Event::Restarted);
        Ok(())
    }

    /// Writes down what happened.
    pub(crate) fn record(&mut self, actor: Actor, event: Event) {
        self.transcript.entries.push(Entry { step: self.step, actor, event, at: self.began.elapsed() });
    }

    /// A named connection.
    pub(crate) fn connection(&mut self, name: &str) -> Option<&mut Connection> {
        self.connections.iter_mut().rev().find(|connection| connection.name == name)
    }

    /// Takes everything that has happened since the last time; whether anything had.
    pub(crate) fn pump(&mut self) -> bool {
        let peers = self.pump_peers();
        self.program.streams.drain(&mut self.program.shown) || peers
    }

    /// The same without the console.
    pub(crate) fn pump_peers(&mut self) -> bool {
        let mut any = self.program.take_words();
        if self.observer.is_none()
            && let Some(init) = self.program.init()
        {
            self.observer = Some(Observer::new(init, self.cast.tickers.clone()));
        }
        any |= self.take_calls();
        any |= self.accept();
        for connection in self.connections.iter_mut().chain(&mut self.arrived) {
            any |= connection.drain();
        }
        self.close_what_is_over();
        any
    }

    /// The next answer of the prologue, if one is left.
    pub(crate) fn next_answer(&self) -> Option<String> {
        self.cast.prologue.get(self.answered).map(|line| self.filled(line))
    }

    /// A word with host and port filled in.
    pub(crate) fn filled(&self, word: &str) -> String {
        filled(word, given_port(self.cast, self.plan))
    }

    /// The port at which the program is served or serves: the expected one where it
    /// listens on several.
    pub(crate) fn port(&self) -> u16 {
        let preferred = self.serving.iter().find(|at| at.port() == self.cast.port);
        preferred.or(self.serving.first()).map_or(self.cast.port, SocketAddr::port)
    }

    /// Sleeps until something happens or a time is over.
    pub(crate) fn doze(&self, limit: std::time::Duration) {
        let mut fds = vec![PollFd::from_borrowed_fd(self.program.control(), PollFlags::IN)];
        if let Some(notifier) = &self.program.notifier {
            fds.push(PollFd::new(notifier, PollFlags::IN));
        }
        fds.extend(
            self.program.streams.readers().into_iter().map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)),
        );
        fds.extend(self.listeners.iter().map(|(_, listener)| PollFd::new(listener, PollFlags::IN)));
        let open = self.connections.iter().chain(&self.arrived).filter(|connection| connection.is_readable());
        fds.extend(open.map(|connection| PollFd::new(connection, PollFlags::IN)));
        let limit = Timespec { tv_sec: limit.as_secs() as i64, tv_nsec: limit.subsec_nanos().into() };
        let _ = poll(&mut fds, Some(&limit));
    }
}

/// The launch of this scenario: its environment, its arguments, host and port filled in.
fn launch_of(cast: &Cast, plan: &PlannedScenario) -> Launch {
    let scenario = &plan.scenario;
    let mut launch = cast.launch.clone();
    launch.console = scenario.console;
    launch.names.clone_from(&scenario.names);
    for (key, value) in &scenario.environment {
        launch.environment.retain(|(known, _)| known != key);
        launch.environment.push((key.clone(), value.clone()));
    }
    if let Some(arguments) = &scenario.arguments {
        launch.command.extend(arguments.iter().cloned());
    }
    let port = given_port(cast, plan);
    for word in &mut launch.command {
        *word = filled(word, port);
    }
    let bindings = known_before(port).into();
    let bytes = |content: &FileContent| match content {
        FileContent::Bytes(bytes) => Some(bytes.clone()),
        FileContent::Text(text) => Some(fill(text, &bindings).into_bytes().into()),
        FileContent::Random(_) | FileContent::Absent => None,
    };
    launch.files.extend(plan.files.iter().map(|(name, content)| (name.clone(), bytes(content))));
    launch
}

/// The files laid over those of the program's folder.
fn laid(launch: &Launch) -> BTreeMap<String, Vec<u8>> {
    let files = launch.files.iter();
    files.filter_map(|(name, bytes)| Some((name.clone(), bytes.as_ref()?.to_vec()))).collect()
}

/// Names that are known before the program is started.
fn known_before(port: u16) -> [(String, String); 2] {
    [("host".to_owned(), "127.0.0.1".to_owned()), ("port".to_owned(), port.to_string())]
}

/// The port given to a program that asks for one.
fn given_port(cast: &Cast, plan: &PlannedScenario) -> u16 {
    plan.scenario.port.unwrap_or(cast.port)
}

/// Host and port filled in.
fn filled(word: &str, port: u16) -> String {
    word.replace("{host}", "127.0.0.1").replace("{port}", &port.to_string())
}
