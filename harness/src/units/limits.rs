//! How much a program may use. What goes beyond is ended, and told as what it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a program, with all processes it starts, may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of memory.
    pub memory: u64,
    /// Processes and threads at a time.
    pub processes: u64,
    /// Bytes in all files it writes.
    pub disk: u64,
    /// How many files it makes.
    pub files: u64,
    /// Bytes in one file.
    pub file: u64,
    /// Open files and sockets of a process.
    pub open: u64,
    /// Bytes that it shows on its console beyond what it was sent.
    pub output: u64,
    /// Seconds of processor time.
    pub cpu: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            processes: 256,
            disk: 64 << 20,
            files: 16_384,
            file: 64 << 20,
            open: 1024,
            output: 8 << 20,
            cpu: 60,
        }
    }
}

impl Limits {
    /// Sets one limit as people write it: `memory=2 GiB`, `processes=512`, `cpu=90s`.
    ///
    /// # Errors
    /// What is wrong with the key or the value, and what is right.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let bytes = || size(value).map_err(str::to_owned);
        let number = || {
            let number = value.parse::<u64>().ok().filter(|number| *number > 0);
            number.ok_or_else(|| "a whole number of 1 or more".to_owned())
        };
        let seconds = || {
            let span = value.parse::<jiff::SignedDuration>().ok();
            let seconds = span.and_then(|span| u64::try_from(span.as_secs()).ok()).filter(|s| *s > 0);
            seconds.ok_or_else(|| "a duration of a second or more, such as `90s`".to_owned())
        };
        let place = match key {
            "memory" => (&mut self.memory, bytes()),
            "processes" => (&mut self.processes, number()),
            "disk" => (&mut self.disk, bytes()),
            "files" => (&mut self.files, number()),
            "file" => (&mut self.file, bytes()),
            "open" => (&mut self.open, number()),
            "output" => (&mut self.output, bytes()),
            "cpu" => (&mut self.cpu, seconds()),
            _ => return Err(format!("there is no limit `{key}`: {}", Self::KEYS.join(", "))),
        };
        *place.0 = place.1.map_err(|wanted| format!("`{value}` is not {wanted}"))?;
        Ok(())
    }

    /// The names of the limits.
    pub const KEYS: [&str; 8] = ["memory", "processes", "disk", "files", "file", "open", "output", "cpu"];
}

/// A size as people write it, in bytes.
///
/// # Errors
/// What a size looks like.
pub fn size(text: &str) -> Result<u64, &'static str> {
    let size = text.parse::<bytesize::ByteSize>().ok().map(|size| size.as_u64());
    size.filter(|bytes| *bytes > 0).ok_or("a size such as `64 MiB`")
}

/// What a program had too much of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Memory.
    Memory,
    /// Processes and threads at a time.
    Processes,
    /// Bytes in all files it writes.
    Disk,
    /// How many files it makes.
    Files,
    /// Bytes in one file.
    File,
    /// Open files and sockets of a process.
    Open,
    /// Bytes on its console.
    Output,
    /// Processor time.
    Cpu,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_set_as_people_write_them() {
        let mut limits = Limits::default();
        limits.set("memory", "2GiB").unwrap();
        limits.set("disk", "1 MiB").unwrap();
        limits.set("processes", "9").unwrap();
        limits.set("cpu", "2m").unwrap();
        assert_eq!((limits.memory, limits.disk, limits.processes, limits.cpu), (2 << 30, 1 << 20, 9, 120));
        assert!(limits.set("memory", "much").unwrap_err().contains("64 MiB"));
        assert!(limits.set("processes", "0").is_err());
        assert!(limits.set("disc", "1 MiB").unwrap_err().contains("disk"));
    }
}
