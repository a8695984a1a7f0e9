//! Which kind of failure an unfulfilled expectation is.

use std::collections::BTreeMap;

use super::scene::{Blame, Scene};
use super::{Code, cause, content, datagrams, http, likeness, program, records, segment, words};
use crate::matching::{IntegerFault, encode, fill, read_integer};
use crate::spec::{ByteOrder, Comparison, Expect, Expectation, IntegerExpectation, Payload, Source};
use crate::transcript::{Heard, ProgramState, Stop};

/// An unfulfilled expectation with all that may tell why.
#[derive(Clone, Copy)]
pub(super) struct Unmet<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) index: usize,
    pub(super) expectation: &'a Expectation,
    pub(super) from: &'a Source,
    pub(super) heard: &'a Heard,
    pub(super) bindings: &'a BTreeMap<String, String>,
}

impl Unmet<'_> {
    /// The bytes of a payload.
    pub(super) fn encoded(self, payload: &Payload) -> Vec<u8> {
        encode(payload, self.bindings, &self.scene.transcript.files)
    }
}

/// Names the failure and its cause. The first alternative is the one that is right,
/// so it is the one that was missed.
pub(super) fn blame(
    scene: Scene<'_>,
    index: usize,
    what: (&Expect, &Heard),
    bindings: &BTreeMap<String, String>,
) -> Blame {
    let (expect, heard) = what;
    let Some(first) = expect.alternatives.first() else { return Blame::new(Code::GraderTrouble, None) };
    let unmet = Unmet { scene, index, expectation: &first.expectation, from: &expect.from, heard, bindings };
    if let Source::File(name) = &expect.from
        && let Some(why) = scene.transcript.unreadable.get(name)
    {
        return Blame::new(Code::WrittenWrongly, Some(why.clone()));
    }
    if heard.missing && matches!(expect.from, Source::File(_)) {
        return scene
            .death(index)
            .unwrap_or_else(|| Blame { code: Code::NotWritten, ..cause::not_shown(unmet) });
    }
    if heard.missing {
        return program::gone(scene, index).unwrap_or_else(|| {
            let asks = matches!(scene.state(index), ProgramState::ReadingInput).then(words::asks_first);
            Blame::new(datagrams::never_ready(scene), asks)
        });
    }
    match unmet.expectation {
        Expectation::NoTrace => scene.died(None).unwrap_or(Blame::new(Code::Traceback, None)),
        Expectation::Lacks(_) => Blame::new(Code::ShownWrongly, None),
        Expectation::Records(_) | Expectation::Numbers(_) => {
            records::blame(unmet).unwrap_or(Blame::new(Code::WrongReply, None))
        }
        _ if expect.from == Source::Console => on_console(unmet),
        _ if matches!(expect.from, Source::File(_)) => in_file(unmet),
        Expectation::Http(_) | Expectation::HttpRequest(_) => {
            http::blame(unmet).unwrap_or(Blame::new(Code::WrongReply, None))
        }
        Expectation::Fin | Expectation::Reset | Expectation::End => not_ended(unmet),
        Expectation::Open | Expectation::Nothing => not_quiet(unmet),
        Expectation::Jpeg(expected) => content::picture(unmet, expected),
        Expectation::Integer(expected) => not_the_integer(unmet, expected),
        _ => on_connection(unmet),
    }
}

fn on_console(unmet: Unmet<'_>) -> Blame {
    let Unmet { scene, index, heard, .. } = unmet;
    if let Some(death) = scene.death(index) {
        return death;
    }
    if matches!(heard.stop, Stop::Busy(_)) {
        return program::busy(scene, index);
    }
    if let Some(swapped) = cause::swapped_on_console(unmet) {
        return Blame::new(Code::ReadLittleEndian, Some(swapped));
    }
    cause::not_shown(unmet)
}

/// The file is there and holds something else.
fn in_file(unmet: Unmet<'_>) -> Blame {
    let Unmet { scene, index, heard, .. } = unmet;
    if matches!(heard.stop, Stop::Busy(_)) {
        return program::busy(scene, index);
    }
    if segment::is_first_of_file(unmet) {
        return Blame::new(Code::FirstSegmentOnly, Some(likeness::own::first_segment()));
    }
    let death = || Blame::new(Code::WrittenWrongly, scene.death(index).and_then(|death| death.cause));
    cause::of_reply(unmet, Code::WrittenWrongly).unwrap_or_else(death)
}

