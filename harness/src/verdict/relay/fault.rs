//! Which of several programs is at fault: the one that shows the wrong thing, unless it
//! still waits for bytes that another one owes it.

use super::words;
use crate::spec::{Expect, Source};
use crate::transcript::{Actor, Entry, Event, ExitStatus, Heard, ProgramState};
use crate::verdict::scene::{Blame, FindingWords, Scene, finding};
use crate::verdict::words as common;
use crate::verdict::{Code, Finding, program};

/// The scene with the player at fault in question, where that is another than the one whose
/// console, file or direction of the wire was looked at.
pub(in crate::verdict) fn at_fault<'a>(
    scene: Scene<'a>,
    index: usize,
    (expect, heard): (&Expect, &Heard),
) -> Option<Scene<'a>> {
    // Something that must not come can only be the fault of the one it comes from.
    let absence = expect.alternatives.first().is_some_and(|first| first.expectation.is_absence());
    let runs = matches!(heard.stop.state(), ProgramState::Running { .. });
    if !scene.is_ensemble() || absence || runs {
        return None;
    }
    // What stands in a file was written there by the one whose it is.
    if matches!(expect.from, Source::File(_)) && !heard.bytes.is_empty() {
        return None;
    }
    // Who had closed before is the one to blame, whatever became of the other one.
    if let Source::Wire(wire) = &expect.from
        && has_closed(scene, &wire.to_string(), index)
    {
        return None;
    }
    // Who has ended waits for nobody; but it may have ended because another one died.
    if scene.exit(index).is_some() {
        let others = (0..scene.plan.scenario.players.len()).map(|other| scene.with(other));
        let mut others = others.filter(|other| other.player != scene.player);
        let dead = || others.find(|other| other.exit(index).is_some() && is_dead(*other, index));
        return has_left(scene, index).or_else(dead);
    }
    keeps_waiting(scene, index)
}

