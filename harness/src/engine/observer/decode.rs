//! What a sleeping thread waits for: its system call, decoded.

use std::time::{Duration, Instant};

use super::files::{self, Member};
use crate::engine::sys;

/// What a descriptor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FdKind {
    /// A socket, by its inode.
    Socket(u32),
    /// A pipe, by its inode.
    Pipe(u32),
    /// The terminal.
    Terminal,
    /// An epoll set.
    Epoll,
    /// A timer.
    Timer,
    /// Something else.
    Other,
}

/// The kind of call a thread sleeps in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// accept(2).
    Accept,
    /// recv(2) and read(2).
    Receive,
    /// send(2) and write(2).
    Send,
    /// connect(2).
    Connect,
    /// poll(2), select(2), epoll_wait(2).
    Poll,
    /// Waiting for another thread.
    Futex,
    /// nanosleep(2).
    Sleep,
    /// wait4(2).
    Child,
    /// pause(2) and friends.
    Signal,
    /// Anything else, of which it is not known what ends it.
    Other,
}

/// One descriptor that is waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Awaited {
    /// What it is.
    pub(crate) kind: FdKind,
    /// Its readiness to be read wakes the thread (edge-triggered ones do so only once).
    pub(crate) wakes_on_input: bool,
    /// It is standard input.
    pub(crate) is_stdin: bool,
}

/// When a timed wait ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deadline {
    /// So long after the thread fell asleep.
    After(Duration),
    /// At this moment.
    At(Instant),
}

/// What a sleeping thread waits for.
#[derive(Debug, Clone)]
pub(crate) struct Wait {
    /// The call.
    pub(crate) call: Call,
    /// Its number, for tickers.
    pub(crate) number: i64,
    /// The descriptors.
    pub(crate) fds: Vec<Awaited>,
    /// When it ends by itself.
    pub(crate) deadline: Option<Deadline>,
    /// The members of its sets may change while it sleeps: decode again each time.
    pub(crate) volatile: bool,
}

impl Wait {
    /// It ends when the program's terminal or standard input has something to read.
    pub(crate) fn reads_input(&self) -> bool {
        self.call != Call::Send
            && self.fds.iter().any(|fd| match fd.kind {
                FdKind::Terminal => true,
                FdKind::Pipe(_) => fd.is_stdin,
                _ => false,
            })
    }

    fn of(call: Call, number: i64) -> Self {
        Self { call, number, fds: Vec::new(), deadline: None, volatile: false }
    }

    fn on(mut self, pid: i32, fd: i32, wakes_on_input: bool) -> Self {
        self.fds.push(Awaited { kind: files::kind_of(pid, fd), wakes_on_input, is_stdin: fd == 0 });
        self
    }

    fn until(mut self, deadline: Option<Deadline>) -> Self {
        self.deadline = deadline;
        self
    }
}

#[cfg(target_arch = "x86_64")]
const VFORK: i64 = libc::SYS_vfork;
#[cfg(not(target_arch = "x86_64"))]
const VFORK: i64 = -1;

/// Decodes a line of `/proc/PID/task/TID/syscall`; none when the thread runs or the
/// call is unknown to the kernel (`-1`).
pub(crate) fn decode(pid: i32, line: &str) -> Option<Wait> {
    let mut words = line.split_ascii_whitespace();
    let number: i64 = words.next()?.parse().ok()?;
    if number < 0 {
        return None;
    }
    let mut arguments = [0_u64; 6];
    for (argument, word) in arguments.iter_mut().zip(words) {
        *argument = u64::from_str_radix(word.trim_start_matches("0x"), 16).unwrap_or(0);
    }
    Some(call(pid, number, &arguments))
}

/// Whether a line of `/proc/PID/task/TID/syscall` is of a call that makes a process and waits until
/// that executes something or ends (vfork(2)).
pub(crate) fn waits_in_vfork(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    let number = words.next().and_then(|word| word.parse::<i64>().ok()).unwrap_or(-1);
    let flags = words.next().and_then(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok());
    is_vfork(number, flags.unwrap_or(0))
}

fn is_vfork(number: i64, flags: u64) -> bool {
    number >= 0 && (number == VFORK || (number == libc::SYS_clone && flags & libc::CLONE_VFORK as u64 != 0))
}

