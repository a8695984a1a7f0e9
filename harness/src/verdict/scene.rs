//! A planned scenario beside its transcript, and the questions that judging asks of the two.

use std::collections::{BTreeMap, BTreeSet};

use super::{Code, Finding};
use crate::matching::{Trace, find_trace};
use crate::plan::{PlannedScenario, PlannedStep};
use crate::spec::{Action, Expect, ProgramExpectation, Source};
use crate::transcript::{Actor, Entry, Event, ExitStatus, Heard, ProgramState, Transcript};
use crate::units::{Plain, Text};

/// What was planned and what happened.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) plan: &'a PlannedScenario,
    pub(super) transcript: &'a Transcript,
    /// Index of the player in question.
    pub(super) player: usize,
}

/// What is wrong at a step: its kind and what the record tells of the cause.
pub(super) struct Blame {
    pub(super) code: Code,
    pub(super) cause: Option<Text>,
}

impl Blame {
    pub(super) fn new(code: Code, cause: Option<Text>) -> Self {
        Self { code, cause }
    }
}

impl<'a> Scene<'a> {
    /// The same scene, with the player whom a step is about.
    pub(super) fn at(self, step: usize) -> Self {
        self.with(self.plan.steps.get(step).map_or(0, |step| step.player))
    }

    /// The same scene, with this player in question.
    pub(super) fn with(self, player: usize) -> Self {
        Self { player, ..self }
    }

    /// Several programs play.
    pub(super) fn is_ensemble(self) -> bool {
        self.plan.scenario.is_ensemble()
    }

    /// The player's name, where several play.
    pub(super) fn name(self) -> Option<String> {
        let player = self.plan.scenario.players.get(self.player).filter(|_| self.is_ensemble());
        player.map(|player| player.name.clone())
    }

