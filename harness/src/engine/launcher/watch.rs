//! Watches what a room uses where the kernel sets no limit of its own: memory and open files of
//! all processes together, and how many there are.

use std::fs;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use rustix::event::Timespec;

use super::init::descendants;
use crate::units::{Limit, Limits};

/// How often to look; the first times, and where much memory is used, sooner.
const PERIOD: Duration = Duration::from_millis(250);
const SOON: Duration = Duration::from_millis(20);
/// So many times as many files as one process may have open, all may together.
const OPEN_IN_ALL: u64 = 4;
/// Bytes of the kernel's for one semaphore of System V.
const SEMAPHORE: u64 = 128;

/// The watch over one room.
#[derive(Debug)]
pub(super) struct Watch {
    limits: Limits,
    whose: Whose,
    looked: u32,
    next: Instant,
    /// More than half of the memory is used.
    near: bool,
}

/// Which processes are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// All that can be seen: the room's.
    Everybody,
    /// Those below the watching process: the machine has others.
    Descendants,
}

impl Watch {
    /// A watch that has not looked yet.
    pub(super) fn new(limits: Limits, whose: Whose) -> Self {
        Self { limits, whose, looked: 0, next: Instant::now() + SOON, near: false }
    }

    /// How long to sleep until the next look.
    pub(super) fn pause(&self) -> Timespec {
        let left = self.next.saturating_duration_since(Instant::now());
        Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() }
    }

    /// Bytes of memory that there may be.
    pub(super) fn most_memory(&self) -> u64 {
        self.limits.memory
    }

    /// Looks if it is time to; what there is too much of.
    pub(super) fn look_in_time(&mut self) -> Option<Limit> {
        if Instant::now() < self.next {
            return None;
        }
        let found = self.look();
        self.looked = self.looked.saturating_add(1);
        self.next = Instant::now() + if self.near || self.looked < 5 { SOON } else { PERIOD };
        found
    }

    fn look(&mut self) -> Option<Limit> {
        let (processes, shared) = match self.whose {
            Whose::Everybody => (processes(), detached()),
            Whose::Descendants => (descendants(std::process::id()), 0),
        };
        // Before all that takes longer: where there are many, this process seldom has its turn.
        if processes.len() as u64 >= self.limits.processes && living(&processes) >= self.limits.processes {
            return Some(Limit::Processes);
        }
        let (mut memory, mut tasks, mut files) = (shared, 0, 0);
        for process in &processes {
            // How many are open (Linux 6.2).
            files += fs::metadata(format!("/proc/{process}/fd")).map_or(0, |facts| facts.len());
            let status = slurp(&format!("/proc/{process}/status"));
            memory += kilobytes(&status, "RssAnon:") + kilobytes(&status, "RssShmem:");
            // The dead wait for their burial, which is not theirs to hasten.
            let dead = status.lines().any(|line| line.starts_with("State:\tZ"));
            tasks += if dead { 0 } else { number(&status, "Threads:") };
        }
        // The first process is not the program's, and the kernel refuses the one too many.
        if tasks >= self.limits.processes {
            return Some(Limit::Processes);
        }
        // What lies in sockets is nobody's memory.
        if files >= self.limits.open.saturating_mul(OPEN_IN_ALL) {
            return Some(Limit::Open);
        }
        self.near = memory > self.limits.memory / 2;
        let heavy = memory > self.limits.memory && shared + shared_fairly(&processes) > self.limits.memory;
        heavy.then_some(Limit::Memory)
    }
}

/// How many of them live, this one apart.
fn living(processes: &[i32]) -> u64 {
    let lives = |process: &&i32| {
        let stat = slurp(&format!("/proc/{process}/stat"));
        stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
    };
    processes.iter().filter(lives).count().saturating_sub(1) as u64
}

fn processes() -> Vec<i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Memory with what several processes share counted once: dear to ask for.
fn shared_fairly(processes: &[i32]) -> u64 {
    let of_one = |process: &i32| {
        let text = slurp(&format!("/proc/{process}/smaps_rollup"));
        kilobytes(&text, "Pss_Anon:") + kilobytes(&text, "Pss_Shmem:")
    };
    processes.iter().map(of_one).sum::<u64>()
}

/// Reads the beginning of a file of `/proc` in one go: what is looked for is there.
fn slurp(path: &str) -> String {
    let mut buffer = [0_u8; 4096];
    let length = fs::File::open(path).and_then(|file| file.read_at(&mut buffer, 0)).unwrap_or(0);
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

fn number(text: &str, key: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Bytes that a line tells in kB.
fn kilobytes(text: &str, key: &str) -> u64 {
    number(text, key) * 1024
}

/// Bytes in objects of System V, which are nobody's: shared memory, semaphores, messages (proc(5),
/// /proc/sysvipc). Read whole: there may be thousands.
fn detached() -> u64 {
    let sum = |kind: &str, column: usize, size: u64| {
        let text = fs::read_to_string(format!("/proc/sysvipc/{kind}")).unwrap_or_default();
        let of_line = |line: &str| line.split_whitespace().nth(column)?.parse::<u64>().ok();
        text.lines().skip(1).filter_map(of_line).map(|number| number.saturating_mul(size)).sum::<u64>()
    };
    sum("shm", 14, 1) + sum("sem", 3, SEMAPHORE) + sum("msg", 3, 1)
}
