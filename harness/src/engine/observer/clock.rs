//! Clocks that count what the program did, not what the wall did: a busy machine
//! makes no program late.

use std::time::{Duration, Instant};

/// What the programs of a scene have done since some moment, and when that was. Of every
/// program: nanoseconds run, and nanoseconds waited for a processor.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    began: Instant,
    marks: Vec<(u64, u64)>,
}

impl Budget {
    /// Begins now, at these times.
    pub(crate) fn begin(marks: Vec<(u64, u64)>) -> Self {
        Self { began: Instant::now(), marks }
    }

    /// Processor time of one program since the beginning.
    pub(crate) fn cpu(&self, program: usize, (ran, _): (u64, u64)) -> Duration {
        let before = self.marks.get(program).map_or(0, |mark| mark.0);
        Duration::from_nanos(ran.saturating_sub(before))
    }

    /// Time since the beginning in which all slept: none ran or waited for a processor. To
    /// be read only while all threads sleep: waiting is booked late.
    pub(crate) fn asleep(&self, times: &[(u64, u64)]) -> Duration {
        let sum = |times: &[(u64, u64)]| times.iter().map(|(ran, waited)| ran + waited).sum::<u64>();
        let busy = sum(times).saturating_sub(sum(&self.marks));
        self.wall().saturating_sub(Duration::from_nanos(busy))
    }

    /// Time on the wall since the beginning.
    pub(crate) fn wall(&self) -> Duration {
        self.began.elapsed()
    }
}