/// The connection should have ended.
fn not_ended(unmet: Unmet<'_>) -> Blame {
    let Unmet { scene, index, heard, expectation, .. } = unmet;
    if matches!(heard.stop, Stop::Busy(_)) {
        return program::busy(scene, index);
    }
    if heard.reset && matches!(expectation, Expectation::Fin) {
        return scene.death(index).unwrap_or_else(|| reset(unmet));
    }
    if !heard.bytes.trim_ascii().is_empty() && matches!(expectation, Expectation::Fin) {
        return surplus(&heard.bytes);
    }
    if heard.fin {
        return Blame::new(Code::ClosedEarly, None);
    }
    cause::waiting(unmet, Code::StillOpen)
}

/// The connection should have stayed as it was.
fn not_quiet(unmet: Unmet<'_>) -> Blame {
    let Unmet { scene, index, heard, expectation, .. } = unmet;
    if let Some(surplus) = datagrams::surplus(unmet) {
        return surplus;
    }
    if matches!(expectation, Expectation::Nothing) && !heard.bytes.trim_ascii().is_empty() {
        return Blame { code: Code::SpeaksOutOfTurn, ..surplus(&heard.bytes) };
    }
    over(unmet).or_else(|| program::gone(scene, index)).unwrap_or(Blame::new(Code::ClosedEarly, None))
}

fn not_the_integer(unmet: Unmet<'_>, expected: &IntegerExpectation) -> Blame {
    let Unmet { heard, bindings, .. } = unmet;
    match read_integer(expected, &heard.bytes, bindings) {
        Err(IntegerFault::Swapped(value)) => {
            Blame::new(opposite(expected.order), Some(words::swapped(value, expected.order)))
        }
        Err(IntegerFault::Text) => Blame::new(Code::SentAsText, Some(words::number_as_text(&heard.bytes))),
        Err(IntegerFault::Surplus) => Blame::new(Code::SurplusBytes, Some(words::bytes_after_integer())),
        Err(IntegerFault::Width(width)) => Blame::new(Code::WrongWidth, Some(words::width(width))),
        Err(IntegerFault::Value(value)) if counts_itself(unmet, expected, value) => {
            Blame::new(Code::LengthCountsItself, Some(likeness::own::length_counts_itself()))
        }
        Err(IntegerFault::Value(value)) => Blame::new(Code::WrongReply, Some(words::value(value))),
        Err(IntegerFault::Incomplete) => too_little(unmet, Code::IncompleteReply),
        Err(IntegerFault::Nothing) | Ok(_) => too_little(unmet, Code::NoReply),
    }
}

/// The bytes stand in the other order than this one.
fn opposite(wanted: ByteOrder) -> Code {
    match wanted {
        ByteOrder::Big => Code::RepliedLittleEndian,
        ByteOrder::Little => Code::WrongReply,
    }
}

/// The value is the one that was wanted and the width of the integer itself.
fn counts_itself(unmet: Unmet<'_>, expected: &IntegerExpectation, value: u128) -> bool {
    let wanted = expected.value.as_ref().and_then(|wanted| fill(wanted, unmet.bindings).parse::<u128>().ok());
    let is_width =
        |width: &u8| wanted.is_some_and(|it| likeness::counts_itself(value, it, usize::from(*width)));
    expected.widths.iter().any(is_width)
}

/// More came than should.
fn surplus(bytes: &[u8]) -> Blame {
    match cause::padding(bytes) {
        Some(padding) => Blame::new(Code::SendsWholeBuffer, Some(padding)),
        None => Blame::new(Code::SurplusBytes, None),
    }
}

fn on_connection(unmet: Unmet<'_>) -> Blame {
    let heard = unmet.heard;
    let came = heard.bytes.trim_ascii();
    if came.is_empty() && heard.datagrams.as_ref().is_some_and(|datagrams| datagrams.unread > 0) {
        return wrong(unmet, Code::WrongReply);
    }
    if came.is_empty() {
        return too_little(unmet, Code::NoReply);
    }
    let Some(wanted) = whole_text(unmet) else { return wrong(unmet, Code::WrongReply) };
    let wanted = wanted.trim_ascii();
    if wanted.len() > came.len() && wanted.starts_with(came) {
        return cut(unmet, wanted);
    }
    if !wanted.is_empty() && came.starts_with(wanted) {
        return wrong(unmet, Code::SurplusBytes);
    }
    if let Expectation::Exactly { payload: Payload::Integer { order, .. }, .. } = unmet.expectation {
        if came.iter().rev().eq(wanted) {
            return Blame::new(opposite(*order), Some(words::swapped_bytes(*order)));
        }
        if came.iter().all(u8::is_ascii_digit) {
            return Blame::new(Code::SentAsText, Some(words::number_as_text(came)));
        }
    }
    wrong(unmet, Code::WrongReply)
}

