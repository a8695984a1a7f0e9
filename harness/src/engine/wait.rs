//! Waiting: until what is awaited has been seen, or the kernel shows that it can no
//! longer come. A span of time decides only while the program does nothing although
//! it could, or computes without getting anywhere.

use std::time::Duration;

use super::machine::Witness;
use super::observer::{Budget, Call, FdKind, Stillness};
use super::player::Player;
use super::relay::Wire;
use super::scene::Scene;
use crate::transcript::{Actor, Event, ExitStatus, ProgramState, Stop};
use crate::units::Limit;

/// How far what is awaited is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Seen: stop waiting.
    Done,
    /// Seen, but more may follow that belongs to it: wait until the program is still,
    /// or has had time enough.
    Likely,
    /// Not yet.
    NotYet,
}

/// Processor time after which a program that is ready gets nowhere.
const CPU_LIMIT: Duration = Duration::from_secs(1);
/// What may follow follows within this time asleep or this processor time.
pub(crate) const LINGER: Duration = Duration::from_millis(50);
/// The same however often something else happens meanwhile: a program may never fall silent.
pub(crate) const LINGER_AT_MOST: Duration = Duration::from_millis(500);
/// Beyond this the grader itself, or the machine, is in trouble.
const WALL_LIMIT: Duration = Duration::from_secs(120);
/// Silence that counts as the end of an answer where the kernel tells nothing.
const SILENCE: Duration = Duration::from_millis(500);

