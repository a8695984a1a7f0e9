//! The canonical form does not depend on what a machine or a network may change.

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;

const LOCAL: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn peer(name: &str) -> Actor {
    Actor::Connection(name.to_owned())
}

fn heard(bytes: &[u8], used: usize) -> Heard {
    Heard {
        bytes: bytes.to_vec(),
        used,
        fin: false,
        reset: false,
        stop: Stop::Settled(ProgramState::Accepting),
        sent: Vec::new(),
        reference: None,
        clock: 0,
        missing: false,
    }
}

fn transcript(events: Vec<(usize, Actor, Event)>) -> Transcript {
    let entries = events.into_iter().map(|(step, actor, event)| Entry {
        step: Some(step),
        actor,
        event,
        at: Duration::from_millis(7),
    });
    Transcript {
        scenario: "hw3/server/adds".to_owned(),
        seed: 7,
        entries: entries.collect(),
        bindings: BTreeMap::from([
            ("a.port".to_owned(), "40112".to_owned()),
            ("port".to_owned(), "3333".to_owned()),
            ("a.ip".to_owned(), "127.0.0.1".to_owned()),
        ]),
        ..Transcript::default()
    }
}

fn calculator(pieces: &[&[u8]], port: u16, local: u16) -> Transcript {
    let mut events = vec![(0, Actor::Program, Event::Listens { port }), (0, peer("a"), Event::Opened)];
    events.extend(pieces.iter().map(|piece| (1, peer("a"), Event::Sent(piece.to_vec()))));
    events.push((2, peer("a"), Event::Heard(heard(b"37\n", 3))));
    events.push((3, peer("a"), Event::Closed));
    let ended = Heard { fin: true, ..heard(b"", 0) };
    events.push((4, peer("a"), Event::Heard(ended.clone())));
    events.push((5, peer("a"), Event::Heard(ended)));
    events.push((6, Actor::Operator, Event::Typed("q".to_owned())));
    events.push((7, Actor::Program, Event::Observed(ProgramState::Ended(ExitStatus::Code(0)))));
    events.push((7, Actor::Program, Event::Exited(ExitStatus::Code(0))));
    let mut transcript = transcript(events);
    transcript.bindings.insert("port".to_owned(), port.to_string());
    transcript.bindings.insert("a.port".to_owned(), local.to_string());
    transcript.console = format!(
        "\x1b[32mlistening on {port}\x1b[0m\r\nclient ('127.0.0.1', {local}) at 09:43:0{}\r\n\"20 + 17\" \x07\r\n",
        port % 10
    )
    .into_bytes();
    transcript
}

#[test]
fn reads_like_the_conversation() {
    insta::assert_snapshot!(canonical(&calculator(&[b"20 + 17"], 3333, 40112)));
}

#[test]
fn does_not_depend_on_segments_ports_or_time() {
    let whole = canonical(&calculator(&[b"20 + 17"], 3333, 40112));
    let split = canonical(&calculator(&[b"2", b"0 +", b" 17"], 5001, 33333));
    assert_eq!(whole, split);
}

#[test]
fn tells_every_kind_of_event() {
    let fin = Heard { fin: true, ..heard(b"bye", 0) };
    let reset = Heard { reset: true, ..heard(b"", 0) };
    let missing = Heard { missing: true, ..heard(b"", 0) };
    let events = vec![
        (0, Actor::Program, Event::Started),
        (0, Actor::Program, Event::Connects { ip: LOCAL, port: 9000, answered: false }),
        (0, Actor::Program, Event::Connects { ip: LOCAL, port: 3333, answered: true }),
        (1, peer("a"), Event::Refused),
        (2, peer("b"), Event::Opened),
        (3, peer("b"), Event::Sent(vec![0, 1, 255])),
        (4, peer("b"), Event::SendFailed),
        (5, peer("b"), Event::HalfClosed),
        (6, peer("b"), Event::StoppedReading),
        (6, peer("b"), Event::ReadsOn),
        (7, peer("b"), Event::Heard(heard(b"", 0))),
        (8, peer("b"), Event::Heard(fin)),
        (9, peer("c"), Event::Heard(reset)),
        (10, peer("d"), Event::Heard(missing)),
        (11, peer("b"), Event::DidReset),
        (12, Actor::Operator, Event::Pressed("Ctrl+C")),
        (13, Actor::Program, Event::Froze),
        (14, Actor::Program, Event::Thawed),
        (15, Actor::Program, Event::Settled(ProgramState::Accepting)),
        (16, Actor::Operator, Event::SecondPassed),
        (17, Actor::Program, Event::Observed(ProgramState::Polling)),
        (18, Actor::Program, Event::Observed(ProgramState::Running { cpu_milliseconds: 812 })),
        (19, peer("b"), Event::ReferenceAnswered(b"37".to_vec())),
        (20, Actor::Program, Event::Heard(heard(b"> \r\nReply: 37\r\n> ", 13))),
        (21, Actor::Program, Event::Heard(heard(b"", 0))),
        (21, Actor::File("data.txt".to_owned()), Event::Heard(heard(b"Temp=20\n", 0))),
        (21, Actor::File("none.txt".to_owned()), Event::Heard(Heard { missing: true, ..heard(b"", 0) })),
        (22, Actor::Program, Event::Restarted),
        (23, Actor::Program, Event::Exited(ExitStatus::Signal(libc::SIGSEGV))),
    ];
    let mut transcript = transcript(events);
    transcript.console = b"Received message: \n".repeat(5000);
    insta::assert_snapshot!(canonical(&transcript));
}

#[test]
fn replaces_whole_values_only() {
    let mut transcript = transcript(Vec::new());
    transcript.console =
        b"port 3333, 33334, 3333.5, 1.3333 (40112)\npid=4711 at 0x7f3a2b10c040\nThu Mar  4 09:43:07 2021\nDate: Thu, 04 Mar 2021 09:43:07 GMT\n"
            .to_vec();
    insta::assert_snapshot!(canonical(&transcript));
}

#[test]
fn every_line_knows_its_step() {
    let lines = canonical_lines(&calculator(&[b"20 + ", b"17"], 3333, 40112));
    let line = lines.iter().find(|line| line.text.contains("\"37\\n\"")).expect("the reply");
    assert_eq!(line.step, Some(2));
}
