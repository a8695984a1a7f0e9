//! Where the program and the harness meet: who listens and who connects, told at the
//! call or seen in the kernel's list, and the names of the connections.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::os::fd::AsFd;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::calls::{self, Told};
use super::cast::Cast;
use super::connection::Connection;
use super::machine::Machine;
use super::observer::Sockets;
use super::scene::Scene;
use super::sys::DiagSocket;
use crate::plan::PlannedScenario;
use crate::spec::Action;
use crate::transcript::{Actor, Event};

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

    /// Answers the program's waiting calls of bind, listen and connect.
    pub(crate) fn take_calls(&mut self) -> bool {
        let mut any = false;
        while self.program.notifier.as_ref().is_some_and(is_readable) {
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
        let answered = if self.plan.scenario.listening && !self.left {
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
        let (ip, port) = (address.ip(), address.port());
        self.record(Actor::Program, Event::Connects { ip, port, answered });
    }

    pub(crate) fn accept(&mut self) -> bool {
        let mut any = false;
        for index in 0..self.listeners.len() {
            while let Ok((stream, remote)) = self.listeners[index].1.accept() {
                let Ok(connection) = Connection::adopt("", stream, remote) else { continue };
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
        self.accept();
        self.listeners.clear();
        self.left = true;
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

    /// Looks for listeners in the kernel's list, where calls cannot be told.
    pub(crate) fn look_for_listeners(&mut self) {
        if !self.program.untold || !self.serving.is_empty() {
            return;
        }
        let Ok(sockets) = Sockets::look(&self.diag, self.machine.secluded) else { return };
        let found: Vec<SocketAddr> = sockets
            .listening()
            .filter(|socket| self.machine.secluded || socket.local.port() == self.cast.port)
            .map(|socket| socket.local)
            .filter(|at| !self.listeners.iter().any(|(ours, _)| ours == at))
            .filter(|at| !self.plan.scenario.taken.contains(&at.port()))
            .collect();
        for address in found {
            self.now_serves(address);
        }
    }
}

/// Where calls cannot be told, the harness listens at the expected port from the start.
pub(crate) fn early_listeners(
    machine: &Machine,
    cast: &Cast,
    plan: &PlannedScenario,
) -> Vec<(SocketAddr, TcpListener)> {
    let needed = !machine.tells_calls && plan.scenario.listening && cast.end == crate::spec::End::Client;
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

/// Listens at the ports that another program has taken, for both families at once.
pub(crate) fn take_ports(plan: &PlannedScenario) -> Vec<TcpListener> {
    let take = |port: &u16| {
        listen((Ipv6Addr::UNSPECIFIED, *port).into())
            .or_else(|| listen((Ipv4Addr::UNSPECIFIED, *port).into()))
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
