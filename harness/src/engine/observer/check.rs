//! One look at a program: is it still, and what does each of its threads wait for.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::decode::{self, Call, Deadline, FdKind, Wait, waits_in_vfork};
use super::files;
use super::sockets::Sockets;
use super::tasks::{self, Schedule, Thread, ThreadId};
use super::ticker::{TickKey, Tickers};
use crate::engine::streams::Streams;
use crate::engine::sys::DiagSocket;

/// A wake-up that has been due for so long without coming is none: the thread waits
/// for more than there is (a large MSG_WAITALL read, a low-water mark).
const WAKE_LIMIT: Duration = Duration::from_millis(20);
/// A timer of a virtual machine that ends is no longer than this.
const SHUTDOWN_STEP: Duration = Duration::from_millis(20);

/// A program with more handlers than this catches everything on principle (Go).
const MANY_HANDLERS: u32 = 20;

/// Watches one program.
#[derive(Debug)]
pub(crate) struct Observer {
    init: i32,
    threads: HashMap<ThreadId, Thread>,
    tickers: Tickers,
    ran: u64,
    waited: u64,
    /// What the last look saw.
    pub(crate) view: View,
}

/// What one look saw.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// Every sleeping thread and what it waits for.
    pub(crate) waits: Vec<(ThreadId, Wait)>,
    /// The sockets.
    pub(crate) sockets: Sockets,
    /// Some thread is stopped by a signal.
    pub(crate) stopped: bool,
}

/// Whether a program can still do anything by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stillness {
    /// It waits for somebody else: nothing more will come.
    Quiet,
    /// Nothing will come before a timer fires, after this time at the earliest.
    Timer(Duration),
    /// It runs, or was woken, or something is under way.
    Busy,
    /// No thread is left.
    Gone,
}

impl Observer {
    /// Watches the program below `init`.
    pub(crate) fn new(init: i32, tickers: Tickers) -> Self {
        Self { init, threads: HashMap::new(), tickers, ran: 0, waited: 0, view: View::default() }
    }

    /// Nanoseconds its threads have run and waited for a processor.
    pub(crate) fn times(&self) -> (u64, u64) {
        (self.ran, self.waited)
    }

    /// Whether any thread is known.
    pub(crate) fn has_threads(&self) -> bool {
        !self.threads.is_empty()
    }

    /// How many threads it had at the last look.
    pub(crate) fn crowd(&self) -> usize {
        self.threads.len()
    }

    /// Whether any known thread ran since the last reading, or has gone: a cheap
    /// question before the dear one.
    pub(crate) fn moved(&mut self) -> bool {
        let ids: Vec<ThreadId> = self.threads.keys().copied().collect();
        let mut moved = self.threads.is_empty();
        for id in ids {
            moved |= self.refresh(id) != Some(false);
        }
        moved
    }

    /// Reads a thread's schedule and books its times; whether it changed, none when it has gone.
    fn refresh(&mut self, id: ThreadId) -> Option<bool> {
        let thread = self.threads.get_mut(&id)?;
        let Some(now) = thread.read_schedule() else {
            self.threads.remove(&id);
            self.count_the_dead();
            return None;
        };
        let before = thread.schedule;
        if now == before {
            return Some(false);
        }
        self.ran += now.ran.saturating_sub(before.ran);
        self.waited += now.waited.saturating_sub(before.waited);
        thread.schedule = now;
        thread.since = Instant::now();
        thread.wait = None;
        Some(true)
    }

    /// Books what processes that have ended have run, also those that nobody has seen: a program
    /// of children that live for a moment computes all the same.
    fn count_the_dead(&mut self) {
        self.ran = self.ran.max(tasks::ran_before(self.init));
    }

