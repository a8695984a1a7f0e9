//! What a program did beside its task: what its room refused, and what it had too much of.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::units::Limit;

/// Something a program did that no check asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// It used more than it may, and was ended or stopped there.
    Exceeded(Limit, u64),
    /// A call that no socket program needs; it was refused. The name of the call.
    Called(String),
    /// A signal to the first process, or to all it could see.
    SignalledAll,
    /// A server that connects somewhere itself.
    Connected(SocketAddr),
    /// It listed a folder, or read a file, that is not its own and is empty in its room.
    LookedInto(PathBuf),
    /// So many of its processes went on when its main process had ended.
    LeftRunning(usize),
}
