//! Plays a scenario through on paper: finds steps that cannot be done or seen where
//! they stand, because a connection is unknown or over, the program frozen or gone.

use super::document::{At, Document};
use super::{
    Action, Connect, Console, End, Expect, Fault, Impossible, Key, Pieces, Problem, ProgramExpectation, Role,
    Rows, Scenario, Send, Source, Step, Wire, fixture,
};

/// The impossible steps of a scenario. The connections of `open` are there from the beginning.
pub(super) fn check(
    document: &Document<'_>,
    at: &At<'_>,
    scenario: &Scenario,
    (roles, open): (&[Role], &[&str]),
) -> Vec<Fault> {
    // Programs that play together find out among themselves who listens.
    let alone = roles.iter().find(|role| role.name == scenario.role).filter(|_| !scenario.is_ensemble());
    let mut flow = Flow {
        document,
        scenario,
        end: alone.map(|role| role.end),
        lines: open.iter().map(|name| Line::open(name, 0)).collect(),
        frozen: Vec::new(),
        exited: Vec::new(),
        killed: Vec::new(),
        whom: 0,
        line: 0,
        faults: Vec::new(),
    };
    if flow.end == Some(End::Server) && !scenario.listening {
        flow.impossible(&at.key("listening"), Impossible::ListeningForServer);
    }
    flow.steps(&at.key("steps"), &scenario.steps);
    for (_, frozen) in std::mem::take(&mut flow.frozen) {
        let steps = at.key("steps");
        let index = scenario.steps.iter().position(|step| step.place.line == frozen);
        flow.impossible(&steps.entry(index.unwrap_or_default()), Impossible::NeverThawed);
    }
    flow.faults
}

/// A connection of the scenario and what has become of it.
struct Line {
    name: String,
    opened: usize,
    state: State,
    /// Line from which on nothing is read.
    unread: Option<usize>,
    sent: bool,
}

impl Line {
    fn open(name: &str, opened: usize) -> Self {
        Self { name: name.to_owned(), opened, state: State::Open, unread: None, sent: false }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    HalfClosed(usize),
    Closed(usize),
    Reset(usize),
    /// Ended by the program; whether the other direction still works.
    Ended(usize, bool),
}

struct Flow<'a, 't> {
    document: &'a Document<'t>,
    scenario: &'a Scenario,
    /// Which end the program is, where one plays alone.
    end: Option<End>,
    lines: Vec<Line>,
    /// Players that are frozen, each with the line.
    frozen: Vec<(usize, usize)>,
    /// Players that were expected to exit, each with the line.
    exited: Vec<(usize, usize)>,
    /// Players that were killed.
    killed: Vec<usize>,
    /// The player whom the step at hand is about.
    whom: usize,
    /// Line of the step at hand.
    line: usize,
    faults: Vec<Fault>,
}

impl Flow<'_, '_> {
    fn impossible(&mut self, at: &At<'_>, impossible: Impossible) {
        self.faults.push(self.document.fault(at, impossible));
    }

    fn steps(&mut self, at: &At<'_>, steps: &[Step]) {
        for (index, step) in steps.iter().enumerate() {
            self.line = step.place.line;
            self.whom = self.scenario.player_at(step.at.as_deref());
            self.action(&at.entry(index), &step.action);
        }
    }

    fn action(&mut self, at: &At<'_>, action: &Action) {
        let at_verb = at.key(action.key());
        match action {
            Action::Connect(connect) => self.connect(&at_verb, connect),
            Action::Accept { connection, .. } => self.accept(&at_verb, connection),
            Action::Send(send) => self.send(at, send),
            Action::HalfClose { connection } => {
                self.leave(&at_verb, connection, State::HalfClosed(self.line))
            }
            Action::Close { connection } => self.leave(&at_verb, connection, State::Closed(self.line)),
            Action::Reset { connection } => self.leave(&at_verb, connection, State::Reset(self.line)),
            Action::StopReading { connection } => {
                let here = self.line;
                if let Some(line) = self.usable(&at_verb, connection) {
                    line.unread = Some(here);
                }
            }
            Action::ReadOn { connection } => self.read_on(&at_verb, connection),
            Action::Type { .. } | Action::Press(_) => {
                let interrupts = matches!(action, Action::Press(Key::CtrlC));
                if interrupts && self.scenario.console == Console::Pipes {
                    self.impossible(&at_verb, Impossible::NoTerminal);
                }
                self.running(&at_verb);
            }
            Action::Freeze => {
                self.running(&at_verb);
                self.frozen.retain(|(whom, _)| *whom != self.whom);
                self.frozen.push((self.whom, self.line));
            }
            Action::Thaw => {
                let before = self.frozen.len();
                self.frozen.retain(|(whom, _)| *whom != self.whom);
                if self.frozen.len() == before {
                    self.impossible(&at_verb, Impossible::NotFrozen);
                }
            }
            Action::Kill => {
                self.running(&at_verb);
                self.exited.push((self.whom, self.line));
                self.killed.push(self.whom);
            }
            Action::Restart { .. } => self.restart(&at_verb),
            Action::Settle => self.thawed(&at_verb),
            Action::NextSecond | Action::Start { .. } | Action::Cut(_) => {}
            Action::Expect(expect) => self.expect(at, expect),
            Action::ExpectProgram(expectation) => self.program(&at_verb, *expectation),
            Action::Each { rows, steps } => self.block(at, rows, steps),
        }
    }

