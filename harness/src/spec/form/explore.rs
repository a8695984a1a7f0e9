//! The table `[explore]` of a role's file: what a search may ask of a program.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::name::{VALUE, VALUE_WORDS};
use super::scenario::{FileForm, GeneratorForm};
use super::step::StepForm;
use crate::spec::fixture::{FILE, FILE_WORDS};
use crate::spec::{Concept, Leave, Serves, Tier};

/// What a search may ask of the program (`grader run --explore`): the grammar of a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "explore")]
pub(in crate::spec) struct ExploreForm {
    /// What the handout allows the clients of a session to do.
    #[serde(default)]
    pub(in crate::spec) basic: LibertiesForm,
    /// What they do with `--tier robust`: keys that are missing here are those of `basic`.
    #[serde(default)]
    pub(in crate::spec) robust: LibertiesForm,
    /// Files laid over those of the program's folder, by name.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": FILE, "errorMessage": FILE_WORDS }))]
    pub(in crate::spec) files: BTreeMap<String, FileForm>,
    /// What a client may ask, one of these at a time.
    #[schemars(length(min = 1))]
    pub(in crate::spec) exchange: Vec<ExchangeForm>,
}

/// What the clients of a session do.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "liberties")]
pub(in crate::spec) struct LibertiesForm {
    /// Which clients the program serves; `one` unless told.
    pub(in crate::spec) serves: Option<Serves>,
    /// Fewest and most clients of a session; one unless told.
    #[schemars(inner(range(min = 1, max = 20)))]
    pub(in crate::spec) connections: Option<[usize; 2]>,
    /// Fewest and most requests of a client; 1 to 6 unless told.
    #[schemars(inner(range(max = 100)))]
    pub(in crate::spec) requests: Option<[usize; 2]>,
    /// A client may come while another one is served, and wait; `false` unless told.
    pub(in crate::spec) queued: Option<bool>,
    /// How a client `a` comes; `[{ connect = "a" }]` unless told.
    #[schemars(length(min = 1))]
    pub(in crate::spec) open: Option<Vec<StepForm>>,
    /// How it may leave once it has its replies; `["close"]` unless told.
    #[schemars(length(min = 1))]
    pub(in crate::spec) leave: Option<Vec<Leave>>,
    /// How it may leave in the middle of a request; never unless told.
    pub(in crate::spec) abandon: Option<Vec<Leave>>,
    /// It may end its own direction with its last request and still await the reply.
    pub(in crate::spec) half_close: Option<bool>,
    /// A request may come in several segments, each read before the next is sent.
    pub(in crate::spec) segments: Option<bool>,
    /// What must be seen each time a client has left.
    pub(in crate::spec) left: Option<Vec<StepForm>>,
}

/// One thing that a client may ask, and what must come back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "exchange")]
pub(in crate::spec) struct ExchangeForm {
    /// `basic` unless told.
    pub(in crate::spec) tier: Option<Tier>,
    /// The idea it is about; `request-reply` unless told.
    pub(in crate::spec) concept: Option<Concept>,
    /// Values drawn anew each time. A text is at most so long.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": VALUE, "errorMessage": VALUE_WORDS }))]
    pub(in crate::spec) draw: BTreeMap<String, GeneratorForm>,
    /// What happens with the client `a`: it sends, and something must be seen.
    #[schemars(length(min = 1))]
    pub(in crate::spec) steps: Vec<StepForm>,
}
