//! One scenario while it runs: the network, the program, the connections, the record.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::os::fd::AsFd;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::calls::{self, Told};
use super::cast::Cast;
use super::connection::Connection;
use super::error::{EngineError, Trying};
use super::machine::{Machine, Witness};
use super::network::Network;
use super::observer::{Observer, Sockets};
use super::program::{Launch, Program};
use super::sys::DiagSocket;
use crate::matching::fill;
use crate::plan::PlannedScenario;
use crate::spec::{Action, FileContent};
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
            serving: Vec::new(),
            called: Vec::new(),
            refused: Vec::new(),
            file_marks: BTreeMap::new(),
            console_mark: 0,
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
        let mut any = self.program.take_words();
        if self.observer.is_none()
            && let Some(init) = self.program.init()
        {
            self.observer = Some(Observer::new(init, self.cast.tickers.clone()));
        }
        any |= self.take_calls();
        any |= self.program.streams.drain(&mut self.program.shown);
        any |= self.accept();
        for connection in self.connections.iter_mut().chain(&mut self.arrived) {
            any |= connection.drain();
        }
        any
    }

    /// Answers the program's waiting calls of bind, listen and connect.
    fn take_calls(&mut self) -> bool {
        let mut any = false;
        while self.program.notifier.as_ref().is_some_and(|notifier| is_readable(notifier)) {
            let Some((notification, told)) = self.program.notifier.as_ref().and_then(calls::take) else {
                break;
            };
            any = true;
            match told {
                Told::Listens(address) => self.now_serves(address),
                Told::Connects(address) => {
                    self.answer_at(address);
                    if let Some(notifier) = &self.program.notifier {
                        notifier.proceed(&notification);
                    }
                }
                Told::Handled => {}
            }
        }
        any
    }

    fn now_serves(&mut self, address: SocketAddr) {
        self.serving.push(address);
        let port = self.port();
        self.transcript.bindings.insert("port".into(), port.to_string());
        self.record(Actor::Program, Event::Listens { port: address.port() });
    }

    /// The program is about to connect: somebody must listen there before it does.
    fn answer_at(&mut self, address: SocketAddr) {
        let known = self.listeners.iter().any(|(at, _)| *at == address);
        let answered = if self.plan.scenario.listening {
            known || {
                // Where the program itself listens the address is taken: it calls itself.
                let listener = self.network.enter().ok().and_then(|()| listen(address));
                let fine = listener.is_some();
                self.listeners.extend(listener.map(|listener| (address, listener)));
                fine
            }
        } else {
            false
        };
        self.called.push(address);
        self.record(Actor::Program, Event::Connects { port: address.port(), answered });
    }

    fn accept(&mut self) -> bool {
        let mut any = false;
        for index in 0..self.listeners.len() {
            while let Ok((stream, _)) = self.listeners[index].1.accept() {
                let Ok(connection) = Connection::adopt("", stream) else { continue };
                self.arrived.push_back(connection);
                any = true;
            }
        }
        any |= self.name_arrivals();
        any
    }

    /// Gives the names that wait to the connections that came, in order.
    pub(crate) fn name_arrivals(&mut self) -> bool {
        let mut any = false;
        while !self.awaited.is_empty() && !self.arrived.is_empty() {
            let (Some(name), Some(mut connection)) = (self.awaited.pop_front(), self.arrived.pop_front())
            else {
                break;
            };
            connection.name.clone_from(&name);
            self.enter(connection);
            any = true;
        }
        while let Some(name) = self.reconnecting().filter(|_| !self.arrived.is_empty()) {
            let Some(mut connection) = self.arrived.pop_front() else { break };
            connection.name = name;
            self.enter(connection);
            any = true;
        }
        any
    }

    /// The name that a new connection of the program takes over: that of one it has ended,
    /// where the scenario lets it connect anew for every request.
    fn reconnecting(&self) -> Option<String> {
        let last = self.connections.last().filter(|last| last.fin || last.reset)?;
        let may = self.plan.steps.iter().any(|step| match &step.action {
            Action::Accept { connection, reopen } => *reopen && *connection == last.name,
            _ => false,
        });
        may.then(|| last.name.clone())
    }

    /// A connection has its name and is on stage.
    pub(crate) fn enter(&mut self, connection: Connection) {
        let name = connection.name.clone();
        let bindings = &mut self.transcript.bindings;
        bindings.insert(format!("{name}.ip"), connection.local.ip().to_string());
        bindings.insert(format!("{name}.port"), connection.local.port().to_string());
        self.connections.push(connection);
        self.record(Actor::Connection(name), Event::Opened);
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

    /// Looks for listeners in the kernel's list, where calls cannot be told.
    pub(crate) fn look_for_listeners(&mut self) {
        if self.program.notifier.is_some() || !self.serving.is_empty() {
            return;
        }
        let Ok(sockets) = Sockets::look(&self.diag, self.machine.secluded) else { return };
        let found: Vec<SocketAddr> = sockets
            .listening()
            .filter(|socket| self.machine.secluded || socket.local.port() == self.cast.port)
            .map(|socket| socket.local)
            .filter(|at| !self.listeners.iter().any(|(ours, _)| ours == at))
            .collect();
        for address in found {
            self.now_serves(address);
        }
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

/// Where calls cannot be told, the harness listens at the expected port from the start.
fn early_listeners(machine: &Machine, cast: &Cast, plan: &PlannedScenario) -> Vec<(SocketAddr, TcpListener)> {
    let needed = !machine.tells_calls && plan.scenario.listening && cast.end == crate::spec::End::Client;
    let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let at = addresses.into_iter().filter(|_| needed).map(|ip| SocketAddr::new(ip, cast.port));
    at.filter_map(|address| Some((address, listen(address)?))).collect()
}

fn listen(address: SocketAddr) -> Option<TcpListener> {
    let listener = TcpListener::bind(address).ok()?;
    listener.set_nonblocking(true).ok()?;
    Some(listener)
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

fn is_readable(fd: &impl AsFd) -> bool {
    let mut fds = [PollFd::new(fd, PollFlags::IN)];
    poll(&mut fds, Some(&Timespec::default())).is_ok() && fds[0].revents().contains(PollFlags::IN)
}
