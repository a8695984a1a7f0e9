//! Specs: the TOML as written becomes a checked model, or errors with file, line,
//! column and a caret. Knows nothing of sockets and nothing of the target.

mod action;
mod model;

pub use action::*;
pub use model::*;
