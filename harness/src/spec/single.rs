//! One scenario, given as text: what a search has found is read as if it stood in the file of
//! its role.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::{At, Document};
use super::meaning::{self, Home};
use super::schema::SCENARIOS;
use super::shape::{self, Rule};
use super::{Exercise, Fault, Player, Problem, Scenario, SpecErrors, flow, names, transport};

/// Name of the text in errors.
const FILE: &str = "found.toml";

/// Reads the one `[[scenario]]` of a text as a scenario of a role that plays alone.
pub fn read_scenario(exercise: &Exercise, role: &str, text: &str) -> Result<Scenario, SpecErrors> {
    let mut faults = Vec::new();
    let scenario = scenario(exercise, role, text, &mut faults);
    let texts = || BTreeMap::from([(FILE.to_owned(), text.to_owned())]);
    scenario.filter(|_| faults.is_empty()).ok_or_else(|| SpecErrors::new(faults, texts()))
}

fn scenario(exercise: &Exercise, role: &str, text: &str, faults: &mut Vec<Fault>) -> Option<Scenario> {
    let document = Document::parse(FILE, text, faults)?;
    let whole = Rule { root: &SCENARIOS, schema: &SCENARIOS };
    if !shape::check(&document, &At::Root, whole, faults) {
        return None;
    }
    let players = [Player { name: role.to_owned(), role: role.to_owned(), later: false }];
    let home = Home {
        exercise: &exercise.id,
        role,
        players: &players,
        fixtures: &exercise.fixtures,
        role_form: &Value::Null,
        settings: &Value::Null,
    };
    let list = At::Root.key("scenario");
    let at = list.entry(0);
    match meaning::scenario(&document, &at, home) {
        Ok(mut scenario) => {
            faults.extend(names::check(&document, &at, &scenario, (&exercise.settings, &[])));
            faults.extend(flow::check(&document, &at, &scenario, (&exercise.roles, &[])));
            let Some(role) = exercise.roles.iter().find(|known| known.name == role) else {
                let known = exercise.roles.iter().map(|known| known.name.clone()).collect();
                let problem = Problem::Unknown { what: "role", name: role.to_owned(), known };
                faults.push(document.fault(&at, problem));
                return None;
            };
            faults.extend(transport::check(&document, &at, &scenario, role));
            scenario.names.splice(0..0, role.names.iter().cloned());
            Some(scenario)
        }
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}
