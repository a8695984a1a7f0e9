//! What a program took for the whole of a message: only its first segment, or what it had
//! sent itself.

use super::blame::Unmet;
use crate::matching::numbers;
use crate::spec::{Action, Expectation, Pieces, Source};
use crate::transcript::{Actor, Event};

/// Of what was sent last in several segments the text that should be shown is there as far as
/// the first segment goes, and no further.
pub(super) fn is_first(unmet: Unmet<'_>, shown: &str, wanted: &str) -> bool {
    let Some((first, rest)) = segments(unmet, None) else { return false };
    let (first, rest) =
        (String::from_utf8_lossy(&first).into_owned(), String::from_utf8_lossy(&rest).into_owned());
    let whole = format!("{first}{rest}");
    if wanted.is_empty() || !whole.contains(wanted) || first.contains(wanted) {
        return false;
    }
    let last = first.split_whitespace().last().unwrap_or_default();
    let next = rest.chars().next().filter(|c| !c.is_whitespace());
    let goes_on = next.is_some_and(|next| shown.contains(&format!("{last}{next}")));
    // What stands behind the cut is looked at as well: one letter may stand there by chance.
    let shows_more = rest.split_whitespace().any(|word| word.chars().count() > 2 && shown.contains(word));
    !last.is_empty() && shown.contains(last) && !goes_on && !shows_more
}

/// A file holds the first segment of what was sent, and no more.
pub(super) fn is_first_of_file(unmet: Unmet<'_>) -> bool {
    let is_it = |(first, _): (Vec<u8>, Vec<u8>)| {
        // An array with room for all may have been written whole.
        let rest = unmet.heard.bytes.strip_prefix(first.as_slice());
        !first.is_empty() && rest.is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
    };
    segments(unmet, None).is_some_and(is_it)
}

/// A reply answers the first segment of a request that came in several.
pub(super) fn is_first_of_reply(unmet: Unmet<'_>) -> bool {
    let Source::Connection(name) = unmet.from else { return false };
    let echo = matches!(unmet.expectation, Expectation::Echo);
    let is_it = |(first, _): (Vec<u8>, Vec<u8>)| unmet.heard.bytes.trim_ascii() == first.trim_ascii();
    echo && segments(unmet, Some(name)).is_some_and(is_it)
}

/// The last message before a step, where it was sent in several segments: the first, and the
/// others.
fn segments(unmet: Unmet<'_>, connection: Option<&str>) -> Option<(Vec<u8>, Vec<u8>)> {
    let steps = unmet.scene.plan.steps.iter().enumerate().take(unmet.index);
    let (at, send) = steps.rev().find_map(|(index, step)| match &step.action {
        Action::Send(send) => Some((index, send)),
        _ => None,
    })?;
    if connection.is_some_and(|name| name != send.connection) {
        return None;
    }
    let bytes = unmet.scene.under(at).find_map(|entry| match &entry.event {
        Event::Sent(bytes) => Some(bytes),
        _ => None,
    })?;
    let length = match &send.pieces {
        Pieces::Whole => return None,
        Pieces::Bytes => 1,
        Pieces::Sizes(sizes) => *sizes.first()?,
    };
    let (first, rest) = bytes.split_at_checked(length)?;
    (!rest.is_empty()).then(|| (first.to_vec(), rest.to_vec()))
}

/// The program shows what was typed and it has sent, where it should show what came back.
pub(super) fn is_own_message(unmet: Unmet<'_>, shown: &str) -> bool {
    let (Source::Console, false, true) = (unmet.from, unmet.scene.is_ensemble(), unmet.scene.is_client())
    else {
        return false;
    };
    let before = || unmet.scene.transcript.entries.iter().filter(|entry| entry.step <= Some(unmet.index));
    let of_player = || before().filter(|entry| entry.player == unmet.scene.player);
    // Something has come back in the meantime.
    let answered = before().any(|entry| matches!(entry.event, Event::Sent(_) | Event::Carried(_)));
    if unmet.scene.transcript.datagrams {
        let mut own = before().filter_map(|entry| match &entry.event {
            Event::Heard(heard) if heard.used > 0 => std::str::from_utf8(&heard.bytes).ok(),
            _ => None,
        });
        return answered
            && own.next_back().is_some_and(|own| own.trim().len() > 2 && shown.contains(own.trim()));
    }
    let typed = of_player().rev().find_map(|entry| match (&entry.actor, &entry.event) {
        (Actor::Operator, Event::Typed(line)) => Some(line.trim()),
        _ => None,
    });
    let Some(line) = typed.filter(|line| answered && line.len() > 2 && shown.contains(*line)) else {
        return false;
    };
    let typed = numbers(line);
    match unmet.expectation {
        Expectation::Shows(_) => true,
        Expectation::Number(_) => {
            numbers(shown).iter().all(|number| typed.iter().any(|typed| typed.value.same(&number.value)))
        }
        _ => false,
    }
}
