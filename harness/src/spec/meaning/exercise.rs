//! `exercise.toml` as the head of an exercise: everything but its checks.

use serde_json::Value;

use crate::spec::document::{At, Document};
use crate::spec::form::{ExerciseForm, LimitsForm, RoleForm, SceneForm, SettingForm};
use crate::spec::{Counting, Ensemble, Fault, Player, Problem, Role, Setting, Tier};
use crate::units::{Limits, Text};

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
    /// Which of several runs counts.
    pub(in crate::spec) repeats: Counting,
    /// How much a program may use.
    pub(in crate::spec) limits: Limits,
    /// The programs, in the order of the file.
    pub(in crate::spec) roles: Vec<Role>,
    /// Scenes of several programs, in the order of the file.
    pub(in crate::spec) scenes: Vec<Ensemble>,
    /// What may be set, in the order of the file.
    pub(in crate::spec) settings: Vec<Setting>,
    /// The file as it stands.
    pub(in crate::spec) form: Value,
}

/// Reads a document that has the shape of an exercise.
pub(in crate::spec) fn head(document: &Document<'_>) -> Result<Head, Fault> {
    let at = At::Root;
    let mut form: ExerciseForm = serde_json::from_value(document.plain(&at))
        .map_err(|error| document.fault(&at, Problem::NotUnderstood(error.to_string())))?;
    let names = document.keys(&at.key("roles"));
    let roles = names.into_iter().filter_map(|name| form.roles.remove(&name).map(|form| role(name, form)));
    let roles = roles.collect();
    let names = document.keys(&at.key("scenes"));
    let scenes = names.into_iter().filter_map(|name| form.scenes.remove(&name).map(|form| scene(name, form)));
    let scenes = scenes.collect();
    let keys = document.keys(&at.key("settings"));
    let settings =
        keys.into_iter().filter_map(|key| form.settings.remove(&key).map(|form| setting(key, form)));
    Ok(Head {
        order: form.order,
        title: form.title,
        about: form.about,
        protocol: form.protocol,
        sample: form.sample,
        repeats: form.repeats,
        limits: limits(&form.limits),
        graded: form.graded.unwrap_or_else(|| vec![Tier::Basic]),
        roles,
        scenes,
        settings: settings.collect(),
        form: document.plain(&at),
    })
}

fn limits(form: &LimitsForm) -> Limits {
    let usual = Limits::default();
    Limits {
        memory: form.memory.map_or(usual.memory, |size| size.0),
        processes: form.processes.map_or(usual.processes, u64::from),
        disk: form.disk.map_or(usual.disk, |size| size.0),
        files: form.files.map_or(usual.files, u64::from),
        file: form.file.map_or(usual.file, |size| size.0),
        open: form.open.map_or(usual.open, u64::from),
        output: form.output.map_or(usual.output, |size| size.0),
        cpu: form.cpu.map_or(usual.cpu, |span| span.0.as_secs().max(1)),
    }
}

fn role(name: String, form: RoleForm) -> Role {
    let names = form.names.into_iter().map(|name| name.0).collect();
    let (port, port_fixed) = (form.port, form.port_fixed);
    Role { name, end: form.end, transport: form.transport, port, port_fixed, asks: form.asks, names }
}

fn scene(name: String, form: SceneForm) -> Ensemble {
    let player = |role: String| Player { name: role.clone(), role, later: false };
    Ensemble { name, players: form.players.into_iter().map(player).collect() }
}

fn setting(key: String, form: SettingForm) -> Setting {
    Setting { key, about: form.about, default: form.default }
}
