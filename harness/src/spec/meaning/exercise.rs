//! `exercise.toml` as the head of an exercise: everything but its checks.

use crate::spec::document::{At, Document};
use crate::spec::form::{ExerciseForm, RoleForm, SettingForm};
use crate::spec::{Fault, Problem, Role, Setting, Tier};
use crate::units::Text;

/// What `exercise.toml` says.
#[derive(Debug)]
pub(in crate::spec) struct Head {
    /// Place in the course.
    pub(in crate::spec) order: u32,
    /// Title for lists.
    pub(in crate::spec) title: Text,
    /// The handout in prose.
    pub(in crate::spec) about: Text,
    /// What travels on the wire.
    pub(in crate::spec) protocol: Text,
    /// A session at the terminals.
    pub(in crate::spec) sample: String,
    /// Which tiers make the score.
    pub(in crate::spec) graded: Vec<Tier>,
    /// The programs, in the order of the file.
    pub(in crate::spec) roles: Vec<Role>,
    /// What may be set, in the order of the file.
    pub(in crate::spec) settings: Vec<Setting>,
}

/// Reads a document that has the shape of an exercise.
pub(in crate::spec) fn head(document: &Document<'_>) -> Result<Head, Fault> {
    let at = At::Root;
    let mut form: ExerciseForm = serde_json::from_value(document.plain(&at))
        .map_err(|error| document.fault(&at, Problem::NotUnderstood(error.to_string())))?;
    let names = document.keys(&at.key("roles"));
    let roles = names.into_iter().filter_map(|name| form.roles.remove(&name).map(|form| role(name, form)));
    let roles = roles.collect();
    let keys = document.keys(&at.key("settings"));
    let settings =
        keys.into_iter().filter_map(|key| form.settings.remove(&key).map(|form| setting(key, form)));
    Ok(Head {
        order: form.order,
        title: form.title,
        about: form.about,
        protocol: form.protocol,
        sample: form.sample,
        graded: form.graded.unwrap_or_else(|| vec![Tier::Basic]),
        roles,
        settings: settings.collect(),
    })
}

fn role(name: String, form: RoleForm) -> Role {
    let names = form.names.into_iter().map(|name| name.0).collect();
    Role { name, end: form.end, port: form.port, port_fixed: form.port_fixed, asks: form.asks, names }
}

fn setting(key: String, form: SettingForm) -> Setting {
    Setting { key, about: form.about, default: form.default }
}
