//! What is wrong with what came.

use super::*;

#[test]
fn names_what_is_wrong_with_a_reply() {
    let exit = ExitStatus::Code(1);
    let fin = |talk: Talk| Talk { heard: Heard { fin: true, ..talk.heard }, ..talk };
    let reset = |talk: Talk| Talk { heard: Heard { reset: true, ..talk.heard }, ..talk };
    let table = [
        (talk(b""), "NoReply | the number 37 | nothing | it waits for more: perhaps for a line end"),
        (talk(b"38"), "WrongReply | the number 37 | \"38\" | "),
        (talk(b"20 + 17"), "EchoesTheRequest | the number 37 | \"20 + 17\" | the reply only repeats"),
        (talk(b"hello"), "WrongReply | the number 37 | \"hello\" | there is no number"),
        (talk(b"37\0\0\0"), "SendsWholeBuffer | the number 37 | \"37\\0\\0\\0\" | 3 zero bytes"),
        (fin(talk(b"")), "ClosedEarly | the number 37 | nothing, then the end"),
        (reset(talk(b"")), "ClosedByReset | the number 37 | nothing, then a reset"),
        (ended(talk(b""), exit, ""), "EndedTooEarly | the number 37 | nothing, then the end"),
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
        (b"Hello 127.0.0.1 bye", "SurplusBytes | "),
        (
            b"Hello 127.0.0.1\0",
            "SendsWholeBuffer | \"Hello 127.0.0.1\" | \"Hello 127.0.0.1\\0\" | 1 zero bytes",
        ),
        (b"hello 127.0.0.1", "ChangesCase | \"Hello 127.0.0.1\" | \"hello 127.0.0.1\" | only capital"),
        (b"Hello127.0.0.1", "WrongReply | \"Hello 127.0.0.1\" | \"Hello127.0.0.1\" | only blanks"),
        (
            b"> Hello 127.0.0.1",
            "TextAroundIt | \"Hello 127.0.0.1\" | \"> Hello 127.0.0.1\" | the expected text is there",
        ),
        (b"\xbe\xc8\xb3\xe7", "WrongReply | \"Hello 127.0.0.1\" | \"\\xbeȳ\\xe7\" | "),
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
            more: false,
        })
    };
    let table: [(&[u8], &str); 7] = [
        (
            b"\x2f\xc5\x33\x01",
            "RepliedLittleEndian | a big-endian integer 20170031 of 4, 8 bytes | the 4 bytes 2f c5 33 01 | the bytes are those of 20170031",
        ),
        (
            b"20170031",
            "SentAsText | a big-endian integer 20170031 of 4, 8 bytes | \"20170031\" | the digits \"20170031\" were sent as text",
        ),
        (b"\x01\x33\xc5\x2f\n", "SurplusBytes | "),
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
        (reset, Expectation::Fin, Code::ClosedByReset),
        (talk(b"x"), Expectation::Fin, Code::SurplusBytes),
        (talk(b""), Expectation::End, Code::StillOpen),
        (fin(), Expectation::Open, Code::ClosedEarly),
        (talk(b"x"), Expectation::Nothing, Code::SpeaksOutOfTurn),
        (busy(talk(b"")), Expectation::Fin, Code::BusyLoop),
    ];
    for (talk, expectation, code) in table {
        let finding = finding_of(talk, expect(expectation.clone()));
        assert_eq!(finding.code, code, "{expectation:?}: {}", line(&finding));
    }
}

#[test]
fn a_further_client_is_reset_because_the_program_ended() {
    let exit = ExitStatus::Code(0);
    let b = || Actor::Connection("b".to_owned());
    let reset = |end: bool| {
        let talk = if end { ended(talk(b""), exit, "") } else { talk(b"") };
        Heard { reset: true, fin: false, ..talk.heard }
    };
    let from_b = || expect_from(Source::Connection("b".into()), vec![alternative(number("37"), 1.0)]);
    let judged = |opened: &[Actor], end: bool| {
        let mut entries: Vec<Entry> =
            opened.iter().map(|actor| entry(0, actor.clone(), Event::Opened)).collect();
        entries.push(entry(1, b(), Event::Heard(reset(end))));
        let verdict =
            judge(&plan("server", vec![connect(), from_b()]), &transcript(entries, Ended::Complete));
        verdict.finding.unwrap()
    };
    let further = judged(&[peer(), b()], true);
    assert_eq!(further.code, Code::EndedTooEarly, "{}", line(&further));
    assert_eq!(judged(&[b()], true).code, Code::ClosedByReset, "the only client: its bytes were not read");
    assert_eq!(judged(&[peer(), b()], false).code, Code::ClosedByReset, "the program lives");
}

#[test]
fn names_what_is_wrong_on_the_console() {
    let shows = |text: &str| Expectation::Shows(template(text));
    let table = [
        (talk(b"Waiting\r\n"), shows("Hana"), "NotShown | \"Hana\" on its console | \"Waiting\""),
        (talk(b"Number: 67305985"), shows("16909060"), "ReadLittleEndian | "),
        (
            talk(b"Number: -2"),
            shows("4294967294"),
            "ReadAsSigned | \"4294967294\" on its console | \"Number: -2\" | the integer was read as signed",
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
