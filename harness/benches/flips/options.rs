//! What was asked for.

use std::fmt;

/// The line that is shown where a word is not understood.
pub(crate) const USAGE: &str = "flips [--runs 20] [--exercise ID]… [--phase idle|busy|disk|jobs]… \
    [--subject reference|right|wrong]… [--right 3] [--wrong 6] [--busy 8] [--writers 4] [--jobs 64]";

/// What was asked for.
pub(crate) struct Options {
    /// Runs of each subject in each phase.
    pub(crate) runs: usize,
    /// Every exercise where none is named.
    pub(crate) exercises: Vec<String>,
    pub(crate) phases: Vec<Phase>,
    pub(crate) kinds: Vec<Kind>,
    /// Most right programs of an exercise.
    pub(crate) right: usize,
    /// Most wrong ones.
    pub(crate) wrong: usize,
    /// Busy loops.
    pub(crate) busy: usize,
    /// Programs that write to the disk.
    pub(crate) writers: usize,
    /// Checks at a time.
    pub(crate) jobs: usize,
}

/// What else the machine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// What it does anyway.
    Idle,
    /// It computes.
    Busy,
    /// It writes to the disk.
    Disk,
    /// It runs many checks at once.
    Jobs,
}

/// Whose programs are graded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The models.
    Reference,
    /// Right samples.
    Right,
    /// Wrong samples.
    Wrong,
}

impl Options {
    /// Reads the words of the command line.
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            runs: 20,
            exercises: Vec::new(),
            phases: Vec::new(),
            kinds: Vec::new(),
            right: 3,
            wrong: 6,
            busy: 8,
            writers: 4,
            jobs: 64,
        };
        let mut words = words;
        while let Some(word) = words.next() {
            // Cargo says it to every bench.
            if word == "--bench" {
                continue;
            }
            let value = words.next().ok_or(format!("{word} needs a value"))?;
            options.take(&word, value)?;
        }
        if options.phases.is_empty() {
            options.phases = Phase::ALL.to_vec();
        }
        if options.kinds.is_empty() {
            options.kinds = Kind::ALL.to_vec();
        }
        Ok(options)
    }

    fn take(&mut self, word: &str, value: String) -> Result<(), String> {
        let number = || value.parse::<usize>().map_err(|_| format!("`{value}` is no number"));
        match word {
            "--runs" => self.runs = number()?,
            "--right" => self.right = number()?,
            "--wrong" => self.wrong = number()?,
            "--busy" => self.busy = number()?,
            "--writers" => self.writers = number()?,
            "--jobs" => self.jobs = number()?.max(1),
            "--exercise" => self.exercises.push(value),
            "--phase" => self.phases.push(named(&Phase::ALL, &value)?),
            "--subject" => self.kinds.push(named(&Kind::ALL, &value)?),
            other => return Err(format!("`{other}` is not understood")),
        }
        Ok(())
    }
}

/// The one of some that is called so.
fn named<T: Copy + fmt::Display>(all: &[T], name: &str) -> Result<T, String> {
    let known: Vec<String> = all.iter().map(ToString::to_string).collect();
    let found = all.iter().zip(&known).find(|(_, known)| *known == name);
    found.map(|(one, _)| *one).ok_or(format!("`{name}` is none of {}", known.join(", ")))
}

impl Phase {
    const ALL: [Self; 4] = [Self::Idle, Self::Busy, Self::Disk, Self::Jobs];
}

impl Kind {
    const ALL: [Self; 3] = [Self::Reference, Self::Right, Self::Wrong];
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "idle",
            Self::Busy => "busy",
            Self::Disk => "disk",
            Self::Jobs => "jobs",
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reference => "reference",
            Self::Right => "right",
            Self::Wrong => "wrong",
        })
    }
}
