//! The command line: the only place that reads the environment, prints and exits.

mod casting;
mod doctor;
mod stage;
