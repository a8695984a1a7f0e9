//! The threads of a program's tree and what `/proc` says of each.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use super::decode::Wait;
use super::ticker::Ticks;

/// Process and thread number.
pub(crate) type ThreadId = (i32, i32);

/// `/proc/PID/task/TID/schedstat`: equal triples mean the thread did not run in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Schedule {
    /// Nanoseconds on a processor.
    pub(crate) ran: u64,
    /// Nanoseconds runnable without one; booked when it gets one.
    pub(crate) waited: u64,
    /// How often it was scheduled in.
    pub(crate) count: u64,
}

/// Nanoseconds of a tick of `stat` (USER_HZ, time(7); 100 a second on every machine that we run on).
const TICK: u64 = 10_000_000;

/// One thread, its files kept open.
#[derive(Debug)]
pub(crate) struct Thread {
    schedstat: File,
    stat: File,
    syscall: File,
    /// The last reading.
    pub(crate) schedule: Schedule,
    /// When that reading was first seen: it sleeps at least since then.
    pub(crate) since: Instant,
    /// What it waits for, while the schedule stands still.
    pub(crate) wait: Option<Wait>,
    /// Timed waits seen to expire.
    pub(crate) ticks: Ticks,
}

/// State letter and caught signals of `/proc/PID/task/TID/stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    /// `R`, `S`, `D`, `T`, `Z`, …
    pub(crate) state: u8,
    /// Mask of signals with a handler.
    pub(crate) caught: u64,
}

impl Thread {
    /// Opens the files of a thread; fails when it has gone.
    pub(crate) fn open((pid, tid): ThreadId) -> io::Result<Self> {
        let open = |name: &str| File::open(format!("/proc/{pid}/task/{tid}/{name}"));
        Ok(Self {
            schedstat: open("schedstat")?,
            stat: open("stat")?,
            syscall: open("syscall")?,
            schedule: Schedule::default(),
            since: Instant::now(),
            wait: None,
            ticks: Ticks::default(),
        })
    }

    /// Reads the schedule; none when the thread has gone.
    pub(crate) fn read_schedule(&self) -> Option<Schedule> {
        let mut buffer = [0_u8; 96];
        let text = read(&self.schedstat, &mut buffer)?;
        let mut words = text.split_ascii_whitespace().map(str::parse);
        let mut next = || words.next()?.ok();
        Some(Schedule { ran: next()?, waited: next()?, count: next()? })
    }

    /// Reads state and caught signals; none when the thread has gone.
    pub(crate) fn read_stat(&self) -> Option<Stat> {
        let mut buffer = [0_u8; 1024];
        let text = read(&self.stat, &mut buffer)?;
        // The name in parentheses may hold anything, further parentheses too.
        let rest = text.rsplit_once(") ")?.1;
        let state = *rest.as_bytes().first()?;
        // Field 34 of stat(5); `rest` begins with field 3.
        let caught = rest.split_ascii_whitespace().nth(31).and_then(|w| w.parse().ok()).unwrap_or(0);
        Some(Stat { state, caught })
    }

    /// Reads the call it is in: `running`, or number, six arguments, stack and instruction.
    pub(crate) fn read_syscall(&self) -> Option<String> {
        let mut buffer = [0_u8; 256];
        read(&self.syscall, &mut buffer).map(str::to_owned)
    }
}

fn read<'a>(file: &File, buffer: &'a mut [u8]) -> Option<&'a str> {
    let length = file.read_at(buffer, 0).ok().filter(|length| *length > 0)?;
    // A thread's name may be cut inside a character: only what follows it is read as text.
    let name_ends = buffer[..length].iter().rposition(|byte| *byte == b')').unwrap_or(0);
    std::str::from_utf8(&buffer[name_ends..length]).ok()
}

/// Name of a thread (15 bytes at most); empty when it has gone.
pub(crate) fn name_of((pid, tid): ThreadId) -> String {
    let mut buffer = [0_u8; 32];
    let length = slurp(&format!("/proc/{pid}/task/{tid}/comm"), &mut buffer);
    String::from_utf8_lossy(&buffer[..length]).trim_end().to_owned()
}

/// Every thread below `init`, init itself apart, in order. None when one was gone before it could
/// be looked at: what it has made meanwhile may have been overlooked.
pub(crate) fn walk(init: i32) -> Option<Vec<ThreadId>> {
    let (found, complete) = walk_as_far(init);
    complete.then_some(found)
}

fn walk_as_far(init: i32) -> (Vec<ThreadId>, bool) {
    let mut found = Vec::new();
    let mut complete = true;
    let mut open = children_of((init, init)).unwrap_or_default();
    while let Some(pid) = open.pop() {
        let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else {
            complete = false;
            continue;
        };
        let known = found.len();
        for task in tasks {
            let tid = task.ok().and_then(|task| task.file_name().to_str()?.parse().ok());
            let Some(tid) = tid else {
                complete = false;
                continue;
            };
            found.push((pid, tid));
            match children_of((pid, tid)) {
                Some(children) => open.extend(children),
                None => complete = false,
            }
        }
        // Gone after its folder was opened.
        complete &= found.len() > known;
    }
    found.sort_unstable();
    (found, complete)
}

/// Nanoseconds that processes below `init` have run who have ended and are buried, and that init has
/// run to bury them (proc(5), `utime`, `stime`, `cutime` and `cstime` of `stat`).
pub(crate) fn ran_before(init: i32) -> u64 {
    let mut buffer = [0_u8; 1024];
    let length = slurp(&format!("/proc/{init}/stat"), &mut buffer);
    let text = String::from_utf8_lossy(&buffer[..length]);
    let Some((_, rest)) = text.rsplit_once(") ") else { return 0 };
    // Fields 14 to 17; `rest` begins with field 3.
    let ticks: u64 =
        rest.split_ascii_whitespace().skip(11).take(4).filter_map(|word| word.parse::<u64>().ok()).sum();
    ticks.saturating_mul(TICK)
}

/// Every process below `init`.
pub(crate) fn processes(init: i32) -> Vec<i32> {
    let mut found: Vec<i32> = walk_as_far(init).0.into_iter().map(|(pid, _)| pid).collect();
    found.dedup();
    found
}

/// Whether a thread has made a process that lives, or is not buried.
pub(crate) fn has_child(id: ThreadId) -> bool {
    children_of(id).is_some_and(|children| !children.is_empty())
}

/// Children of a thread; none when it has gone.
fn children_of((pid, tid): ThreadId) -> Option<Vec<i32>> {
    let mut buffer = [0_u8; 4096];
    let file = File::open(format!("/proc/{pid}/task/{tid}/children")).ok()?;
    let length = file.read_at(&mut buffer, 0).ok()?;
    let text = std::str::from_utf8(&buffer[..length]).unwrap_or_default();
    Some(text.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect())
}

/// Reads the beginning of a file in one go, without asking for its size as std does:
/// files of `/proc` have none.
fn slurp(path: &str, buffer: &mut [u8]) -> usize {
    File::open(path).and_then(|file| file.read_at(buffer, 0)).unwrap_or(0)
}

/// Whether this kernel tells what the observer needs: schedules that count, calls,
/// and children.
pub(crate) fn kernel_tells() -> bool {
    let own = std::process::id() as i32;
    let Ok(thread) = Thread::open((own, own)) else { return false };
    let counts = thread.read_schedule().is_some_and(|schedule| schedule.count > 0);
    let calls = thread.read_syscall().is_some();
    let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).is_ok();
    counts && calls && children
}
