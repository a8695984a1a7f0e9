//! Programs that have been killed and are not gone yet: the kernel takes milliseconds to
//! end their namespaces, and nothing of the next check need wait for that.

use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// So many may be dying at a time; a further one waits for the oldest.
const MOST: usize = 8;
/// Longest wait for a killed process, in seconds.
const LIMIT: i64 = 10;

/// First processes of programs that were killed, until they are gone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dying(Arc<Mutex<Vec<OwnedFd>>>);

impl Dying {
    /// Takes the pidfd of a killed process.
    pub(crate) fn add(&self, process: OwnedFd) {
        let mut dying = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        dying.push(process);
        if dying.len() > MOST {
            let oldest = dying.remove(0);
            drop(dying);
            await_end(&oldest);
        }
    }

    /// Waits until all are gone.
    pub(crate) fn await_all(&self) {
        let dying = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        dying.iter().for_each(await_end);
    }
}

/// Waits until a process has ended.
pub(crate) fn await_end(process: &OwnedFd) {
    let mut fds = [PollFd::new(process, PollFlags::IN)];
    let _ = poll(&mut fds, Some(&Timespec { tv_sec: LIMIT, tv_nsec: 0 }));
}