    /// Looks at every thread and every socket.
    pub(crate) fn check(&mut self, streams: &Streams, diag: &DiagSocket, complete: bool) -> Stillness {
        self.view.waits.clear();
        self.view.stopped = false;
        let Some(before) = tasks::walk(self.init) else {
            self.count_the_dead();
            return Stillness::Busy;
        };
        if before.is_empty() {
            self.count_the_dead();
            return Stillness::Gone;
        }
        self.threads.retain(|id, _| before.binary_search(id).is_ok());
        let mut first = Vec::with_capacity(before.len());
        for id in &before {
            let Some(schedule) = self.meet(*id) else { return Stillness::Busy };
            first.push(schedule);
        }
        for id in &before {
            if !self.understand(*id) {
                return Stillness::Busy;
            }
        }
        if self.view.waits.is_empty() && !self.view.stopped {
            // Only the dead are left, and init has not buried them yet.
            return Stillness::Gone;
        }
        let (typed_unread, shown_unread) = streams.flush();
        if shown_unread || (typed_unread && self.view.reads_terminal()) {
            return Stillness::Busy;
        }
        let waited = self.view.waited_sockets();
        if self.view.sockets.look_again(diag, complete, &waited).is_err() {
            return Stillness::Busy;
        }
        if self.view.sockets.in_flight() || self.wake_pending() {
            return Stillness::Busy;
        }
        if tasks::walk(self.init).as_ref() != Some(&before) || !self.stood_still(&before, &first) {
            return Stillness::Busy;
        }
        self.timers()
    }

    /// Reads a thread's schedule, opening its files when it is new.
    fn meet(&mut self, id: ThreadId) -> Option<Schedule> {
        if let std::collections::hash_map::Entry::Vacant(place) = self.threads.entry(id) {
            let Ok(thread) = Thread::open(id) else {
                self.count_the_dead();
                return None;
            };
            place.insert(thread);
        }
        self.refresh(id)?;
        self.threads.get(&id).map(|thread| thread.schedule)
    }

    /// Finds out what a thread waits for; false when it runs.
    fn understand(&mut self, id: ThreadId) -> bool {
        let Some(thread) = self.threads.get_mut(&id) else { return false };
        let Some(stat) = thread.read_stat() else { return false };
        match stat.state {
            b'S' | b'I' => {}
            // The kernel shows who waits for a child of vfork as if it waited for a disk.
            b'D' if tasks::has_child(id)
                && thread.read_syscall().is_some_and(|line| waits_in_vfork(&line)) => {}
            b'Z' | b'X' => return true,
            b'T' | b't' => {
                self.view.stopped = true;
                return true;
            }
            _ => return false,
        }
        if thread.wait.as_ref().is_none_or(|wait| wait.volatile) {
            let Some(wait) = thread.read_syscall().and_then(|line| decode::decode(id.0, &line)) else {
                return false;
            };
            thread.wait = Some(wait);
        }
        let Some(mut wait) = thread.wait.clone() else { return false };
        if let Some(Deadline::After(span)) = wait.deadline {
            self.settle_deadline(id, &mut wait, span);
        }
        if alarmed(id.0, stat.caught) && wait.deadline.is_none() {
            // An alarm shows only by its handler: assume it may ring at any moment.
            wait.deadline = Some(Deadline::At(Instant::now()));
        }
        self.view.waits.push((id, wait));
        true
    }

    /// A span runs from when the thread fell asleep. Timers that are known to mean nothing
    /// (the virtual machine's housekeeping, tickers) are dropped.
    fn settle_deadline(&mut self, id: ThreadId, wait: &mut Wait, span: Duration) {
        let name = tasks::name_of(id);
        let Some(thread) = self.threads.get_mut(&id) else { return };
        wait.deadline = Some(Deadline::At(thread.since + span));
        if wait.call != Call::Poll && wait.call != Call::Accept && wait.call != Call::Receive {
            return;
        }
        let key = TickKey { name, call: wait.number, fds: wait.fds.len(), timeout: span.as_millis() as u64 };
        thread.ticks.observe(&key, thread.schedule.count, &self.tickers);
        if self.tickers.knows(&key) || is_socketserver(&key) {
            wait.deadline = None;
        }
    }

    fn wake_pending(&self) -> bool {
        self.view.waits.iter().any(|(id, wait)| {
            let due = wait.fds.iter().any(|fd| match fd.kind {
                FdKind::Socket(inode) => fd.wakes_on_input && self.view.sockets.wakes(inode),
                _ => false,
            });
            due && self.threads.get(id).is_some_and(|thread| thread.since.elapsed() < WAKE_LIMIT)
        })
    }