/// The beginning came, and the rest did not. How much of it came says more than what the
/// program does now, unless it died.
fn cut(unmet: Unmet<'_>, wanted: &[u8]) -> Blame {
    let blame = too_little(unmet, Code::IncompleteReply);
    let came = unmet.heard.bytes.trim_ascii();
    match unmet.expectation {
        _ if blame.code != Code::IncompleteReply => blame,
        Expectation::Exactly { payload: payload @ Payload::File(_), .. } => {
            let file = unmet.encoded(payload);
            likeness::of_file(&unmet.heard.bytes, &file, Code::TruncatedFile).unwrap_or(blame)
        }
        _ if came.len() + 1 == wanted.len() && came.len() > 1 => {
            Blame::new(Code::LastByteLost, Some(likeness::own::last_byte_lost()))
        }
        _ if segment::is_first_of_reply(unmet) => {
            Blame::new(Code::FirstSegmentOnly, Some(likeness::own::first_segment()))
        }
        _ => blame,
    }
}

/// The bytes that were expected as a whole, where the expectation is of such a kind.
fn whole_text(unmet: Unmet<'_>) -> Option<Vec<u8>> {
    match unmet.expectation {
        Expectation::Exactly { payload, .. } => Some(unmet.encoded(payload)),
        Expectation::Echo => Some(unmet.heard.sent.clone()),
        Expectation::Reference(Comparison::Text) => unmet.heard.reference.clone(),
        _ => None,
    }
}

/// Nothing came, or only a beginning.
pub(super) fn too_little(unmet: Unmet<'_>, code: Code) -> Blame {
    if let Some(in_part) = datagrams::in_part(unmet) {
        return Blame::new(code, Some(in_part));
    }
    if let Some(elsewhere) = datagrams::elsewhere(unmet)
        && unmet.scene.death(unmet.index).is_none()
    {
        return elsewhere;
    }
    over(unmet).map_or_else(
        || cause::waiting(unmet, code),
        |over| match (code, over.code) {
            // What came before the end says more than the end.
            (
                Code::IncompleteReply,
                Code::ClosedEarly | Code::EndedTooEarly | Code::OneMessageOnly | Code::ServesOneClientOnly,
            ) => Blame::new(code, Some(words::ended_in_reply())),
            _ => over,
        },
    )
}

/// What ended the conversation, if anything did.
fn over(unmet: Unmet<'_>) -> Option<Blame> {
    let Unmet { scene, index, heard, .. } = unmet;
    if let Some(death) = scene.death(index) {
        return Some(death);
    }
    if matches!(heard.stop, Stop::Busy(_)) {
        return Some(program::busy(scene, index));
    }
    // A program that has ended after a part of the conversation has closed with what it left unread.
    let has_spoken = match unmet.from {
        Source::Connection(name) => scene.has_spoken(name, index),
        _ => true,
    };
    if heard.reset && !(has_spoken && program::gone(scene, index).is_some()) {
        return Some(reset(unmet));
    }
    if let Some(gone) = program::gone(scene, index) {
        return Some(gone);
    }
    heard.fin.then(|| cause::closed(unmet))
}

/// The connection was reset. That of a further client may have waited in the backlog when the
/// program ended: the kernel resets those, and whether it comes to that, or to a refusal, is
/// chance. The end is the reason.
fn reset(unmet: Unmet<'_>) -> Blame {
    let Unmet { scene, index, heard, from, .. } = unmet;
    if let (Source::Connection(name), true) = (from, heard.bytes.is_empty())
        && scene.is_further(name, index)
        && let Some(gone) = program::gone(scene, index)
    {
        return gone;
    }
    Blame::new(Code::ClosedByReset, Some(words::resets_unread()))
}

/// Something else came; a program that died or spins meanwhile is told beside it.
fn wrong(unmet: Unmet<'_>, code: Code) -> Blame {
    let trace = || Blame::new(code, unmet.scene.death(unmet.index).and_then(|death| death.cause));
    cause::of_reply(unmet, code).unwrap_or_else(trace)
}
