//! Who a program is inside and outside of its room, and the user namespaces that say so.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;

use crate::engine::sys::{self, Child, Isolation};

/// The user that a program is in its room.
pub(crate) const STUDENT: u32 = 1000;
/// The user outside that this is where the grader is root: nobody's on any machine.
pub(crate) const OUTSIDE: u32 = 200_000;

/// Whether programs become another user of the machine: the grader must never be root's.
pub(crate) fn becomes_other() -> bool {
    // In the user namespace of an ordinary user nobody but that user is mapped.
    fs::read_to_string("/proc/self/uid_map").is_ok_and(|map| {
        let words: Vec<u32> = map.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        matches!(words[..], [first, outside, count] if (first, outside) == (0, 0) && count > OUTSIDE)
    })
}

/// Says who the users of a process's new namespace are: the one inside is the one outside.
pub(super) fn map(process: i32, inside: u32, outside: u32, groups: (u32, u32)) -> io::Result<()> {
    fs::write(format!("/proc/{process}/setgroups"), "deny")?;
    fs::write(format!("/proc/{process}/uid_map"), format!("{inside} {outside} 1"))?;
    fs::write(format!("/proc/{process}/gid_map"), format!("{} {} 1", groups.0, groups.1))
}

/// A user namespace that makes the files of `user` and `group` those of a program's user, for
/// a mount.
pub(super) fn owners(user: u32, group: u32) -> io::Result<OwnedFd> {
    let (wait, _go) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    match sys::clone_process(Isolation::Users)? {
        Child::Here => {
            // Until the other end is closed, which is when the namespace has been opened.
            drop(_go);
            let _ = rustix::io::read(&wait, &mut [0_u8; 1]);
            sys::exit_now(0)
        }
        Child::There(pid, _) => {
            map(pid, user, OUTSIDE, (group, OUTSIDE))?;
            Ok(fs::File::open(format!("/proc/{pid}/ns/user"))?.into())
        }
    }
}
