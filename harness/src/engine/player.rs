//! A player: one program of the scene, with the network it lives in, the observer that
//! watches it, and what is known of it.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags};

use super::calls::Ends;
use super::cast::Cast;
use super::error::{EngineError, Trying};
use super::machine::Machine;
use super::meeting::{early_listeners, take_ports};
use super::network::Network;
use super::observer::{FdKind, Observer, Stillness};
use super::program::{Launch, Program};
use super::relay::Route;
use super::sys::{DiagSocket, Notification};
use super::udp::early_receivers;
use crate::matching::fill;
use crate::plan::PlannedScenario;
use crate::spec::{End, FileContent, Fixtures, Transport};

/// A UDP socket of the harness to which the program sends first.
#[derive(Debug, Clone)]
pub(crate) struct Receiver {
    /// Where it is.
    pub(crate) at: SocketAddr,
    /// The socket; every peer named after a datagram to it answers from it.
    pub(crate) socket: Arc<UdpSocket>,
}

/// One program of the scene.
pub(crate) struct Player<'a> {
    /// Its index in the plan.
    pub(crate) part: usize,
    pub(crate) cast: &'a Cast,
    pub(crate) network: Network,
    pub(crate) diag: DiagSocket,
    pub(crate) program: Program,
    pub(crate) observer: Option<Observer>,
    /// Where the harness listens for the program.
    pub(crate) listeners: Vec<(SocketAddr, TcpListener)>,
    /// Where the harness waits for datagrams of a program that sends first.
    pub(crate) receivers: Vec<Receiver>,
    /// Ports that another program has taken: the harness.
    taken: Vec<OwnedFd>,
    /// Where the program listens.
    pub(crate) serving: Vec<SocketAddr>,
    /// Where the program tried to connect.
    pub(crate) called: Vec<SocketAddr>,
    /// How many of its calls were answered that are made a few times, if at all.
    pub(crate) calls: u64,
    /// How much of each file the expectations have taken.
    pub(crate) file_marks: BTreeMap<String, usize>,
    /// How much of the console the expectations have taken.
    pub(crate) console_mark: usize,
    /// How many answers of the prologue were typed.
    pub(crate) answered: usize,
    /// The port given to the program.
    pub(crate) given_port: u16,
    /// Those who served when it was started, each with its port.
    servers: Vec<(String, u16)>,
    /// Its calls of connect that wait until somebody serves there.
    pub(crate) held: Vec<(Notification, SocketAddr)>,
    /// Its calls that send, which wait until what was sent before has been read.
    pub(crate) paced: Vec<(Notification, Ends)>,
    /// Who serves where it has connected.
    pub(crate) routes: Vec<Route>,
}

/// Local ports from which programs that play together connect: first and last of all.
const PORTS: (u16, u16) = (61_000, 65_499);

/// Nanoseconds that one answered call counts.
const CALL: u64 = 250_000;

impl<'a> Player<'a> {
    /// Makes the network and starts the program in it. `port` is given to a program that
    /// asks for one.
    pub(crate) fn start(
        machine: &Machine,
        cast: &'a Cast,
        plan: &PlannedScenario,
        (part, servers): (usize, Vec<(String, u16)>),
    ) -> Result<Self, EngineError> {
        let served = servers.first().filter(|_| cast.end == End::Client).map(|(_, port)| *port);
        let given_port = served.or(plan.scenario.port).unwrap_or(cast.port);
        let network = if machine.secluded { Network::create()? } else { Network::Shared };
        network.reserve([cast.port, given_port]);
        let players = plan.scenario.players.len();
        if players > 1 {
            let share = (PORTS.1 - PORTS.0) / players as u16;
            let first = PORTS.0 + share * part as u16;
            network.use_ports(first, first + share - 1);
        }
        let diag = DiagSocket::open(cast.launch.transport).trying("open a sock_diag socket")?;
        let listeners = early_listeners(machine, cast, plan);
        let receivers = early_receivers(machine, cast, plan);
        let taken = take_ports(cast, plan);
        let mut launch = launch_of(cast, plan, given_port);
        launch.command.iter_mut().for_each(|word| *word = at_servers(word, &servers));
        let program = Program::start(machine, &network, &launch)?;
        network.provide_next()?;
        Ok(Self {
            part,
            servers,
            cast,
            network,
            diag,
            program,
            observer: None,
            listeners,
            receivers,
            taken,
            serving: Vec::new(),
            called: Vec::new(),
            calls: 0,
            file_marks: BTreeMap::new(),
            console_mark: 0,
            answered: 0,
            given_port,
            held: Vec::new(),
            paced: Vec::new(),
            routes: Vec::new(),
        })
    }

