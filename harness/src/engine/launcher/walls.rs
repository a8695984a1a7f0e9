//! What a program may not do, and how much it may use: the last steps before it is one.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::engine::sys;
use crate::units::Limits;

/// So many times as much memory as it may use, a process may reserve.
const RESERVED: u64 = 4;

/// Gives up every right but that of an ordinary user, and limits what is used. The calling
/// process is in its room; nothing of this can be taken back.
pub(super) fn raise(limits: &Limits) -> io::Result<()> {
    limit_each(&[
        // Not of addresses (RLIMIT_AS): Java and Go reserve far more than they use.
        // What is reserved, which may be far more than is used (Java): the watch ends it first.
        (Resource::Data, limits.memory.saturating_mul(RESERVED)),
        (Resource::Fsize, limits.file),
        (Resource::Nofile, limits.open),
        (Resource::Cpu, limits.cpu),
        (Resource::Core, 0),
        // Of the room alone: its users are counted apart from the machine's (Linux 5.14).
        (Resource::Nproc, limits.processes),
    ])?;
    sys::drop_capabilities()
}

/// The most a program may use of each, also where the machine allows more, or less.
pub(super) fn limit_each(limits: &[(Resource, u64)]) -> io::Result<()> {
    for (resource, most) in limits {
        let allowed = getrlimit(*resource).maximum.map_or(*most, |maximum| maximum.min(*most));
        setrlimit(*resource, Rlimit { current: Some(allowed), maximum: Some(allowed) })?;
    }
    Ok(())
}
