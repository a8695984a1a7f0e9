//! Who a process is, and what it may: users, capabilities, and the right to more of either.

use std::io;

/// The highest capability a kernel may know; those it does not are refused (capabilities(7)).
const LAST_CAPABILITY: libc::c_ulong = 63;

/// Makes the calling process, which has one thread, somebody else for good.
pub(crate) fn become_user(id: u32) -> io::Result<()> {
    // SAFETY: plain calls on the calling process.
    let done = unsafe {
        libc::setresgid(id, id, id) == 0
            && libc::setresuid(id, id, id) == 0
            // A change of users hides a process from /proc, also from who looks after it (proc(5)).
            && libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) == 0
    };
    if done { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Leaves all groups beside the own one; may be refused where it matters to nobody.
pub(crate) fn leave_groups() {
    // SAFETY: no group is read from the null pointer.
    unsafe { libc::setgroups(0, std::ptr::null()) };
}

/// Gives up every capability, also those that a program could get at exec.
pub(crate) fn drop_capabilities() -> io::Result<()> {
    for capability in 0..=LAST_CAPABILITY {
        // SAFETY: a plain call; EINVAL ends the list.
        if unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) } != 0 {
            break;
        }
    }
    let none = rustix::thread::CapabilitySets {
        effective: rustix::thread::CapabilitySet::empty(),
        permitted: rustix::thread::CapabilitySet::empty(),
        inheritable: rustix::thread::CapabilitySet::empty(),
    };
    Ok(rustix::thread::set_capabilities(None, none)?)
}
