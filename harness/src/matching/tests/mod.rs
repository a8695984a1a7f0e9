//! Tables of what satisfies which expectation.

mod numbers;

use std::collections::BTreeMap;

use super::{Material, Progress, examine, examine_any};
use crate::spec::{
    Alternative, ByteOrder, Comparison, Expectation, IntegerExpectation, NumbersExpectation, Payload,
    Template,
};

/// What came, and all that may follow.
#[derive(Clone, Copy)]
struct Scene<'a> {
    bytes: &'a [u8],
    sent: &'a [u8],
    reference: Option<&'a [u8]>,
    fin: bool,
    reset: bool,
    settled: bool,
    console: bool,
}

const QUIET: Scene<'static> =
    Scene { bytes: b"", sent: b"", reference: None, fin: false, reset: false, settled: true, console: false };

fn run(expectation: &Expectation, scene: Scene<'_>) -> Progress {
    let bindings = BTreeMap::from([
        ("a.ip".to_owned(), "127.0.0.2".to_owned()),
        ("first".to_owned(), "tick\n".to_owned()),
    ]);
    let Scene { bytes, sent, reference, fin, reset, settled, console } = scene;
    let material = Material {
        bytes,
        fin,
        reset,
        settled,
        console,
        sent,
        reference,
        datagrams: None,
        clock: 0,
        bindings: &bindings,
        files: &BTreeMap::new(),
    };
    examine(expectation, &material)
}

/// `M` matched, `O` open, `X` missed.
fn letter(progress: &Progress) -> char {
    match progress {
        Progress::Matched { .. } => 'M',
        Progress::Open => 'O',
        Progress::Missed => 'X',
    }
}

/// The letters while more may come and once nothing more will.
fn letters(expectation: &Expectation, scene: Scene<'_>) -> String {
    [false, true].map(|settled| letter(&run(expectation, Scene { settled, ..scene }))).iter().collect()
}

fn name(text: &str) -> Template {
    Template(text.to_owned())
}

fn exactly(text: &str) -> Expectation {
    Expectation::Exactly { payload: Payload::Text(name(text)), strict: false }
}