    /// Starts the program again; a server in a new network: the old one still holds its port.
    pub(crate) fn restart(
        &mut self,
        machine: &Machine,
        plan: &PlannedScenario,
        same_network: bool,
    ) -> Result<(), EngineError> {
        self.program.end();
        // What it still held is free once it is gone, not when it is killed.
        machine.dying.await_all();
        if machine.secluded && self.cast.end == End::Server && !same_network {
            self.network = Network::create()?;
            self.taken = take_ports(self.cast, plan);
        }
        self.diag = DiagSocket::open(self.cast.launch.transport).trying("open a sock_diag socket")?;
        let shown = std::mem::take(&mut self.program.shown);
        self.program = Program::start(machine, &self.network, &launch_of(self.cast, plan, self.given_port))?;
        self.program.shown = shown;
        self.observer = None;
        self.serving.clear();
        self.answered = 0;
        self.paced.clear();
        self.file_marks.clear();
        Ok(())
    }

    /// Takes what its launcher and its first process say; whether anything was.
    pub(crate) fn take_words(&mut self) -> bool {
        let any = self.program.take_words();
        if self.observer.is_none()
            && let Some(init) = self.program.init()
        {
            self.observer = Some(Observer::new(init, self.cast.tickers.clone()));
        }
        any
    }

    /// Takes what it has shown; whether anything was.
    pub(crate) fn drain_console(&mut self) -> bool {
        self.program.streams.drain(&mut self.program.shown)
    }

    /// What its console shows beyond what the expectations have taken.
    pub(crate) fn console_unread(&self) -> &[u8] {
        let shown = &self.program.shown.bytes;
        &shown[self.console_mark.min(shown.len())..]
    }

    /// It exchanges datagrams with the harness.
    pub(crate) fn is_udp(&self) -> bool {
        self.cast.launch.transport == Transport::Udp
    }

    /// It listens, or has tried to connect. A UDP client may bind a port before it asks
    /// where to send.
    pub(crate) fn is_ready(&self) -> bool {
        let binds = self.is_udp() && self.cast.end == End::Client;
        !self.called.is_empty() || !self.held.is_empty() || (!binds && !self.serving.is_empty())
    }

    /// The next answer of the prologue, if one is left. Who asks for a second port is told
    /// that of the second one who serves.
    pub(crate) fn next_answer(&self) -> Option<String> {
        let line = self.cast.prologue.get(self.answered)?;
        let asked_before = self.cast.prologue[..self.answered].iter().filter(|earlier| *earlier == line);
        let next = self.servers.get(asked_before.count()).filter(|_| self.cast.end == End::Client);
        Some(filled(line, next.map_or(self.given_port, |(_, port)| *port)))
    }

    /// Answers of the prologue are left to be typed.
    pub(crate) fn has_questions(&self) -> bool {
        self.called.is_empty() && self.answered < self.cast.prologue.len()
    }

    /// A word with host and port filled in.
    pub(crate) fn filled(&self, word: &str) -> String {
        filled(word, self.given_port)
    }

    /// The port at which the program is served or serves: the expected one where it
    /// listens on several.
    pub(crate) fn port(&self) -> u16 {
        let preferred = self.serving.iter().find(|at| at.port() == self.cast.port);
        preferred.or(self.serving.first()).map_or(self.cast.port, SocketAddr::port)
    }

    /// Some thread waits for the terminal or for standard input.
    pub(crate) fn reads_input(&self) -> bool {
        self.observer.as_ref().is_some_and(|observer| observer.view.reads_terminal())
    }

    /// Nanoseconds its threads have run and waited for a processor. A call that we answer counts
    /// as running: who does nothing but call gets nowhere either.
    pub(crate) fn times(&self) -> (u64, u64) {
        let (ran, waited) = self.observer.as_ref().map_or((0, 0), Observer::times);
        (ran + self.calls * CALL, waited)
    }

