//! Tests of sessions: drawn as the grammar says, readable as scenarios, and made as small as
//! what they show allows.

use super::shrink::simpler;
use super::{Grammar, Label, Manner, Move, Session, Trial, script, shrink, sow};
use crate::plan::{flatten, sample};
use crate::spec::{Concept, Exercise, Generator, Leave, Tier, read_scenario};
use crate::units::Text;

const EXPLORE: &str = r#"steps = [{ connect = "a" }]

[explore.basic]
serves = "in-turn"
connections = [1, 3]
requests = [1, 5]
queued = true

[explore.robust]
leave = ["close", "reset"]
abandon = ["reset"]
half-close = true
segments = true

[[explore.exchange]]
draw = { x = { integer = [0, 999] }, text = { printable = 12 }, sign = { one-of = ["+", "-"] }, square = { product = ["x", "x"] } }
steps = [
  { send = "{x}{sign}{text} {square} {a.port}", to = "a" },
  { expect = { any = [{ echo = true }, { matches = '\d{1,9}' }] }, from = "a", nudge = true },
]

[[explore.exchange]]
tier = "robust"
concept = "encoding"
draw = { name = { korean = 4 } }
steps = [
  { send = "{name} and more", to = "a" },
  { expect = { shows = "{name}" }, from = "a" },
]
"#;

fn exercise() -> Exercise {
    sample::with_steps(EXPLORE)
}

fn grammar(exercise: &Exercise, tier: Tier) -> Grammar<'_> {
    Grammar { exercise: "calc", exploration: &exercise.explorations[0], tier }
}

fn label() -> Label {
    let text = Text::new("Answers \"well\"", "답한다");
    Label { id: "found-1-1".to_owned(), title: text.clone(), hint: text }
}

#[test]
fn the_same_seed_and_number_give_the_same_session() {
    let exercise = exercise();
    let grammar = grammar(&exercise, Tier::Robust);
    assert_eq!(sow(grammar, 7, 3), sow(grammar, 7, 3));
    assert_ne!(sow(grammar, 7, 3), sow(grammar, 7, 4));
    assert_ne!(sow(grammar, 7, 3), sow(grammar, 8, 3));
}

#[test]
fn sessions_are_what_the_grammar_allows_and_reach_what_it_does() {
    let exercise = exercise();
    for tier in [Tier::Basic, Tier::Robust] {
        let grammar = grammar(&exercise, tier);
        let sessions: Vec<Session> = (0..300).map(|number| sow(grammar, 1, number)).collect();
        assert!(sessions.iter().all(|session| grammar.allows(session)));
        let any = |fits: &dyn Fn(&Move) -> bool| sessions.iter().flat_map(|s| &s.moves).any(fits);
        let robust = tier == Tier::Robust;
        assert_eq!(any(&|m| matches!(m, Move::Go { how: Leave::Reset, .. })), robust);
        assert_eq!(any(&|m| matches!(m, Move::Ask { manner: Manner::HalfClosed, .. })), robust);
        assert_eq!(any(&|m| matches!(m, Move::Ask { manner: Manner::Abandoned(_), .. })), robust);
        assert_eq!(any(&|m| matches!(m, Move::Ask { pieces, .. } if !pieces.is_empty())), robust);
        let early = |session: &Session| {
            session.moves.windows(2).any(|two| matches!(two, [Move::Come { .. }, Move::Come { .. }]))
        };
        assert!(sessions.iter().any(early), "nobody waits for the turn");
    }
}

#[test]
fn every_session_is_a_scenario_of_the_spec() {
    let exercise = exercise();
    for tier in [Tier::Basic, Tier::Robust] {
        let grammar = grammar(&exercise, tier);
        for number in 0..100 {
            let session = Session::joined([sow(grammar, 1, number), sow(grammar, 1, number + 100)]);
            let script = script(grammar, &session, &label());
            let text = script.toml();
            let scenario =
                read_scenario(&exercise, "server", &text).unwrap_or_else(|faults| panic!("{faults}\n{text}"));
            let planned = flatten(&scenario, &std::collections::BTreeMap::new(), 1);
            assert!(script.move_of(planned.steps.len() - 1).is_some());
            assert!(
                script.move_of(planned.steps.len()).is_none(),
                "a step of the text is a step of the plan"
            );
        }
    }
}