    /// A block is played twice where it has two rounds: what its first round does to
    /// a connection outside may spoil the second. Connections opened in it end with it.
    fn block(&mut self, at: &At<'_>, rows: &Rows, steps: &[Step]) {
        let rounds = match rows {
            Rows::Table(table) => table.len(),
            Rows::Times { times, .. } => *times,
        };
        for _ in 0..rounds.min(2) {
            let outside = self.lines.len();
            self.steps(&at.key("steps"), steps);
            self.lines.truncate(outside);
        }
    }

    fn connect(&mut self, at: &At<'_>, connect: &Connect) {
        if self.end == Some(End::Client) {
            self.impossible(at, Impossible::ConnectToClient);
        }
        self.whom = self.scenario.player_at(connect.to.as_deref());
        self.there(at);
        self.open(at, &connect.connection);
    }

    fn accept(&mut self, at: &At<'_>, connection: &str) {
        if self.end == Some(End::Server) {
            self.impossible(at, Impossible::AcceptFromServer);
        } else if !self.scenario.listening {
            self.impossible(at, Impossible::NobodyListens);
        }
        self.open(at, connection);
    }

    fn open(&mut self, at: &At<'_>, name: &str) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.name == name) {
            let first = std::mem::replace(&mut line.opened, self.line);
            line.state = State::Open;
            let problem = Problem::Duplicate { what: "connection", name: name.to_owned(), first };
            return self.faults.push(self.document.fault(at, problem));
        }
        if name == "console" || self.scenario.players.iter().any(|player| player.name == name) {
            return self.faults.push(self.document.fault(at, Problem::Reserved(name.to_owned())));
        }
        self.lines.push(Line::open(name, self.line));
    }

    fn send(&mut self, at: &At<'_>, send: &Send) {
        if send.pieces != Pieces::Whole {
            self.thawed(&at.key("pieces"));
        }
        if send.consumed {
            self.thawed(&at.key("consumed"));
        }
        let at = at.key("to");
        let Some(line) = self.usable(&at, &send.connection) else { return };
        line.sent = true;
        let (state, connection) = (line.state, send.connection.clone());
        match state {
            State::HalfClosed(line) => self.impossible(&at, Impossible::HalfClosed { connection, line }),
            State::Ended(line, false) if !send.may_fail => {
                self.impossible(&at, Impossible::Ended { connection, line });
            }
            _ => {}
        }
    }

    /// The harness ends its part of a connection.
    fn leave(&mut self, at: &At<'_>, connection: &str, state: State) {
        let Some(line) = self.usable(at, connection) else { return };
        let before = std::mem::replace(&mut line.state, state);
        if let (State::HalfClosed(line), State::HalfClosed(_)) = (before, state) {
            self.impossible(at, Impossible::HalfClosed { connection: connection.to_owned(), line });
        }
    }

    fn expect(&mut self, at: &At<'_>, expect: &Expect) {
        if let Source::Wire(Wire { from, .. }) = &expect.from {
            self.whom = self.scenario.player_at(Some(from));
        }
        self.thawed(&at.key("expect"));
        let connection = match &expect.from {
            Source::Connection(connection) => connection,
            Source::Wire(_) => return,
            Source::Console => return self.off_connection(at, expect, "the console"),
            Source::File(name) => {
                self.file_name(&at.key("from"), name);
                return self.off_connection(at, expect, "a file");
            }
        };
        if expect.alternatives.iter().any(|alternative| alternative.expectation.key() == "no-trace") {
            let impossible = Impossible::WrongPlace { expectation: "no-trace", place: "a connection" };
            self.impossible(&at.key("expect"), impossible);
        }
        let at_from = at.key("from");
        let here = self.line;
        let Some(line) = self.usable(&at_from, connection) else { return };
        let (state, unread, sent) = (line.state, line.unread, line.sent);
        if expect.alternatives.iter().all(|alternative| alternative.expectation.is_end()) {
            let fin = expect.alternatives.iter().all(|alternative| alternative.expectation.key() == "fin");
            line.state = State::Ended(here, fin);
        }
        let connection = connection.clone();
        if let State::Ended(line, _) = state {
            self.impossible(&at_from, Impossible::Ended { connection, line });
        } else if let Some(line) = unread {
            self.impossible(&at_from, Impossible::NotRead { connection, line });
        } else if !sent
            && expect.alternatives.iter().any(|a| matches!(a.expectation.key(), "echo" | "reference"))
        {
            self.impossible(&at_from, Impossible::NothingSent { connection });
        }
    }

