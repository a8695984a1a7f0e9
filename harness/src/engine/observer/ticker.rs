//! Tickers: programs that wait for a socket with a time-out and, when it expires,
//! wait again in the same way (`socketserver` looks every 500 ms whether it shall
//! stop). Such a wait counts as untimed once it was seen to expire twice.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A timed wait at one place of a program: call, its used arguments, time-out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TickKey {
    /// Name of the thread.
    pub(crate) name: String,
    /// Number of the call.
    pub(crate) call: i64,
    /// Descriptors waited for.
    pub(crate) fds: usize,
    /// Milliseconds.
    pub(crate) timeout: u64,
}

/// Tickers known of one target, shared by its scenarios.
#[derive(Debug, Clone, Default)]
pub struct Tickers(Arc<Mutex<HashSet<TickKey>>>);

impl Tickers {
    /// Whether this wait is known to tick.
    pub(crate) fn knows(&self, key: &TickKey) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }

    fn learn(&self, key: TickKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
    }
}

/// What was seen of one thread's timed waits.
#[derive(Debug, Default)]
pub(crate) struct Ticks {
    last: Option<(TickKey, u64, Instant)>,
    seen: u32,
}

impl Ticks {
    /// A timed wait on descriptors is seen anew, after `count` schedulings of the thread.
    pub(crate) fn observe(&mut self, key: &TickKey, count: u64, tickers: &Tickers) {
        let now = Instant::now();
        if let Some((last, before, at)) = &self.last {
            if *before == count {
                return;
            }
            let period = Duration::from_millis(key.timeout);
            let expired = last == key && count == before + 1 && now.duration_since(*at) >= period * 9 / 10;
            self.seen = if expired { self.seen + 1 } else { 0 };
            if self.seen >= 2 {
                tickers.learn(key.clone());
            }
        }
        self.last = Some((key.clone(), count, now));
    }
}
