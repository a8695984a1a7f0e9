//! Making processes: clone3(2), pidfds, and reaping.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// What a new process has for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// Its own process, mount and host-name namespace.
    Namespaces,
    /// The same, and its own users and System V objects.
    Room,
    /// Its own users only.
    Users,
    /// Nothing.
    None,
}

/// The two sides of a clone.
pub(crate) enum Child {
    /// This is the new process.
    Here,
    /// This is the old one: number and pidfd of the new.
    There(i32, OwnedFd),
}

/// Clones the calling process as fork(2) does, with a pidfd.
///
/// Must be called from a process with one thread: the child runs on with a copy of
/// the memory and no other thread to hold locks.
pub(crate) fn clone_process(isolation: Isolation) -> io::Result<Child> {
    let mut pidfd: RawFd = -1;
    let spaces = match isolation {
        Isolation::Namespaces => libc::CLONE_NEWPID | libc::CLONE_NEWNS | libc::CLONE_NEWUTS,
        Isolation::Room => {
            libc::CLONE_NEWUSER
                | libc::CLONE_NEWPID
                | libc::CLONE_NEWNS
                | libc::CLONE_NEWUTS
                | libc::CLONE_NEWIPC
        }
        Isolation::Users => libc::CLONE_NEWUSER,
        Isolation::None => 0,
    };
    // SAFETY: all-zero is a valid clone_args (no stack: the child goes on with a copy of ours).
    let mut arguments: libc::clone_args = unsafe { std::mem::zeroed() };
    arguments.flags = (spaces | libc::CLONE_PIDFD) as u64;
    arguments.pidfd = std::ptr::from_mut(&mut pidfd) as u64;
    arguments.exit_signal = libc::SIGCHLD as u64;
    // SAFETY: without CLONE_VM the child has its own copy of memory; the arguments outlive the call.
    let pid = unsafe {
        libc::syscall(libc::SYS_clone3, std::ptr::from_mut(&mut arguments), size_of::<libc::clone_args>())
    };
    match pid {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Child::Here),
        // SAFETY: the kernel stored a new descriptor that nobody else owns.
        pid => Ok(Child::There(pid as i32, unsafe { OwnedFd::from_raw_fd(pidfd) })),
    }
}

/// Ends the calling process at once: no destructors, no flushing of inherited buffers.
pub(crate) fn exit_now(status: i32) -> ! {
    // SAFETY: _exit never returns and touches no memory of ours.
    unsafe { libc::_exit(status) }
}

/// A child that has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reaped {
    /// Its number.
    pub(crate) pid: i32,
    /// Its wait status.
    pub(crate) status: i32,
    /// Bytes of memory it had at most, or one of its own children.
    pub(crate) memory: u64,
}

/// Reaps one child, or none when no child is dead. `Err` with ECHILD when there is no child at all.
pub(crate) fn wait_any() -> io::Result<Option<Reaped>> {
    let mut status = 0;
    // SAFETY: all-zero is a valid rusage.
    let mut used: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: status and usage outlive the call.
    match unsafe { libc::wait4(-1, &mut status, libc::WNOHANG | libc::__WALL, &mut used) } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(None),
        pid => Ok(Some(Reaped { pid, status, memory: used.ru_maxrss.unsigned_abs() * 1024 })),
    }
}

/// A pidfd of the process a thread belongs to (pidfd_open(2)).
pub(crate) fn open_pidfd(pid: i32) -> io::Result<OwnedFd> {
    // SAFETY: plain integers; the result is a new descriptor or -1.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a new descriptor that nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

/// A copy of another process's descriptor (pidfd_getfd(2)). Close it soon: while
/// it is open the program's own close sends no FIN.
pub(crate) fn take_fd(process: BorrowedFd<'_>, number: i32) -> io::Result<OwnedFd> {
    // SAFETY: plain integers; the result is a new descriptor or -1.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), number, 0) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a new descriptor that nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}
