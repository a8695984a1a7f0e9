//! Sessions of a search: drawn from the grammar of a spec and a seed, written down as scenarios
//! of a spec file, and made smaller while they still show what they have shown.

mod script;
mod session;
mod shrink;
mod sowing;
#[cfg(test)]
mod tests;
mod toml;

pub use script::{Label, Script, script};
pub use session::{Grammar, Manner, Move, Session};
pub use shrink::{Trial, shrink};
pub use sowing::sow;
