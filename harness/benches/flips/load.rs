//! What keeps the machine busy. Each program is in a session of its own, so that the scheduler
//! counts it as another user; it ends with its value, and by itself when the bench is gone.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::options::{Options, Phase};

const LOOP: &str =
    r#"while kill -0 "$1" 2>/dev/null; do i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; done"#;
/// One file of four mebibytes each, written and brought to the disk again and again.
const WRITE: &str = r#"while kill -0 "$1" 2>/dev/null; do
  dd if=/dev/zero of="$2" bs=65536 count=64 conv=fsync 2>/dev/null || exit
done"#;

/// Programs that load the machine.
pub(crate) struct Load(Vec<Child>);

impl Load {
    /// Starts what a phase wants; files are written in a folder.
    pub(crate) fn start(phase: Phase, options: &Options, folder: &Path) -> Self {
        let (script, number) = match phase {
            Phase::Idle | Phase::Jobs => ("", 0),
            Phase::Busy => (LOOP, options.busy),
            Phase::Disk => (WRITE, options.writers),
        };
        let bench = std::process::id().to_string();
        let start = |index: usize| {
            let file = folder.join(format!("written-{index}"));
            let mut command = Command::new("setsid");
            command.args(["sh", "-c", script, "load", &bench]).arg(file).stdin(Stdio::null());
            command.spawn().expect("setsid (util-linux) starts a program that loads the machine")
        };
        Self((0..number).map(start).collect())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for child in &mut self.0 {
            // One that has ended already is what is wanted.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The load average of the last minute.
pub(crate) fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Processor, number of them, memory and kernel.
pub(crate) fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        line.map_or("?".to_owned(), |line| line.trim_start_matches([' ', '\t', ':']).trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (processor, memory) =
        (field(&read("/proc/cpuinfo"), "model name"), field(&read("/proc/meminfo"), "MemTotal"));
    let mebibytes = memory.split(' ').next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024;
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{cores} × {processor}, {mebibytes} MiB, Linux {}", kernel.trim())
}
