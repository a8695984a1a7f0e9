//! What the bytes and the state of the program tell about the cause of a failure.

use super::blame::Unmet;
use super::{content, datagrams, words};
use crate::matching::{Decimal, current_moment, fill, numbers, quotient};
use crate::spec::{ByteOrder, Expectation, Payload, Source};
use crate::transcript::{Event, ProgramState, Stop};
use crate::units::{Plain, Text};

/// Why a reply is another than the expected one, where its bytes tell.
pub(super) fn of_reply(unmet: Unmet<'_>) -> Option<Text> {
    let bytes = &unmet.heard.bytes;
    let came = bytes.trim_ascii();
    if bytes.is_empty() && unmet.heard.datagrams.is_some() {
        return Some(datagrams::words::empty());
    }
    if let Expectation::Exactly { payload: payload @ (Payload::File(_) | Payload::Picture(_)), .. } =
        unmet.expectation
    {
        return content::cause(bytes, &unmet.encoded(payload));
    }
    padding(bytes)
        .or_else(|| encoding(bytes))
        .or_else(|| previous(unmet, came))
        .or_else(|| repeats(unmet, came))
        .or_else(|| match unmet.expectation {
            Expectation::Exactly { payload, .. } => resembles(came, unmet.encoded(payload).trim_ascii()),
            Expectation::Echo => resembles(came, unmet.heard.sent.trim_ascii()),
            Expectation::Reference(_) => {
                let answer = String::from_utf8_lossy(unmet.heard.reference.as_deref().unwrap_or_default())
                    .into_owned();
                number(unmet, numbers(&answer).pop()?.value)
            }
            Expectation::Number(template) => number(unmet, Decimal::parse(&fill(template, unmet.bindings))?),
            Expectation::CurrentTime { .. } => time(unmet),
            Expectation::Unlike(_) => Some(words::same_as_before()),
            _ => None,
        })
}

/// A C buffer was sent as a whole: zeros follow the text.
pub(super) fn padding(bytes: &[u8]) -> Option<Text> {
    let zeros = bytes.iter().rev().take_while(|&&byte| byte == 0).count();
    let text = &bytes[..bytes.len() - zeros];
    (zeros > 0 && !text.is_empty() && !text.contains(&0)).then(|| words::zero_padded(zeros))
}

/// Korean text in the code page of Windows where UTF-8 was meant.
fn encoding(bytes: &[u8]) -> Option<Text> {
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let mut rest = bytes;
    let mut syllables = 0;
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (0..=0x7f, _) => rest = tail,
            (0x81..=0xfe, [0x41..=0xfe, tail @ ..]) => {
                syllables += 1;
                rest = tail;
            }
            _ => return None,
        }
    }
    (syllables > 0).then(words::not_utf8)
}

/// The reply belongs to an earlier message of this connection.
fn previous(unmet: Unmet<'_>, came: &[u8]) -> Option<Text> {
    let (Expectation::Echo, Source::Connection(name)) = (unmet.expectation, unmet.from) else { return None };
    let mut earlier = unmet.scene.sent_on(name, unmet.index);
    earlier.pop();
    earlier.iter().any(|message| message.trim_ascii() == came).then(words::previous_reply)
}

/// The reply is the question.
fn repeats(unmet: Unmet<'_>, came: &[u8]) -> Option<Text> {
    let sent = unmet.heard.sent.trim_ascii();
    let echo = matches!(unmet.expectation, Expectation::Echo);
    (!echo && !sent.is_empty() && came == sent).then(words::repeats_question)
}

/// What little sets two texts apart.
fn resembles(came: &[u8], wanted: &[u8]) -> Option<Text> {
    let squeezed =
        |bytes: &[u8]| bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>();
    let twice = [wanted, wanted].concat();
    if came.eq_ignore_ascii_case(wanted) {
        Some(words::only_case_differs())
    } else if squeezed(came) == squeezed(wanted) {
        Some(words::only_blanks_differ())
    } else if squeezed(came) == squeezed(&twice) {
        Some(words::twice())
    } else if wanted.len() >= 3 && came.windows(wanted.len()).any(|window| window == wanted) {
        Some(words::surrounded())
    } else {
        None
    }
}

/// Why a number is another than the expected one.
fn number(unmet: Unmet<'_>, wanted: Decimal) -> Option<Text> {
    let text = Plain::read(&unmet.heard.bytes, true).text;
    let Some(came) = numbers(&text).pop() else { return Some(words::no_number()) };
    let (dividend, divisor) = quotient(&String::from_utf8_lossy(&unmet.heard.sent))?;
    let exact = dividend as f64 / divisor as f64;
    let value = came.value.to_f64();
    let is = |number: f64| (value - number).abs() < 1e-9;
    if is((exact * 10.0).trunc() / 10.0) && !wanted.same(&came.value) {
        Some(words::cut_not_rounded())
    } else if is(exact.trunc()) || is(exact.floor()) {
        Some(words::integer_division())
    } else if (value - exact).abs() < 1e-2 && text.trim().len() > 3 {
        Some(words::more_decimals())
    } else {
        None
    }
}