impl Scene<'_> {
    /// Waits for what `look` looks for. It is asked after everything that happened, and
    /// with the stillness when the program is still.
    pub(crate) fn wait(
        &mut self,
        patience: Duration,
        look: &mut dyn FnMut(&mut Self, Option<Stillness>) -> Look,
    ) -> Stop {
        if self.machine.witness == Witness::Clock {
            return self.wait_by_clock(patience, look);
        }
        let mut budget: Option<Budget> = None;
        let mut lingering: Option<Budget> = None;
        let mut likely: Option<Budget> = None;
        let mut pause = Duration::from_micros(20);
        let began = std::time::Instant::now();
        self.still = false;
        loop {
            // What it chatters on its console does not keep an answer waiting.
            if self.pump_peers() {
                pause = Duration::from_micros(20);
                lingering = None;
            }
            self.drain_consoles();
            self.look_for_listeners();
            let seen = look(self, None);
            if seen == Look::Done {
                return Stop::Satisfied(self.state());
            }
            if budget.is_none() {
                budget = self.budget();
            }
            let stillness = self.stillness();
            if matches!(stillness, Stillness::Quiet | Stillness::Gone | Stillness::Timer(_)) {
                if self.pump() || self.let_something_go() {
                    continue;
                }
                self.still = !matches!(stillness, Stillness::Timer(_));
                if look(self, Some(stillness)) == Look::Done {
                    return Stop::Satisfied(self.state());
                }
                if self.answer_question(stillness) {
                    self.still = false;
                    continue;
                }
            }
            match stillness {
                Stillness::Gone | Stillness::Quiet => return Stop::Settled(self.state()),
                Stillness::Timer(left) => {
                    let asleep = budget.as_ref().map_or(Duration::ZERO, |budget| self.asleep(budget));
                    let left_over = patience.saturating_sub(asleep);
                    if left >= left_over {
                        return Stop::Asleep(self.state());
                    }
                    pause = left;
                }
                Stillness::Busy => {}
            }
            if seen == Look::Likely && self.had_time([&mut lingering, &mut likely], stillness) {
                return Stop::Settled(self.state());
            }
            if self.gets_nowhere(budget.as_ref(), began) {
                return self.spins(budget.as_ref());
            }
            self.doze(pause);
            pause = (pause * 3 / 2).min(Duration::from_millis(2));
        }
    }

    /// All are still: what was held back for somebody who moved goes on. Whether anything did.
    fn let_something_go(&mut self) -> bool {
        self.release_sender()
            || self.release_bytes()
            || (self.everybody_is_there && (self.lead_elsewhere() || self.refuse_held()))
    }

    /// A program computes or shows without end; or the grader itself is in trouble.
    fn gets_nowhere(&mut self, budget: Option<&Budget>, began: std::time::Instant) -> bool {
        let stuck = began.elapsed() > WALL_LIMIT;
        if stuck {
            let broken = &mut self.player_mut().program.broken;
            broken.get_or_insert_with(|| "the wall limit of one step is over".into());
        }
        stuck || self.over_budget(budget) || self.shows_without_end()
    }

    /// The end of a wait by a program that gets nowhere; it may be another than the one whom
    /// the step is about.
    fn spins(&mut self, budget: Option<&Budget>) -> Stop {
        let (cpu, busiest) = budget.map_or((Duration::ZERO, self.lead), |budget| self.busiest(budget));
        let running = ProgramState::Running { cpu_milliseconds: cpu.as_millis() as u64 };
        if busiest == self.lead {
            return Stop::Busy(running);
        }
        self.spinning = Some((busiest, running));
        Stop::Settled(self.state())
    }

    /// The same by the clock, where the kernel tells nothing: silence is a time span.
    fn wait_by_clock(
        &mut self,
        patience: Duration,
        look: &mut dyn FnMut(&mut Self, Option<Stillness>) -> Look,
    ) -> Stop {
        let mut since = std::time::Instant::now();
        loop {
            if self.pump() {
                since = std::time::Instant::now();
            }
            self.look_for_listeners();
            let silent = since.elapsed() >= SILENCE;
            let program = &self.player().program;
            let gone = program.empty || program.broken.is_some();
            let still = if gone { Some(Stillness::Gone) } else { silent.then_some(Stillness::Quiet) };
            let seen = look(self, still);
            if seen == Look::Done {
                return Stop::Satisfied(self.state());
            }
            if gone || (silent && seen == Look::Likely) {
                return Stop::Settled(self.state());
            }
            if since.elapsed() >= patience {
                return Stop::Asleep(self.state());
            }
            self.doze(Duration::from_millis(5));
        }
    }

    /// Looks whether all programs are still. One look after the other is as good as one at
    /// all of them: they live in networks of their own, so a program that was still stays so
    /// until the harness does something.
    fn stillness(&mut self) -> Stillness {
        let mut all = Stillness::Gone;
        for player in &mut self.players {
            all = match (all, player.stillness(self.machine.secluded)) {
                (_, Stillness::Busy) => return Stillness::Busy,
                (Stillness::Timer(one), Stillness::Timer(other)) => Stillness::Timer(one.min(other)),
                (timer @ Stillness::Timer(_), _) => timer,
                (Stillness::Quiet, Stillness::Gone) => Stillness::Quiet,
                (_, found) => found,
            };
        }
        all
    }

    /// Types the next answer of the prologue when a program asks before it is ready.
    fn answer_question(&mut self, stillness: Stillness) -> bool {
        let asks = |player: &Player<'_>| !player.is_ready() && player.reads_input();
        let Some(index) = self.players.iter().position(asks).filter(|_| stillness != Stillness::Gone) else {
            return false;
        };
        let Some(line) = self.players[index].next_answer() else { return false };
        self.players[index].answered += 1;
        let lead = std::mem::replace(&mut self.lead, index);
        self.type_line(&line);
        self.lead = lead;
        true
    }

    /// Types a line and writes it down.
    pub(crate) fn type_line(&mut self, line: &str) {
        let _ = self.player_mut().program.streams.write(format!("{line}\n").as_bytes());
        self.record(Actor::Operator, Event::Typed(line.to_owned()));
    }

    /// Some thread of the program waits for its terminal or standard input.
    pub(crate) fn reads_input(&self) -> bool {
        self.player().reads_input()
    }

    /// A budget that begins now, once every program can be watched.
    fn budget(&self) -> Option<Budget> {
        self.players.iter().all(|player| player.observer.is_some()).then(|| Budget::begin(self.times()))
    }

    fn times(&self) -> Vec<(u64, u64)> {
        self.players.iter().map(Player::times).collect()
    }

    fn asleep(&self, budget: &Budget) -> Duration {
        budget.asleep(&self.times())
    }

    /// Processor time of the busiest program, and which that is.
    fn busiest(&self, budget: &Budget) -> (Duration, usize) {
        let spent = self.players.iter().enumerate().map(|(index, player)| {
            let cpu = budget.cpu(index, player.times());
            (cpu, index)
        });
        spent.max().unwrap_or_default()
    }

    fn over_budget(&self, budget: Option<&Budget>) -> bool {
        budget.is_some_and(|budget| {
            let (cpu, busiest) = self.busiest(budget);
            let player = &self.players[busiest];
            cpu > if player.is_ready() { CPU_LIMIT } else { player.cast.start }
        })
    }

    /// Whether what may still follow has had its time since the last news, or in all.
    fn had_time(&self, [since_news, in_all]: [&mut Option<Budget>; 2], stillness: Stillness) -> bool {
        self.lingered(since_news, stillness, LINGER) || self.lingered(in_all, stillness, LINGER_AT_MOST)
    }

    /// Whether a time of lingering is over.
    pub(crate) fn lingered(
        &self,
        lingering: &mut Option<Budget>,
        stillness: Stillness,
        limit: Duration,
    ) -> bool {
        let Some(budget) = lingering.take().or_else(|| self.budget()) else { return false };
        let over = match stillness {
            Stillness::Timer(left) => self.asleep(&budget) + left > limit,
            _ => self.busiest(&budget).0 > limit,
        };
        *lingering = Some(budget);
        over
    }

    /// One shows more than it was given, without end.
    fn shows_without_end(&mut self) -> bool {
        let given = 4 * self.bytes_sent;
        let most = |player: &Player<'_>| player.cast.launch.limits.output + given;
        let flooding = self.players.iter_mut().find(|player| player.program.shown.dropped > most(player));
        flooding.map(|player| player.program.beyond = Some(Limit::Output)).is_some()
    }

    /// What the program was doing at the last look.
    pub(crate) fn state(&self) -> ProgramState {
        self.state_of_player(self.player())
    }

    /// What a program was doing at the last look.
    pub(crate) fn state_of_player(&self, player: &Player<'_>) -> ProgramState {
        if !player.held.is_empty() {
            return ProgramState::Connecting;
        }
        if let Some(status) = player.program.ended {
            return ProgramState::Ended(status);
        }
        if player.program.not_executed.is_some() {
            return ProgramState::Ended(ExitStatus::Code(127));
        }
        let Some(observer) = &player.observer else { return ProgramState::NotStarted };
        if self.machine.witness == Witness::Clock {
            return ProgramState::Unknown;
        }
        let view = &observer.view;
        if view.stopped {
            return ProgramState::Stopped;
        }
        // The most telling thread speaks for the program.
        let states = view.waits.iter().map(|(_, wait)| self.state_of(player, wait));
        let (mut most, mut peers) = (ProgramState::Unknown, 0);
        for state in states {
            peers += usize::from(waits_for_peers(&state));
            if rank(&state) < rank(&most) {
                most = state;
            }
        }
        match most {
            ProgramState::Receiving { connection, .. } => {
                ProgramState::Receiving { connection, alone: peers == 1 }
            }
            most => most,
        }
    }

    fn state_of(&self, player: &Player<'_>, wait: &super::observer::Wait) -> ProgramState {
        let on = |wanted: fn(&FdKind) -> bool| wait.fds.iter().map(|fd| fd.kind).find(wanted);
        let socket = on(|kind| matches!(kind, FdKind::Socket(_)));
        match wait.call {
            Call::Accept => ProgramState::Accepting,
            Call::Receive if player.is_datagram(socket) => ProgramState::AwaitingDatagram,
            Call::Receive if socket.is_some() => {
                ProgramState::Receiving { connection: self.name_of(player, socket), alone: true }
            }
            Call::Receive if wait.reads_input() => ProgramState::ReadingInput,
            Call::Receive => ProgramState::WaitingForChild,
            Call::Send => ProgramState::Sending { connection: self.name_of(player, socket) },
            Call::Connect => ProgramState::Connecting,
            Call::Poll if wait.fds.len() == 1 && socket.is_some() => self.single(player, socket),
            Call::Poll if wait.reads_input() && socket.is_none() => ProgramState::ReadingInput,
            Call::Poll if !wait.fds.is_empty() => ProgramState::Polling,
            Call::Poll | Call::Sleep | Call::Futex | Call::Signal | Call::Other => timed(wait),
            Call::Child => ProgramState::WaitingForChild,
        }
    }

    /// A wait on one socket is what the blocking call on it would be.
    fn single(&self, player: &Player<'_>, socket: Option<FdKind>) -> ProgramState {
        let Some(FdKind::Socket(inode)) = socket else { return ProgramState::Polling };
        let sockets = player.observer.as_ref().map(|observer| &observer.view.sockets);
        match sockets.and_then(|sockets| sockets.by_inode(inode)) {
            Some(diag) if diag.state == super::observer::LISTEN => ProgramState::Accepting,
            Some(diag) if diag.udp => ProgramState::AwaitingDatagram,
            _ => ProgramState::Receiving { connection: self.name_of(player, socket), alone: true },
        }
    }

    /// Some thread of the program waits for bytes on this connection.
    pub(crate) fn receives_on(&self, name: &str) -> bool {
        let player = self.player();
        let waits = player.observer.iter().flat_map(|observer| &observer.view.waits);
        let mut fds = waits.flat_map(|(_, wait)| &wait.fds);
        fds.any(|fd| self.name_of(player, Some(fd.kind)).is_some_and(|found| found == name))
    }

    /// The harness's name for the connection a program's socket is the other end of.
    fn name_of(&self, player: &Player<'_>, socket: Option<FdKind>) -> Option<String> {
        let (own, remote) = player.ends_of(socket)?;
        if let Some(ours) = self.connections.iter().find(|connection| connection.local == remote) {
            return Some(ours.name.clone());
        }
        let index = self.players.iter().position(|other| other.part == player.part)?;
        let is_its =
            |wire: &&Wire| wire.end_at(index).is_some_and(|end| end.local == remote && end.remote == own);
        let wire = self.wires.iter().find(is_its)?;
        let name = |index: usize| &self.plan.scenario.players[self.players[index].part].name;
        Some(format!("{}>{}", name(wire.client()), name(wire.server())))
    }
}

fn timed(wait: &super::observer::Wait) -> ProgramState {
    match wait.deadline {
        Some(super::observer::Deadline::At(at)) => ProgramState::Sleeping {
            milliseconds: at.saturating_duration_since(std::time::Instant::now()).as_millis() as u64,
        },
        _ => ProgramState::Deadlocked,
    }
}

/// A thread that may hear of a client.
fn waits_for_peers(state: &ProgramState) -> bool {
    matches!(
        state,
        ProgramState::Receiving { .. }
            | ProgramState::AwaitingDatagram
            | ProgramState::Accepting
            | ProgramState::Polling
            | ProgramState::Unknown
    )
}

/// Which of several threads' states tells most.
fn rank(state: &ProgramState) -> u8 {
    match state {
        ProgramState::Sending { .. } => 0,
        ProgramState::Receiving { .. } | ProgramState::AwaitingDatagram => 1,
        ProgramState::ReadingInput => 2,
        ProgramState::Connecting => 3,
        ProgramState::Accepting => 4,
        ProgramState::Polling => 5,
        ProgramState::WaitingForChild => 6,
        ProgramState::Sleeping { .. } => 7,
        ProgramState::Unknown => 9,
        _ => 8,
    }
}
