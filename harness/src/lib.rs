//! `grader`: starts a student's server or client in a private network, talks to it
//! over real sockets, records everything, judges the record and explains.
//!
//! Layers, each with one verb; imports point left only:
//! `units ← spec ← matching ← plan ← engine`, `transcript ← verdict ← report`, all under `cli`.

pub mod cli;
pub mod engine;
pub mod matching;
pub mod plan;
pub mod report;
pub mod spec;
pub mod transcript;
pub mod units;
pub mod verdict;