/// Why a time is another than the present one.
fn time(unmet: Unmet<'_>) -> Option<Text> {
    let text = String::from_utf8_lossy(&unmet.heard.bytes).into_owned();
    match current_moment(text.trim(), unmet.heard.clock, unmet.bindings) {
        None => Some(words::not_ctime()),
        Some(seconds) => Some(words::clock_differs(seconds)),
    }
}

/// The number that a console should show stands there in the order of the processor,
/// or with a sign it should not have.
pub(super) fn swapped_on_console(unmet: Unmet<'_>) -> Option<Text> {
    let value = shown_number(unmet)?;
    let text = Plain::read(&unmet.heard.bytes, true).text;
    let four = u32::try_from(value).ok()?;
    let shows = |number: i128| numbers(&text).iter().any(|found| found.value.to_i128() == Some(number));
    let swapped = four.swap_bytes();
    let reversed =
        swapped != four && (shows(i128::from(swapped)) || shows(i128::from(swapped.cast_signed())));
    reversed.then(|| words::swapped(u128::from(four), ByteOrder::Big))
}

fn shown_number(unmet: Unmet<'_>) -> Option<i128> {
    let template = match unmet.expectation {
        Expectation::Shows(template) | Expectation::Number(template) => template,
        _ => return None,
    };
    Decimal::parse(&fill(template, unmet.bindings))?.to_i128()
}

/// Why something is not on the console.
pub(super) fn not_shown(unmet: Unmet<'_>) -> Option<Text> {
    let text = Plain::read(&unmet.heard.bytes, true).text;
    let shows = |number: i128| numbers(&text).iter().any(|found| found.value.to_i128() == Some(number));
    let signed = shown_number(unmet).and_then(|value| u32::try_from(value).ok()).map(u32::cast_signed);
    if signed.is_some_and(|signed| signed < 0 && shows(i128::from(signed))) {
        return Some(words::read_as_signed());
    }
    encoding(&unmet.heard.bytes).or_else(|| match unmet.heard.stop.state() {
        ProgramState::Receiving { connection } => Some(still_reads(unmet, connection.as_deref())),
        ProgramState::AwaitingDatagram => Some(datagrams::words::shows_no_more()),
        ProgramState::Sleeping { .. } | ProgramState::Deadlocked => waiting(unmet),
        _ => None,
    })
}

/// The program reads from a connection instead of showing something.
fn still_reads(unmet: Unmet<'_>, connection: Option<&str>) -> Text {
    let silent = connection.is_some_and(|name| unmet.scene.sent_on(name, unmet.index).is_empty());
    if silent { words::waits_to_be_spoken_to() } else { words::still_reads() }
}

/// What the program waits for instead of answering.
pub(super) fn waiting(unmet: Unmet<'_>) -> Option<Text> {
    let nudged = unmet.scene.under(unmet.index).any(|entry| matches!(entry.event, Event::Sent(_)));
    let sent = &unmet.heard.sent;
    let here = |name: &Option<String>| match (unmet.from, name) {
        (Source::Connection(own), Some(name)) => own == name,
        _ => true,
    };
    if let Stop::Asleep(_) = unmet.heard.stop {
        return Some(words::sleeps());
    }
    match unmet.heard.stop.state() {
        ProgramState::Receiving { connection } if here(connection) => Some(if ends_wanted(unmet) {
            words::keeps_reading()
        } else if sent.is_empty() {
            words::waits_to_be_spoken_to()
        } else if !nudged && std::str::from_utf8(sent).is_ok_and(|text| !text.contains('\n')) {
            words::waits_for_line()
        } else {
            words::waits_for_more()
        }),
        ProgramState::Receiving { connection: Some(name) } => Some(words::serves_another(name)),
        ProgramState::AwaitingDatagram => Some(datagrams::words::awaits_next()),
        ProgramState::Accepting => Some(words::waits_for_next_client()),
        ProgramState::ReadingInput => Some(words::waits_for_input()),
        ProgramState::Sending { .. } => Some(words::send_blocks()),
        ProgramState::Deadlocked => Some(words::deadlock()),
        ProgramState::Sleeping { .. } => Some(words::sleeps()),
        _ => None,
    }
}

/// The end of the connection was awaited.
fn ends_wanted(unmet: Unmet<'_>) -> bool {
    matches!(unmet.expectation, Expectation::Fin | Expectation::Reset | Expectation::End)
}

/// The connection was closed although an earlier exchange on it went well.
pub(super) fn closed_after_reply(unmet: Unmet<'_>) -> Option<Text> {
    let Source::Connection(name) = unmet.from else { return None };
    (unmet.scene.sent_on(name, unmet.index).len() > 1).then(words::closes_after_reply)
}