fn call(pid: i32, number: i64, a: &[u64; 6]) -> Wait {
    if is_vfork(number, a[0]) {
        return Wait::of(Call::Child, number);
    }
    let wait = |call| Wait::of(call, number);
    let fd = a[0] as i32;
    match number {
        libc::SYS_accept | libc::SYS_accept4 => socket_wait(pid, fd, wait(Call::Accept), true),
        libc::SYS_recvfrom => socket_wait(pid, fd, wait(Call::Receive), a[3] & libc::MSG_WAITALL as u64 == 0),
        libc::SYS_recvmsg => socket_wait(pid, fd, wait(Call::Receive), a[2] & libc::MSG_WAITALL as u64 == 0),
        libc::SYS_read | libc::SYS_readv | libc::SYS_recvmmsg => {
            socket_wait(pid, fd, wait(Call::Receive), true)
        }
        libc::SYS_sendto | libc::SYS_sendmsg | libc::SYS_write | libc::SYS_writev | libc::SYS_sendfile => {
            wait(Call::Send).on(pid, fd, false)
        }
        libc::SYS_connect => wait(Call::Connect).on(pid, fd, false),
        libc::SYS_futex => wait(Call::Futex).until(futex_deadline(pid, a)),
        libc::SYS_clock_nanosleep => wait(Call::Sleep).until(clock_deadline(pid, a)),
        libc::SYS_nanosleep => wait(Call::Sleep).until(timespec(pid, a[0]).map(Deadline::After)),
        libc::SYS_wait4 | libc::SYS_waitid => wait(Call::Child),
        libc::SYS_rt_sigsuspend => wait(Call::Signal),
        libc::SYS_rt_sigtimedwait => wait(Call::Signal).until(timespec(pid, a[2]).map(Deadline::After)),
        _ => poll_call(pid, number, a),
    }
}

/// The calls that wait for several descriptors.
fn poll_call(pid: i32, number: i64, a: &[u64; 6]) -> Wait {
    let wait = Wait::of(Call::Poll, number);
    let after = |deadline: Option<Duration>| deadline.map(Deadline::After);
    match number {
        libc::SYS_ppoll => polled(pid, wait, a[0], a[1]).until(after(timespec(pid, a[2]))),
        libc::SYS_pselect6 => selected(pid, wait, a).until(after(timespec(pid, a[4]))),
        libc::SYS_epoll_pwait => in_epoll(pid, wait, a[0] as i32).earlier(after(milliseconds(a[3]))),
        libc::SYS_epoll_pwait2 => in_epoll(pid, wait, a[0] as i32).earlier(after(timespec(pid, a[3]))),
        _ => old_call(pid, wait, a),
    }
}

