//! What was done, expected and received, in words.

use std::collections::BTreeMap;

use super::scene::Scene;
use super::{datagrams, http, records, relay, words};
use crate::matching::{Known, encode, fill};
use crate::spec::{Action, Comparison, Expect, Expectation, IntegerExpectation, Payload, Picture, Source};
use crate::transcript::{Actor, Event, Heard};
use crate::units::{Plain, Text, printable};

/// So many bytes of a reply are shown.
const SHOWN: usize = 120;

/// What the harness did last before an expectation.
pub(super) fn done_before(scene: Scene<'_>, index: usize) -> Option<Text> {
    let mut done: Option<(Option<usize>, Vec<u8>, Text)> = None;
    for entry in &scene.transcript.entries {
        if entry.step.is_some_and(|step| step > index) {
            break;
        }
        if entry.step == Some(index) && matches!(entry.event, Event::Heard(_) | Event::Observed(_)) {
            break;
        }
        let name = match &entry.actor {
            Actor::Connection(name) => name.as_str(),
            Actor::Wire(name) => name.as_str(),
            Actor::Program | Actor::File(_) | Actor::Operator => "",
        };
        if let Event::Sent(bytes) = &entry.event {
            let mut all = match done.take() {
                // A line end sent while waiting belongs to the message before it.
                Some((step, sent, _)) if step == entry.step || is_nudge(scene, entry.step) => sent,
                _ => Vec::new(),
            };
            all.extend(bytes);
            let datagrams = scene.transcript.datagrams;
            let words = if is_no_text(&all) {
                words::sent_bytes(all.len(), &hexadecimal(&all), name)
            } else {
                let shown = printable(&all, SHOWN).to_string();
                if datagrams { datagrams::words::sent(&shown, name) } else { words::sent(&shown, name) }
            };
            done = Some((entry.step, all, words));
        } else if let Some(words) = action(&entry.event, name, scene.transcript.datagrams) {
            let words =
                scene.with(entry.player).name().map_or(words.clone(), |who| relay::words::at(&words, &who));
            done = Some((None, Vec::new(), words));
        }
    }
    done.map(|(_, _, words)| words)
}

fn is_nudge(scene: Scene<'_>, step: Option<usize>) -> bool {
    let step = step.and_then(|step| scene.plan.steps.get(step));
    step.is_some_and(|step| matches!(step.action, Action::Expect(_)))
}

fn action(event: &Event, name: &str, datagrams: bool) -> Option<Text> {
    match event {
        // A UDP peer is not connected, and closes without a word.
        Event::Opened if datagrams => None,
        Event::Closed if datagrams => Some(datagrams::words::closed(name)),
        Event::SentFromOtherPort(bytes) => {
            Some(datagrams::words::sent_from_other_port(&printable(bytes, SHOWN).to_string()))
        }
        Event::Opened if !name.contains('>') => Some(words::opened(name)),
        Event::Cut => Some(relay::words::cut(name)),
        Event::Killed => Some(relay::words::killed()),
        Event::HalfClosed => Some(words::half_closed(name)),
        Event::Closed => Some(words::closed(name)),
        Event::DidReset => Some(words::did_reset(name)),
        Event::Typed(line) => Some(words::typed(&printable(line.as_bytes(), SHOWN).to_string())),
        Event::Pressed(key) => Some(words::pressed(key)),
        _ => None,
    }
}

/// What was expected: the requirement of the spec, else made from the expectation.
pub(super) fn expected(expect: &Expect, heard: &Heard, known: Known<'_>) -> Text {
    if let Some(requirement) = &expect.requirement {
        return requirement.clone();
    }
    let mut right: Vec<Text> = Vec::new();
    for alternative in expect.alternatives.iter().filter(|alternative| alternative.credit >= 1.0) {
        let words = expectation(&alternative.expectation, heard, known);
        if !right.contains(&words) {
            right.push(words);
        }
    }
    let right = words::one_of(&right);
    match &expect.from {
        Source::Console => words::on_console(&right),
        Source::File(name) => words::in_file(&right, name),
        Source::Wire(wire) => relay::words::on_wire(&right, wire),
        Source::Connection(_) => right,
    }
}