    /// The second half of the proof: asleep now, and not scheduled since the first reading.
    fn stood_still(&mut self, ids: &[ThreadId], first: &[Schedule]) -> bool {
        ids.iter().zip(first).all(|(id, before)| {
            let Some(thread) = self.threads.get(id) else { return false };
            let waits_for_child = thread.wait.as_ref().is_some_and(|wait| wait.call == Call::Child);
            let asleep = thread.read_stat().is_some_and(|stat| match stat.state {
                b'S' | b'I' | b'Z' | b'X' | b'T' | b't' => true,
                b'D' => waits_for_child,
                _ => false,
            });
            asleep && thread.read_schedule() == Some(*before)
        })
    }

    /// Whether a thread's timers mean nothing: a Java virtual machine's own.
    fn is_housekeeping(&self, id: ThreadId) -> bool {
        is_housekeeping(&tasks::name_of(id))
            && self
                .threads
                .keys()
                .any(|other| other.0 == id.0 && is_garbage_collector(&tasks::name_of(*other)))
    }

    /// A virtual machine that ends waits for its compilers in steps of 10 ms, at most so
    /// often; in its life its own thread waits for a second.
    fn is_shutting_down(&self, id: ThreadId, at: Instant) -> bool {
        let span = self.threads.get(&id).map(|thread| at.saturating_duration_since(thread.since));
        span.is_some_and(|span| span <= SHUTDOWN_STEP) && tasks::name_of(id) == "VM Thread"
    }

    fn timers(&self) -> Stillness {
        let now = Instant::now();
        let mut earliest: Option<Duration> = None;
        let mut note = |left: Duration| earliest = Some(earliest.map_or(left, |e: Duration| e.min(left)));
        for (id, wait) in &self.view.waits {
            if let Some(Deadline::At(at)) = wait.deadline
                && (!self.is_housekeeping(*id) || self.is_shutting_down(*id, at))
            {
                note(at.saturating_duration_since(now));
            }
            if wait.call == Call::Connect
                && let Some(FdKind::Socket(inode)) = wait.fds.first().map(|fd| fd.kind)
                && let Some(left) = self.view.sockets.connect_retry(inode)
            {
                note(Duration::from_millis(u64::from(left)));
            }
            if wait.call == Call::Other {
                // Not known what ends it: it may at any moment.
                note(Duration::ZERO);
            }
        }
        earliest.map_or(Stillness::Quiet, |left| Stillness::Timer(left.max(Duration::from_micros(200))))
    }
}

impl View {
    /// The sockets that threads wait on.
    fn waited_sockets(&self) -> Vec<u32> {
        let fds = self.waits.iter().flat_map(|(_, wait)| &wait.fds);
        let inode = |kind| if let FdKind::Socket(inode) = kind { Some(inode) } else { None };
        fds.filter_map(|fd| inode(fd.kind)).collect()
    }

    /// Some thread waits for the terminal or for standard input.
    pub(crate) fn reads_terminal(&self) -> bool {
        self.waits.iter().any(|(_, wait)| wait.reads_input())
    }
}

/// Whether a process may be woken by an alarm nobody can read the time of.
fn alarmed(pid: i32, caught: u64) -> bool {
    let bit = |signal: i32| 1_u64 << (signal - 1);
    let alarms = bit(libc::SIGALRM) | bit(libc::SIGVTALRM) | bit(libc::SIGPROF);
    (caught & alarms != 0 && caught.count_ones() < MANY_HANDLERS) || files::has_posix_timers(pid)
}

/// `socketserver.serve_forever` of Python's library: looks twice a second whether it
/// shall stop. Known beforehand, so that the first check need not watch it tick.
fn is_socketserver(key: &TickKey) -> bool {
    key.timeout == 500 && key.fds == 1 && key.name.starts_with("python")
}

fn is_garbage_collector(name: &str) -> bool {
    name.starts_with("GC Thread") || name.starts_with("VM Thread")
}

/// Threads of a Java virtual machine that wake up for its own sake (names are cut to 15 bytes).
fn is_housekeeping(name: &str) -> bool {
    const NAMES: [&str; 16] = [
        "GC Thread",
        "G1 ",
        "VM Thread",
        "VM Periodic Tas",
        "C1 CompilerThre",
        "C2 CompilerThre",
        "Sweeper thread",
        "Signal Dispatch",
        "Reference Handl",
        "Finalizer",
        "Common-Cleaner",
        "Service Thread",
        "Monitor Deflati",
        "Notification Th",
        "Attach Listener",
        "Cleaner-",
    ];
    NAMES.iter().any(|known| name.starts_with(known))
}