#[test]
fn writes_a_session_as_people_would() {
    let exercise = exercise();
    let ask = |client, x: &str, manner| Move::Ask {
        client,
        exchange: 0,
        values: [("x", x), ("text", "{b}"), ("sign", "+"), ("square", "9")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        pieces: Vec::new(),
        manner,
    };
    let moves = vec![
        Move::Come { client: 4 },
        ask(4, "3", Manner::Plain),
        Move::Go { client: 4, how: Leave::Reset },
        Move::Come { client: 2 },
        ask(2, "5", Manner::Abandoned(Leave::Reset)),
    ];
    let session = Session { moves };
    let text = script(grammar(&exercise, Tier::Robust), &session, &label()).toml();
    let expected = r#"[[scenario]]
id = "found-1-1"
title = { en = "Answers \"well\"", ko = "답한다" }
concept = "reset"
tier = "robust"
hint = { en = "Answers \"well\"", ko = "답한다" }
steps = [
  { connect = "a" },
  { send = "3+{{b} 9 {a.port}", to = "a" },
  { expect = { any = [{ echo = true }, { matches = "\\d{1,9}" }] }, from = "a", nudge = true },
  { settle = true },
  { reset = "a" },
  { settle = true },
  { connect = "b" },
  { freeze = true },
  { send = "5+{{b} 9 {b.port}", to = "b" },
  { reset = "b" },
  { thaw = true },
]
"#;
    assert_eq!(text, expected);
}

/// A program that is wrong where these words say so.
struct Wrong<F>(F, usize);

impl<F: Fn(&Session) -> bool> Trial for Wrong<F> {
    fn first(&mut self, sessions: &[Session]) -> Option<usize> {
        self.1 += sessions.len();
        sessions.iter().position(&self.0)
    }
}

fn value(m: &Move, wanted: &str) -> Option<String> {
    let Move::Ask { values, .. } = m else { return None };
    values.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
}

fn asks(session: &Session) -> Vec<&Move> {
    session.moves.iter().filter(|m| matches!(m, Move::Ask { .. })).collect()
}

/// The first session of many for which it holds, all of them as one.
fn long(grammar: Grammar<'_>, fits: &dyn Fn(&Session) -> bool) -> Session {
    let groups = (0..200).map(|group| Session::joined((0..5).map(|n| sow(grammar, 3, group * 5 + n))));
    groups.into_iter().find(|session| fits(session)).expect("one of so many fits")
}

#[test]
fn a_wrong_value_is_left_alone_with_the_simplest_others() {
    let exercise = exercise();
    let grammar = grammar(&exercise, Tier::Robust);
    let fits = |session: &Session| {
        let large = |m: &&Move| value(m, "x").is_some_and(|x| x.parse::<u32>().unwrap() >= 200);
        asks(session).iter().any(large)
    };
    let mut trial = Wrong(fits, 0);
    let small = shrink(grammar, long(grammar, &fits), &mut trial);
    assert_eq!(small.moves.len(), 2, "{small:?}");
    let Move::Ask { values, pieces, manner, .. } = &small.moves[1] else { panic!("{small:?}") };
    let drawn: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(drawn, ["200", "a", "+", "40000"], "products follow their factors");
    assert_eq!((pieces.len(), *manner), (0, Manner::Plain));
    assert_eq!(small.tier(grammar), Tier::Basic, "what is left lies within the handout");
    assert!(trial.1 < 300, "{} trials", trial.1);
}

#[test]
fn the_third_request_on_a_connection_keeps_the_two_before_it() {
    let exercise = exercise();
    let grammar = grammar(&exercise, Tier::Basic);
    let third = |session: &Session| {
        let asked = |client| asks(session).iter().filter(|m| m.client() == client).count();
        session.moves.iter().any(|m| asked(m.client()) >= 3)
    };
    let small = shrink(grammar, long(grammar, &third), &mut Wrong(third, 0));
    assert_eq!(small.moves.len(), 4, "{small:?}");
    assert_eq!(asks(&small).len(), 3);
    assert_eq!(small.concept(grammar), Concept::RequestReply);
}

#[test]
fn the_fourth_client_keeps_the_three_before_it() {
    let exercise = exercise();
    let grammar = grammar(&exercise, Tier::Basic);
    let fourth =
        |session: &Session| session.moves.iter().filter(|m| matches!(m, Move::Come { .. })).count() >= 4;
    let small = shrink(grammar, long(grammar, &fourth), &mut Wrong(fourth, 0));
    let comes = small.moves.iter().filter(|m| matches!(m, Move::Come { .. })).count();
    assert_eq!(comes, 4, "{small:?}");
    assert!(grammar.allows(&small));
    assert_eq!(small.concept(grammar), Concept::Lifecycle);
}

#[test]
fn what_needs_a_reset_stays_beyond_the_handout() {
    let exercise = exercise();
    let grammar = grammar(&exercise, Tier::Robust);
    let reset =
        |session: &Session| session.moves.iter().any(|m| matches!(m, Move::Go { how: Leave::Reset, .. }));
    let small = shrink(grammar, long(grammar, &reset), &mut Wrong(reset, 0));
    assert_eq!((small.tier(grammar), small.concept(grammar)), (Tier::Robust, Concept::Reset));
}

#[test]
fn simpler_values_are_values_of_the_generator() {
    let integers = simpler(&Generator::Integer(-5, 100), "80");
    assert_eq!(integers, ["0", "40", "60", "70", "75", "78", "79"]);
    assert_eq!(simpler(&Generator::Integer(7, 9), "9"), ["7", "8"]);
    let choices = Generator::OneOf(vec!["+".into(), "-".into(), "*".into()]);
    assert_eq!(simpler(&choices, "*"), ["+", "-"]);
    assert!(simpler(&choices, "+").is_empty());
    let texts = simpler(&Generator::Printable(9), "ab cd");
    assert!(texts.iter().all(|text| text.trim() == text && !text.is_empty() && text != "ab cd"), "{texts:?}");
    assert!(texts.contains(&"aaaaa".to_owned()));
    assert!(simpler(&Generator::Word(3), "a").is_empty());
}
