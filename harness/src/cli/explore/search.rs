//! The search: sessions in groups, until one shows a difference.

use std::ops::Range;

use super::found::{Finding, investigate};
use super::plays::{Played, Plays};
use crate::cli::error::CliError;
use crate::cli::run;
use crate::plan::{Session, sow};
use crate::report::{Difference, RoleSearch, once_only, progress};
use crate::spec::Serves;
use crate::units::Text;

/// Sessions that one start of a program serves, where it serves several clients.
const GROUP: usize = 5;

/// Sessions that were played with one start of the program.
pub(super) struct Group {
    /// Their numbers, from 1.
    pub(super) numbers: Range<usize>,
    /// All of them as one.
    pub(super) whole: Session,
}

/// Plays the sessions that are wanted; gives what came of it, and what is not sure.
pub(super) fn search(plays: &Plays<'_>) -> Result<(RoleSearch, Vec<Text>), CliError> {
    let total = plays.wanted.sessions.get();
    let size = if plays.grammar.liberties().serves == Serves::One { 1 } else { GROUP };
    let groups: Vec<Range<usize>> =
        (1..=total).step_by(size).map(|first| first..(first + size).min(total + 1)).collect();
    let role = plays.player.role.name.clone();
    let mut remarks = Vec::new();
    for wave in groups.chunks(2 * plays.at_a_time()) {
        let wave: Vec<Group> = wave.iter().map(|numbers| group(plays, numbers)).collect();
        let sessions: Vec<(usize, Session)> =
            wave.iter().map(|group| (group.numbers.start, group.whole.clone())).collect();
        let played = plays.play(&sessions)?;
        for (group, played) in wave.iter().zip(played) {
            if let Some(difference) = look(plays, group, played, &mut remarks)? {
                run::tell("");
                let played = difference.session;
                return Ok((RoleSearch { role, played, difference: Some(difference) }, remarks));
            }
        }
        let done = wave.last().map_or(0, |group| group.numbers.end - 1);
        run::tell(&progress(done, total, &role));
    }
    run::tell("");
    Ok((RoleSearch { role, played: total, difference: None }, remarks))
}

fn group(plays: &Plays<'_>, numbers: &Range<usize>) -> Group {
    let sown = numbers.clone().map(|number| sow(plays.grammar, plays.wanted.seed, number));
    Group { numbers: numbers.clone(), whole: Session::joined(sown) }
}

/// What a group showed, looked at more closely.
fn look(
    plays: &Plays<'_>,
    group: &Group,
    played: Played,
    remarks: &mut Vec<Text>,
) -> Result<Option<Difference>, CliError> {
    let mut played = played;
    if played.is_unjudged() {
        // Trouble of the machine may pass.
        let again = plays.play(&[(group.numbers.start, group.whole.clone())])?;
        played = again.into_iter().next().unwrap_or(played);
    }
    if played.difference().is_none() && !played.is_unjudged() {
        return Ok(None);
    }
    Ok(match investigate(plays, group, played)? {
        Finding::Sure(difference) => Some(*difference),
        Finding::Once { session, runs } => {
            remarks.push(once_only(session, runs));
            None
        }
    })
}
