//! The file format as types: what a TOML file may say, before anything in it is
//! known to make sense. The JSON schema is generated from these types, `shape`
//! checks files against that schema, and `meaning` turns them into the model.

mod exercise;
mod expectation;
mod explore;
mod http;
mod name;
mod payload;
mod picture;
mod records;
mod scenario;
mod step;
mod verbs;

pub(super) use exercise::{ExerciseForm, LimitsForm, RoleForm, SceneForm, SettingForm};
pub(super) use expectation::{ExpectForm, ExpectationForm, IntegerForm};
pub(super) use explore::{ExchangeForm, ExploreForm, LibertiesForm};
pub(super) use http::{BodyForm, RequestForm, ResponseForm};
pub(super) use name::{Hex, Patience};
pub(super) use payload::{PayloadForm, PayloadTable, PiecesForm};
pub(super) use picture::JpegForm;
pub(super) use records::{NumbersForm, RecordsForm};
pub(super) use scenario::{FileForm, GeneratorForm, PlayerForm, ScenarioFile, ScenarioForm};
pub(super) use step::{RowForm, StepForm};
