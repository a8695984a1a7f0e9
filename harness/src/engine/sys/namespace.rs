//! Leaving namespaces (unshare(2)).

use std::io;

/// Gives the calling thread a network namespace of its own.
pub(crate) fn unshare_network() -> io::Result<()> {
    unshare(libc::CLONE_NEWNET)
}

/// Gives the calling process, which must have one thread, a user namespace in which
/// it has every capability.
pub(crate) fn unshare_user() -> io::Result<()> {
    unshare(libc::CLONE_NEWUSER)
}

/// Gives the calling process its own view of the mounts.
pub(crate) fn unshare_mounts() -> io::Result<()> {
    unshare(libc::CLONE_NEWNS)
}

fn unshare(what: i32) -> io::Result<()> {
    // SAFETY: a plain call; only namespaces change, no memory and no descriptor.
    if unsafe { libc::unshare(what) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