    /// With the program end all its connections.
    fn restart(&mut self, at: &At<'_>) {
        self.thawed(at);
        self.exited.clear();
        let here = self.line;
        self.lines.iter_mut().for_each(|line| line.state = State::Ended(here, false));
    }

    /// Reading goes on only where it has stopped.
    fn read_on(&mut self, at: &At<'_>, connection: &str) {
        let Some(line) = self.usable(at, connection) else { return };
        if line.unread.take().is_none() {
            self.impossible(at, Impossible::NotStopped { connection: connection.to_owned() });
        }
    }

    fn file_name(&mut self, at: &At<'_>, name: &str) {
        if !fixture::is_file_name(name) {
            let expected = format!("`file:` and {}", fixture::FILE_WORDS);
            let problem = Problem::OutOfBounds { place: "`from`".to_owned(), expected };
            self.faults.push(self.document.fault(at, problem));
        }
    }

    /// What is seen on the console or in a file, not on a connection.
    fn off_connection(&mut self, at: &At<'_>, expect: &Expect, place: &'static str) {
        let wrong = expect.alternatives.iter().map(|a| &a.expectation).find(|e| e.needs_connection());
        if let Some(expectation) = wrong.map(|expectation| expectation.key()) {
            self.impossible(&at.key("expect"), Impossible::WrongPlace { expectation, place });
        }
        if expect.nudge {
            self.impossible(&at.key("nudge"), Impossible::WrongPlace { expectation: "nudge", place });
        }
    }

    fn program(&mut self, at: &At<'_>, expectation: ProgramExpectation) {
        match expectation {
            ProgramExpectation::Port(_) => {}
            ProgramExpectation::PeerPort if self.scenario.players.len() < 2 => {
                self.impossible(at, Impossible::NoPeer);
            }
            ProgramExpectation::PeerPort => {}
            ProgramExpectation::Address(_) => {
                if self.end == Some(End::Server) {
                    self.impossible(at, Impossible::AddressOfServer);
                }
            }
            ProgramExpectation::Exits(_) => {
                // Of one that was killed it may be asked how it ended.
                if self.killed.contains(&self.whom) {
                    self.thawed(at);
                } else {
                    self.running(at);
                }
                self.exited.push((self.whom, self.line));
            }
            ProgramExpectation::Alive | ProgramExpectation::Calm | ProgramExpectation::EndsOrWaits => {
                self.running(at);
            }
        }
    }

    /// The connection, if the harness still has it.
    fn usable(&mut self, at: &At<'_>, name: &str) -> Option<&mut Line> {
        let Some(index) = self.lines.iter().position(|line| line.name == name) else {
            let known = self.lines.iter().map(|line| line.name.clone()).collect();
            let problem = Problem::Unknown { what: "connection", name: name.to_owned(), known };
            self.faults.push(self.document.fault(at, problem));
            return None;
        };
        let over = match self.lines[index].state {
            State::Closed(line) => Some(("closed", line)),
            State::Reset(line) => Some(("reset", line)),
            _ => None,
        };
        if let Some((how, line)) = over {
            self.impossible(at, Impossible::Over { connection: name.to_owned(), how, line });
            return None;
        }
        Some(&mut self.lines[index])
    }

    fn running(&mut self, at: &At<'_>) {
        self.thawed(at);
        self.there(at);
    }

    fn there(&mut self, at: &At<'_>) {
        if let Some((_, line)) = self.exited.iter().find(|(whom, _)| *whom == self.whom) {
            self.impossible(at, Impossible::Exited { line: *line });
        }
    }

    fn thawed(&mut self, at: &At<'_>) {
        if let Some((_, line)) = self.frozen.iter().find(|(whom, _)| *whom == self.whom) {
            self.impossible(at, Impossible::Frozen { line: *line });
        }
    }
}
