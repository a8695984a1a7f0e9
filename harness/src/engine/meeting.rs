//! Where the program and the harness meet: who listens and who connects, told at the
//! call or seen in the kernel's list, and the names of the connections.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::calls::{self, Told};
use super::cast::Cast;
use super::connection::Connection;
use super::machine::Machine;
use super::observer::{self, Sockets};
use super::player::Player;
use super::scene::Scene;
use super::sys::{DiagSocket, Notification};
use super::udp::take_port;
use crate::plan::PlannedScenario;
use crate::spec::{Action, End, Transport};
use crate::transcript::{Actor, Deed, Event};

/// So many waiting calls of one program are answered in one go: others wait as well.
const CALLS_AT_ONCE: usize = 256;
/// So many of a program's meetings are written down, and so many connections wait for a name. No
/// scenario asks for as many.
const MEETINGS: usize = 256;
/// So many different addresses of a program are listened at, or told.
const ADDRESSES: usize = 32;

impl Scene<'_> {
    /// A client that connects anew for every request may wait for the end of a connection
    /// that it has closed after its reply, as any server would end it.
    pub(crate) fn close_what_is_over(&mut self) {
        let plan = self.plan;
        let reopens = |name: &str| {
            plan.steps.iter().any(|step| match &step.action {
                Action::Accept { connection, reopen } => *reopen && connection == name,
                _ => false,
            })
        };
        for connection in &mut self.connections {
            let over = connection.fin && !connection.closed && !connection.sent.is_empty();
            if over && reopens(&connection.name) {
                connection.close();
            }
        }
    }

    /// Answers a program's waiting calls of bind, listen and connect.
    pub(crate) fn take_calls(&mut self, player: usize) -> bool {
        let mut any = false;
        let datagrams = self.players[player].is_udp();
        for _ in 0..CALLS_AT_ONCE {
            let notifier = self.players[player].program.notifier.as_ref().filter(|fd| is_readable(*fd));
            let Some((notification, told)) = notifier.and_then(|notifier| calls::take(notifier, datagrams))
            else {
                return any;
            };
            any = true;
            let moves_bytes = matches!(told, Told::Sends { .. } | Told::Writes(_) | Told::Handled);
            self.players[player].calls += u64::from(!moves_bytes);
            match told {
                Told::Listens(_) if self.players[player].is_udp() => {
                    self.record_of(player, Actor::Program, Event::UsesStream);
                }
                Told::Listens(address) => self.now_serves(player, address),
                Told::Connects(address) if self.is_ensemble() => {
                    self.connect_through(player, (notification, address));
                }
                Told::Connects(address) => {
                    if self.players[player].is_udp() {
                        self.record_of(player, Actor::Program, Event::UsesStream);
                    } else {
                        self.answer_at(player, address);
                    }
                    if let Some(notifier) = &self.players[player].program.notifier {
                        notifier.proceed(&notification);
                    }
                }
                Told::Binds(address) => self.now_bound(player, address),
                Told::Sends { to, sends } => {
                    to.into_iter().for_each(|address| self.about_to_send(player, address, sends));
                    if let Some(notifier) = &self.players[player].program.notifier {
                        notifier.proceed(&notification);
                    }
                }
                Told::Writes(ends) => self.players[player].paced.push((notification, ends)),
                Told::Refused(call) => self.does(player, Deed::Called(call.to_owned())),
                Told::Signals(whom) => self.let_signal(player, &notification, whom),
                Told::Handled => {}
            }
        }
        any
    }

    /// A signal goes on where it reaches nobody else's processes: in a room it cannot. On the
    /// machine it may go to one below the program, and to its own group.
    fn let_signal(&mut self, player: usize, notification: &Notification, whom: i32) {
        let program = &self.players[player].program;
        let own = || program.init().is_some_and(|init| observer::processes(init).contains(&whom.abs()));
        let everybody = matches!(whom, 1 | -1);
        let reaches = !self.machine.secluded && whom != 0 && (everybody || !own());
        if let Some(notifier) = &program.notifier {
            if reaches {
                notifier.done(notification, libc::EPERM);
            } else {
                notifier.proceed(notification);
            }
        }
        if everybody || reaches {
            self.does(player, Deed::SignalledAll);
        }
    }

    /// Writes down what a program did beside its task.
    fn does(&mut self, player: usize, deed: Deed) {
        let part = self.players[player].part;
        let deeds = &mut self.transcript.players[part].deeds;
        // Addresses are many; the rest is not.
        if deeds.len() < ADDRESSES || !matches!(deed, Deed::Connected(_)) {
            deeds.insert(deed);
        }
    }

    pub(crate) fn now_serves(&mut self, index: usize, address: SocketAddr) {
        let player = &mut self.players[index];
        if player.serving.len() >= MEETINGS {
            return;
        }
        player.serving.push(address);
        if let Some(observer) = &mut player.observer {
            observer.view.sockets.forget_listeners();
        }
        let port = player.port().to_string();
        let first = self.players.iter().position(|player| !player.serving.is_empty()) == Some(index);
        if self.is_ensemble() {
            let name = &self.plan.scenario.players[self.players[index].part].name;
            self.bind(format!("{name}.port"), port.clone());
        }
        if first {
            self.transcript.bindings.insert("port".into(), port);
        }
        self.record_of(index, Actor::Program, Event::Listens { port: address.port() });
    }

    /// The program is about to connect: somebody must listen there before it does.
    fn answer_at(&mut self, index: usize, address: SocketAddr) {
        let listening = self.plan.scenario.listening && !self.left;
        let player = &mut self.players[index];
        let answered = listening && player.listen_at(address);
        if player.called.len() >= MEETINGS {
            return;
        }
        player.called.push(address);
        let (ip, port) = (address.ip(), address.port());
        if self.players[index].cast.end == End::Server {
            self.does(index, Deed::Connected(address));
        }
        self.record_of(index, Actor::Program, Event::Connects { ip, port, answered });
    }

    pub(crate) fn accept(&mut self, index: usize) -> bool {
        let mut any = false;
        for listener in 0..self.players[index].listeners.len() {
            while self.arrived.len() < MEETINGS {
                let (at, listener) = &self.players[index].listeners[listener];
                let (at, Ok((stream, remote))) = (*at, listener.accept()) else { break };
                let Ok(connection) = Connection::adopt("", stream, remote) else { continue };
                any = true;
                if self.is_ensemble() {
                    self.join(index, at, connection);
                } else {
                    self.arrived.push_back(connection);
                }
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

    /// The name that a new connection of the program takes over: that of the one before,
    /// where the scenario lets it connect anew for every request.
    fn reconnecting(&self) -> Option<String> {
        let last = self.connections.last()?;
        self.may_reconnect(&last.name).then(|| last.name.clone())
    }

    /// Whether the program may connect anew under this name.
    pub(crate) fn may_reconnect(&self, name: &str) -> bool {
        self.plan.steps.iter().any(|step| match &step.action {
            Action::Accept { connection, reopen } => *reopen && connection == name,
            _ => false,
        })
    }

    /// A server that has gone refuses whoever connects anew.
    pub(crate) fn stop_listening(&mut self) {
        for index in 0..self.players.len() {
            self.accept(index);
            self.take_datagrams(index);
            self.players[index].listeners.clear();
            self.players[index].receivers.clear();
        }
        self.left = true;
    }

    /// A connection has its name and is on stage.
    pub(crate) fn enter(&mut self, mut connection: Connection) {
        let name = connection.name.clone();
        self.bind(format!("{name}.ip"), connection.local.ip().to_string());
        self.bind(format!("{name}.port"), connection.local.port().to_string());
        connection.player = self.lead;
        self.connections.push(connection);
        self.record(Actor::Connection(name), Event::Opened);
    }

    /// Looks for listeners in the kernel's list, where calls cannot be told.
    pub(crate) fn look_for_listeners(&mut self) {
        let secluded = self.machine.secluded;
        for index in 0..self.players.len() {
            let player = &self.players[index];
            if !player.program.untold || !player.serving.is_empty() {
                continue;
            }
            if player.is_udp() {
                let found = self.bound_sockets(player);
                found.into_iter().for_each(|address| self.now_bound(index, address));
                continue;
            }
            let Ok(sockets) = Sockets::look(&player.diag, secluded) else { continue };
            let found: Vec<SocketAddr> = sockets
                .listening()
                .filter(|socket| secluded || socket.local.port() == player.cast.port)
                .map(|socket| socket.local)
                .filter(|at| !player.listeners.iter().any(|(ours, _)| ours == at))
                .filter(|at| !self.plan.scenario.taken.contains(&at.port()))
                .collect();
            for address in found {
                self.now_serves(index, address);
            }
        }
    }
}

impl Player<'_> {
    /// Listens for the program at an address; whether the harness does now. Where the program
    /// itself listens the address is taken: it calls itself.
    pub(crate) fn listen_at(&mut self, address: SocketAddr) -> bool {
        if self.listeners.iter().any(|(at, _)| *at == address) {
            return true;
        }
        if self.listeners.len() >= ADDRESSES {
            return false;
        }
        let listener = self.network.enter().ok().and_then(|()| listen(address));
        let fine = listener.is_some();
        self.listeners.extend(listener.map(|listener| (address, listener)));
        fine
    }
}

/// Where calls cannot be told, the harness listens at the expected port from the start.
pub(crate) fn early_listeners(
    machine: &Machine,
    cast: &Cast,
    plan: &PlannedScenario,
) -> Vec<(SocketAddr, TcpListener)> {
    let tcp = cast.launch.transport == Transport::Tcp;
    let needed =
        tcp && !machine.tells_calls && plan.scenario.listening && cast.end == crate::spec::End::Client;
    let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let at = addresses.into_iter().filter(|_| needed).map(|ip| SocketAddr::new(ip, cast.port));
    at.filter_map(|address| Some((address, listen(address)?))).collect()
}

/// Waits until no finished connection holds the port of a shared network any more: a
/// program without SO_REUSEADDR could not bind it. TIME_WAIT lasts a minute (tcp(7)).
/// Whether one did and is gone.
pub(crate) fn await_free_port(diag: &DiagSocket, port: u16) -> bool {
    let began = Instant::now();
    let mut waited = false;
    while began.elapsed().as_secs() < 65 {
        match Sockets::look(diag, false) {
            Ok(sockets) if sockets.lingers_at(port) => waited = true,
            Ok(_) => return waited,
            Err(_) => return false,
        }
        let _ = poll(&mut [], Some(&Timespec { tv_sec: 0, tv_nsec: 100_000_000 }));
    }
    false
}

/// Holds the ports that another program has taken, for both families at once.
pub(crate) fn take_ports(cast: &Cast, plan: &PlannedScenario) -> Vec<OwnedFd> {
    if cast.launch.transport == Transport::Udp {
        return plan.scenario.taken.iter().filter_map(|port| take_port(*port)).collect();
    }
    let take = |port: &u16| {
        listen((Ipv6Addr::UNSPECIFIED, *port).into())
            .or_else(|| listen((Ipv4Addr::UNSPECIFIED, *port).into()))
            .map(OwnedFd::from)
    };
    // A port that cannot be taken is taken already.
    plan.scenario.taken.iter().filter_map(take).collect()
}

fn listen(address: SocketAddr) -> Option<TcpListener> {
    let listener = TcpListener::bind(address).ok()?;
    listener.set_nonblocking(true).ok()?;
    Some(listener)
}

fn is_readable(fd: &impl AsFd) -> bool {
    let mut fds = [PollFd::new(fd, PollFlags::IN)];
    poll(&mut fds, Some(&Timespec::default())).is_ok() && fds[0].revents().contains(PollFlags::IN)
}
