//! What a program must have before exec: a session, a terminal, default signals.

use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

/// Starts a session and, with `terminal`, makes standard input its controlling terminal.
pub(crate) fn become_session_leader(terminal: bool) -> io::Result<()> {
    // SAFETY: plain calls on the calling process.
    let result = unsafe {
        libc::setsid();
        if terminal { libc::ioctl(0, libc::TIOCSCTTY, 0) } else { 0 }
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Gives every signal its default action and blocks none: a grader started by
/// `nohup` or by a shell's `&` must not make its programs deaf to Ctrl+C, and Rust
/// itself ignores SIGPIPE.
pub(crate) fn reset_signals() {
    for signal in 1..=64 {
        // SAFETY: SIG_DFL runs no code of ours; signals that cannot be changed give EINVAL.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: an empty set is a valid mask.
    unsafe {
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &none, std::ptr::null_mut());
    }
}

/// Children that end are reaped by the kernel itself (SIGCHLD ignored, wait(2)).
pub(crate) fn ignore_children() {
    // SAFETY: SIG_IGN runs no code of ours.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) };
}

/// Blocks SIGCHLD and gives a descriptor that is readable when a child has changed.
pub(crate) fn child_events() -> io::Result<OwnedFd> {
    // SAFETY: the set is initialised before use; the descriptor is new.
    unsafe {
        libc::signal(libc::SIGCHLD, libc::SIG_DFL);
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGCHLD);
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        let fd = libc::signalfd(-1, &set, libc::SFD_CLOEXEC | libc::SFD_NONBLOCK);
        if fd < 0 { Err(io::Error::last_os_error()) } else { Ok(OwnedFd::from_raw_fd(fd)) }
    }
}

/// Kills every process that the calling one may and can see, but itself (kill(2), -1): in a
/// process namespace of its own, all the others of it.
pub(crate) fn kill_everybody() -> io::Result<()> {
    // SAFETY: a plain call.
    if unsafe { libc::kill(-1, libc::SIGKILL) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
