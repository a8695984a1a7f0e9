//! What the bytes and the state of the program tell about the cause of a failure.

use super::blame::Unmet;
use super::scene::Blame;
use super::{Code, datagrams, likeness, segment, words};
use crate::matching::{Decimal, current_moment, fill, numbers, quotient};
use crate::spec::{ByteOrder, Comparison, Expectation, Payload, Source};
use crate::transcript::{Event, Heard, ProgramState, Stop};
use crate::units::{Plain, Text};

/// Why a reply is another than the expected one, where its bytes tell: the kind that is more
/// than `otherwise`, or that one with its cause.
pub(super) fn of_reply(unmet: Unmet<'_>, otherwise: Code) -> Option<Blame> {
    let bytes = &unmet.heard.bytes;
    let came = bytes.trim_ascii();
    let told = |cause| Blame::new(otherwise, Some(cause));
    if bytes.is_empty() && unmet.heard.datagrams.is_some() {
        return Some(told(datagrams::words::empty()));
    }
    if let Expectation::Exactly { payload: payload @ (Payload::File(_) | Payload::Picture(_)), .. } =
        unmet.expectation
    {
        return likeness::of_file(bytes, &unmet.encoded(payload), otherwise);
    }
    padding(bytes)
        .map(|cause| Blame::new(Code::SendsWholeBuffer, Some(cause)))
        .or_else(|| stray(unmet, came))
        .or_else(|| match unmet.expectation {
            Expectation::Exactly { payload, .. } => {
                likeness::of_text(came, unmet.encoded(payload).trim_ascii(), otherwise)
            }
            Expectation::Echo => likeness::of_text(came, unmet.heard.sent.trim_ascii(), otherwise),
            Expectation::Shows(text) => likeness::of_shown(bytes, fill(text, unmet.bindings).as_bytes()),
            Expectation::Reference(_) => {
                let answer = String::from_utf8_lossy(unmet.heard.reference.as_deref().unwrap_or_default())
                    .into_owned();
                number(unmet, numbers(&answer).pop()?.value, otherwise)
            }
            Expectation::Number(template) => {
                number(unmet, Decimal::parse(&fill(template, unmet.bindings))?, otherwise)
            }
            Expectation::CurrentTime { .. } => Some(time(unmet, otherwise)),
            Expectation::Unlike(_) => Some(Blame::new(Code::NeverChanges, Some(words::same_as_before()))),
            _ => None,
        })
}

/// A message that is right somewhere else: in answer to an earlier one, to another client, or
/// as a question.
fn stray(unmet: Unmet<'_>, came: &[u8]) -> Option<Blame> {
    let Source::Connection(name) = unmet.from else { return None };
    let told = |code, cause| Some(Blame::new(code, Some(cause)));
    let is_it = |message: &Vec<u8>| message.trim_ascii() == came;
    let is_same = |heard: &Heard| heard.bytes.trim_ascii() == came;
    let mut earlier = unmet.scene.sent_on(name, unmet.index);
    earlier.pop();
    if came.is_empty() {
        None
    } else if matches!(unmet.expectation, Expectation::Echo) {
        let others = unmet.scene.sent_on_others(name, unmet.index);
        if earlier.iter().any(is_it) {
            told(Code::PreviousReplyAgain, words::previous_reply())
        } else if others.iter().any(is_it) {
            told(Code::ReplyOfAnotherClient, likeness::own::another_client())
        } else {
            None
        }
    } else if came == unmet.heard.sent.trim_ascii() {
        told(Code::EchoesTheRequest, words::repeats_question())
    } else if is_number(unmet, came) && unmet.scene.heard_before(unmet.index, unmet.from).any(is_same) {
        told(Code::PreviousReplyAgain, words::previous_reply())
    } else if is_number(unmet, came) && unmet.scene.heard_elsewhere(unmet.index, name).any(is_same) {
        told(Code::ReplyOfAnotherClient, likeness::own::another_client())
    } else {
        None
    }
}

