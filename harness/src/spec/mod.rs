//! Specs: the TOML as written becomes a checked model, or errors with file, line,
//! column and a caret. Knows nothing of sockets and nothing of the target.
//!
//! A file goes `files` → `document` (TOML with places) → `shape` (against the schema
//! of `form`) → `meaning` (the model) → `names`, `players` and `flow`
//! (whether it makes sense).

mod action;
mod bounds;
mod caret;
mod document;
mod error;
mod explore;
mod files;
mod fixture;
mod flow;
mod form;
mod grammar;
mod http;
mod key;
mod load;
mod meaning;
mod model;
mod names;
mod payload;
mod picture;
mod players;
mod provenance;
mod records;
mod schema;
mod shape;
mod single;
mod suspicion;
mod template;
mod transport;
mod wire;

pub use action::*;
pub(crate) use caret::nearest;
pub use error::{Fault, Impossible, Problem, SpecErrors};
pub use explore::{CLIENT, Exchange, Exploration, Leave, Liberties, Serves};
pub use files::SpecFiles;
pub use fixture::{FileContent, Fixtures};
pub use http::{Body, HttpRequest, HttpResponse};
pub use load::{load, load_all, load_files};
pub use model::*;
pub use payload::{ByteOrder, Payload, Pieces};
pub use picture::{Picture, PictureExpectation};
pub use records::{NumbersExpectation, RecordsExpectation};
pub use schema::schema;
pub use single::read_scenario;
pub use suspicion::Suspicion;
pub use template::Part;
pub use wire::Wire;
