//! A role's file: its checks.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::explore::ExploreForm;
use super::name::{HostName, ID, ID_WORDS, Patience, VALUE, VALUE_WORDS, Yes};
use super::step::StepForm;
use super::verbs::{Grammar, add_grammar};
use crate::spec::fixture::{FILE, FILE_WORDS};
use crate::spec::{Carriage, Concept, Console, Tier};
use crate::units::Text;

/// The checks of one role: the file named after it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "scenarios of a role")]
pub(in crate::spec) struct ScenarioFile {
    /// The checks, in the order in which they are reported.
    #[schemars(length(min = 1))]
    #[expect(dead_code, reason = "read for the schema only: scenarios are decoded one by one")]
    scenario: Vec<ScenarioForm>,
    /// What a search may ask of the program (`grader run --explore`).
    #[expect(dead_code, reason = "read for the schema only: it is decoded by itself")]
    explore: Option<ExploreForm>,
}

/// One check: a small scene with the program, and what must be seen in it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "scenario")]
pub(in crate::spec) struct ScenarioForm {
    /// Permanent name; with exercise and role before it, the id of the check.
    #[schemars(regex(pattern = ID), extend("errorMessage" = ID_WORDS))]
    pub(in crate::spec) id: String,
    /// What the program must do, as a sentence.
    pub(in crate::spec) title: Text,
    /// The idea of the course it is about.
    pub(in crate::spec) concept: Concept,
    /// Points, whole or half; 1 unless told.
    #[schemars(range(min = 0.0), extend("multipleOf" = 0.5))]
    pub(in crate::spec) points: Option<f64>,
    /// `basic` unless told.
    pub(in crate::spec) tier: Option<Tier>,
    /// A remark only: no points, never a failure.
    #[serde(default)]
    pub(in crate::spec) noted: bool,
    /// What to look at when it fails; one sentence.
    pub(in crate::spec) hint: Option<Text>,
    /// Checks of the same role without which this one means nothing.
    #[serde(default)]
    pub(in crate::spec) needs: Vec<String>,
    /// The programs on stage, in place of those of the scene.
    #[schemars(length(min = 2))]
    pub(in crate::spec) players: Option<Vec<PlayerForm>>,
    /// How the wire between programs carries bytes; `whole` unless told.
    #[serde(default)]
    pub(in crate::spec) wire: Carriage,
    /// The player to whom it does so; everybody unless told.
    pub(in crate::spec) wire_to: Option<String>,
    /// Checks of a scene that show the same end to end, as `pair/adds`: where they pass, this
    /// one is not reached instead of failed.
    #[serde(default)]
    pub(in crate::spec) customary: Vec<String>,
    /// A terminal unless told.
    #[serde(default)]
    pub(in crate::spec) console: Console,
    /// Variables of the program's environment.
    #[serde(default)]
    pub(in crate::spec) environment: BTreeMap<String, String>,
    /// Arguments put behind the command line.
    pub(in crate::spec) arguments: Option<Vec<String>>,
    /// Files laid over those of the program's folder, by name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": FILE, "errorMessage": FILE_WORDS }))]
    pub(in crate::spec) files: BTreeMap<String, FileForm>,
    /// Host names that lead the program to the harness, besides those of the role.
    #[serde(default)]
    pub(in crate::spec) names: Vec<HostName>,
    /// For clients: whether anybody listens where the program connects; true unless told.
    pub(in crate::spec) listening: Option<bool>,
    /// The port given to a program that asks for one, in place of the role's.
    #[schemars(range(min = 1))]
    pub(in crate::spec) port: Option<u16>,
    /// Ports at which another program listens already.
    #[serde(default)]
    pub(in crate::spec) taken: Vec<u16>,
    /// Values drawn from the seed.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": VALUE, "errorMessage": VALUE_WORDS }))]
    pub(in crate::spec) draw: BTreeMap<String, GeneratorForm>,
    /// Longest time the program may do nothing although something is awaited; `3s` unless told.
    pub(in crate::spec) patience: Option<Patience>,
    /// What happens, one verb a step.
    #[schemars(length(min = 1))]
    pub(in crate::spec) steps: Vec<StepForm>,
}

/// One program on stage.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "role or player")]
pub(in crate::spec) enum PlayerForm {
    /// The program of this role, under its name.
    Role(String),
    /// One of several programs of a role, or one that comes later.
    Table(PlayerTable),
}

/// One program on stage, with a name of its own.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "player")]
pub(in crate::spec) struct PlayerTable {
    /// Its name in this scene.
    #[schemars(regex(pattern = ID), extend("errorMessage" = ID_WORDS))]
    pub(in crate::spec) name: String,
    /// Whose program it is.
    pub(in crate::spec) role: String,
    /// It is started by the step `start`.
    #[serde(default)]
    pub(in crate::spec) later: bool,
}

/// What stands in place of a file of the program's folder.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "file", transform = file_grammar)]
pub(in crate::spec) struct FileForm {
    /// This fixture of the exercise.
    pub(in crate::spec) fixture: Option<String>,
    /// This text, with `{names}`.
    pub(in crate::spec) text: Option<String>,
    /// So many bytes drawn from the seed.
    #[schemars(range(min = 1, max = 67_108_864))]
    pub(in crate::spec) random_bytes: Option<usize>,
    /// The file is not there.
    pub(in crate::spec) absent: Option<Yes>,
}

fn file_grammar(schema: &mut schemars::Schema) {
    let verbs = &["fixture", "text", "random-bytes", "absent"];
    add_grammar(schema, &Grammar { verbs, beside: &[], needs: &[] });
}

/// How a value is drawn from the seed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "generator", transform = generator_grammar)]
pub(in crate::spec) struct GeneratorForm {
    /// An integer from the first to the last, both included.
    pub(in crate::spec) integer: Option<[i64; 2]>,
    /// One of these texts.
    #[schemars(length(min = 1))]
    pub(in crate::spec) one_of: Option<Vec<String>>,
    /// A word of so many small letters.
    #[schemars(range(min = 1, max = 65536))]
    pub(in crate::spec) word: Option<usize>,
    /// Printable ASCII text of so many characters.
    #[schemars(range(min = 1, max = 65536))]
    pub(in crate::spec) printable: Option<usize>,
    /// So many Korean syllables.
    #[schemars(range(min = 1, max = 65536))]
    pub(in crate::spec) korean: Option<usize>,
    /// The product of two integers drawn before.
    pub(in crate::spec) product: Option<[String; 2]>,
}

fn generator_grammar(schema: &mut schemars::Schema) {
    let verbs = &["integer", "one-of", "word", "printable", "korean", "product"];
    add_grammar(schema, &Grammar { verbs, beside: &[], needs: &[] });
}