/// A number came where one is due: numbers are seldom the same by chance.
fn is_number(unmet: Unmet<'_>, came: &[u8]) -> bool {
    let numeric =
        matches!(unmet.expectation, Expectation::Number(_) | Expectation::Reference(Comparison::Number));
    numeric && !numbers(&String::from_utf8_lossy(came)).is_empty()
}

/// A C buffer was sent as a whole: zeros follow the text.
pub(super) fn padding(bytes: &[u8]) -> Option<Text> {
    let zeros = bytes.iter().rev().take_while(|&&byte| byte == 0).count();
    let text = &bytes[..bytes.len() - zeros];
    (zeros > 0 && !text.is_empty() && !text.contains(&0)).then(|| words::zero_padded(zeros))
}

/// Why a number is another than the expected one.
fn number(unmet: Unmet<'_>, wanted: Decimal, otherwise: Code) -> Option<Blame> {
    let told = |code, cause| Some(Blame::new(code, Some(cause)));
    let text = Plain::read(&unmet.heard.bytes, true).text;
    let Some(came) = numbers(&text).pop() else {
        return told(otherwise, words::no_number());
    };
    let (dividend, divisor) = quotient(&String::from_utf8_lossy(&unmet.heard.sent))?;
    let exact = dividend as f64 / divisor as f64;
    let value = came.value.to_f64();
    let is = |number: f64| (value - number).abs() < 1e-9;
    if is((exact * 10.0).trunc() / 10.0) && !wanted.same(&came.value) {
        told(otherwise, words::cut_not_rounded())
    } else if is(exact.trunc()) || is(exact.floor()) {
        told(Code::FractionLost, words::integer_division())
    } else if (value - exact).abs() < 1e-2 && text.trim().len() > 3 {
        told(otherwise, words::more_decimals())
    } else {
        None
    }
}

/// Why a time is another than the present one.
fn time(unmet: Unmet<'_>, otherwise: Code) -> Blame {
    let text = String::from_utf8_lossy(&unmet.heard.bytes).into_owned();
    match current_moment(text.trim(), unmet.heard.clock, unmet.bindings) {
        None => Blame::new(otherwise, Some(words::not_ctime())),
        Some(seconds) => of_clock(seconds),
    }
}

