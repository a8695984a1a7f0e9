//! The command line: the only place that reads the environment, prints and exits.

mod args;
mod casting;
mod catalog;
mod check;
mod columns;
mod completions;
mod demands;
mod distrust;
mod doctor;
mod entry;
mod error;
mod evidence;
mod exit;
mod explain;
mod explore;
mod list;
mod reference;
mod run;
mod schema;
mod show;
mod snapshot;
mod stage;
mod words;

pub use entry::main;
