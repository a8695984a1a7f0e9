//! `grader run --explore`: random sessions are asked of the program, until one shows a
//! difference from the reference; that one is made small and told as a scenario.

mod found;
mod plays;
mod search;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use super::args::RunArgs;
use super::casting::{Player, Studio};
use super::entry::Context;
use super::error::CliError;
use crate::plan::Grammar;
use crate::report::{RoleSearch, SearchReport};
use crate::spec::{Exercise, Exploration, Tier};
use crate::units::Text;

use plays::Plays;

/// What is wanted of a search.
pub(super) struct Wanted<'a> {
    /// Sessions to play.
    pub(super) sessions: NonZeroUsize,
    /// The seed they are drawn from.
    pub(super) seed: u64,
    /// Settings of the exercise.
    pub(super) values: &'a BTreeMap<String, String>,
    /// The command line.
    pub(super) args: &'a RunArgs,
}

impl Wanted<'_> {
    /// The tier of the sessions.
    fn tier(&self) -> Tier {
        self.args.tier.unwrap_or(Tier::Basic)
    }
}

/// An exercise of which no spec says what to ask is refused, and those that can be are named.
pub(super) fn is_explorable(exercise: &Exercise, context: &Context) -> Result<(), CliError> {
    if !exercise.explorations.is_empty() {
        return Ok(());
    }
    let all = context.catalog.exercises()?;
    Err(CliError::NotExplorable { what: exercise.id.clone(), known: all.iter().flat_map(roles).collect() })
}

/// The roles that can be explored, as `EXERCISE/ROLE`.
fn roles(exercise: &Exercise) -> Vec<String> {
    exercise.explorations.iter().map(|explored| format!("{}/{}", exercise.id, explored.role)).collect()
}

/// Searches with every program of which the spec says what to ask; the others are remarks.
pub(super) fn search(
    studio: &Studio<'_>,
    players: &[Player],
    wanted: &Wanted<'_>,
) -> Result<(SearchReport, Vec<Text>), CliError> {
    let exercise = studio.exercise;
    let exploration = |player: &Player| -> Option<&Exploration> {
        exercise.explorations.iter().find(|explored| explored.role == player.role.name)
    };
    if !players.iter().any(|player| exploration(player).is_some()) {
        let names: Vec<&str> = players.iter().map(|player| player.role.name.as_str()).collect();
        let what = format!("{}/{}", exercise.id, names.join(", "));
        return Err(CliError::NotExplorable { what, known: roles(exercise) });
    }
    let (mut found, mut remarks) = (Vec::new(), Vec::new());
    for player in players {
        let Some(exploration) = exploration(player) else {
            if !wanted.args.target.is_empty() {
                remarks.push(not_explored(&player.role.name));
            }
            continue;
        };
        let grammar = Grammar { exercise: &exercise.id, exploration, tier: wanted.tier() };
        let plays = Plays { studio, grammar, player, wanted };
        let (role, doubtful): (RoleSearch, Vec<Text>) = search::search(&plays)?;
        found.push(role);
        remarks.extend(doubtful);
    }
    let search = SearchReport { sessions: wanted.sessions.get(), tier: wanted.tier(), roles: found };
    Ok((search, remarks))
}

fn not_explored(role: &str) -> Text {
    Text::new(
        format!("the {role} was not explored: what travels on its wire is free, or it is no server"),
        format!("{role}은(는) 탐색하지 않음: 주고받는 형식이 자유이거나 서버가 아님"),
    )
}
