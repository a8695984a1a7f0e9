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
