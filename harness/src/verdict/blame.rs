//! Which kind of failure an unfulfilled expectation is.

use std::collections::BTreeMap;

use super::scene::{Blame, Scene};
use super::{Code, cause, content, datagrams, http, program, records, words};
use crate::matching::{IntegerFault, encode, read_integer};
use crate::spec::{Comparison, Expect, Expectation, IntegerExpectation, Payload, Source};
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
        return scene.death(index).unwrap_or(Blame::new(Code::NotWritten, cause::not_shown(unmet)));
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
        return Blame::new(Code::SwappedByteOrder, Some(swapped));
    }
    Blame::new(Code::NotShown, cause::not_shown(unmet))
}

/// The file is there and holds something else.
fn in_file(unmet: Unmet<'_>) -> Blame {
    let Unmet { scene, index, heard, .. } = unmet;
    if matches!(heard.stop, Stop::Busy(_)) {
        return program::busy(scene, index);
    }
    let death = || scene.death(index).and_then(|death| death.cause);
    Blame::new(Code::WrittenWrongly, cause::of_reply(unmet).or_else(death))
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
        return Blame::new(Code::Surplus, cause::padding(&heard.bytes));
    }
    if heard.fin {
        return Blame::new(Code::ClosedEarly, None);
    }
    Blame::new(Code::StillOpen, cause::waiting(unmet))
}

/// The connection should have stayed as it was.
fn not_quiet(unmet: Unmet<'_>) -> Blame {
    let Unmet { scene, index, heard, expectation, .. } = unmet;
    if let Some(surplus) = datagrams::surplus(unmet) {
        return surplus;
    }
    if matches!(expectation, Expectation::Nothing) && !heard.bytes.trim_ascii().is_empty() {
        return Blame::new(Code::Surplus, None);
    }
    over(unmet).or_else(|| program::gone(scene, index)).unwrap_or(Blame::new(Code::ClosedEarly, None))
}

fn not_the_integer(unmet: Unmet<'_>, expected: &IntegerExpectation) -> Blame {
    let Unmet { heard, bindings, .. } = unmet;
    match read_integer(expected, &heard.bytes, bindings) {
        Err(IntegerFault::Swapped(value)) => {
            Blame::new(Code::SwappedByteOrder, Some(words::swapped(value, expected.order)))
        }
        Err(IntegerFault::Text) => Blame::new(Code::NumberAsText, Some(words::number_as_text(&heard.bytes))),
        Err(IntegerFault::Surplus) => Blame::new(Code::Surplus, Some(words::bytes_after_integer())),
        Err(IntegerFault::Width(width)) => Blame::new(Code::WrongWidth, Some(words::width(width))),
        Err(IntegerFault::Value(value)) => Blame::new(Code::WrongReply, Some(words::value(value))),
        Err(IntegerFault::Incomplete) => too_little(unmet, Code::IncompleteReply),
        Err(IntegerFault::Nothing) | Ok(_) => too_little(unmet, Code::NoReply),
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
    let Some(wanted) = whole_text(unmet) else {
        let code = if cause::padding(&heard.bytes).is_some() { Code::Surplus } else { Code::WrongReply };
        return wrong(unmet, code);
    };
    let wanted = wanted.trim_ascii();
    if wanted.len() > came.len() && wanted.starts_with(came) {
        return cut(unmet, too_little(unmet, Code::IncompleteReply));
    }
    if !wanted.is_empty() && came.starts_with(wanted) {
        return wrong(unmet, Code::Surplus);
    }
    if let Expectation::Exactly { payload: Payload::Integer { order, .. }, .. } = unmet.expectation {
        if came.iter().rev().eq(wanted) {
            return Blame::new(Code::SwappedByteOrder, Some(words::swapped_bytes(*order)));
        }
        if came.iter().all(u8::is_ascii_digit) {
            return Blame::new(Code::NumberAsText, Some(words::number_as_text(came)));
        }
    }
    wrong(unmet, Code::WrongReply)
}

/// How much of a file came says more than what the program does now.
fn cut(unmet: Unmet<'_>, blame: Blame) -> Blame {
    match unmet.expectation {
        Expectation::Exactly { payload: payload @ Payload::File(_), .. }
            if blame.code == Code::IncompleteReply =>
        {
            Blame { cause: content::cause(&unmet.heard.bytes, &unmet.encoded(payload)), ..blame }
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
        || Blame::new(code, cause::waiting(unmet)),
        |over| match (code, over.code) {
            // What came before the end says more than the end.
            (Code::IncompleteReply, Code::ClosedEarly | Code::Ended) => {
                Blame::new(code, Some(words::ended_in_reply()))
            }
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
    if heard.reset {
        return Some(reset(unmet));
    }
    if let Some(gone) = program::gone(scene, index) {
        return Some(gone);
    }
    heard.fin.then(|| Blame::new(Code::ClosedEarly, cause::closed_after_reply(unmet)))
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
    Blame::new(Code::ConnectionReset, Some(words::resets_unread()))
}

/// Something else came; a program that died or spins meanwhile is told beside it.
fn wrong(unmet: Unmet<'_>, code: Code) -> Blame {
    let cause = cause::of_reply(unmet);
    let trace = || unmet.scene.death(unmet.index).and_then(|death| death.cause);
    Blame::new(code, cause.or_else(trace))
}