fn expectation(expectation: &Expectation, heard: &Heard, known: Known<'_>) -> Text {
    let Known { bindings, files } = known;
    let quote = |bytes: &[u8]| Text::same(printable(bytes, SHOWN).to_string());
    let filled = |template| fill(template, bindings);
    match expectation {
        Expectation::Exactly { payload: payload @ Payload::Integer { width, order, .. }, .. } => {
            words::integer_bytes(*width, *order, &hexadecimal(&encode(payload, bindings, files)))
        }
        Expectation::Exactly { payload: payload @ Payload::File(name), .. } => {
            words::file(&filled(name), encode(payload, bindings, files).len())
        }
        Expectation::Exactly { payload: Payload::Picture(picture), .. } => {
            words::picture(&filled(&picture.file), &filled(&picture.number), None)
        }
        Expectation::Jpeg(expected) => {
            let bytes = expected.bytes.as_ref().map(|bytes| filled(bytes).trim_start_matches('0').to_owned());
            let Picture { file, number } = &expected.like;
            words::picture(&filled(file), &filled(number), bytes.as_deref())
        }
        Expectation::Exactly { payload, .. } => quote(&encode(payload, bindings, files)),
        Expectation::Echo => words::echo(&printable(&heard.sent, SHOWN).to_string()),
        Expectation::Shows(template) => quote(filled(template).as_bytes()),
        Expectation::Lacks(template) => {
            words::lacks(&printable(filled(template).as_bytes(), SHOWN).to_string())
        }
        Expectation::Matches(pattern) => words::pattern(pattern),
        Expectation::Number(template) => words::number(&filled(template)),
        Expectation::Integer(expected) => integer(expected, bindings),
        Expectation::Numbers(expected) => records::numbers(expected),
        Expectation::Records(expected) => records::records(expected),
        Expectation::Something => words::something(),
        Expectation::Nothing => words::nothing_more(),
        Expectation::Reference(comparison) => reference(*comparison, heard),
        Expectation::CurrentTime { .. } => words::present_time(),
        Expectation::Unlike(capture) => {
            let captured = bindings.get(capture).map_or("", String::as_str);
            words::unlike(&printable(captured.as_bytes(), SHOWN).to_string())
        }
        Expectation::Http(expected) => http::response(expected, known),
        Expectation::HttpRequest(expected) => http::request(expected, known),
        Expectation::NoTrace => words::no_trace(),
        Expectation::Fin => words::fin_wanted(),
        Expectation::Reset => words::reset_wanted(),
        Expectation::End => words::end_wanted(),
        Expectation::Open => words::open_wanted(),
    }
}

fn integer(expected: &IntegerExpectation, bindings: &BTreeMap<String, String>) -> Text {
    let widths = expected.widths.iter().map(u8::to_string).collect::<Vec<_>>();
    let value = expected.value.as_ref().map(|value| fill(value, bindings));
    let value = value.filter(|value| value.parse::<i128>().is_ok());
    words::integer(&widths.join(", "), expected.order, value.as_deref())
}

fn reference(comparison: Comparison, heard: &Heard) -> Text {
    let answer = heard.reference.as_deref().unwrap_or_default();
    let answer = String::from_utf8_lossy(answer.trim_ascii()).into_owned();
    match comparison {
        Comparison::Number => words::number(&answer),
        Comparison::Text => Text::same(printable(answer.as_bytes(), SHOWN).to_string()),
    }
}

/// What came instead.
pub(super) fn received(expect: &Expect, heard: &Heard) -> Text {
    if heard.missing {
        let file = matches!(expect.from, Source::File(_));
        return if file { words::no_file() } else { words::no_connection() };
    }
    if expect.from == Source::Console {
        return shown(&heard.bytes);
    }
    let binary = expect.alternatives.iter().any(|alternative| is_binary(&alternative.expectation));
    let unread = heard.datagrams.as_ref().map_or(0, |datagrams| datagrams.unread);
    let came = if heard.bytes.is_empty() && unread > 0 {
        datagrams::words::empty_datagram()
    } else if heard.bytes.is_empty() {
        words::nothing()
    } else if is_no_text(&heard.bytes) || binary && !heard.bytes.iter().all(|byte| byte.is_ascii_graphic()) {
        words::bytes(heard.bytes.len(), &hexadecimal(&heard.bytes))
    } else {
        Text::same(printable(&heard.bytes, SHOWN).to_string())
    };
    if unread > 1 {
        return datagrams::words::and_more(&came, unread - 1);
    }
    match (heard.fin, heard.reset) {
        (true, _) => words::then_fin(&came),
        (false, true) => words::then_reset(&came),
        (false, false) => came,
    }
}

/// More bytes than a short message, with zeros and with what is no UTF-8 among them.
fn is_no_text(bytes: &[u8]) -> bool {
    bytes.len() > SHOWN_HEXADECIMAL && bytes.contains(&0) && std::str::from_utf8(bytes).is_err()
}

fn is_binary(expectation: &Expectation) -> bool {
    use Payload::{File, Integer, Picture};
    matches!(
        expectation,
        Expectation::Integer(_)
            | Expectation::Jpeg(_)
            | Expectation::Exactly { payload: Integer { .. } | File(_) | Picture(_), .. }
    )
}

/// The end of what a console showed: failures stand there.
fn shown(console: &[u8]) -> Text {
    let text = Plain::read(console, true).text;
    let text = text.trim();
    if text.is_empty() {
        return words::nothing();
    }
    let hidden = text.chars().count().saturating_sub(SHOWN);
    let end: String = text.chars().skip(hidden).collect();
    let quoted = printable(end.as_bytes(), usize::MAX).to_string();
    Text::same(if hidden > 0 { format!("…{quoted}") } else { quoted })
}

/// The last line that a program showed.
pub(super) fn last_line(console: &[u8]) -> Option<Text> {
    let text = Plain::read(console, true).text;
    let line = text.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(words::last_words(line.trim()))
}

/// At most this many bytes are shown in hexadecimal.
const SHOWN_HEXADECIMAL: usize = 32;

fn hexadecimal(bytes: &[u8]) -> String {
    let shown: Vec<String> = bytes.iter().take(SHOWN_HEXADECIMAL).map(|byte| format!("{byte:02x}")).collect();
    let more = if bytes.len() > SHOWN_HEXADECIMAL { " …" } else { "" };
    format!("{}{more}", shown.join(" "))
}
