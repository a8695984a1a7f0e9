//! Expectations while a scenario runs: waiting with the matcher until it is satisfied
//! or can no longer be, and writing down what it had before it.

use std::time::Duration;

use super::error::EngineError;
use super::glance::Glance;
use super::observer::Stillness;
use super::scene::Scene;
use super::steps::Goes;
use super::wait::Look;
use crate::matching::{Material, Progress, examine_any};
use crate::spec::{Expect, Expectation, ProgramExpectation, Source, Wire};
use crate::transcript::{Actor, Event, Heard, ProgramState, Stop};
use crate::units::Text;

/// How long nothing must come from a program that has timers of its own.
const ABSENCE: Duration = Duration::from_secs(1);

impl Scene<'_> {
    /// Waits for what is expected on a connection or on the console.
    pub(crate) fn expect(&mut self, expect: &Expect) -> Result<Goes, EngineError> {
        if matches!(&expect.from, Source::Connection(name) if self.refused.contains(name)) {
            return Ok(Goes::On);
        }
        if let Source::Connection(name) = &expect.from
            && let Some(stop) = self.has_connection(name)
        {
            let missing = Heard { missing: true, ..self.heard(expect, stop, None) };
            self.record(self.actor_of(expect), Event::Heard(missing));
            return Ok(Goes::NoFurther);
        }
        for alternative in &expect.alternatives {
            if !self.learn_file(alternative.expectation.file()) {
                return Ok(Goes::NoFurther);
            }
        }
        let reference = match wire_compared(expect) {
            Some((wire, unread)) => self.carried(wire, unread),
            None => self.reference_answer(expect)?,
        };
        let mut stop = self.await_expectation(expect, reference.as_deref());
        let mut heard = self.heard(expect, stop, reference.clone());
        let mut progress = self.examine(expect, &heard);
        if expect.nudge
            && !matches!(progress, Progress::Matched { .. })
            && let Some(nudged) = self.nudge(expect, &heard)
        {
            let shown = self.player().program.shown.bytes.len();
            stop = self.await_expectation(expect, reference.as_deref());
            let after = self.heard(expect, stop, reference);
            progress = self.examine(expect, &after);
            if matches!(progress, Progress::Matched { .. }) {
                heard = after;
                self.note_nudge(nudged);
            } else {
                // What the line end has stirred up is not the program's failing.
                self.last_scene = Some(shown);
            }
        }
        let matched = if let Progress::Matched { used, text } = &progress {
            heard.used = *used;
            self.consume(expect, *used, text);
            true
        } else {
            if let Source::Wire(wire) = &expect.from {
                heard.missing = self.stream(wire).is_none();
            }
            false
        };
        self.record(self.actor_of(expect), Event::Heard(heard));
        Ok(if matched { Goes::On } else { Goes::NoFurther })
    }

    fn actor_of(&self, expect: &Expect) -> Actor {
        match &expect.from {
            Source::Connection(name) => Actor::Connection(name.clone()),
            Source::File(name) => Actor::File(name.clone()),
            Source::Wire(wire) => Actor::Wire(wire.to_string()),
            Source::Console => Actor::Program,
        }
    }

    fn await_expectation(&mut self, expect: &Expect, reference: Option<&[u8]>) -> Stop {
        let console = expect.from == Source::Console;
        let absence = expect.alternatives.iter().all(|alternative| alternative.expectation.is_absence());
        // A program with timers of its own is never quite still. What would show on its
        // console shows at once; on a connection it is given time.
        let patience = self.plan.scenario.patience.min(if absence { ABSENCE } else { Duration::MAX });
        let mut glance = Glance::default();
        self.wait(patience, &mut |scene, still| {
            if still.is_some() {
                // The wait itself knows what stillness means.
                return Look::NotYet;
            }
            let amount = scene.amount(expect);
            if let Some(look) = glance.suffices(amount) {
                return look;
            }
            let progress = scene.progress(expect, reference, false);
            let over = scene.is_over(expect);
            glance.keep(
                amount,
                match progress {
                    Progress::Matched { .. } if console || over => Look::Done,
                    Progress::Matched { .. } | Progress::Missed => Look::Likely,
                    Progress::Open if absence && console => Look::Likely,
                    Progress::Open => Look::NotYet,
                },
            )
        })
    }

    /// How much has come that an expectation looks at.
    fn amount(&self, expect: &Expect) -> usize {
        match &expect.from {
            Source::Connection(name) => {
                self.connections.iter().rev().find(|c| c.name == *name).map_or(0, |c| c.unread.len())
            }
            Source::Wire(wire) => {
                self.streams.get(&self.direction(wire)).map_or(0, |stream| stream.unread().len())
            }
            Source::Console => self.player().console_unread().len(),
            Source::File(_) => 0,
        }
    }

    /// Nothing more can come on the connection.
    fn is_over(&mut self, expect: &Expect) -> bool {
        match &expect.from {
            Source::Connection(name) => self.connection(name).is_some_and(|c| c.fin || c.reset),
            Source::Wire(wire) => self.stream(wire).is_some_and(|stream| stream.fin || stream.reset),
            Source::Console | Source::File(_) => false,
        }
    }

    /// Examines what is there now.
    fn progress(&mut self, expect: &Expect, reference: Option<&[u8]>, settled: bool) -> Progress {
        let clock = jiff::Timestamp::now().as_second();
        let written;
        let (bytes, sent, fin, reset, messages) = match &expect.from {
            Source::Console => (self.player().console_unread(), &[][..], false, false, None),
            Source::File(name) => {
                written = self.file_unread(name).unwrap_or_default();
                (&written[..], &[][..], false, false, None)
            }
            Source::Wire(wire) => match self.streams.get(&self.direction(wire)) {
                Some(stream) => (stream.unread(), &[][..], stream.fin, stream.reset, None),
                None => (&[][..], &[][..], false, false, None),
            },
            // No copies: this is asked again and again while megabytes arrive.
            Source::Connection(name) => match self.connections.iter().rev().find(|c| c.name == *name) {
                Some(c) => (c.unread_for(expect), &c.sent[..], c.fin, c.reset, c.datagrams()),
                None => return Progress::Open,
            },
        };
        let material = Material {
            bytes,
            fin,
            reset,
            settled,
            console: expect.from == Source::Console,
            sent,
            reference,
            datagrams: messages,
            clock,
            bindings: &self.transcript.bindings,
            files: &self.transcript.files,
        };
        examine_any(&expect.alternatives, &material).0
    }

    /// Examines what was heard, as the judge will.
    fn examine(&self, expect: &Expect, heard: &Heard) -> Progress {
        let material = Material {
            bytes: &heard.bytes,
            fin: heard.fin,
            reset: heard.reset,
            settled: true,
            console: expect.from == Source::Console,
            sent: &heard.sent,
            reference: heard.reference.as_deref(),
            datagrams: heard.datagrams.as_ref().map(|datagrams| datagrams.unread),
            clock: heard.clock,
            bindings: &self.transcript.bindings,
            files: &self.transcript.files,
        };
        examine_any(&expect.alternatives, &material).0
    }

    /// What a file holds beyond what the expectations have taken; none where it is not there.
    fn file_unread(&self, name: &str) -> Option<Vec<u8>> {
        let bytes = self.read_file(name).ok()?;
        let mark = self.player().file_marks.get(name).copied().unwrap_or_default();
        Some(bytes[mark.min(bytes.len())..].to_vec())
    }

    fn heard(&mut self, expect: &Expect, stop: Stop, reference: Option<Vec<u8>>) -> Heard {
        let clock = jiff::Timestamp::now().as_second();
        let console = self.player().console_unread().to_vec();
        let mut heard = Heard {
            bytes: console,
            used: 0,
            fin: false,
            reset: false,
            stop,
            sent: Vec::new(),
            reference,
            clock,
            missing: false,
            datagrams: self.datagrams_at(&expect.from),
        };
        if let Source::File(name) = &expect.from {
            let unread = self.file_unread(name);
            heard.missing = unread.is_none();
            self.note_unreadable(name);
            heard.bytes = unread.unwrap_or_default();
        }
        if let Source::Wire(wire) = &expect.from {
            heard.bytes.clear();
            if let Some(stream) = self.stream(wire) {
                heard.bytes.extend_from_slice(stream.unread());
                (heard.fin, heard.reset) = (stream.fin, stream.reset);
            }
        }
        if let Source::Connection(name) = &expect.from {
            heard.bytes.clear();
            if let Some(connection) = self.connection(name) {
                heard.bytes.extend_from_slice(connection.unread_for(expect));
                heard.sent.clone_from(&connection.sent);
                (heard.fin, heard.reset) = (connection.fin, connection.reset);
            }
        }
        heard
    }

    /// Takes what the expectation took.
    fn consume(&mut self, expect: &Expect, used: usize, text: &str) {
        match &expect.from {
            Source::Console => {
                let player = self.player_mut();
                let end = player.program.shown.bytes.len();
                player.console_mark = (player.console_mark + used).min(end);
            }
            Source::File(name) => *self.player_mut().file_marks.entry(name.clone()).or_default() += used,
            Source::Wire(wire) => {
                if let Some(stream) = self.stream(wire) {
                    stream.consume(used);
                }
            }
            Source::Connection(name) => {
                // What looks for an absence leaves a datagram where it is.
                let looks = expect.alternatives.iter().all(|a| a.expectation.is_absence());
                if let Some(connection) = self.connection(name)
                    && !(looks && connection.post().is_some())
                {
                    connection.take(used);
                    connection.answered |= used > 0;
                    connection.unjudged = expect.takes_anything();
                }
            }
        }
        if let Some(name) = &expect.capture {
            self.transcript.bindings.insert(name.clone(), text.to_owned());
        }
    }

    /// Sends a line end to a program that reads lines and waits for one. Tells the connection.
    fn nudge(&mut self, expect: &Expect, heard: &Heard) -> Option<String> {
        let Source::Connection(name) = &expect.from else { return None };
        let silent = heard.bytes.trim_ascii().is_empty() && !heard.fin && !heard.reset;
        if !silent {
            return None;
        }
        // The message that is not yet answered: the last one, or an older one that had to wait.
        let asked = [self.last_sent.clone(), Some(name.clone())];
        asked.into_iter().flatten().find(|name| self.end_line(name, heard))
    }

    fn end_line(&mut self, name: &str, heard: &Heard) -> bool {
        if *heard.stop.state() != ProgramState::Polling && !self.receives_on(name) {
            return false;
        }
        let Some(connection) = self.connection(name) else { return false };
        // Where it has answered without a line end, its answer to an empty line is none to the message.
        let reads_no_lines = connection.answered && !connection.reads_lines;
        let open = !reads_no_lines && !connection.closed && !connection.sent.ends_with(b"\n");
        open && connection.write(b"\n").is_some()
    }

    fn note_nudge(&mut self, connection: String) {
        if let Some(connection) = self.connection(&connection) {
            connection.reads_lines = true;
        }
        self.record(Actor::Connection(connection), Event::Sent(b"\n".to_vec()));
        let note = Text::new(
            "reads a line: answered only after a line end was sent",
            "한 줄 단위로 읽음: 줄바꿈을 보낸 뒤에야 응답함",
        );
        if !self.transcript.notes.contains(&note) {
            self.transcript.notes.push(note);
        }
    }

    /// What a wire has carried, once all are still.
    fn carried(&mut self, wire: &Wire, unread: bool) -> Option<Vec<u8>> {
        self.settle();
        self.stream(wire).map(|stream| stream.parted(unread))
    }

    /// The model program's answer to what was sent last on the connection.
    fn reference_answer(&mut self, expect: &Expect) -> Result<Option<Vec<u8>>, EngineError> {
        let compares = |a: &crate::spec::Alternative| matches!(a.expectation, Expectation::Reference(_));
        if !expect.alternatives.iter().any(compares) {
            return Ok(None);
        }
        let Source::Connection(name) = &expect.from else { return Ok(None) };
        let question = self.connection(name).map(|connection| connection.sent.clone()).unwrap_or_default();
        let answer = self.ask_reference(&question)?;
        self.record(Actor::Connection(name.clone()), Event::ReferenceAnswered(answer.clone()));
        Ok(Some(answer))
    }

    /// Looks at the program itself.
    pub(crate) fn expect_program(&mut self, expectation: ProgramExpectation) -> Goes {
        match expectation {
            ProgramExpectation::Port(_) => return self.expect_port(),
            ProgramExpectation::Address(_) | ProgramExpectation::PeerPort
                if self.player().called.is_empty() =>
            {
                self.settle();
                return Goes::NoFurther;
            }
            ProgramExpectation::Address(_) | ProgramExpectation::PeerPort => {}
            ProgramExpectation::Exits(_) => self.await_exit(),
            ProgramExpectation::Alive | ProgramExpectation::Calm | ProgramExpectation::EndsOrWaits => {
                let stop = self.settled_stop();
                self.record(Actor::Program, Event::Observed(stop.state().clone()));
            }
        }
        Goes::On
    }

    fn settled_stop(&mut self) -> Stop {
        let patience = self.plan.scenario.patience;
        self.wait(patience, &mut |_, still| match still {
            Some(Stillness::Quiet | Stillness::Gone | Stillness::Timer(_)) => Look::Done,
            _ => Look::NotYet,
        })
    }

    fn await_exit(&mut self) {
        let patience = self.plan.scenario.patience;
        let stop = self.wait(patience, &mut |scene, _| {
            if scene.player().program.ended.is_some() { Look::Done } else { Look::NotYet }
        });
        let state = match self.player().program.ended {
            Some(status) => ProgramState::Ended(status),
            None => stop.state().clone(),
        };
        self.record(Actor::Program, Event::Observed(state));
    }

    /// The program must be at its port before the port can be judged.
    fn expect_port(&mut self) -> Goes {
        let player = self.player();
        let server = player.cast.end == crate::spec::End::Server;
        let ready = if server {
            self.await_listener()
        } else {
            !player.called.is_empty() || !self.connections.is_empty()
        };
        let player = self.player();
        let used = if server {
            player.serving.iter().map(std::net::SocketAddr::port).collect::<Vec<_>>()
        } else {
            player
                .called
                .iter()
                .chain(self.connections.iter().map(|c| &c.local))
                .map(std::net::SocketAddr::port)
                .collect()
        };
        let preferred = used.iter().find(|port| **port == player.cast.port).or(used.first()).copied();
        if let Some(port) = preferred {
            self.transcript.bindings.insert("used-port".into(), port.to_string());
        }
        if ready { Goes::On } else { Goes::NoFurther }
    }
}

/// The wire whose messages an expectation tells apart; whether only those count that none
/// has taken.
fn wire_compared(expect: &Expect) -> Option<(&Wire, bool)> {
    expect.alternatives.iter().find_map(|alternative| match (&alternative.expectation, &expect.from) {
        (Expectation::Records(records), _) => records.agrees_with.as_ref().map(|wire| (wire, false)),
        (Expectation::Numbers(_), Source::Wire(wire)) => Some((wire, true)),
        _ => None,
    })
}