    /// Looks whether the program is still.
    pub(crate) fn stillness(&mut self, secluded: bool) -> Stillness {
        if self.program.broken.is_some() || self.program.empty {
            return Stillness::Gone;
        }
        if !self.held.is_empty() || !self.paced.is_empty() {
            // The kernel does not show the thread as asleep: it waits for us.
            return Stillness::Quiet;
        }
        let Some(observer) = &mut self.observer else { return Stillness::Busy };
        if observer.moved() && observer.has_threads() {
            return Stillness::Busy;
        }
        // Before init has made the program, the tree is empty too.
        match observer.check(&self.program.streams, &self.diag, secluded) {
            Stillness::Gone if self.program.ended.is_none() && self.program.not_executed.is_none() => {
                Stillness::Busy
            }
            found => found,
        }
    }

    /// The program's own address and that of the other end, by the inode of its socket.
    pub(crate) fn ends_of(&self, socket: Option<FdKind>) -> Option<(SocketAddr, SocketAddr)> {
        let Some(FdKind::Socket(inode)) = socket else { return None };
        let diag = self.observer.as_ref()?.view.sockets.by_inode(inode)?;
        Some((diag.local, diag.remote))
    }

    /// Whether a socket of the program is one for datagrams.
    pub(crate) fn is_datagram(&self, socket: Option<FdKind>) -> bool {
        let Some(FdKind::Socket(inode)) = socket else { return false };
        let sockets = self.observer.as_ref().map(|observer| &observer.view.sockets);
        sockets.and_then(|sockets| sockets.by_inode(inode)).is_some_and(|diag| diag.udp)
    }

    /// What to poll for news of it.
    pub(crate) fn add_polled<'f>(&'f self, fds: &mut Vec<PollFd<'f>>) {
        fds.push(PollFd::from_borrowed_fd(self.program.control(), PollFlags::IN));
        fds.extend(self.program.notifier.as_ref().map(|notifier| PollFd::new(notifier, PollFlags::IN)));
        let readers = self.program.streams.readers().into_iter();
        fds.extend(readers.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)));
        fds.extend(self.listeners.iter().map(|(_, listener)| PollFd::new(listener, PollFlags::IN)));
        fds.extend(self.receivers.iter().map(|receiver| PollFd::new(&*receiver.socket, PollFlags::IN)));
    }
}

/// The launch of this scenario: its environment, its arguments, host and port filled in.
fn launch_of(cast: &Cast, plan: &PlannedScenario, port: u16) -> Launch {
    let scenario = &plan.scenario;
    let mut launch = cast.launch.clone();
    launch.console = scenario.console;
    launch.in_company = scenario.players.len() > 1;
    launch.names.clone_from(&scenario.names);
    for (key, value) in &scenario.environment {
        launch.environment.retain(|(known, _)| known != key);
        launch.environment.push((key.clone(), value.clone()));
    }
    if let Some(arguments) = &scenario.arguments
        && !(says_port(arguments) && says_port(&launch.command))
    {
        launch.command.extend(arguments.iter().cloned());
    }
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

/// A command line says where the port belongs: it needs nobody to add it.
fn says_port(words: &[String]) -> bool {
    words.iter().any(|word| word.contains("port}"))
}

/// The ports of those who serve filled in: `{device1.port}`.
fn at_servers(word: &str, servers: &[(String, u16)]) -> String {
    servers.iter().fold(word.to_owned(), |word, (name, port)| {
        word.replace(&format!("{{{name}.port}}"), &port.to_string())
    })
}

/// The files that a scenario lays over those of the program's folder.
pub(crate) fn laid(cast: &Cast, plan: &PlannedScenario, port: u16) -> Fixtures {
    let files = launch_of(cast, plan, port).files.into_iter();
    files.filter_map(|(name, bytes)| Some((name, bytes?))).collect()
}

/// Names that are known before the program is started.
pub(crate) fn known_before(port: u16) -> [(String, String); 2] {
    [("host".to_owned(), "127.0.0.1".to_owned()), ("port".to_owned(), port.to_string())]
}

/// Host and port filled in.
fn filled(word: &str, port: u16) -> String {
    word.replace("{host}", "127.0.0.1").replace("{port}", &port.to_string())
}
