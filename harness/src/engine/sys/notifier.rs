//! Being told of calls while they wait (seccomp user notification, seccomp_unotify(2)).

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

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
