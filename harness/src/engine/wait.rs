//! Waiting: until what is awaited has been seen, or the kernel shows that it can no
//! longer come. A span of time decides only while the program does nothing although
//! it could, or computes without getting anywhere.

use std::time::Duration;

use super::machine::Witness;
use super::observer::{Budget, Call, FdKind, Stillness};
use super::scene::Scene;
use crate::transcript::{Actor, Event, ExitStatus, ProgramState, Stop};

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
/// The same for one that starts: large libraries take their time.
const CPU_LIMIT_START: Duration = Duration::from_secs(4);
/// What may follow follows within this time asleep or this processor time.
const LINGER: Duration = Duration::from_millis(50);
/// The same however often something else happens meanwhile: a program may never fall silent.
const LINGER_AT_MOST: Duration = Duration::from_millis(500);
/// A program that shows more than this without being asked floods its console.
const FLOOD: u64 = 8 << 20;
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
        loop {
            // What it chatters on its console does not keep an answer waiting.
            if self.pump_peers() {
                pause = Duration::from_micros(20);
                lingering = None;
            }
            self.program.streams.drain(&mut self.program.shown);
            self.look_for_listeners();
            let seen = look(self, None);
            if seen == Look::Done {
                return Stop::Satisfied(self.state());
            }
            if let Some(observer) = &self.observer {
                budget.get_or_insert_with(|| observer.budget());
            }
            let stillness = self.stillness();
            if matches!(stillness, Stillness::Quiet | Stillness::Gone | Stillness::Timer(_)) {
                if self.pump() {
                    continue;
                }
                if look(self, Some(stillness)) == Look::Done {
                    return Stop::Satisfied(self.state());
                }
                if self.answer_question(stillness) {
                    continue;
                }
            }
            match stillness {
                Stillness::Gone | Stillness::Quiet => return Stop::Settled(self.state()),
                Stillness::Timer(left) => {
                    let left_over = patience.saturating_sub(self.asleep(budget.as_ref()));
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
            if self.over_budget(budget.as_ref()) || self.shows_without_end() {
                return Stop::Busy(self.state_running(budget.as_ref()));
            }
            if began.elapsed() > WALL_LIMIT {
                self.program.broken.get_or_insert_with(|| "the wall limit of one step is over".into());
                return Stop::Busy(self.state_running(budget.as_ref()));
            }
            self.doze(pause);
            pause = (pause * 3 / 2).min(Duration::from_millis(2));
        }
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
            let gone = self.program.empty || self.program.broken.is_some();
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

    /// Looks whether the program is still.
    fn stillness(&mut self) -> Stillness {
        if self.program.broken.is_some() || self.program.empty {
            return Stillness::Gone;
        }
        let Some(observer) = &mut self.observer else { return Stillness::Busy };
        if observer.moved() && observer.has_threads() {
            return Stillness::Busy;
        }
        let found = observer.check(&self.program.streams, &self.diag, self.machine.secluded);
        // Before init has made the program, the tree is empty too.
        match found {
            Stillness::Gone if self.program.ended.is_none() && self.program.not_executed.is_none() => {
                Stillness::Busy
            }
            found => found,
        }
    }

    /// Types the next answer of the prologue when the program asks before it is ready.
    fn answer_question(&mut self, stillness: Stillness) -> bool {
        let ready = !self.serving.is_empty() || !self.called.is_empty();
        if ready || stillness == Stillness::Gone || !self.reads_input() {
            return false;
        }
        let Some(line) = self.next_answer() else { return false };
        self.answered += 1;
        self.type_line(&line);
        true
    }

    /// Types a line and writes it down.
    pub(crate) fn type_line(&mut self, line: &str) {
        let _ = self.program.streams.write(format!("{line}\n").as_bytes());
        self.record(Actor::Operator, Event::Typed(line.to_owned()));
    }

    /// Some thread of the program waits for its terminal or standard input.
    pub(crate) fn reads_input(&self) -> bool {
        self.observer.as_ref().is_some_and(|observer| observer.view.reads_terminal())
    }

    fn asleep(&self, budget: Option<&Budget>) -> Duration {
        match (&self.observer, budget) {
            (Some(observer), Some(budget)) => observer.asleep(budget),
            _ => Duration::ZERO,
        }
    }

    fn over_budget(&self, budget: Option<&Budget>) -> bool {
        let ready = !self.serving.is_empty() || !self.called.is_empty();
        let limit = if ready { CPU_LIMIT } else { CPU_LIMIT_START };
        match (&self.observer, budget) {
            (Some(observer), Some(budget)) => observer.cpu(budget) > limit,
            _ => false,
        }
    }

    /// Whether what may still follow has had its time since the last news, or in all.
    fn had_time(&self, [since_news, in_all]: [&mut Option<Budget>; 2], stillness: Stillness) -> bool {
        self.lingered(since_news, stillness, LINGER) || self.lingered(in_all, stillness, LINGER_AT_MOST)
    }

    /// Whether a time of lingering is over.
    fn lingered(&self, lingering: &mut Option<Budget>, stillness: Stillness, limit: Duration) -> bool {
        let Some(observer) = &self.observer else { return false };
        let budget = lingering.get_or_insert_with(|| observer.budget());
        match stillness {
            Stillness::Timer(left) => observer.asleep(budget) + left > limit,
            _ => observer.cpu(budget) > limit,
        }
    }

    /// It shows more than it was given, again and again: output without end.
    fn shows_without_end(&self) -> bool {
        self.program.shown.dropped > FLOOD + 4 * self.bytes_sent
    }

    /// What the program was doing at the last look.
    pub(crate) fn state(&self) -> ProgramState {
        if let Some(status) = self.program.ended {
            return ProgramState::Ended(status);
        }
        if self.program.not_executed.is_some() {
            return ProgramState::Ended(ExitStatus::Code(127));
        }
        let Some(observer) = &self.observer else { return ProgramState::NotStarted };
        if self.machine.witness == Witness::Clock {
            return ProgramState::Unknown;
        }
        let view = &observer.view;
        if view.stopped {
            return ProgramState::Stopped;
        }
        // The most telling thread speaks for the program.
        let states = view.waits.iter().map(|(_, wait)| self.state_of(wait));
        states.min_by_key(rank).unwrap_or(ProgramState::Unknown)
    }

    fn state_running(&self, budget: Option<&Budget>) -> ProgramState {
        let cpu = match (&self.observer, budget) {
            (Some(observer), Some(budget)) => observer.cpu(budget),
            _ => Duration::ZERO,
        };
        ProgramState::Running { cpu_milliseconds: cpu.as_millis() as u64 }
    }

    fn state_of(&self, wait: &super::observer::Wait) -> ProgramState {
        let on = |wanted: fn(&FdKind) -> bool| wait.fds.iter().map(|fd| fd.kind).find(wanted);
        let socket = on(|kind| matches!(kind, FdKind::Socket(_)));
        match wait.call {
            Call::Accept => ProgramState::Accepting,
            Call::Receive if socket.is_some() => ProgramState::Receiving { connection: self.name_of(socket) },
            Call::Receive if wait.reads_input() => ProgramState::ReadingInput,
            Call::Receive => ProgramState::WaitingForChild,
            Call::Send => ProgramState::Sending { connection: self.name_of(socket) },
            Call::Connect => ProgramState::Connecting,
            Call::Poll if wait.fds.len() == 1 && socket.is_some() => self.single(socket),
            Call::Poll if wait.reads_input() && socket.is_none() => ProgramState::ReadingInput,
            Call::Poll if !wait.fds.is_empty() => ProgramState::Polling,
            Call::Poll | Call::Sleep | Call::Futex | Call::Signal | Call::Other => timed(wait),
            Call::Child => ProgramState::WaitingForChild,
        }
    }

    /// A wait on one socket is what the blocking call on it would be.
    fn single(&self, socket: Option<FdKind>) -> ProgramState {
        let Some(FdKind::Socket(inode)) = socket else { return ProgramState::Polling };
        let sockets = self.observer.as_ref().map(|observer| &observer.view.sockets);
        match sockets.and_then(|sockets| sockets.by_inode(inode)) {
            Some(diag) if diag.state == super::observer::LISTEN => ProgramState::Accepting,
            _ => ProgramState::Receiving { connection: self.name_of(socket) },
        }
    }

    /// Some thread of the program waits for bytes on this connection.
    pub(crate) fn receives_on(&self, name: &str) -> bool {
        let waits = self.observer.iter().flat_map(|observer| &observer.view.waits);
        let mut fds = waits.flat_map(|(_, wait)| &wait.fds);
        fds.any(|fd| self.name_of(Some(fd.kind)).is_some_and(|found| found == name))
    }

    /// The harness's name for the connection a program's socket is the other end of.
    fn name_of(&self, socket: Option<FdKind>) -> Option<String> {
        let Some(FdKind::Socket(inode)) = socket else { return None };
        let diag = self.observer.as_ref()?.view.sockets.by_inode(inode)?;
        let ours = self.connections.iter().find(|connection| connection.local == diag.remote)?;
        Some(ours.name.clone())
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

/// Which of several threads' states tells most.
fn rank(state: &ProgramState) -> u8 {
    match state {
        ProgramState::Sending { .. } => 0,
        ProgramState::Receiving { .. } => 1,
        ProgramState::ReadingInput => 2,
        ProgramState::Connecting => 3,
        ProgramState::Accepting => 4,
        ProgramState::Polling => 5,
        ProgramState::WaitingForChild => 6,
        ProgramState::Sleeping { .. } => 7,
        _ => 8,
    }
}
