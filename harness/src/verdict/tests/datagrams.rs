//! What is wrong where datagrams travel.

use super::*;
use crate::transcript::Datagrams;

fn datagrams(unread: usize) -> Datagrams {
    Datagrams { unread, ..Datagrams::default() }
}

/// The verdict about `connect, send, expect` where datagrams travel.
fn found(heard: Heard, last: Expectation, more: Vec<Entry>) -> String {
    let plan = plan("server", vec![connect(), send("hello"), expect(last)]);
    let mut entries = vec![entry(0, peer(), Event::Opened), entry(1, peer(), Event::Sent(b"hello".to_vec()))];
    entries.extend(more);
    entries.push(entry(2, peer(), Event::Heard(heard)));
    let transcript = Transcript { datagrams: true, ..transcript(entries, Ended::At { step: 2 }) };
    let finding = judge(&plan, &transcript).finding.expect("a finding");
    assert_eq!(finding.after.as_ref().unwrap().en, "sent the datagram \"hello\" from peer a");
    line(&finding)
}

fn heard(bytes: &[u8], datagrams: Datagrams) -> Heard {
    let stop = Stop::Settled(ProgramState::AwaitingDatagram);
    Heard { stop, datagrams: Some(datagrams), sent: b"hello".to_vec(), ..talk(bytes).heard }
}

#[test]
fn tells_where_a_datagram_went() {
    let astray = Datagrams { astray: vec!["b".to_owned()], ..datagrams(0) };
    let strange = Datagrams { strange_ports: vec![40_001], ..datagrams(0) };
    let elsewhere = Event::SentElsewhere { ip: std::net::Ipv4Addr::LOCALHOST.into(), port: 7 };
    let elsewhere = vec![entry(2, Actor::Program, elsewhere)];
    let table = [
        (
            datagrams(0),
            Vec::new(),
            "NoReply | \"ok\" | nothing | it waits for the next datagram and has sent no",
        ),
        (astray, Vec::new(), "WrongReceiver | \"ok\" | nothing | the datagram went to peer b"),
        (strange, Vec::new(), "WrongSource | \"ok\" | nothing | a datagram came from port 40001"),
        (datagrams(0), elsewhere, "WrongReceiver | \"ok\" | nothing | it sent a datagram to 127.0.0.1:7"),
    ];
    for (datagrams, more, expected) in table {
        let found = found(heard(b"", datagrams), exactly("ok"), more);
        assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
    }
}

#[test]
fn a_datagram_is_a_whole_message() {
    let table: [(&[u8], usize, &str); 4] = [
        (b"", 1, "WrongReply | \"over there\" | an empty datagram | the datagram is empty"),
        (b"over", 1, "IncompleteReply | \"over there\" | \"over\" | a datagram is a whole message"),
        (
            b"over",
            2,
            "IncompleteReply | \"over there\" | \"over\", and 1 more datagram(s) | the message is spread",
        ),
        (b"OVER THERE", 1, "ChangesCase | \"over there\" | \"OVER THERE\" | only capital"),
    ];
    for (bytes, unread, expected) in table {
        let found = found(heard(bytes, datagrams(unread)), exactly("over there"), Vec::new());
        assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
    }
}

#[test]
fn tells_what_comes_too_much() {
    let earlier = || vec![entry(1, peer(), Event::Heard(Heard { used: 2, ..heard(b"ok", datagrams(1)) }))];
    let owed = Datagrams { owed: vec!["c".to_owned()], ..datagrams(1) };
    let table = [
        (
            heard(b"ok", owed),
            Vec::new(),
            "WrongReceiver | nothing more | \"ok\" | peer c is the one that asked",
        ),
        (
            heard(b"ok", datagrams(1)),
            earlier(),
            "SurplusDatagram | nothing more | \"ok\" | the same datagram came a second",
        ),
        (heard(b"bye", datagrams(1)), earlier(), "SurplusDatagram | nothing more | \"bye\" | "),
        (heard(b"", datagrams(1)), Vec::new(), "SurplusDatagram | nothing more | an empty datagram | "),
    ];
    for (heard, more, expected) in table {
        let found = found(heard, Expectation::Nothing, more);
        assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
    }
}

#[test]
fn tells_why_nothing_is_there_at_all() {
    let tcp = || vec![entry(0, Actor::Program, Event::UsesStream)];
    let waits = ProgramState::AwaitingDatagram;
    let died = || Stop::Settled(ProgramState::Ended(ExitStatus::Code(0)));
    let table = [
        ("server", Stop::Settled(ProgramState::Accepting), tcp(), "SpeaksTcp | it uses TCP"),
        ("client", died(), tcp(), "SpeaksTcp | it uses TCP"),
        ("client", Stop::Settled(waits), Vec::new(), "NeverSends | it waits for a datagram before"),
        (
            "server",
            Stop::Settled(ProgramState::ReadingInput),
            Vec::new(),
            "NeverBinds | something must be typed",
        ),
    ];
    for (role, stop, entries, expected) in table {
        let first = if role == "server" {
            connect()
        } else {
            Action::Accept { connection: "a".into(), reopen: false }
        };
        let transcript = Transcript { datagrams: true, ..transcript(entries, Ended::NotReady(stop)) };
        let finding = judge(&plan(role, vec![first]), &transcript).finding.expect("a finding");
        let found =
            format!("{:?} | {}", finding.code, finding.cause.map_or_else(String::new, |cause| cause.en));
        assert!(found.starts_with(expected), "{found}\n  is not\n{expected}");
    }
}

#[test]
fn tells_why_a_server_has_ended() {
    for (first, code, cause) in [
        ("", Code::EndedTooEarly, "it ended at an empty datagram"),
        ("one", Code::OneMessageOnly, "it ended after its first datagram"),
    ] {
        let plan = plan("server", vec![connect(), send(first), send("two"), expect(exactly("ok"))]);
        let stop = Stop::Settled(ProgramState::Ended(ExitStatus::Code(0)));
        let entries = vec![
            entry(1, peer(), Event::Sent(first.as_bytes().to_vec())),
            entry(2, peer(), Event::Sent(b"two".to_vec())),
            entry(3, peer(), Event::Heard(Heard { stop, ..heard(b"", datagrams(0)) })),
        ];
        let transcript = Transcript { datagrams: true, ..transcript(entries, Ended::At { step: 3 }) };
        let finding = judge(&plan, &transcript).finding.expect("a finding");
        assert_eq!(finding.code, code);
        assert!(finding.cause.as_ref().unwrap().en.starts_with(cause), "{}", line(&finding));
    }
}
