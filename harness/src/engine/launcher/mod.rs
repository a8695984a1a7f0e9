//! Starting programs. One small process, made before the grader has threads, forks
//! for it: it holds no socket of any check, so no copy of one can delay a FIN, and
//! a fork of it is cheap. Every program gets a first process (`init`) that sets its
//! surroundings up, reaps everything below it, and ends with it when the grader is
//! gone, however the grader went.

mod init;
mod layer;
mod order;
mod serve;
mod student;

pub(crate) use order::{GivenFile, Level, Order, Word};
pub(crate) use serve::Launcher;
#[cfg(test)]
pub(crate) use serve::say;
