//! Clocks that count what the program did, not what the wall did: a busy machine
//! makes no program late.

use std::time::{Duration, Instant};

/// Processor time of a program since some moment, and when that was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    began: Instant,
    ran: u64,
    waited: u64,
}

impl Budget {
    /// Begins now, at these totals of nanoseconds run and waited for a processor.
    pub(crate) fn begin(ran: u64, waited: u64) -> Self {
        Self { began: Instant::now(), ran, waited }
    }

    /// Processor time since the beginning.
    pub(crate) fn cpu(&self, ran: u64) -> Duration {
        Duration::from_nanos(ran.saturating_sub(self.ran))
    }

    /// Time since the beginning in which the program slept: neither ran nor waited for a
    /// processor. To be read only while all its threads sleep: waiting is booked late.
    pub(crate) fn asleep(&self, ran: u64, waited: u64) -> Duration {
        let busy = ran.saturating_sub(self.ran) + waited.saturating_sub(self.waited);
        self.wall().saturating_sub(Duration::from_nanos(busy))
    }

    /// Time on the wall since the beginning.
    pub(crate) fn wall(&self) -> Duration {
        self.began.elapsed()
    }
}