/// The calls that only older architectures have.
#[cfg(target_arch = "x86_64")]
fn old_call(pid: i32, wait: Wait, a: &[u64; 6]) -> Wait {
    let after = |deadline: Option<Duration>| deadline.map(Deadline::After);
    match wait.number {
        libc::SYS_poll => polled(pid, wait, a[0], a[1]).until(after(milliseconds(a[2]))),
        libc::SYS_select => selected(pid, wait, a).until(after(timeval(pid, a[4]))),
        libc::SYS_epoll_wait => in_epoll(pid, wait, a[0] as i32).earlier(after(milliseconds(a[3]))),
        libc::SYS_pause => Wait { call: Call::Signal, ..wait },
        _ => Wait { call: Call::Other, ..wait },
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn old_call(_pid: i32, wait: Wait, _a: &[u64; 6]) -> Wait {
    Wait { call: Call::Other, ..wait }
}

/// A blocking call on one descriptor, with the socket's own time-out if it has one.
fn socket_wait(pid: i32, fd: i32, wait: Wait, wakes_on_input: bool) -> Wait {
    let kind = files::kind_of(pid, fd);
    let deadline = match kind {
        FdKind::Socket(_) => receive_timeout(pid, fd).map(Deadline::After),
        _ => None,
    };
    wait.on(pid, fd, wakes_on_input).until(deadline)
}

/// SO_RCVTIMEO of a program's socket; it shows nowhere in `/proc`.
fn receive_timeout(pid: i32, fd: i32) -> Option<Duration> {
    let process = sys::open_pidfd(pid).ok()?;
    let copy = sys::take_fd(std::os::fd::AsFd::as_fd(&process), fd).ok()?;
    rustix::net::sockopt::socket_timeout(&copy, rustix::net::sockopt::Timeout::Recv).ok().flatten()
}

fn polled(pid: i32, mut wait: Wait, address: u64, count: u64) -> Wait {
    const SIZE: usize = 8;
    let bytes = sys::read_memory(pid, address, (count as usize).min(4096) * SIZE).unwrap_or_default();
    for entry in bytes.chunks_exact(SIZE) {
        let fd = i32::from_ne_bytes([entry[0], entry[1], entry[2], entry[3]]);
        let events = i16::from_ne_bytes([entry[4], entry[5]]);
        if fd >= 0 {
            wait = wait.on(pid, fd, events & libc::POLLIN != 0);
        }
    }
    wait
}

fn selected(pid: i32, mut wait: Wait, a: &[u64; 6]) -> Wait {
    let highest = (a[0] as usize).min(1024);
    for (set, input) in [(a[1], true), (a[2], false)] {
        if set == 0 {
            continue;
        }
        let bytes = sys::read_memory(pid, set, highest.div_ceil(64) * 8).unwrap_or_default();
        for fd in 0..highest.min(bytes.len() * 8) {
            if bytes[fd / 8] & (1 << (fd % 8)) != 0 {
                wait = wait.on(pid, fd as i32, input);
            }
        }
    }
    wait
}

fn in_epoll(pid: i32, mut wait: Wait, epoll: i32) -> Wait {
    wait.volatile = true;
    let mut timer: Option<u64> = None;
    for Member { fd, edge, input } in files::epoll_members(pid, epoll) {
        wait = wait.on(pid, fd, input && !edge);
        if wait.fds.last().is_some_and(|last| last.kind == FdKind::Timer) {
            timer = [timer, files::timer_left(pid, fd)].into_iter().flatten().min();
        }
    }
    wait.deadline = timer.map(|left| Deadline::At(Instant::now() + Duration::from_millis(left)));
    wait
}

impl Wait {
    /// The earlier of two deadlines is kept: an epoll set's timers and the call's own.
    fn earlier(self, other: Option<Deadline>) -> Self {
        let deadline = match (self.deadline, other) {
            (Some(timer @ Deadline::At(_)), Some(Deadline::After(span))) => {
                let Deadline::At(at) = timer else { return self };
                let own = Instant::now() + span;
                Some(if own < at { Deadline::After(span) } else { timer })
            }
            (None, other) => other,
            (some, _) => some,
        };
        Self { deadline, ..self }
    }
}

fn milliseconds(argument: u64) -> Option<Duration> {
    u64::try_from(argument as i32).ok().map(Duration::from_millis)
}

fn timespec(pid: i32, address: u64) -> Option<Duration> {
    let (seconds, nanoseconds) = two_words(pid, address)?;
    Some(Duration::new(seconds, nanoseconds as u32))
}

#[cfg(target_arch = "x86_64")]
fn timeval(pid: i32, address: u64) -> Option<Duration> {
    let (seconds, microseconds) = two_words(pid, address)?;
    Some(Duration::new(seconds, (microseconds * 1000) as u32))
}

fn two_words(pid: i32, address: u64) -> Option<(u64, u64)> {
    if address == 0 {
        return None;
    }
    let bytes = sys::read_memory(pid, address, 16).ok()?;
    let word = |at: usize| Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    Some((word(0)?, word(8)?))
}

/// futex(2): FUTEX_WAIT takes a span, the others a moment.
fn futex_deadline(pid: i32, a: &[u64; 6]) -> Option<Deadline> {
    const WAIT: u64 = 0;
    const LOCK_PI: u64 = 6;
    const WAKING: [u64; 3] = [1, 5, 10];
    let operation = a[1] & 127;
    if WAKING.contains(&operation) {
        return None;
    }
    let time = timespec(pid, a[3])?;
    if operation == WAIT {
        return Some(Deadline::After(time));
    }
    let realtime = a[1] & libc::FUTEX_CLOCK_REALTIME as u64 != 0 || operation == LOCK_PI;
    Some(moment(time, if realtime { libc::CLOCK_REALTIME } else { libc::CLOCK_MONOTONIC }))
}

fn clock_deadline(pid: i32, a: &[u64; 6]) -> Option<Deadline> {
    let time = timespec(pid, a[2])?;
    if a[1] & libc::TIMER_ABSTIME as u64 == 0 {
        return Some(Deadline::After(time));
    }
    Some(moment(time, a[0] as i32))
}

/// A moment of one of the kernel's clocks as ours.
fn moment(time: Duration, clock: i32) -> Deadline {
    use rustix::time::{ClockId, clock_gettime};
    let id = if clock == libc::CLOCK_REALTIME { ClockId::Realtime } else { ClockId::Monotonic };
    let now = clock_gettime(id);
    let now = Duration::new(now.tv_sec.max(0) as u64, now.tv_nsec as u32);
    Deadline::At(Instant::now() + time.saturating_sub(now))
}
