//! Tests of flattening: what the steps look like once nothing is left to plan.

use std::collections::BTreeMap;

use super::{flatten, sample};
use crate::spec::{Action, Expectation, FileContent, Part, Payload, Send, Template};

/// The steps as short lines: verb, connection, text.
fn lines(scenario: &str, seed: u64) -> Vec<String> {
    let settings = BTreeMap::from([("greeting".to_owned(), "hello".to_owned())]);
    let planned = flatten(&sample::scenario(scenario), &settings, seed);
    planned.steps.iter().map(|step| line(&step.action)).collect()
}

fn line(action: &Action) -> String {
    match action {
        Action::Connect(connect) => format!("connect {}", connect.connection),
        Action::Close { connection } => format!("close {connection}"),
        Action::Send(Send { connection, payload: Payload::Text(text), .. }) => {
            format!("send {connection} {}", text.0)
        }
        Action::Expect(expect) => match &expect.alternatives[0].expectation {
            Expectation::Number(number) => format!("expect {:?} {}", expect.from, number.0),
            Expectation::Integer(integer) => {
                format!("integer {:?}", integer.value.as_ref().map(|value| &value.0))
            }
            other => format!("expect {:?} {}", expect.from, other.key()),
        },
        other => other.key().to_owned(),
    }
}

#[test]
fn repeats_the_steps_of_a_table_row_by_row() {
    let scenario = r#"steps = [
      { connect = "a" },
      { each = [{ expr = "1 + 1", answer = 2 }, { expr = "{greeting}", answer = 0.5 }], steps = [
        { send = "{expr}", to = "a" },
        { expect = { number = "{answer}" }, from = "a" },
      ] },
    ]"#;
    let expected = [
        "connect a",
        "send a 1 + 1",
        "expect Connection(\"a\") 2",
        "send a hello",
        "expect Connection(\"a\") 0.5",
    ];
    assert_eq!(lines(scenario, 1), expected);
}

#[test]
fn gives_a_connection_of_a_block_a_name_of_its_own_in_every_round() {
    let scenario = r#"steps = [
      { times = 2, steps = [
        { connect = "a" }, { send = "{a.ip} {port}", to = "a" },
        { times = 2, steps = [{ connect = "b" }, { close = "b" }] },
        { close = "a" },
      ] },
    ]"#;
    let planned = lines(scenario, 1);
    assert_eq!(planned[..4], ["connect a-1", "send a-1 {a-1.ip} {port}", "connect b-1", "close b-1"]);
    assert_eq!(planned[4..8], ["connect b-2", "close b-2", "close a-1", "connect a-2"]);
}

#[test]
fn draws_anew_in_every_round_and_the_same_for_the_same_seed() {
    let scenario = r#"
    draw = { word = { word = 12 } }
    steps = [
      { connect = "a" },
      { times = 3, draw = { x = { integer = [1, 1000000] }, twice = { product = ["x", "x"] } }, steps = [
        { send = "{word} {x} {twice}", to = "a" },
      ] },
    ]"#;
    let planned = lines(scenario, 7);
    assert_eq!(planned, lines(scenario, 7));
    assert_ne!(planned, lines(scenario, 8));
    assert_ne!(planned[1], planned[2]);
    let words: Vec<&str> = planned[1].split(' ').collect();
    let x: i64 = words[3].parse().unwrap();
    assert_eq!(words[4].parse::<i64>().unwrap(), x * x);
    assert_eq!(words[2], planned[2].split(' ').nth(2).unwrap());
}

#[test]
fn does_not_know_the_value_of_a_setting_that_is_not_set() {
    let scenario = r#"steps = [
      { connect = "a" },
      { expect = { integer = { widths = [4], value = "{student}" } }, from = "a" },
    ]"#;
    assert_eq!(lines(scenario, 1)[1], "integer None");
    let settings = BTreeMap::from([("student".to_owned(), "20170031".to_owned())]);
    let planned = flatten(&sample::scenario(scenario), &settings, 1);
    assert_eq!(line(&planned.steps[1].action), "integer Some(\"20170031\")");
}

#[test]
fn keeps_braces_of_drawn_text_apart_from_names() {
    let scenario = r#"
    draw = { text = { printable = 2000 } }
    steps = [{ connect = "a" }, { send = "{text}{{", to = "a" }]"#;
    let planned = lines(scenario, 1).remove(1);
    let template = Template(planned.trim_start_matches("send a ").to_owned());
    let parts = template.parts().unwrap();
    assert!(parts.iter().all(|part| !matches!(part, Part::Name(_))));
    assert!(parts.iter().filter(|part| matches!(part, Part::Brace)).count() > 1);
}

#[test]
fn tells_the_round_of_every_step() {
    let scenario = r#"steps = [
      { connect = "a" }, { times = 2, steps = [{ send = "x", to = "a" }] }, { close = "a" },
    ]"#;
    let planned = flatten(&sample::scenario(scenario), &BTreeMap::new(), 1);
    let rounds: Vec<Option<usize>> = planned.steps.iter().map(|step| step.round).collect();
    assert_eq!(rounds, [None, Some(1), Some(2), None]);
}

#[test]
fn fills_texts_of_files_and_draws_bytes_from_the_seed() {
    let scenario = r#"
      draw = { name = { one-of = ["Bora"] } }
      files = { "a.txt" = { text = "{name} {greeting} {port} {{" }, "b.bin" = { random-bytes = 9 }, "c.bin" = { random-bytes = 9 }, "d" = { absent = true } }
      steps = [{ connect = "a" }]"#;
    let settings = BTreeMap::from([("greeting".to_owned(), "hello".to_owned())]);
    let files = |seed| flatten(&sample::scenario(scenario), &settings, seed).files;
    let [(_, text), (_, first), (_, second), (_, absent)] = &files(1)[..] else { panic!("four files") };
    assert_eq!(*text, FileContent::Text(Template("Bora hello {port} {{".to_owned())));
    assert_eq!(*absent, FileContent::Absent);
    assert!(matches!(first, FileContent::Bytes(bytes) if bytes.len() == 9));
    assert_ne!(first, second);
    assert_eq!(files(1), files(1));
    assert_ne!(files(1), files(2));
}