/// A time that differs from the present one by so many seconds: by whole hours in a zone.
pub(super) fn of_clock(seconds: i64) -> Blame {
    let code = if words::zone_hours(seconds).is_some() { Code::WrongTimeZone } else { Code::WrongTime };
    Blame::new(code, Some(words::clock_differs(seconds)))
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

/// Something is not on the console: why, where that can be told.
pub(super) fn not_shown(unmet: Unmet<'_>) -> Blame {
    let told = |code, cause| Blame::new(code, Some(cause));
    let text = Plain::read(&unmet.heard.bytes, true).text;
    let shows = |number: i128| numbers(&text).iter().any(|found| found.value.to_i128() == Some(number));
    let signed = shown_number(unmet).and_then(|value| u32::try_from(value).ok()).map(u32::cast_signed);
    if signed.is_some_and(|signed| signed < 0 && shows(i128::from(signed))) {
        return told(Code::ReadAsSigned, words::read_as_signed());
    }
    if likeness::is_object(&text) {
        return told(Code::PrintsTheObject, likeness::own::shows_object());
    }
    let wanted = match unmet.expectation {
        Expectation::Shows(template) => fill(template, unmet.bindings),
        _ => String::new(),
    };
    if let Some(blame) = likeness::of_shown(&unmet.heard.bytes, wanted.as_bytes()) {
        return blame;
    }
    if segment::is_first(unmet, &text, &wanted) {
        return told(Code::FirstSegmentOnly, likeness::own::first_segment());
    }
    if likeness::is_beginning_of(&wanted, &text) {
        return told(Code::ShownInPart, likeness::own::shown_in_part());
    }
    if let Some(silent) = unmet.scene.blocked_behind(unmet.index) {
        return told(Code::BlockedBehindSilentClient, words::serves_another(&silent));
    }
    match unmet.heard.stop.state() {
        ProgramState::Receiving { connection, .. } => {
            told(Code::NotShown, still_reads(unmet, connection.as_deref()))
        }
        ProgramState::AwaitingDatagram => told(Code::NotShown, datagrams::words::shows_no_more()),
        ProgramState::Sleeping { .. } | ProgramState::Deadlocked => waiting(unmet, Code::NotShown),
        _ if lost_fraction(unmet, &text) => told(Code::FractionLost, words::integer_division()),
        _ if segment::is_own_message(unmet, &text) => {
            told(Code::ShowsItsOwnMessage, likeness::own::own_message())
        }
        _ => Blame::new(Code::NotShown, None),
    }
}

/// A number with a fraction is shown without it.
fn lost_fraction(unmet: Unmet<'_>, text: &str) -> bool {
    let Expectation::Number(template) = unmet.expectation else { return false };
    let Some(wanted) = Decimal::parse(&fill(template, unmet.bindings)) else { return false };
    let exact = wanted.to_f64();
    let whole = |value: f64| (value - exact.trunc()).abs() < 1e-9 || (value - exact.floor()).abs() < 1e-9;
    exact.fract() != 0.0 && numbers(text).pop().is_some_and(|number| whole(number.value.to_f64()))
}

/// The program reads from a connection instead of showing something.
fn still_reads(unmet: Unmet<'_>, connection: Option<&str>) -> Text {
    let silent = connection.is_some_and(|name| unmet.scene.sent_on(name, unmet.index).is_empty());
    if silent { words::waits_to_be_spoken_to() } else { words::still_reads() }
}

/// What the program waits for instead of answering.
pub(super) fn waiting(unmet: Unmet<'_>, otherwise: Code) -> Blame {
    if let (Source::Connection(own), ProgramState::Receiving { connection: Some(name), alone: true }) =
        (unmet.from, unmet.heard.stop.state())
        && own != name
        && !unmet.scene.has_spoken(own, unmet.index)
        && !ends_wanted(unmet)
        && !matches!(unmet.heard.stop, Stop::Asleep(_))
    {
        return Blame::new(Code::BlockedBehindSilentClient, Some(words::serves_another(name)));
    }
    let is_here = matches!(
        (unmet.from, unmet.heard.stop.state()),
        (Source::Connection(own), ProgramState::Receiving { connection: Some(name), .. }) if own == name
    );
    let unasked = unmet.heard.sent.is_empty()
        && unmet.heard.bytes.is_empty()
        && matches!(unmet.heard.stop, Stop::Settled(_));
    let code = match otherwise {
        Code::NoReply if is_here && unasked && !ends_wanted(unmet) => Code::WaitsToBeSpokenTo,
        otherwise => otherwise,
    };
    Blame::new(code, awaits(unmet))
}

fn awaits(unmet: Unmet<'_>) -> Option<Text> {
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
        ProgramState::Receiving { connection, .. } if here(connection) => Some(if ends_wanted(unmet) {
            words::keeps_reading()
        } else if sent.is_empty() {
            words::waits_to_be_spoken_to()
        } else if !nudged && std::str::from_utf8(sent).is_ok_and(|text| !text.contains('\n')) {
            words::waits_for_line()
        } else {
            words::waits_for_more()
        }),
        ProgramState::Receiving { connection: Some(name), .. } => Some(words::serves_another(name)),
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

/// The program has closed the connection: after one message, after more, or before any.
pub(super) fn closed(unmet: Unmet<'_>) -> Blame {
    let Source::Connection(name) = unmet.from else { return Blame::new(Code::ClosedEarly, None) };
    let answered = unmet.scene.heard_before(unmet.index, unmet.from).count();
    match unmet.scene.sent_on(name, unmet.index).len() {
        2 if answered == 1 && is_of_a_kind(unmet) => {
            Blame::new(Code::OneMessageOnly, Some(words::closes_after_reply()))
        }
        sent => Blame::new(Code::ClosedEarly, (sent > 1).then(words::closes_after_reply)),
    }
}

/// One of several messages that are asked alike, not the next step of a longer protocol.
fn is_of_a_kind(unmet: Unmet<'_>) -> bool {
    !matches!(unmet.expectation, Expectation::Exactly { .. } | Expectation::Integer(_))
}
