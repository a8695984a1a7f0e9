//! The canonical form does not depend on what a machine or a network may change.

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;

const LOCAL: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn peer(name: &str) -> Actor {
    Actor::Connection(name.to_owned())
}

/// The only player, with what it showed.
fn shown(console: &[u8]) -> Vec<Played> {
    vec![Played { name: "server".to_owned(), console: console.to_vec(), ..Played::default() }]
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
        datagrams: None,
    }
}

fn transcript(events: Vec<(usize, Actor, Event)>) -> Transcript {
    let entries = events.into_iter().map(|(step, actor, event)| Entry {
        step: Some(step),
        player: 0,
        actor,
        event,
        at: Duration::from_millis(7),
    });
    Transcript {
        scenario: "sum/server/adds".to_owned(),
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
    let console = format!(
        "\x1b[32mlistening on {port}\x1b[0m\r\nclient ('127.0.0.1', {local}) at 09:43:0{}\r\n\"20 + 17\" \x07\r\n",
        port % 10
    );
    transcript.players = shown(console.as_bytes());
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
    transcript.players = shown(&b"Received message: \n".repeat(5000));
    insta::assert_snapshot!(canonical(&transcript));
}

#[test]
fn replaces_whole_values_only() {
    let mut transcript = transcript(Vec::new());
    transcript.players = shown(
        b"port 3333, 33334, 3333.5, 1.3333 (40112)\npid=4711 at 0x7f3a2b10c040\nThu Mar  4 09:43:07 2021\nDate: Thu, 04 Mar 2021 09:43:07 GMT\n",
    );
    insta::assert_snapshot!(canonical(&transcript));
}

#[test]
fn a_snapshot_file_is_as_insta_writes_it() {
    let file = SnapshotFile {
        source: "specs/sum/server.toml".to_owned(),
        expression: "grader run sum --only sum/server/adds --seed 7".to_owned(),
        check: "sum/server/adds".to_owned(),
        // In YAML these would be numbers, were it not for the quotes.
        spec_hash: "1722000000000000".to_owned(),
        seed: 7,
        transcript: "# sum/server/adds, seed 7\na         connected\n\n".to_owned(),
    };
    let text = "---\nsource: specs/sum/server.toml\nexpression: grader run sum --only sum/server/adds --seed 7\n\
                info:\n  exercise: sum\n  check: sum/server/adds\n  spec_hash: \"1722000000000000\"\n  seed: 7\n---\n\
                # sum/server/adds, seed 7\na         connected\n";
    assert_eq!(file.render(), text);
    assert_eq!(
        SnapshotFile { spec_hash: "12e4567890123456".to_owned(), ..file.clone() }
            .render()
            .matches('"')
            .count(),
        2
    );
    assert_eq!(
        SnapshotFile { spec_hash: "a722aecf1fe0ed8f".to_owned(), ..file }.render().matches('"').count(),
        0
    );
    assert_eq!(SnapshotFile::name("sum/server/adds"), "server__adds.snap");
}

#[test]
fn every_line_knows_its_step() {
    let lines = canonical_lines(&calculator(&[b"20 + ", b"17"], 3333, 40112));
    let line = lines.iter().find(|line| line.text.contains("\"37\\n\"")).expect("the reply");
    assert_eq!(line.step, Some(2));
}

#[test]
fn datagrams_keep_their_bounds() {
    let one = |bytes: &[u8]| {
        let datagrams = Some(Datagrams { unread: 1, ..Datagrams::default() });
        Event::Heard(Heard { datagrams, ..heard(bytes, bytes.len()) })
    };
    let events = vec![
        (0, Actor::Program, Event::Listens { port: 3333 }),
        (0, peer("a"), Event::Opened),
        (1, peer("a"), Event::Sent(b"one".to_vec())),
        (2, peer("a"), Event::Sent(Vec::new())),
        (3, peer("a"), one(b"ok")),
        (4, peer("a"), one(b"")),
        (5, peer("a"), Event::SentFromOtherPort(b"psst".to_vec())),
        (6, peer("a"), Event::Closed),
    ];
    let text = canonical(&Transcript { datagrams: true, ..transcript(events) });
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "program   is bound to UDP port {port}",
            "a →       \"one\"",
            "a →       \"\"",
            "a ←       \"ok\"",
            "a ←       \"\"",
            "a (other port) → \"psst\"",
            "a →       closes its socket",
        ]
    );
}
