//! Watches what a room uses where the kernel sets no limit of its own: memory of all processes
//! together, and how many there are.

use std::fs;
use std::os::unix::fs::FileExt;

use rustix::event::Timespec;

use super::init::descendants;
use crate::units::{Limit, Limits};

/// How often to look, in milliseconds; the first time sooner.
const PERIOD: i64 = 250;
const SOON: i64 = 20;

/// The watch over one room.
#[derive(Debug)]
pub(super) struct Watch {
    limits: Limits,
    whose: Whose,
    looked: u32,
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
        Self { limits, whose, looked: 0 }
    }

    /// How long to sleep until the next look.
    pub(super) fn pause(&self) -> Timespec {
        let milliseconds = if self.looked < 5 { SOON } else { PERIOD };
        Timespec { tv_sec: 0, tv_nsec: milliseconds * 1_000_000 }
    }

    /// Looks; what there is too much of.
    pub(super) fn look(&mut self) -> Option<Limit> {
        self.looked = self.looked.saturating_add(1);
        let (processes, shared) = match self.whose {
            Whose::Everybody => (processes(), detached()),
            Whose::Descendants => (descendants(std::process::id()), 0),
        };
        let (mut memory, mut tasks) = (shared, 0);
        for process in &processes {
            let status = slurp(&format!("/proc/{process}/status"));
            memory += kilobytes(&status, "RssAnon:") + kilobytes(&status, "RssShmem:");
            tasks += number(&status, "Threads:");
        }
        // The first process is not the program's, and the kernel refuses the one too many.
        if tasks >= self.limits.processes {
            return Some(Limit::Processes);
        }
        let heavy = memory > self.limits.memory && shared + shared_fairly(&processes) > self.limits.memory;
        heavy.then_some(Limit::Memory)
    }
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

/// Reads the beginning of a file of `/proc` in one go; what is cut off is looked at next time.
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

/// Bytes in shared memory of System V that nobody has attached, or everybody (proc(5), /proc/sysvipc/shm).
fn detached() -> u64 {
    let text = slurp("/proc/sysvipc/shm");
    let resident = |line: &str| line.split_whitespace().nth(14)?.parse::<u64>().ok();
    text.lines().skip(1).filter_map(resident).sum()
}
