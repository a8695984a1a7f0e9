//! Being told of `bind`, `listen`, `connect` and what sends at the call (seccomp user
//! notification, seccomp_unotify(2)). It is a witness, not a wall: the calls go on unchanged.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const ARCHITECTURE: u32 = 0;

/// The calls by which programs meet.
const MEETING: [libc::c_long; 3] = [libc::SYS_listen, libc::SYS_connect, libc::SYS_bind];
/// The calls that send, beside sendmsg(2).
const SENDING: [libc::c_long; 2] = [libc::SYS_sendto, libc::SYS_sendmmsg];
/// The calls that send where they are about a socket: beyond the standard streams.
const WRITING: [libc::c_long; 2] = [libc::SYS_write, libc::SYS_writev];

/// Offset of the first argument's low half in `struct seccomp_data`.
const FIRST_ARGUMENT_OFFSET: u32 = if cfg!(target_endian = "little") { 16 } else { 20 };
/// Offset of the architecture in `struct seccomp_data`; the call's number is at 0.
const ARCHITECTURE_OFFSET: u32 = 4;
/// The supervisor must answer before a signal can interrupt the call, unless it kills (Linux 5.19).
const WAIT_KILLABLE: libc::c_ulong = 1 << 5;

/// Whether this kernel can tell calls at all (seccomp(2), SECCOMP_GET_ACTION_AVAIL).
pub(crate) fn can_notify() -> bool {
    let action: u32 = libc::SECCOMP_RET_USER_NOTIF;
    // SAFETY: the kernel reads four bytes that outlive the call.
    let result = unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0, std::ptr::from_ref(&action))
    };
    result == 0
}

/// Puts the filter on the calling thread (before exec) and gives the descriptor on
/// which its calls are told; with `sends` also those that send, but for sendmsg(2) on the
/// descriptor it holds: the caller has yet to hand the notifier over, and could not. With
/// `writes` also write(2) and writev(2). Sets no_new_privs.
pub(crate) fn install_filter(sends: Option<BorrowedFd<'_>>, writes: bool) -> io::Result<OwnedFd> {
    let load = |offset| filter(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, offset);
    let equal = |value, yes, no| filter(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, yes, no, value);
    let above = |value, yes, no| filter(libc::BPF_JMP | libc::BPF_JGT | libc::BPF_K, yes, no, value);
    let answer = |value| filter(libc::BPF_RET | libc::BPF_K, 0, 0, value);
    let mut calls = MEETING.to_vec();
    let tail = match sends {
        None => vec![
            answer(libc::SECCOMP_RET_ALLOW),
            answer(libc::SECCOMP_RET_USER_NOTIF),
            answer(libc::SECCOMP_RET_ALLOW),
        ],
        Some(spared) => {
            calls.extend(SENDING);
            let writing = [equal(WRITING[0] as u32, 4, 0), equal(WRITING[1] as u32, 3, 0)];
            let sending = vec![
                equal(libc::SYS_sendmsg as u32, 0, 5),
                load(FIRST_ARGUMENT_OFFSET),
                equal(spared.as_raw_fd() as u32, 3, 2),
                load(FIRST_ARGUMENT_OFFSET),
                above(libc::STDERR_FILENO as u32, 0, 1),
                answer(libc::SECCOMP_RET_USER_NOTIF),
                answer(libc::SECCOMP_RET_ALLOW),
            ];
            if writes { [writing.to_vec(), sending].concat() } else { sending }
        }
    };
    let (count, end) = (calls.len() as u8, tail.len() as u8 - 1);
    let mut program = vec![load(ARCHITECTURE_OFFSET), equal(ARCHITECTURE, 0, 1 + count + end), load(0)];
    // Each call leads to the notification, which stands before the end.
    program.extend(calls.iter().zip(1..).map(|(call, nth)| equal(*call as u32, count - nth + end - 1, 0)));
    program.extend(tail);
    let description = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
    // SAFETY: plain integers.
    if unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } != 0 {
        return Err(io::Error::last_os_error());
    }
    for flags in
        [libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | WAIT_KILLABLE, libc::SECCOMP_FILTER_FLAG_NEW_LISTENER]
    {
        // SAFETY: the program outlives the call; the kernel copies and checks it.
        let fd = unsafe {
            libc::syscall(
                libc::SYS_seccomp,
                libc::SECCOMP_SET_MODE_FILTER,
                flags,
                std::ptr::from_ref(&description),
            )
        };
        if fd >= 0 {
            // SAFETY: a new descriptor that nobody else owns.
            return Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) });
        }
    }
    Err(io::Error::last_os_error())
}

fn filter(code: u32, jt: u8, jf: u8, k: u32) -> libc::sock_filter {
    libc::sock_filter { code: code as u16, jt, jf, k }
}

/// One call that waits for an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notification {
    id: u64,
    /// The calling thread, as the reader numbers it.
    pub(crate) thread: i32,
    /// Number of the call.
    pub(crate) call: i64,
    /// Its arguments.
    pub(crate) arguments: [u64; 6],
}

/// The supervisor's end.
#[derive(Debug)]
pub(crate) struct Notifier(OwnedFd);

impl Notifier {
    /// Wraps a descriptor that `install_filter` made.
    pub(crate) fn new(fd: OwnedFd) -> Self {
        Self(fd)
    }

    /// Takes the next waiting call. Only when the descriptor is readable: it blocks
    /// otherwise. None when the caller has died meanwhile.
    pub(crate) fn receive(&self) -> Option<Notification> {
        // SAFETY: all-zero is what the kernel asks for.
        let mut raw: libc::seccomp_notif = unsafe { std::mem::zeroed() };
        // SAFETY: the structure outlives the call and has the kernel's layout.
        let result = unsafe {
            libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, std::ptr::from_mut(&mut raw))
        };
        (result == 0).then(|| Notification {
            id: raw.id,
            thread: raw.pid as i32,
            call: i64::from(raw.data.nr),
            arguments: raw.data.args,
        })
    }

    /// Lets the call go on as if nobody had looked.
    pub(crate) fn proceed(&self, notification: &Notification) {
        self.answer(notification, 0, 0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32);
    }

    /// The call was done for the program: it returns 0, or fails with `errno`.
    pub(crate) fn done(&self, notification: &Notification, errno: i32) {
        self.answer(notification, if errno == 0 { 0 } else { -1 }, -errno, 0);
    }

    fn answer(&self, notification: &Notification, value: i64, error: i32, flags: u32) {
        let mut raw = libc::seccomp_notif_resp {
            id: notification.id,
            val: if error == 0 { value } else { 0 },
            error,
            flags,
        };
        // SAFETY: the structure outlives the call. A caller that has died gives ENOENT: nothing to do.
        unsafe {
            libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, std::ptr::from_mut(&mut raw))
        };
    }
}

impl AsFd for Notifier {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
