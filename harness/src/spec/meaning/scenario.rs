//! One scenario of the file format as a scenario of the model.

use serde_json::Value;

use super::action::{draws, steps};
use super::file::files;
use crate::spec::document::{At, Document};
use crate::spec::form::{PlayerForm, ScenarioForm};
use crate::spec::{Fault, Fixtures, Player, Problem, Scenario, Tier, provenance};

/// Where a scenario belongs.
#[derive(Debug, Clone, Copy)]
pub(in crate::spec) struct Home<'a> {
    /// The exercise.
    pub(in crate::spec) exercise: &'a str,
    /// The role whose program is on stage, or the scene.
    pub(in crate::spec) role: &'a str,
    /// The programs on stage, unless the scenario tells others.
    pub(in crate::spec) players: &'a [Player],
    /// The exercise's fixtures.
    pub(in crate::spec) fixtures: &'a Fixtures,
    /// The role as `exercise.toml` has it, or all of them for a scene.
    pub(in crate::spec) role_form: &'a Value,
    /// The settings as `exercise.toml` has them.
    pub(in crate::spec) settings: &'a Value,
}

/// Reads the scenario at a path, which has the shape of one.
pub(in crate::spec) fn scenario(
    document: &Document<'_>,
    at: &At<'_>,
    home: Home<'_>,
) -> Result<Scenario, Fault> {
    let form: ScenarioForm = serde_json::from_value(document.plain(at))
        .map_err(|error| document.fault(at, Problem::NotUnderstood(error.to_string())))?;
    let noted = form.noted;
    let path = |id: &str| format!("{}/{}/{id}", home.exercise, home.role);
    Ok(Scenario {
        id: path(&form.id),
        role: home.role.to_owned(),
        players: form
            .players
            .map_or_else(|| home.players.to_vec(), |players| players.into_iter().map(player).collect()),
        wire: form.wire,
        wire_to: form.wire_to,
        customary: form.customary.iter().map(|id| format!("{}/{id}", home.exercise)).collect(),
        title: form.title,
        tier: form.tier.unwrap_or(Tier::Basic),
        noted,
        concept: form.concept,
        points: if noted { 0.0 } else { form.points.unwrap_or(1.0) },
        hint: form.hint,
        needs: form.needs.iter().map(|id| path(id)).collect(),
        console: form.console,
        environment: form.environment.into_iter().collect(),
        arguments: form.arguments,
        files: files(document, &at.key("files"), form.files, home.fixtures)?,
        names: form.names.into_iter().map(|name| name.0).collect(),
        listening: form.listening.unwrap_or(true),
        port: form.port,
        taken: form.taken,
        draws: draws(document, &at.key("draw"), form.draw),
        patience: form.patience.map_or(Scenario::PATIENCE, |patience| patience.0),
        steps: steps(document, &at.key("steps"), form.steps)?,
        place: document.place(at),
        hash: provenance::scene(&document.plain(at), home.role_form, home.settings, home.fixtures),
    })
}

fn player(form: PlayerForm) -> Player {
    match form {
        PlayerForm::Role(role) => Player { name: role.clone(), role, later: false },
        PlayerForm::Table(table) => Player { name: table.name, role: table.role, later: table.later },
    }
}
