//! The steps of a scenario, one function per verb.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use super::connection::{Attempt, Connection};
use super::error::{EngineError, Trying};
use super::scene::Scene;
use super::wait::Look;
use crate::matching::fill;
use crate::spec::{Action, Connect, Key};
use crate::transcript::{Actor, Ended, Event, Stop};

/// Longest time a program may do nothing before it listens or connects: servers that
/// load large libraries, or sleep first, are right.
pub(crate) const START: Duration = Duration::from_secs(10);

/// Port of the harness's first connection in a private network.
const FIRST_PORT: u16 = 61_001;

/// Whether the scene goes on after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goes {
    /// To the next step.
    On,
    /// No further: the step could not be fulfilled.
    NoFurther,
}

impl Scene<'_> {
    /// Takes every step, or as many as can be fulfilled.
    pub(crate) fn play(&mut self) -> Result<(), EngineError> {
        let plan = self.plan;
        if self.is_ensemble() && self.bring_everybody_on()? == Goes::NoFurther {
            return Ok(());
        }
        for (index, step) in plan.steps.iter().enumerate() {
            if index.checked_sub(1).is_some_and(|before| crosses(&plan.steps[before].action, &step.action)) {
                self.settle();
            }
            self.step = Some(index);
            self.turn_to(step);
            let goes = self.take(&step.action)?;
            if self.is_ensemble() {
                self.end_step(goes);
            }
            if goes == Goes::NoFurther {
                if self.transcript.ended == Ended::Complete {
                    self.transcript.ended = Ended::At { step: index };
                }
                return Ok(());
            }
        }
        Ok(())
    }

    fn take(&mut self, action: &Action) -> Result<Goes, EngineError> {
        self.still &= matches!(action, Action::Expect(_) | Action::ExpectProgram(_) | Action::Settle);
        match action {
            Action::Connect(connect) => return self.connect(connect),
            Action::Accept { connection, .. } => return Ok(self.await_connection(connection)),
            Action::Send(send) => return self.send(send),
            Action::HalfClose { connection } => {
                self.with(connection, Event::HalfClosed, Connection::half_close)
            }
            Action::Close { connection } => self.close(connection),
            Action::Reset { connection } => self.with(connection, Event::DidReset, Connection::abort),
            Action::StopReading { connection } => {
                self.with(connection, Event::StoppedReading, |connection| connection.reading = false);
            }
            Action::ReadOn { connection } => {
                self.with(connection, Event::ReadsOn, |connection| connection.reading = true);
            }
            Action::Type { line, if_asked } => {
                let line = fill(line, &self.transcript.bindings);
                return Ok(self.type_when_asked(&line, *if_asked));
            }
            Action::Press(key) => self.press(*key),
            Action::Freeze => self.freeze(true),
            Action::Thaw => self.freeze(false),
            Action::Start { player } => return self.bring_on(self.plan.scenario.player_at(Some(player))),
            Action::Kill => self.kill(),
            Action::Cut(wire) => self.cut(wire),
            Action::Restart { same_network } => self.begin_again(*same_network)?,
            Action::Settle => self.settle(),
            Action::NextSecond => self.next_second(),
            Action::Expect(expect) => return self.expect(expect),
            Action::ExpectProgram(expectation) => return Ok(self.expect_program(*expectation)),
            Action::Each { .. } => {
                return Err(EngineError::Launcher("a table was left in a planned scenario".into()));
            }
        }
        Ok(Goes::On)
    }

    /// Does something with a connection and writes it down.
    fn with(&mut self, name: &str, event: Event, act: impl FnOnce(&mut Connection)) {
        self.pump();
        if let Some(connection) = self.connection(name) {
            act(connection);
            self.record(Actor::Connection(name.to_owned()), event);
            if self.may_reconnect(name) {
                self.stop_listening();
            }
        }
    }

    /// Closes a connection. In the machine's own network one that the program has ended is
    /// dropped instead: two FINs would keep its port in TIME_WAIT for a minute, and the
    /// next check could not bind it.
    pub(crate) fn close(&mut self, name: &str) {
        let shared = !self.machine.secluded;
        self.with(name, Event::Closed, |connection| {
            if shared && connection.fin { connection.abort() } else { connection.close() }
        });
    }

    /// Waits until the program listens; false when it never will.
    pub(crate) fn await_listener(&mut self) -> bool {
        if !self.player().serving.is_empty() {
            return true;
        }
        // Until it waits for its client: some listen on several sockets, one after another.
        let stop = self.wait(START, &mut |scene, _| {
            if scene.player().serving.is_empty() { Look::NotYet } else { Look::Likely }
        });
        if self.player().serving.is_empty() {
            self.transcript.ended = Ended::NotReady(stop);
            return false;
        }
        true
    }

    pub(crate) fn connect(&mut self, connect: &Connect) -> Result<Goes, EngineError> {
        if !self.await_listener() {
            return Ok(Goes::NoFurther);
        }
        self.player().network.enter()?;
        if self.player().is_udp() {
            return self.open_peer(connect, reachable(self.address()));
        }
        let attempt = self.attempt(connect)?;
        match attempt {
            Attempt::Open(connection) => {
                self.enter(*connection);
                if connect.skip_greeting {
                    self.skip_greeting(&connect.connection);
                }
                Ok(Goes::On)
            }
            Attempt::Refused => {
                // Its last words and its end tell why.
                self.settle();
                self.record(Actor::Connection(connect.connection.clone()), Event::Refused);
                if !connect.optional {
                    return Ok(Goes::NoFurther);
                }
                self.refused.push(connect.connection.clone());
                Ok(Goes::On)
            }
        }
    }

    /// Connects; where a listener on `::` takes no IPv4 clients, over IPv6.
    fn attempt(&self, connect: &Connect) -> Result<Attempt, EngineError> {
        let at = self.address();
        let port = self.next_port();
        let open =
            |to| Connection::open(&connect.connection, connect.from, port, to).trying("open a connection");
        match open(reachable(at))? {
            Attempt::Refused if at.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) => {
                open(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), at.port()))
            }
            attempt => Ok(attempt),
        }
    }

    /// The port of our next connection: in a private network each has its own. The kernel would
    /// give the port of a connection that is over to another, and what the program has shown
    /// could be about either.
    fn next_port(&self) -> Option<u16> {
        let number = self.opened.replace(self.opened.get().wrapping_add(1));
        // Above the ports that programs get for the asking (ip(7), ip_local_port_range).
        FIRST_PORT.checked_add(number).filter(|_| self.machine.secluded)
    }

    /// Where the program serves; over IPv4 where it can be.
    fn address(&self) -> SocketAddr {
        let player = self.player();
        let port = player.port();
        let at_port = || player.serving.iter().filter(|at| at.port() == port);
        let found = at_port().find(|at| at.is_ipv4()).or_else(|| at_port().next()).copied();
        found.unwrap_or(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port))
    }

    /// Reads what the program says of its own accord and puts it aside.
    fn skip_greeting(&mut self, name: &str) {
        self.settle();
        if let Some(connection) = self.connection(name) {
            connection.unread.clear();
        }
    }

    /// Waits for the program to connect; it may first wait for something to be typed.
    fn await_connection(&mut self, name: &str) -> Goes {
        self.awaited.push_back(name.to_owned());
        self.name_arrivals();
        let wanted = name.to_owned();
        let stop = self.wait(START, &mut |scene, still| {
            let here = scene.connection(&wanted).is_some();
            let asks = still.is_some() && scene.reads_input() && !scene.player().has_questions();
            if here || asks { Look::Done } else { Look::NotYet }
        });
        if self.connection(name).is_some() || (matches!(stop, Stop::Satisfied(_)) && self.reads_input()) {
            return Goes::On;
        }
        self.transcript.ended = Ended::NotReady(stop);
        Goes::NoFurther
    }

    /// Waits for a connection that was promised earlier; whether it is there.
    pub(crate) fn has_connection(&mut self, name: &str) -> Option<Stop> {
        if self.connection(name).is_some() {
            return None;
        }
        let wanted = name.to_owned();
        let stop = self.wait(self.plan.scenario.patience, &mut |scene, _| {
            if scene.connection(&wanted).is_some() { Look::Done } else { Look::NotYet }
        });
        self.connection(name).is_none().then_some(stop)
    }

    /// Types a line once the program waits for it.
    fn type_when_asked(&mut self, line: &str, if_asked: bool) -> Goes {
        let asked = if self.is_ensemble() { self.await_turn() } else { self.await_prompt() };
        if if_asked && !asked {
            return Goes::On;
        }
        if !asked && self.is_ensemble() {
            return Goes::NoFurther;
        }
        if asked && !if_asked && self.asks_yes_or_no() {
            self.type_line("y");
            if self.is_ensemble() {
                self.await_turn()
            } else {
                self.await_prompt()
            };
        }
        // A line that not every program asks for is beside the matter: what was shown
        // before it stays to be looked at.
        if !if_asked {
            let player = self.player_mut();
            player.console_mark = player.program.shown.bytes.len();
        }
        self.type_line(line);
        Goes::On
    }

    /// What it shows last is the question whether to go on.
    fn asks_yes_or_no(&self) -> bool {
        let shown = String::from_utf8_lossy(&self.player().program.shown.bytes).to_lowercase();
        let question = shown.trim_end().lines().next_back().unwrap_or_default();
        ["y/n", "yes/no", "y / n", "y or n"].iter().any(|choice| question.contains(choice))
    }

    fn await_prompt(&mut self) -> bool {
        let patience = self.plan.scenario.patience;
        let stop = self.wait(patience, &mut |scene, still| {
            let asks = still.is_some() && scene.reads_input() && !scene.player().has_questions();
            if asks { Look::Done } else { Look::NotYet }
        });
        matches!(stop, Stop::Satisfied(_))
    }

    fn press(&mut self, key: Key) {
        self.settle();
        let name = match key {
            Key::Enter => "Enter",
            Key::CtrlC => "Ctrl+C",
            Key::CtrlD => "Ctrl+D",
        };
        let streams = &mut self.player_mut().program.streams;
        let _ = match key {
            Key::Enter => streams.write(b"\n"),
            Key::CtrlC => streams.write(&[0x03]),
            Key::CtrlD => streams.end_input(),
        };
        self.record(Actor::Operator, Event::Pressed(name));
    }

    fn freeze(&mut self, stop: bool) {
        if stop {
            if self.player().cast.end == crate::spec::End::Server {
                self.await_listener();
            }
            self.settle();
        }
        self.player().program.signal_all(if stop {
            rustix::process::Signal::STOP
        } else {
            rustix::process::Signal::CONT
        });
        if stop {
            self.wait(self.plan.scenario.patience, &mut |scene, still| {
                let stopped = scene.player().observer.as_ref().is_some_and(|observer| observer.view.stopped);
                if still.is_some() && stopped { Look::Done } else { Look::NotYet }
            });
        }
        self.record(Actor::Program, if stop { Event::Froze } else { Event::Thawed });
    }

    /// Starts the program again; nothing that the first one did is left to be seen.
    fn begin_again(&mut self, same_network: bool) -> Result<(), EngineError> {
        self.settle();
        self.restart(same_network)?;
        self.arrived.clear();
        self.left = false;
        let player = self.player_mut();
        player.called.clear();
        player.console_mark = player.program.shown.bytes.len();
        Ok(())
    }

    /// Waits until the program is still, or has had time to be.
    pub(crate) fn settle(&mut self) {
        self.wait(self.plan.scenario.patience, &mut |_, _| Look::Likely);
    }

    /// Lets the clock's second pass: what depends on the time of day needs it.
    fn next_second(&mut self) {
        use rustix::time::{ClockId, clock_gettime};
        // time(2) reads the coarse clock, which lags behind the fine one by up to a tick.
        let coarse = || clock_gettime(ClockId::RealtimeCoarse);
        let began = clock_gettime(ClockId::Realtime).tv_sec;
        let waiting = Instant::now();
        // Unless the clock is set meanwhile: two seconds are enough for one to pass.
        while coarse().tv_sec <= began && waiting.elapsed() < Duration::from_secs(2) {
            let left = (1_000_000_000 - coarse().tv_nsec).max(1_000_000);
            self.pump();
            self.doze(Duration::from_nanos(left as u64));
        }
        self.record(Actor::Operator, Event::SecondPassed);
    }
}

/// What is typed and what comes over the network reach the program by two ways: which of them it
/// takes first would be chance. It has time to take what was typed, as with any person.
fn crosses(before: &Action, now: &Action) -> bool {
    let typed = matches!(before, Action::Type { .. } | Action::Press(_));
    let acts = matches!(
        now,
        Action::Connect(_)
            | Action::Send(_)
            | Action::HalfClose { .. }
            | Action::Close { .. }
            | Action::Reset { .. }
            | Action::StopReading { .. }
            | Action::ReadOn { .. }
            | Action::Kill
    );
    typed && acts
}

/// An address under which a listening address is reached.
pub(crate) fn reachable(at: SocketAddr) -> SocketAddr {
    let ip = match at.ip() {
        // `::` takes IPv4 clients too, unless told otherwise; they are what the course uses.
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_loopback() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, at.port())
}
