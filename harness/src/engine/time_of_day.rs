//! Whether the time of day was set between two readings of it.

use std::time::{Duration, Instant};

/// The time of day is set when it leaves time itself by more; NTP's slewing is slower.
const JUMP: Duration = Duration::from_millis(500);

/// A reading of the time of day, and the moments between which it was taken: on a busy machine
/// the reader may wait long before the clock is read, and after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    before: Instant,
    clock: jiff::Timestamp,
    after: Instant,
}

impl Reading {
    /// Reads the clock.
    pub(crate) fn now() -> Self {
        let before = Instant::now();
        let clock = jiff::Timestamp::now();
        Self { before, clock, after: Instant::now() }
    }

    /// Whether the clock has gone another way than time itself since an earlier reading.
    pub(crate) fn was_set_since(&self, earlier: &Self) -> bool {
        let passed = self.clock.duration_since(earlier.clock).as_millis();
        let least = self.before.saturating_duration_since(earlier.after);
        let most = self.after.saturating_duration_since(earlier.before);
        passed + (JUMP.as_millis() as i128) < least.as_millis() as i128
            || passed > (most + JUMP).as_millis() as i128
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(at: Instant, offset: i64, waited: u64) -> Reading {
        let clock = jiff::Timestamp::from_millisecond(1_000_000_000_000 + offset).unwrap();
        Reading { before: at, clock, after: at + Duration::from_millis(waited) }
    }

    #[test]
    fn a_reader_that_had_to_wait_has_set_no_clock() {
        let start = Instant::now();
        let later = start + Duration::from_secs(2);
        let first = reading(start, 0, 0);
        assert!(!reading(later, 2_000, 0).was_set_since(&first));
        assert!(!reading(later, 5_000, 3_000).was_set_since(&first), "the clock was read late");
        assert!(!reading(later, 2_000, 3_000).was_set_since(&first), "the clock was read early");
        assert!(!reading(later, 1_200, 0).was_set_since(&reading(start, 0, 900)), "the first one waited");
    }

    #[test]
    fn a_clock_that_jumps_was_set() {
        let start = Instant::now();
        let (first, later) = (reading(start, 0, 0), start + Duration::from_secs(2));
        assert!(reading(later, 3_000, 0).was_set_since(&first));
        assert!(reading(later, 1_000, 0).was_set_since(&first));
        assert!(reading(later, -60_000, 0).was_set_since(&first));
    }
}
