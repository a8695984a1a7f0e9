//! Which replies hold the number that is expected.

use super::*;

#[test]
fn numbers_are_found_in_any_dress() {
    let table: [(&str, &str, &str, &str); 24] = [
        ("37", "20 + 17", "37", "MM"),
        ("37", "20 + 17", "37.0\n", "MM"),
        ("37", "20 + 17", "Result: 37", "MM"),
        ("37", "20 + 17", "20 + 17 = 37", "MM"),
        ("37", "20+17", "20 + 17 = 37.0입니다", "MM"),
        ("37", "20 + 17", "{\"expr\": \"20+17\", \"result\": 37}", "MM"),
        ("37", "20 + 17", "{\"result\": 37, \"status\": 0}", "MM"),
        ("37", "20 + 17", "137", "OX"),
        ("37", "20 + 17", "37.5", "OX"),
        ("37", "20 + 17", "", "OX"),
        ("37", "20 + 17", "-37", "OX"),
        ("4", "8 / 2", "14", "OX"),
        ("4", "8 / 2", "4.0", "MM"),
        ("5", "1 * 5", "1 * 5", "OX"),
        ("5", "1 * 5", "cannot compute 1 * 5", "OX"),
        ("5", "1 * 5", "5", "MM"),
        ("3", "6 - 3", "6 - 3 = 3", "MM"),
        ("-2", "3 -5", "3 - 5 = -2", "MM"),
        ("0", "5 - 5", "5-5=0", "MM"),
        ("121932631112635269", "123456789 * 987654321", "121932631112635269", "MM"),
        ("121932631112635269", "123456789 * 987654321", "1.2193263111263526e+17", "OX"),
        ("3.5", "7 / 2", "결과: 3.5", "MM"),
        ("340", "20 * 17", "[1] 340 (status 200)", "MM"),
        ("34", "2 * 17", "[1] 34 (status 200)", "OX"),
    ];
    for (answer, sent, reply, expected) in table {
        let scene = Scene { bytes: reply.as_bytes(), sent: sent.as_bytes(), ..QUIET };
        assert_eq!(letters(&Expectation::Number(name(answer)), scene), expected, "{sent:?} -> {reply:?}");
    }
}

#[test]
fn numbers_in_binary_and_in_padded_buffers() {
    let table: [(&str, &[u8], &str); 11] = [
        ("37", b"\0\0\0\x25", "MM"),
        ("9.6", &9.6f64.to_be_bytes(), "MM"),
        ("9.7", &9.6f64.to_be_bytes(), "OX"),
        ("858861618", b"3123", "OX"),
        ("37", b"\x25\0\0\0", "MM"),
        ("-2", b"\xff\xff\xff\xff\xff\xff\xff\xfe", "MM"),
        ("3.5", &3.5f64.to_le_bytes(), "MM"),
        ("38", b"\0\0\0\x25", "OX"),
        ("37", b"37\0\0\0\0", "XX"),
        ("37", b"37\0", "MM"),
        ("37", b"\0\x0237", "MM"),
    ];
    for (answer, bytes, expected) in table {
        let scene = Scene { bytes, sent: b"20 + 17", ..QUIET };
        assert_eq!(letters(&Expectation::Number(name(answer)), scene), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn numbers_on_a_console_stand_among_prompts() {
    let scene = Scene { bytes: b"Result: 8731\n1) again 2) quit\n> ", console: true, ..QUIET };
    let shown = run(&Expectation::Number(name("8731")), scene);
    assert_eq!(shown, Progress::Matched { used: 12, text: "8731".to_owned() });
}

#[test]
fn the_model_answers_as_number_or_as_text() {
    let number = Expectation::Reference(Comparison::Number);
    let text = Expectation::Reference(Comparison::Text);
    let table: [(&Expectation, &str, &str, &str, &str); 10] = [
        (&number, "20 + 17", "37", "Result: 37", "MM"),
        (&number, "20 + 17", "37", "38", "OX"),
        (&number, "1 / 4", "0.3", "0.2", "MM"),
        (&number, "1 / 4", "0.3", "0.25", "OX"),
        (&number, "2 / 3", "0.7", "0.6", "OX"),
        (&number, "1 / 0", "error: division by zero", "cannot", "MM"),
        (&number, "x", "Error 1", "2", "MM"),
        (&number, "1 / 0", "error: division by zero", "", "OX"),
        (&text, "3", "three", "three\r\n", "MM"),
        (&text, "3", "three", "thre", "OX"),
    ];
    for (expectation, sent, answer, reply, expected) in table {
        let scene = Scene {
            bytes: reply.as_bytes(),
            sent: sent.as_bytes(),
            reference: Some(answer.as_bytes()),
            ..QUIET
        };
        assert_eq!(letters(expectation, scene), expected, "{sent} -> {reply}");
    }
}

#[test]
fn an_integer_is_decided_at_the_end_only() {
    let integer = Expectation::Integer(IntegerExpectation {
        widths: vec![4, 8],
        order: ByteOrder::Big,
        value: Some(name("37")),
        plausible: None,
        more: false,
    });
    let table: [(&[u8], &str); 4] =
        [(b"\0\0\0\x25", "OM"), (b"\0\0\0\0\0\0\0\x25", "OM"), (b"\0\0\0\x25\n", "OX"), (b"37", "OX")];
    for (bytes, expected) in table {
        assert_eq!(letters(&integer, Scene { bytes, ..QUIET }), expected, "{}", bytes.escape_ascii());
    }
}
