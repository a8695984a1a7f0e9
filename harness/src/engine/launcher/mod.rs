//! Starting programs. One small process, made before the grader has threads, forks
//! for it: it holds no socket of any check, so no copy of one can delay a FIN, and
//! a fork of it is cheap. Every program gets a first process (`init`) that sets its
//! surroundings up, reaps everything below it, and ends with it when the grader is
//! gone, however the grader went.

mod bare;
mod identity;
mod init;
mod layer;
mod order;
mod room;
mod serve;
mod student;
mod system;
mod walls;
mod watch;

pub(crate) use bare::knows_rules;
pub(crate) use identity::{OUTSIDE, becomes_other};
pub(crate) use order::{Bare, GivenFile, Kind, Level, Order, Place, Room, Word};
pub(crate) use room::{UNREAD, decoys};
#[cfg(test)]
pub(crate) use serve::say;
pub(crate) use serve::{Launcher, try_room};