#[test]
fn exactly_tolerates_blanks_around_and_nothing_else() {
    let table: [(&[u8], &str); 12] = [
        (b"Hello 127.0.0.2", "MM"),
        (b"Hello 127.0.0.2\n", "MM"),
        (b"\r\nHello 127.0.0.2 \r\n", "MM"),
        (b"", "OX"),
        (b"\n", "OX"),
        (b"Hello 127.0", "OX"),
        (b"Hello 127.0.0.20", "XX"),
        (b"Hello 127.0.0.2 bye", "XX"),
        (b"hello 127.0.0.2", "XX"),
        (b"Hello 127.0.0.2\0\0", "XX"),
        (b"Hello  127.0.0.2", "XX"),
        (b"Hi", "XX"),
    ];
    for (bytes, expected) in table {
        let scene = Scene { bytes, ..QUIET };
        assert_eq!(letters(&exactly("Hello {a.ip}"), scene), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn exactly_takes_no_liberty_with_framed_data() {
    let strict = Expectation::Exactly { payload: Payload::Text(name("abc")), strict: true };
    let integer = Payload::Integer { value: name("258"), width: 2, order: ByteOrder::Big };
    let integer = Expectation::Exactly { payload: integer, strict: false };
    let bytes = Expectation::Exactly { payload: Payload::Bytes(vec![0, 255]), strict: false };
    let table: [(&Expectation, &[u8], &str); 8] = [
        (&strict, b"abc", "MM"),
        (&strict, b"abc\n", "XX"),
        (&strict, b"ab", "OX"),
        (&integer, b"\x01\x02", "MM"),
        (&integer, b"\x01\x02\n", "XX"),
        (&integer, b"\x01", "OX"),
        (&bytes, b"\x00\xff", "MM"),
        (&bytes, b"\xff", "XX"),
    ];
    for (expectation, bytes, expected) in table {
        assert_eq!(letters(expectation, Scene { bytes, ..QUIET }), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn echo_compares_with_what_was_sent() {
    let every: Vec<u8> = (0..=255).collect();
    let short = &every[..255];
    let table: [(&[u8], &[u8], &str); 9] = [
        (b"hi", b"hi", "MM"),
        (b"hi\n", b"hi", "MM"),
        (b"hi", b"hi\r\n", "MM"),
        (b"hi", b"", "OX"),
        (b"hi", b"hihi", "XX"),
        (b"hi", b"Echo: hi", "XX"),
        ("안녕".as_bytes(), "안녕".as_bytes(), "MM"),
        (&every, &every, "MM"),
        (&every, short, "OX"),
    ];
    for (sent, bytes, expected) in table {
        let scene = Scene { bytes, sent, ..QUIET };
        assert_eq!(letters(&Expectation::Echo, scene), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn shows_finds_the_datum_on_a_coloured_terminal() {
    let scene = Scene { bytes: b"\x1b[32mReply:\x1b[0m \x1b[1mabcd\x1b[0m\r\n> ", console: true, ..QUIET };
    let shown = run(&Expectation::Shows(name("abcd")), scene);
    assert_eq!(shown, Progress::Matched { used: 28, text: "abcd".to_owned() });
    assert_eq!(letters(&Expectation::Shows(name("abc")), scene), "OX");
    assert_eq!(letters(&Expectation::Matches("Reply: (a.)".to_owned()), scene), "MM");
    assert_eq!(letters(&Expectation::Matches("^abcd".to_owned()), scene), "OX");
}

#[test]
fn absence_is_known_only_at_the_end() {
    let lacks = Expectation::Lacks(name("pwned"));
    let table: [(&Expectation, &[u8], &str); 12] = [
        (&lacks, b"", "OM"),
        (&lacks, b"fine\n", "OM"),
        (&lacks, b"pwned", "OX"),
        (&lacks, b"pwned\n", "XX"),
        (&Expectation::NoTrace, b"bye\n", "OM"),
        (&Expectation::NoTrace, b"Traceback (most recent call last):\n", "XX"),
        (&Expectation::Nothing, b"", "OM"),
        (&Expectation::Nothing, b"\n", "OM"),
        (&Expectation::Nothing, b"x", "XX"),
        (&Expectation::Open, b"x", "OM"),
        (&Expectation::Something, b" \n", "OX"),
        (&Expectation::Something, b"?", "MM"),
    ];
    for (expectation, bytes, expected) in table {
        assert_eq!(letters(expectation, Scene { bytes, ..QUIET }), expected, "{expectation:?}");
    }
}

#[test]
fn ends_of_connections() {
    let fin = Scene { fin: true, ..QUIET };
    let reset = Scene { reset: true, ..QUIET };
    let table = [
        (&Expectation::Fin, fin, "MM"),
        (&Expectation::Fin, Scene { bytes: b"\r\n", ..fin }, "MM"),
        (&Expectation::Fin, Scene { bytes: b"x", ..fin }, "XX"),
        (&Expectation::Fin, reset, "XX"),
        (&Expectation::Fin, QUIET, "OX"),
        (&Expectation::Fin, Scene { reset: true, ..fin }, "MM"),
        (&Expectation::Reset, reset, "MM"),
        (&Expectation::Reset, fin, "OX"),
        (&Expectation::End, fin, "MM"),
        (&Expectation::End, reset, "MM"),
        (&Expectation::End, QUIET, "OX"),
        (&Expectation::Open, fin, "XX"),
        (&Expectation::Open, reset, "XX"),
        (&Expectation::Nothing, fin, "MM"),
        (&Expectation::Nothing, reset, "XX"),
    ];
    for (expectation, scene, expected) in table {
        assert_eq!(letters(expectation, scene), expected, "{expectation:?}");
    }
}

#[test]
fn unlike_wants_another_text_than_the_captured() {
    let unlike = Expectation::Unlike("first".to_owned());
    for (bytes, expected) in [(&b"tock"[..], "MM"), (b"tick", "OX"), (b"", "OX")] {
        assert_eq!(letters(&unlike, Scene { bytes, ..QUIET }), expected);
    }
}

#[test]
fn the_first_alternative_that_matches_counts() {
    let alternative = |answer: &str, credit| Alternative {
        expectation: Expectation::Number(name(answer)),
        credit,
        note: None,
    };
    let alternatives = [alternative("0.7", 1.0), alternative("0.6", 0.5)];
    let bindings = BTreeMap::new();
    let files = BTreeMap::new();
    let mut material = Material {
        bytes: b"0.6",
        fin: false,
        reset: false,
        settled: false,
        console: false,
        sent: b"2 / 3",
        reference: None,
        datagrams: None,
        clock: 0,
        bindings: &bindings,
        files: &files,
    };
    assert_eq!(examine_any(&alternatives, &material).1, 1);
    material.bytes = b"0.5";
    assert_eq!(examine_any(&alternatives, &material), (Progress::Open, 0));
    material.settled = true;
    assert_eq!(examine_any(&alternatives, &material), (Progress::Missed, 0));
}

/// Whatever the segmentation: what was missed with a part of the bytes is not matched
/// with more of them, and the end result does not depend on the way to it.
#[test]
fn no_segmentation_turns_missed_into_matched() {
    let streams: [&[u8]; 14] = [
        b"Hello 127.0.0.2\r\n",
        b"\n37\n",
        b"20 + 17 = 37",
        b"37\0\0\0",
        b"1,234,567 8",
        b"pwnedx",
        b"tick tock",
        b"\0\0\0\x25",
        "안녕 Hello\n".as_bytes(),
        b"\x1b[1mone\x1b[0m",
        b"Traceback (most recent call last):\nError: x",
        b"Thu Jan  1 00:00:00 1970\n",
        b"37abc.5e3",
        b"",
    ];
    let expectations = every_expectation();
    for bytes in streams {
        for expectation in &expectations {
            for console in [false, true] {
                let scene = Scene { sent: b"20 + 17", reference: Some(b"37"), console, ..QUIET };
                let mut missed = None;
                for length in 0..=bytes.len() {
                    let scene = Scene { bytes: &bytes[..length], settled: false, ..scene };
                    let settled = run(expectation, Scene { settled: true, ..scene });
                    assert_ne!(settled, Progress::Open, "{expectation:?} must be decided");
                    let reached =
                        [run(expectation, scene), settled, run(expectation, Scene { fin: true, ..scene })];
                    if let Some(earlier) = missed {
                        let matched = reached.iter().any(|progress| letter(progress) == 'M');
                        assert!(
                            !matched,
                            "{expectation:?} missed with {earlier}, matched with {length} of {bytes:?}"
                        );
                    }
                    if letter(&reached[0]) == 'X' {
                        missed = missed.or(Some(length));
                    }
                }
            }
        }
    }
}

fn every_expectation() -> Vec<Expectation> {
    let integer = IntegerExpectation {
        widths: vec![4],
        order: ByteOrder::Big,
        value: Some(name("37")),
        plausible: None,
        more: false,
    };
    vec![
        exactly("Hello {a.ip}"),
        exactly(""),
        Expectation::Exactly { payload: Payload::Text(name("37")), strict: true },
        Expectation::Echo,
        Expectation::Shows(name("one")),
        Expectation::Shows(name("37")),
        Expectation::Lacks(name("pwned")),
        Expectation::Lacks(name("8")),
        Expectation::Matches("o+".to_owned()),
        Expectation::Number(name("37")),
        Expectation::Number(name("1234567")),
        Expectation::Integer(integer),
        Expectation::Numbers(NumbersExpectation { ranges: vec![(0, 40)], messages: 1, differ: false }),
        Expectation::Something,
        Expectation::Nothing,
        Expectation::Reference(Comparison::Number),
        Expectation::Reference(Comparison::Text),
        Expectation::CurrentTime { within: 5 },
        Expectation::Unlike("first".to_owned()),
        Expectation::NoTrace,
        Expectation::Fin,
        Expectation::Reset,
        Expectation::End,
        Expectation::Open,
    ]
}

#[test]
fn a_datagram_is_there_even_when_it_is_empty() {
    let text = |text: &str| Expectation::Exactly {
        payload: Payload::Text(Template(text.to_owned())),
        strict: false,
    };
    let cases = [
        (text(""), &b""[..], 0, "O"),
        (text(""), b"", 1, "M"),
        (text("hi"), b"hi\n", 1, "M"),
        // What came is the whole message: nothing can be added to it.
        (text("hi there"), b"hi", 1, "X"),
        (Expectation::Something, b"", 0, "O"),
        (Expectation::Something, b"", 1, "M"),
        (Expectation::Nothing, b"", 0, "O"),
        (Expectation::Nothing, b"", 1, "X"),
        (Expectation::Lacks(Template("x".to_owned())), b"", 0, "O"),
    ];
    for (expectation, bytes, unread, expected) in cases {
        let material = Material {
            bytes,
            fin: false,
            reset: false,
            settled: false,
            console: false,
            sent: b"",
            reference: None,
            datagrams: Some(unread),
            clock: 0,
            bindings: &BTreeMap::new(),
            files: &BTreeMap::new(),
        };
        let found = match examine(&expectation, &material) {
            Progress::Matched { .. } => "M",
            Progress::Open => "O",
            Progress::Missed => "X",
        };
        assert_eq!(found, expected, "{} with {unread} of {bytes:?}", expectation.key());
    }
}