/// The player who keeps the one in question waiting.
pub(in crate::verdict) fn keeps_waiting(scene: Scene<'_>, index: usize) -> Option<Scene<'_>> {
    if !scene.is_ensemble() {
        return None;
    }
    if let Some(other) = has_left(scene, index) {
        return Some(other);
    }
    if is_dead(scene, index) {
        return None;
    }
    let others = (0..scene.plan.scenario.players.len()).filter(|other| *other != scene.player);
    let mut others = others.map(|other| scene.with(other));
    if let Some(dead) = others.clone().find(|other| other.exit(index).is_some() && is_dead(*other, index)) {
        return Some(dead);
    }
    let spins = |other: &Scene<'_>| matches!(other.state(index), ProgramState::Running { .. });
    if let Some(spinning) = others.clone().find(spins) {
        return Some(spinning);
    }
    let talk = Talk::before(scene, index);
    if let ProgramState::Receiving { connection: Some(wire), .. } = scene.state(index) {
        let other =
            others.clone().find(|other| wire.split('>').any(|name| other.name().as_deref() == Some(name)));
        if let Some(other) = other {
            let spoken_to = talk.came_through(other, scene);
            // What it tells others of its own accord, or because of a third, asks for no answer.
            let asked = talk.begun_at == Some(scene.player) && talk.carried(scene, other);
            let owed = asked || talk.begun_at == Some(other.player);
            if spoken_to || owed {
                return (!spoken_to).then_some(other);
            }
        }
    }
    // Whose turn it was has passed it on, and waits for the answer.
    if talk.begun_at == Some(scene.player)
        && let Some(silent) =
            others.clone().find(|other| talk.told(scene, *other) && !talk.is_over(scene, *other))
    {
        return Some(silent);
    }
    // What began at another one has not come through.
    let begun_at = talk.begun_at.filter(|at| *at != scene.player)?;
    if others.clone().any(|other| talk.came_through(other, scene)) {
        return None;
    }
    let first = scene.with(begun_at);
    Some(others.find(|other| other.player != begun_at && talk.told(first, *other)).unwrap_or(first))
}

/// A direction of the wire had ended before a step began.
fn has_closed(scene: Scene<'_>, wire: &str, index: usize) -> bool {
    let closed = |event: &Event| matches!(event, Event::CarriedFin | Event::CarriedReset);
    let before = |entry: &&Entry| entry.step.is_none_or(|step| step < index);
    let mut entries = scene.transcript.entries.iter().filter(before);
    entries.any(|entry| entry.actor == Actor::Wire(wire.to_owned()) && closed(&entry.event))
}

/// The player who served and has ended, where the one in question was refused.
fn has_left(scene: Scene<'_>, index: usize) -> Option<Scene<'_>> {
    let entries = || scene.transcript.entries.iter().filter(|entry| entry.step.is_none_or(|at| at <= index));
    let refused = |event: &Event| matches!(event, Event::Connects { answered: false, .. });
    entries().find(|entry| entry.player == scene.player && refused(&entry.event))?;
    let served =
        entries().filter(|entry| matches!(entry.event, Event::Listens { .. })).map(|entry| entry.player);
    served.map(|player| scene.with(player)).find(|player| player.exit(index).is_some())
}

/// It died of a signal of its own or shows an exception.
fn is_dead(scene: Scene<'_>, index: usize) -> bool {
    let killed = scene.transcript.entries.iter().any(|entry| {
        entry.player == scene.player && matches!(entry.event, Event::Killed | Event::Pressed(_))
    });
    let signal = matches!(scene.exit(index), Some(ExitStatus::Signal(_)));
    !killed && (signal || scene.trace().is_some())
}

/// What the programs have said since something was typed last, or one of them was started.
struct Talk<'a> {
    /// The player at whose terminal it was typed, or who was started.
    begun_at: Option<usize>,
    /// It was started or interrupted: to connect or to close is all that can be asked of it.
    wordless: bool,
    /// Directions that have carried bytes.
    carried: Vec<&'a str>,
    /// Directions that have ended.
    ended: Vec<&'a str>,
    /// Directions in which a connection was opened.
    opened: Vec<&'a str>,
}

impl<'a> Talk<'a> {
    /// Nothing has been said yet.
    fn of(begun_at: Option<usize>, wordless: bool) -> Self {
        Self { begun_at, wordless, carried: Vec::new(), ended: Vec::new(), opened: Vec::new() }
    }

    fn before(scene: Scene<'a>, index: usize) -> Self {
        let mut talk = Self::of(None, false);
        let until = scene.transcript.entries.iter().filter(|entry| entry.step.is_none_or(|at| at <= index));
        for entry in until {
            match (&entry.actor, &entry.event) {
                (Actor::Operator, Event::Typed(_)) => talk = Self::of(Some(entry.player), false),
                (Actor::Operator, Event::Pressed(_)) | (Actor::Program, Event::Started) => {
                    talk = Self::of(Some(entry.player), true);
                }
                (Actor::Wire(name), Event::Carried(_)) => talk.carried.push(name),
                (Actor::Wire(name), Event::CarriedFin | Event::CarriedReset) => talk.ended.push(name),
                (Actor::Wire(name), Event::Opened) => talk.opened.push(name),
                _ => {}
            }
        }
        talk
    }

    fn carried(&self, from: Scene<'_>, to: Scene<'_>) -> bool {
        is_among(&self.carried, from, to)
    }

    /// A connection, bytes, or its end.
    fn told(&self, from: Scene<'_>, to: Scene<'_>) -> bool {
        self.carried(from, to) || [&self.ended, &self.opened].iter().any(|list| is_among(list, from, to))
    }

    /// What began has reached another one.
    fn came_through(&self, from: Scene<'_>, to: Scene<'_>) -> bool {
        if self.wordless { self.told(from, to) } else { self.carried(from, to) }
    }

    /// The other one has answered, or both have ended their conversation.
    fn is_over(&self, one: Scene<'_>, other: Scene<'_>) -> bool {
        let ended = |from, to| is_among(&self.ended, from, to);
        self.carried(other, one) || (ended(one, other) && ended(other, one))
    }
}

fn is_among(list: &[&str], from: Scene<'_>, to: Scene<'_>) -> bool {
    let (Some(from), Some(to)) = (from.name(), to.name()) else { return false };
    list.contains(&format!("{from}>{to}").as_str())
}

/// The finding about another player than the one that was looked at.
pub(in crate::verdict) fn finding_of(other: Scene<'_>, index: usize, words: FindingWords) -> Finding {
    let state = other.state(index);
    let spoken_to = Talk::before(other, index)
        .carried
        .iter()
        .any(|wire| wire.split_once('>').is_some_and(|(_, to)| other.name().as_deref() == Some(to)));
    let silent = || {
        Blame::new(
            Code::NoReply,
            Some(if spoken_to { words::owes_a_reply() } else { words::sends_nothing() }),
        )
    };
    let blame = match state {
        ProgramState::Running { .. } => program::busy(other, index),
        _ => program::gone(other, index).or_else(|| other.death(index)).unwrap_or_else(|| {
            other.blocked_behind(index).map_or_else(silent, |behind| {
                Blame::new(Code::BlockedBehindSilentClient, Some(common::serves_another(&behind)))
            })
        }),
    };
    finding(blame, Some(index), FindingWords { program: other.doing(&state), player: other.name(), ..words })
}
