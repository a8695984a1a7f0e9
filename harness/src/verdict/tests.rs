//! Every kind of failure, from a transcript made by hand.

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::plan::{PlannedScenario, PlannedStep};
use crate::spec::*;
use crate::transcript::{Actor, Ended, Entry, Event, ExitStatus, Heard, ProgramState, Stop, Transcript};
use crate::units::Text;

fn plan(role: &str, actions: Vec<Action>) -> PlannedScenario {
    let scenario = Scenario {
        id: format!("x/{role}/check"),
        role: role.to_owned(),
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
        listening: true,
        draws: Vec::new(),
        patience: Duration::from_secs(3),
        steps: Vec::new(),
        place: Place::default(),
    };
    let steps =
        actions.into_iter().map(|action| PlannedStep { action, place: Place::default(), round: None });
    PlannedScenario { scenario, seed: 1, steps: steps.collect() }
}

fn template(text: &str) -> Template {
    Template(text.to_owned())
}

fn connect() -> Action {
    Action::Connect(Connect {
        connection: "a".to_owned(),
        from: None,
        skip_greeting: false,
        reopen: false,
        optional: false,
    })
}

fn send(text: &str) -> Action {
    Action::Send(Send {
        connection: "a".to_owned(),
        payload: Payload::Text(template(text)),
        pieces: Pieces::Whole,
        may_fail: false,
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
        stop: Stop::Settled(ProgramState::Receiving { connection: Some("a".to_owned()) }),
        sent: b"20 + 17".to_vec(),
        reference: None,
        clock: 0,
        missing: false,
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
    Entry { step: Some(step), actor, event, at: Duration::ZERO }
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
    transcript.console = talk.console.as_bytes().to_vec();
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

const TRACE: &str = "Traceback (most recent call last):\n  File \"s.py\", line 9\nValueError: bad\n";

#[test]
fn names_what_is_wrong_with_a_reply() {
    let exit = ExitStatus::Code(1);
    let fin = |talk: Talk| Talk { heard: Heard { fin: true, ..talk.heard }, ..talk };
    let reset = |talk: Talk| Talk { heard: Heard { reset: true, ..talk.heard }, ..talk };
    let table = [
        (talk(b""), "NoReply | the number 37 | nothing | it waits for more: perhaps for a line end"),
        (talk(b"38"), "WrongReply | the number 37 | \"38\" | "),
        (talk(b"20 + 17"), "WrongReply | the number 37 | \"20 + 17\" | the reply only repeats"),
        (talk(b"hello"), "WrongReply | the number 37 | \"hello\" | there is no number"),
        (talk(b"37\0\0\0"), "Surplus | the number 37 | \"37\\0\\0\\0\" | 3 zero bytes"),
        (fin(talk(b"")), "ClosedEarly | the number 37 | nothing, then the end"),
        (reset(talk(b"")), "ConnectionReset | the number 37 | nothing, then a reset"),
        (ended(talk(b""), exit, ""), "Ended | the number 37 | nothing, then the end"),
        (
            ended(talk(b""), exit, TRACE),
            "Traceback | the number 37 | nothing, then the end of the connection (FIN) | its last words: \"ValueError: bad\"",
        ),
        (
            ended(talk(b""), ExitStatus::Signal(libc::SIGSEGV), ""),
            "Crashed | the number 37 | nothing, then the end of the connection (FIN) | it used memory",
        ),
        (busy(talk(b"")), "BusyLoop | the number 37 | nothing | it computes"),
    ];
    for (talk, expected) in table {
        let found = line(&finding_of(talk, expect(number("37"))));
        assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
    }
}

#[test]
fn tells_what_was_done_and_what_the_program_did() {
    let finding = finding_of(talk(b""), expect(number("37")));
    assert_eq!(finding.after.unwrap().en, "sent \"20 + 17\" on connection a");
    assert_eq!(finding.program.en, "blocked in recv on connection a");
    assert_eq!(finding.step, Some(2));
}

#[test]
fn names_what_is_wrong_with_text() {
    let table: [(&[u8], &str); 8] = [
        (b"Hello 127", "IncompleteReply | \"Hello 127.0.0.1\" | \"Hello 127\""),
        (b"Hello 127.0.0.1 bye", "Surplus | "),
        (b"Hello 127.0.0.1\0", "Surplus | \"Hello 127.0.0.1\" | \"Hello 127.0.0.1\\0\" | 1 zero bytes"),
        (b"hello 127.0.0.1", "WrongReply | \"Hello 127.0.0.1\" | \"hello 127.0.0.1\" | only capital"),
        (b"Hello127.0.0.1", "WrongReply | \"Hello 127.0.0.1\" | \"Hello127.0.0.1\" | only blanks"),
        (
            b"> Hello 127.0.0.1",
            "WrongReply | \"Hello 127.0.0.1\" | \"> Hello 127.0.0.1\" | the expected text is there",
        ),
        (b"\xbe\xc8\xb3\xe7", "WrongReply | \"Hello 127.0.0.1\" | \"\\xbeȳ\\xe7\" | the text is not UTF-8"),
        (b"bye", "WrongReply | \"Hello 127.0.0.1\" | \"bye\" | "),
    ];
    for (bytes, expected) in table {
        let found = line(&finding_of(talk(bytes), expect(exactly("Hello 127.0.0.1"))));
        assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
    }
}

#[test]
fn names_what_is_wrong_with_an_integer() {
    let integer = || {
        Expectation::Integer(IntegerExpectation {
            widths: vec![4, 8],
            order: ByteOrder::Big,
            value: Some(template("20170031")),
            plausible: None,
        })
    };
    let table: [(&[u8], &str); 7] = [
        (
            b"\x2f\xc5\x33\x01",
            "SwappedByteOrder | a big-endian integer 20170031 of 4, 8 bytes | the 4 bytes 2f c5 33 01 | the bytes are those of 20170031",
        ),
        (
            b"20170031",
            "NumberAsText | a big-endian integer 20170031 of 4, 8 bytes | \"20170031\" | the digits \"20170031\" were sent as text",
        ),
        (b"\x01\x33\xc5\x2f\n", "Surplus | "),
        (b"\0\0\0\0\0", "WrongWidth | "),
        (b"\x01\x33", "IncompleteReply | "),
        (
            b"\x01\x33\xc5\x30",
            "WrongReply | a big-endian integer 20170031 of 4, 8 bytes | the 4 bytes 01 33 c5 30 | read as an integer it is 20170032",
        ),
        (b"", "NoReply | "),
    ];
    for (bytes, expected) in table {
        let found = line(&finding_of(talk(bytes), expect(integer())));
        assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
    }
}

#[test]
fn names_what_is_wrong_with_a_quotient() {
    let table = [
        (b"0.6".as_slice(), "the quotient was cut off"),
        (b"0", "this is an integer division"),
        (b"0.6666666667", "it was not rounded"),
        (b"5", ""),
    ];
    for (bytes, cause) in table {
        let mut talk = talk(bytes);
        talk.heard.sent = b"2 / 3".to_vec();
        let finding = finding_of(talk, expect(number("0.7")));
        assert!(finding.cause.map_or(String::new(), |cause| cause.en).starts_with(cause), "{cause}");
    }
}

#[test]
fn names_what_is_wrong_with_the_end_of_a_connection() {
    let accepting = |talk: Talk| {
        let stop = Stop::Settled(ProgramState::Accepting);
        Talk { heard: Heard { stop, ..talk.heard }, ..talk }
    };
    let reset = Talk { heard: Heard { reset: true, ..talk(b"").heard }, ..talk(b"") };
    let fin = || Talk { heard: Heard { fin: true, ..talk(b"").heard }, ..talk(b"") };
    let table = [
        (talk(b""), Expectation::Fin, Code::StillOpen),
        (accepting(talk(b"")), Expectation::Fin, Code::StillOpen),
        (reset, Expectation::Fin, Code::ConnectionReset),
        (talk(b"x"), Expectation::Fin, Code::Surplus),
        (talk(b""), Expectation::End, Code::StillOpen),
        (fin(), Expectation::Open, Code::ClosedEarly),
        (talk(b"x"), Expectation::Nothing, Code::Surplus),
        (busy(talk(b"")), Expectation::Fin, Code::BusyLoop),
    ];
    for (talk, expectation, code) in table {
        let finding = finding_of(talk, expect(expectation.clone()));
        assert_eq!(finding.code, code, "{expectation:?}: {}", line(&finding));
    }
}

#[test]
fn names_what_is_wrong_on_the_console() {
    let shows = |text: &str| Expectation::Shows(template(text));
    let table = [
        (talk(b"Waiting\r\n"), shows("Hana"), "NotShown | \"Hana\" on its console | \"Waiting\""),
        (talk(b"Number: 67305985"), shows("16909060"), "SwappedByteOrder | "),
        (
            talk(b"Number: -2"),
            shows("4294967294"),
            "NotShown | \"4294967294\" on its console | \"Number: -2\" | the integer was read as signed",
        ),
        (busy(talk(b"")), shows("x"), "BusyLoop | "),
        (talk(b"pwned"), Expectation::Lacks(template("pwned")), "ShownWrongly | no \"pwned\" on its console"),
        (ended(talk(TRACE.as_bytes()), ExitStatus::Code(1), TRACE), Expectation::NoTrace, "Traceback | "),
    ];
    for (talk, expectation, expected) in table {
        let found = line(&finding_of(talk, console(expectation)));
        assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
    }
}

#[test]
fn least_credit_of_the_alternatives_counts() {
    let alternatives = || vec![alternative(number("0.7"), 1.0), alternative(number("0.6"), 0.5)];
    let on_a = || Source::Connection("a".to_owned());
    let half = verdict_of(talk(b"0.6"), expect_from(on_a(), alternatives()));
    assert_eq!((half.outcome, half.credit), (Outcome::Partial, 0.5));
    let finding = half.finding.unwrap();
    assert_eq!((finding.code, finding.cause), (Code::PartlyRight, Some(Text::same("half"))));
    let whole = verdict_of(talk(b"0.7"), expect_from(on_a(), alternatives()));
    assert_eq!((whole.outcome, whole.credit, whole.finding.is_none()), (Outcome::Pass, 1.0, true));
    let none = verdict_of(talk(b"0.5"), expect_from(on_a(), vec![alternative(number("0.5"), 0.0)]));
    assert_eq!((none.outcome, none.finding.unwrap().code), (Outcome::Fail, Code::WrongReply));
}

#[test]
fn names_why_a_program_never_was_ready() {
    let ends = |code| Stop::Settled(ProgramState::Ended(ExitStatus::Code(code)));
    let table = [
        ("server", Stop::Settled(ProgramState::ReadingInput), "", Code::NeverListens),
        ("client", Stop::Settled(ProgramState::ReadingInput), "", Code::NeverConnects),
        ("server", Stop::Settled(ProgramState::NotStarted), "", Code::CannotStart),
        ("server", ends(127), "sh: not found\n", Code::CannotStart),
        ("server", ends(1), "usage: server PORT\n", Code::EndedEarly),
        ("server", ends(1), TRACE, Code::Traceback),
        ("server", Stop::Settled(ProgramState::Ended(ExitStatus::Signal(libc::SIGSEGV))), "", Code::Crashed),
        ("server", Stop::Busy(ProgramState::Running { cpu_milliseconds: 1 }), "", Code::BusyLoop),
        ("server", ends(1), "ModuleNotFoundError: No module named 'msvcrt'\n", Code::CannotRunHere),
    ];
    for (role, stop, console, code) in table {
        let mut transcript = transcript(Vec::new(), Ended::NotReady(stop));
        transcript.console = console.as_bytes().to_vec();
        let verdict = judge(&plan(role, Vec::new()), &transcript);
        assert_eq!(verdict.finding.unwrap().code, code);
        let skipped = code == Code::CannotRunHere;
        assert_eq!(verdict.outcome, if skipped { Outcome::Skip } else { Outcome::Fail });
    }
}

fn judge_program(expectation: ProgramExpectation, events: Vec<Event>, console: &str) -> Option<Code> {
    let plan = plan("server", vec![connect(), Action::ExpectProgram(expectation)]);
    let entries = events.into_iter().map(|event| entry(1, Actor::Program, event)).collect();
    let mut transcript = transcript(entries, Ended::Complete);
    transcript.console = console.as_bytes().to_vec();
    judge(&plan, &transcript).finding.map(|finding| finding.code)
}

#[test]
fn judges_the_program_itself() {
    use ProgramExpectation::{Alive, Calm, EndsOrWaits, Exits, Port};
    let exited = |code| vec![Event::Exited(ExitStatus::Code(code))];
    let waits = || vec![Event::Observed(ProgramState::Accepting)];
    let runs = || vec![Event::Observed(ProgramState::Running { cpu_milliseconds: 700 })];
    let killed = || vec![Event::Exited(ExitStatus::Signal(libc::SIGSEGV))];
    let message = ExitExpectation::FailureOrMessage;
    let table = [
        (Alive, waits(), "", None),
        (Alive, exited(0), "", Some(Code::Ended)),
        (Alive, exited(1), TRACE, Some(Code::Traceback)),
        (Calm, waits(), "", None),
        (Calm, runs(), "", Some(Code::BusyLoop)),
        (EndsOrWaits, exited(0), "", None),
        (EndsOrWaits, waits(), "", None),
        (EndsOrWaits, killed(), "", Some(Code::Crashed)),
        (EndsOrWaits, runs(), "", Some(Code::BusyLoop)),
        (Exits(ExitExpectation::Any), exited(3), "", None),
        (Exits(ExitExpectation::Any), waits(), "", Some(Code::StillRunning)),
        (Exits(ExitExpectation::Success), exited(0), "", None),
        (Exits(ExitExpectation::Success), exited(3), "", Some(Code::WrongExit)),
        (Exits(message), exited(0), "", Some(Code::WrongExit)),
        (Exits(message), exited(0), "no server", None),
        (Exits(message), exited(1), "", None),
        (Port(9000), vec![Event::Listens { port: 9000 }], "", None),
        (Port(9000), vec![Event::Listens { port: 9001 }], "", Some(Code::WrongPort)),
        (Port(9000), waits(), "", Some(Code::NeverListens)),
    ];
    for (expectation, events, console, code) in table {
        assert_eq!(judge_program(expectation, events.clone(), console), code, "{expectation:?} {events:?}");
    }
}

#[test]
fn other_steps_can_fail_too() {
    let line = Action::Type { line: template("q") };
    let settled = |state| vec![entry(0, Actor::Program, Event::Settled(state))];
    let running = ProgramState::Running { cpu_milliseconds: 9 };
    let table = [
        (connect(), vec![entry(0, peer(), Event::Refused)], Code::Refused),
        (send("x"), vec![entry(0, peer(), Event::SendFailed)], Code::ClosedEarly),
        (line, settled(ProgramState::Accepting), Code::NeverAsks),
        (Action::Settle, settled(running), Code::BusyLoop),
        (Action::Accept { connection: "a".to_owned() }, Vec::new(), Code::NeverConnects),
    ];
    for (action, entries, code) in table {
        let verdict = judge(&plan("server", vec![action]), &transcript(entries, Ended::At { step: 0 }));
        assert_eq!(verdict.finding.unwrap().code, code);
        assert_eq!(verdict.outcome, Outcome::Fail);
    }
}

#[test]
fn trouble_of_the_grader_is_never_a_failure() {
    let plan = plan("server", vec![connect(), expect(number("1"))]);
    for ended in [Ended::Broken("no namespace".to_owned()), Ended::Complete, Ended::At { step: 0 }] {
        let verdict = judge(&plan, &transcript(vec![entry(0, peer(), Event::Opened)], ended));
        assert_eq!((verdict.outcome, verdict.finding.unwrap().code), (Outcome::Error, Code::GraderTrouble));
    }
    let skip = judge(&plan, &transcript(Vec::new(), Ended::CannotRun(Text::same("no python3"))));
    assert_eq!((skip.outcome, skip.finding.unwrap().code), (Outcome::Skip, Code::CannotRunHere));
    assert_eq!(Verdict::not_reached("x/server/adds").finding.unwrap().code, Code::NotReached);
}

#[test]
fn captures_are_bound_on_the_way() {
    let mut first = expect(Expectation::Something);
    if let Action::Expect(expect) = &mut first {
        expect.capture = Some("first".to_owned());
    }
    let plan = plan("server", vec![first, expect(Expectation::Unlike("first".to_owned()))]);
    let heard = |step, bytes: &[u8]| entry(step, peer(), Event::Heard(talk(bytes).heard));
    let mut scene = transcript(vec![heard(0, b"tick"), heard(1, b"tick\n")], Ended::Complete);
    scene.bindings = BTreeMap::from([("first".to_owned(), "another".to_owned())]);
    assert_eq!(judge(&plan, &scene).outcome, Outcome::Fail);
    scene.entries[1] = heard(1, b"tock");
    assert_eq!(judge(&plan, &scene).outcome, Outcome::Pass);
}
