//! `exercise.toml`: what is asked, by whom, and what may be set.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::name::{HostName, ID, ID_WORDS, Patience, Size, VALUE, VALUE_WORDS};
use crate::spec::{Ask, Counting, End, Tier, Transport};
use crate::units::Text;

/// One exercise: the file `exercise.toml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "exercise")]
pub(in crate::spec) struct ExerciseForm {
    /// Place in the course: exercises are listed by it.
    pub(in crate::spec) order: u32,
    /// Title for lists.
    pub(in crate::spec) title: Text,
    /// The handout in prose.
    pub(in crate::spec) about: Text,
    /// What travels on the wire, in prose.
    pub(in crate::spec) protocol: Text,
    /// A session at the terminals.
    pub(in crate::spec) sample: String,
    /// Which tiers make the score; `["basic"]` unless told.
    #[schemars(length(min = 1))]
    pub(in crate::spec) graded: Option<Vec<Tier>>,
    /// Which run counts where checks are run several times (`--repeat`); `worst` unless told.
    #[serde(default)]
    pub(in crate::spec) repeats: Counting,
    /// How much a program may use, where it is not what is customary.
    #[serde(default)]
    pub(in crate::spec) limits: LimitsForm,
    /// The programs a student hands in; each has a file of scenarios of its name.
    #[schemars(extend("propertyNames" = { "pattern": ID, "errorMessage": ID_WORDS }, "minProperties" = 1))]
    pub(in crate::spec) roles: BTreeMap<String, RoleForm>,
    /// Scenes in which several programs play together; each has a file of scenarios of its name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": ID, "errorMessage": ID_WORDS }))]
    pub(in crate::spec) scenes: BTreeMap<String, SceneForm>,
    /// What `--set KEY=VALUE` may set.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": VALUE, "errorMessage": VALUE_WORDS }))]
    pub(in crate::spec) settings: BTreeMap<String, SettingForm>,
}

/// How much a program may use, with all processes it starts.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "limits")]
pub(in crate::spec) struct LimitsForm {
    /// Memory; `1 GiB` unless told.
    pub(in crate::spec) memory: Option<Size>,
    /// Processes and threads at a time; 256 unless told.
    #[schemars(range(min = 1))]
    pub(in crate::spec) processes: Option<u32>,
    /// Bytes in all files it writes; `64 MiB` unless told.
    pub(in crate::spec) disk: Option<Size>,
    /// How many files it makes; 16384 unless told.
    #[schemars(range(min = 64))]
    pub(in crate::spec) files: Option<u32>,
    /// Bytes in one file; `64 MiB` unless told.
    pub(in crate::spec) file: Option<Size>,
    /// Open files and sockets of a process; 1024 unless told.
    #[schemars(range(min = 16))]
    pub(in crate::spec) open: Option<u32>,
    /// Bytes that it shows beyond what it was sent; `8 MiB` unless told.
    pub(in crate::spec) output: Option<Size>,
    /// Processor time; `60s` unless told.
    pub(in crate::spec) cpu: Option<Patience>,
}

/// Programs that play together, with the harness as the wire between them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "scene")]
pub(in crate::spec) struct SceneForm {
    /// Roles, in the order in which their programs are started.
    #[schemars(length(min = 2))]
    pub(in crate::spec) players: Vec<String>,
}

/// One program.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "role")]
pub(in crate::spec) struct RoleForm {
    /// Whether it listens or connects.
    pub(in crate::spec) end: End,
    /// What carries its bytes; `tcp` unless told.
    #[serde(default)]
    pub(in crate::spec) transport: Transport,
    /// The port of the handout, or the customary one.
    #[schemars(range(min = 1))]
    pub(in crate::spec) port: u16,
    /// Whether the handout fixes the port.
    pub(in crate::spec) port_fixed: bool,
    /// What it asks for at its terminal before it listens or connects, in order.
    #[serde(default)]
    pub(in crate::spec) asks: Vec<Ask>,
    /// Host names that lead the program to the harness.
    #[serde(default)]
    pub(in crate::spec) names: Vec<HostName>,
}

/// A value that the person who grades may set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "setting")]
pub(in crate::spec) struct SettingForm {
    /// What it is for.
    pub(in crate::spec) about: Text,
    /// Its value when nothing is set.
    pub(in crate::spec) default: Option<String>,
}
