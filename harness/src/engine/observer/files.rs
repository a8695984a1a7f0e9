//! What a program's file descriptors are.

use std::fs;

use super::decode::FdKind;

/// What a descriptor of a process is, by its link in `/proc/PID/fd`.
pub(crate) fn kind_of(pid: i32, fd: i32) -> FdKind {
    let Ok(link) = fs::read_link(format!("/proc/{pid}/fd/{fd}")) else { return FdKind::Other };
    let link = link.to_string_lossy();
    if let Some(inode) = inode(&link, "socket:[") {
        return FdKind::Socket(inode);
    }
    if let Some(inode) = inode(&link, "pipe:[") {
        return FdKind::Pipe(inode);
    }
    if link.starts_with("/dev/pts/") || link == "/dev/tty" || link == "/dev/console" {
        return FdKind::Terminal;
    }
    match link.as_ref() {
        "anon_inode:[eventpoll]" => FdKind::Epoll,
        "anon_inode:[timerfd]" => FdKind::Timer,
        _ => FdKind::Other,
    }
}

fn inode(link: &str, prefix: &str) -> Option<u32> {
    link.strip_prefix(prefix)?.strip_suffix(']')?.parse().ok()
}

/// A member of an epoll set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    /// Descriptor.
    pub(crate) fd: i32,
    /// Edge triggered: readiness that was seen once does not wake again.
    pub(crate) edge: bool,
    /// Waits for input (EPOLLIN).
    pub(crate) input: bool,
}

/// Members of an epoll descriptor (`tfd:` lines of `/proc/PID/fdinfo`).
pub(crate) fn epoll_members(pid: i32, fd: i32) -> Vec<Member> {
    const EDGE: u64 = 1 << 31;
    const INPUT: u64 = 1;
    let text = fs::read_to_string(format!("/proc/{pid}/fdinfo/{fd}")).unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let mut words = line.strip_prefix("tfd:")?.split_ascii_whitespace();
            let fd = words.next()?.parse().ok()?;
            let events = u64::from_str_radix(words.nth(1)?, 16).ok()?;
            Some(Member { fd, edge: events & EDGE != 0, input: events & INPUT != 0 })
        })
        .collect()
}

/// Milliseconds until a timerfd fires; none when it is not armed.
pub(crate) fn timer_left(pid: i32, fd: i32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/fdinfo/{fd}")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("it_value:"))?;
    let mut numbers = line.trim().trim_matches(['(', ')']).split(',').map(|word| word.trim().parse::<u64>());
    let (seconds, nanoseconds) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    (seconds + nanoseconds > 0).then_some(seconds * 1000 + nanoseconds / 1_000_000)
}

/// Whether the process has POSIX timers, whose time nobody can read.
pub(crate) fn has_posix_timers(pid: i32) -> bool {
    fs::read(format!("/proc/{pid}/timers")).is_ok_and(|bytes| !bytes.is_empty())
}
