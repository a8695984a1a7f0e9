//! Every kind of failure, from a transcript made by hand: the builders.

mod datagrams;
mod http;
mod program;
mod records;
mod relay;
mod reply;
mod walk;

use std::time::Duration;

use super::*;
use crate::plan::{PlannedScenario, PlannedStep};
use crate::spec::*;
use crate::transcript::{
    Actor, Ended, Entry, Event, ExitStatus, Heard, Played, ProgramState, Stop, Transcript,
};
use crate::units::Text;

fn plan(role: &str, actions: Vec<Action>) -> PlannedScenario {
    let scenario = Scenario {
        id: format!("x/{role}/check"),
        role: role.to_owned(),
        players: vec![Player { name: role.to_owned(), role: role.to_owned(), later: false }],
        wire: Carriage::Whole,
        wire_to: None,
        customary: Vec::new(),
        title: Text::same("check"),
        tier: Tier::Basic,
        noted: false,
        concept: Concept::RequestReply,
        points: 1.0,
        hint: None,
        needs: Vec::new(),
        console: Console::Terminal,
        environment: Vec::new(),
        arguments: None,
        files: Vec::new(),
        names: Vec::new(),
        listening: true,
        port: None,
        taken: Vec::new(),
        draws: Vec::new(),
        patience: Duration::from_secs(3),
        steps: Vec::new(),
        place: Place::default(),
        hash: String::new(),
    };
    let steps = actions.into_iter().map(|action| PlannedStep {
        action,
        player: 0,
        place: Place::default(),
        round: None,
    });
    PlannedScenario { scenario, seed: 1, files: Vec::new(), steps: steps.collect() }
}

fn template(text: &str) -> Template {
    Template(text.to_owned())
}

fn connect() -> Action {
    Action::Connect(Connect {
        connection: "a".to_owned(),
        to: None,
        from: None,
        skip_greeting: false,
        reopen: false,
        optional: false,
        connected: false,
    })
}

fn send(text: &str) -> Action {
    Action::Send(Send {
        connection: "a".to_owned(),
        payload: Payload::Text(template(text)),
        pieces: Pieces::Whole,
        consumed: false,
        line_end_as_received: false,
        may_fail: false,
        other_port: false,
    })
}

fn expect_from(from: Source, alternatives: Vec<Alternative>) -> Action {
    Action::Expect(Expect { from, alternatives, capture: None, nudge: false, requirement: None })
}

fn alternative(expectation: Expectation, credit: f64) -> Alternative {
    let note = (credit < 1.0).then(|| Text::same("half"));
    Alternative { expectation, credit, note }
}

fn expect(expectation: Expectation) -> Action {
    expect_from(Source::Connection("a".to_owned()), vec![alternative(expectation, 1.0)])
}

fn console(expectation: Expectation) -> Action {
    expect_from(Source::Console, vec![alternative(expectation, 1.0)])
}

fn number(text: &str) -> Expectation {
    Expectation::Number(template(text))
}

fn exactly(text: &str) -> Expectation {
    Expectation::Exactly { payload: Payload::Text(template(text)), strict: false }
}

/// A conversation `connect, send "20 + 17", expect` whose last step heard this.
struct Talk {
    heard: Heard,
    console: &'static str,
    exited: Option<ExitStatus>,
}

fn talk(bytes: &[u8]) -> Talk {
    let heard = Heard {
        bytes: bytes.to_vec(),
        used: 0,
        fin: false,
        reset: false,
        stop: Stop::Settled(ProgramState::Receiving { connection: Some("a".to_owned()), alone: true }),
        sent: b"20 + 17".to_vec(),
        reference: None,
        clock: 0,
        missing: false,
        datagrams: None,
    };
    Talk { heard, console: "", exited: None }
}

fn ended(talk: Talk, status: ExitStatus, console: &'static str) -> Talk {
    let heard = Heard { stop: Stop::Settled(ProgramState::Ended(status)), fin: true, ..talk.heard };
    Talk { heard, console, exited: Some(status) }
}

fn busy(talk: Talk) -> Talk {
    let stop = Stop::Busy(ProgramState::Running { cpu_milliseconds: 900 });
    Talk { heard: Heard { stop, ..talk.heard }, ..talk }
}

fn entry(step: usize, actor: Actor, event: Event) -> Entry {
    Entry { step: Some(step), player: 0, actor, event, at: Duration::ZERO }
}

fn peer() -> Actor {
    Actor::Connection("a".to_owned())
}

fn transcript(entries: Vec<Entry>, ended: Ended) -> Transcript {
    Transcript { entries, ended, witnessed: true, ..Transcript::default() }
}

fn verdict_of(talk: Talk, last: Action) -> Verdict {
    let plan = plan("server", vec![connect(), send("20 + 17"), last]);
    let mut entries = vec![
        entry(0, peer(), Event::Opened),
        entry(1, peer(), Event::Sent(b"20 + ".to_vec())),
        entry(1, peer(), Event::Sent(b"17".to_vec())),
    ];
    entries.extend(talk.exited.map(|status| entry(2, Actor::Program, Event::Exited(status))));
    entries.push(entry(2, Actor::Program, Event::Heard(talk.heard)));
    let mut transcript = transcript(entries, Ended::At { step: 2 });
    transcript.players = shown(talk.console);
    let verdict = judge(&plan, &transcript);
    if verdict.outcome == Outcome::Error {
        transcript.ended = Ended::Complete;
        return judge(&plan, &transcript);
    }
    verdict
}

fn finding_of(talk: Talk, last: Action) -> Finding {
    verdict_of(talk, last).finding.expect("a finding")
}

/// Code, received and cause in one line.
fn line(finding: &Finding) -> String {
    let cause = finding.cause.as_ref().map_or("", |cause| &cause.en);
    format!("{:?} | {} | {} | {cause}", finding.code, finding.expected.en, finding.received.en)
}

/// The only player, with what it showed.
fn shown(console: &str) -> Vec<Played> {
    vec![Played { name: "server".to_owned(), console: console.as_bytes().to_vec(), ..Played::default() }]
}

const TRACE: &str = "Traceback (most recent call last):\n  File \"s.py\", line 9\nValueError: bad\n";