    /// Everything the program showed.
    pub(super) fn console(self) -> &'a [u8] {
        self.transcript.console(self.player)
    }

    /// What the program was doing; who it is, where several play.
    pub(super) fn doing(self, state: &ProgramState) -> Text {
        let state = state.describe();
        match self.name() {
            Some(name) => Text::new(format!("{name} is {}", state.en), format!("{name}: {}", state.ko)),
            None => state,
        }
    }

    /// The same as a sentence of its own.
    pub(super) fn was(self, state: &ProgramState) -> Text {
        if self.is_ensemble() { self.doing(state) } else { super::words::was(&state.describe()) }
    }

    /// What happened up to the end of a step.
    fn until(self, step: usize) -> impl DoubleEndedIterator<Item = &'a Entry> {
        self.transcript.entries.iter().filter(move |entry| entry.step.is_none_or(|at| at <= step))
    }

    /// The same, of the player in question.
    fn of_player(self, step: usize) -> impl DoubleEndedIterator<Item = &'a Entry> {
        self.until(step).filter(move |entry| entry.player == self.player)
    }

    /// What happened under a step.
    pub(super) fn under(self, step: usize) -> impl DoubleEndedIterator<Item = &'a Entry> {
        self.transcript.entries.iter().filter(move |entry| entry.step == Some(step))
    }

    /// What the expectation of a step had before it: the last time, where it was asked again.
    pub(super) fn heard(self, step: usize) -> Option<&'a Heard> {
        self.under(step).rev().find_map(|entry| match &entry.event {
            Event::Heard(heard) => Some(heard),
            _ => None,
        })
    }

    /// What earlier expectations took from the same connection.
    pub(super) fn heard_before(self, step: usize, from: &Source) -> impl Iterator<Item = &'a Heard> {
        let own = match from {
            Source::Connection(name) => Some(name.clone()),
            _ => None,
        };
        self.heard_on(step).filter(move |(name, _)| own.as_deref() == Some(*name)).map(|(_, heard)| heard)
    }

    /// What earlier expectations took from other connections than this one.
    pub(super) fn heard_elsewhere(self, step: usize, own: &str) -> impl Iterator<Item = &'a Heard> {
        self.heard_on(step).filter(move |(name, _)| *name != own).map(|(_, heard)| heard)
    }

    /// What expectations before a step took from connections.
    fn heard_on(self, step: usize) -> impl Iterator<Item = (&'a str, &'a Heard)> {
        let earlier = self.transcript.entries.iter().filter(move |entry| entry.step < Some(step));
        earlier.filter_map(|entry| match (&entry.actor, &entry.event) {
            (Actor::Connection(name), Event::Heard(heard)) if heard.used > 0 => Some((name.as_str(), heard)),
            _ => None,
        })
    }

    /// Nothing has come on this connection, and another had been opened before it.
    pub(super) fn is_further(self, connection: &str, step: usize) -> bool {
        let is_it = |actor: &Actor| matches!(actor, Actor::Connection(name) if name == connection);
        let mut others = false;
        for entry in self.of_player(step) {
            match &entry.event {
                Event::Opened if is_it(&entry.actor) => return others && !self.has_spoken(connection, step),
                Event::Opened => others = true,
                _ => {}
            }
        }
        false
    }

    /// An expectation has taken something that came on a connection.
    pub(super) fn has_spoken(self, connection: &str, step: usize) -> bool {
        self.of_player(step).any(|entry| match (&entry.actor, &entry.event) {
            (Actor::Connection(name), Event::Heard(heard)) => name == connection && heard.used > 0,
            _ => false,
        })
    }

    /// Whether something happened under a step.
    pub(super) fn happened(self, step: usize, event: &Event) -> bool {
        self.under(step).any(|entry| entry.event == *event)
    }

    /// How the program had ended by the end of a step, unless it was started again.
    pub(super) fn exit(self, step: usize) -> Option<ExitStatus> {
        self.of_player(step).fold(None, |exit, entry| match &entry.event {
            Event::Exited(status) => Some(*status),
            Event::Started | Event::Restarted => None,
            event => match state_in(event) {
                Some(ProgramState::Ended(status)) => Some(*status),
                _ => exit,
            },
        })
    }

    /// What the program was last seen doing, up to the end of a step.
    pub(super) fn state(self, step: usize) -> ProgramState {
        if let Some(status) = self.exit(step) {
            return ProgramState::Ended(status);
        }
        let state = self.of_player(step).rev().find_map(|entry| state_in(&entry.event));
        state.cloned().unwrap_or_else(|| self.state_unseen(step))
    }

    /// What a program was doing that was not looked at: a step that accepts goes on without a
    /// connection only when the program waits at its terminal.
    fn state_unseen(self, step: usize) -> ProgramState {
        let accepted = |step: &PlannedStep| matches!(step.action, Action::Accept { .. });
        let called = |entry: &Entry| matches!(entry.event, Event::Opened | Event::Connects { .. });
        let awaited = self.plan.steps[..step].iter().any(accepted) && !self.of_player(step).any(called);
        if awaited && self.under(step).next().is_none() {
            ProgramState::ReadingInput
        } else {
            ProgramState::Unknown
        }
    }

    /// The trace of an exception or a crash on the console.
    pub(super) fn trace(self) -> Option<Trace> {
        find_trace(&Plain::read(self.console(), true).text)
    }

    /// Everything that was sent on a connection before a step ended, message by message.
    pub(super) fn sent_on(self, connection: &str, step: usize) -> Vec<Vec<u8>> {
        let mut messages: BTreeMap<Option<usize>, Vec<u8>> = BTreeMap::new();
        for entry in self.until(step) {
            match (&entry.actor, &entry.event) {
                (Actor::Connection(name), Event::Sent(bytes)) if name == connection => {
                    messages.entry(entry.step).or_default().extend(bytes);
                }
                _ => {}
            }
        }
        messages.into_values().collect()
    }

    /// Connections on which the program has said something that was looked at, or which the
    /// harness has ended, before a step.
    pub(super) fn served(self, step: usize) -> BTreeSet<&'a str> {
        let before = self.transcript.entries.iter().filter(move |entry| entry.step < Some(step));
        let served = before.filter_map(|entry| match (&entry.actor, &entry.event) {
            (Actor::Connection(name), Event::Heard(heard)) if heard.used > 0 => Some(name.as_str()),
            (Actor::Connection(name), Event::Closed | Event::HalfClosed | Event::DidReset) => {
                Some(name.as_str())
            }
            (Actor::Wire(wire), Event::Carried(_) | Event::CarriedFin) => self.other_end(wire),
            _ => None,
        });
        served.collect()
    }

    /// The player at the other end of a wire of the one in question.
    fn other_end(self, wire: &'a str) -> Option<&'a str> {
        let own = self.name();
        let (from, to) = wire.split_once('>')?;
        [(from, to), (to, from)]
            .into_iter()
            .find_map(|(one, other)| (own.as_deref() == Some(one)).then_some(other))
    }

    /// By the end of a step another client came than those that were served, or the first has left.
    pub(super) fn is_further_client(self, step: usize, served: &BTreeSet<&str>) -> bool {
        self.until(step).any(|entry| match (&entry.actor, &entry.event) {
            (Actor::Connection(name), Event::Opened | Event::Refused) => !served.contains(name.as_str()),
            (_, Event::Closed | Event::DidReset) => entry.step < Some(step),
            (_, Event::Connects { .. }) if entry.player != self.player => {
                let name = self.transcript.name(entry.player);
                name.is_some_and(|name| !served.contains(name))
            }
            _ => false,
        })
    }

    /// How many messages the program has answered before a step, or sent, where it is a client.
    pub(super) fn exchanges(self, step: usize) -> usize {
        let client = self.is_client();
        let before = self.transcript.entries.iter().filter(|entry| entry.step < Some(step));
        let counts = |event: &Event| match event {
            Event::Sent(_) => client,
            Event::Heard(heard) => !client && heard.used > 0,
            // A program that is started for every message takes one each time.
            _ => false,
        };
        let since = |count: usize, entry: &Entry| match entry.event {
            Event::Started | Event::Restarted => 0,
            _ => count + usize::from(matches!(entry.actor, Actor::Connection(_)) && counts(&entry.event)),
        };
        before.fold(0, since)
    }

    /// The connection that the only waiting thread of a server reads, while another client is
    /// there to whom nothing has been said.
    pub(super) fn blocked_behind(self, step: usize) -> Option<String> {
        let ProgramState::Receiving { connection: Some(silent), alone: true } = self.state(step) else {
            return None;
        };
        let served = self.served(step + 1);
        let neglected = self.until(step).any(|entry| match (&entry.actor, &entry.event) {
            (Actor::Connection(name), Event::Opened) => *name != silent && !served.contains(name.as_str()),
            (Actor::Wire(wire), Event::Opened) if *wire != silent => {
                self.other_end(wire).is_some_and(|other| !self.has_told(other, step))
            }
            _ => false,
        });
        (neglected && !self.is_client()).then_some(silent)
    }

    /// The player in question has sent something to another one.
    fn has_told(self, other: &str, step: usize) -> bool {
        let own = self.name().unwrap_or_default();
        let wire = Actor::Wire(format!("{own}>{other}"));
        self.until(step).any(|entry| entry.actor == wire && matches!(entry.event, Event::Carried(_)))
    }

    /// The program has been started again by the harness, which let it go on that way.
    pub(super) fn was_restarted(self, step: usize) -> bool {
        self.of_player(step).filter(|entry| matches!(entry.event, Event::Started | Event::Restarted)).count()
            > 1
    }

    /// The harness had reset a connection before a step.
    pub(super) fn had_reset(self, step: usize) -> bool {
        self.transcript.entries.iter().any(|entry| {
            entry.step.is_some_and(|at| at <= step) && matches!(entry.event, Event::DidReset | Event::Cut)
        })
    }

    /// The program was asked to end, or its conversation was: what it does then is a parting.
    pub(super) fn is_parting(self, step: usize) -> bool {
        self.until(step).any(|entry| {
            matches!(entry.event, Event::HalfClosed | Event::Closed | Event::DidReset | Event::Pressed(_))
        })
    }

    /// Everything that was sent on other connections before a step ended.
    pub(super) fn sent_on_others(self, connection: &str, step: usize) -> Vec<Vec<u8>> {
        let is_other = |actor: &Actor| matches!(actor, Actor::Connection(name) if name != connection);
        let others = self.until(step).filter(|entry| is_other(&entry.actor));
        others
            .filter_map(|entry| match &entry.event {
                Event::Sent(bytes) => Some(bytes.clone()),
                _ => None,
            })
            .collect()
    }

    /// The connection was optional and the program refused it: what is asked of it does not apply.
    pub(super) fn is_absent(self, connection: &str) -> bool {
        self.plan.steps.iter().enumerate().any(|(index, step)| match &step.action {
            Action::Connect(connect) => {
                connect.optional && connect.connection == connection && self.happened(index, &Event::Refused)
            }
            _ => false,
        })
    }

    /// A step asks something of a connection that was optional and refused.
    pub(super) fn is_about_absent(self, step: usize) -> bool {
        match self.plan.steps.get(step).map(|step| &step.action) {
            Some(Action::Send(send)) => self.is_absent(&send.connection),
            Some(Action::Expect(Expect { from: Source::Connection(name), .. })) => self.is_absent(name),
            _ => false,
        }
    }

    /// The program connects, rather than listens.
    pub(super) fn is_client(self) -> bool {
        if self.is_ensemble() {
            let own = || self.transcript.entries.iter().filter(|entry| entry.player == self.player);
            return own().any(|entry| matches!(entry.event, Event::Connects { .. }));
        }
        let steps = || self.plan.steps.iter().map(|step| &step.action);
        let accepts = steps().any(|action| matches!(action, Action::Accept { .. }));
        let connects = steps().any(|action| matches!(action, Action::Connect(_)));
        // The port of a client is looked at once it has connected.
        let only_port =
            steps().any(|action| matches!(action, Action::ExpectProgram(ProgramExpectation::Port(_))));
        accepts || (!connects && !only_port && !self.plan.scenario.role.contains("server"))
    }

    /// The program died at or before a step: of a signal, or of an exception it shows.
    pub(super) fn death(self, step: usize) -> Option<Blame> {
        self.died(self.exit(step))
    }

    /// The program died: of a signal, or of an exception it shows.
    pub(super) fn died(self, exit: Option<ExitStatus>) -> Option<Blame> {
        let cause = self.trace().map(|trace| super::words::last_words(&trace.cause));
        match exit {
            Some(ExitStatus::Signal(signal)) => {
                Some(Blame::new(Code::Crashed, cause.or_else(|| super::words::signal(signal))))
            }
            _ => cause.map(|cause| Blame::new(Code::Traceback, Some(cause))),
        }
    }
}

/// The state of the program that an event carries.
fn state_in(event: &Event) -> Option<&ProgramState> {
    match event {
        Event::Heard(heard) => Some(heard.stop.state()),
        Event::Observed(state) | Event::Settled(state) => Some(state),
        _ => None,
    }
}

/// Puts a finding together.
pub(super) fn finding(blame: Blame, step: Option<usize>, words: FindingWords) -> Finding {
    let FindingWords { after, expected, received, program, player } = words;
    Finding { code: blame.code, step, after, expected, received, program, player, cause: blame.cause }
}

/// The words of a finding.
pub(super) struct FindingWords {
    pub(super) after: Option<Text>,
    pub(super) expected: Text,
    pub(super) received: Text,
    pub(super) program: Text,
    pub(super) player: Option<String>,
}
