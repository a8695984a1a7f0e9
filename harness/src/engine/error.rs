//! What can go wrong with the engine itself; never a student's failing.

use std::io;

use crate::units::Text;

/// The engine's own trouble.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The machine was prepared after threads had been started.
    #[error("cannot prepare this machine: the process already has {threads} threads")]
    Threads {
        /// How many.
        threads: usize,
    },
    /// Private networks were required and this machine refuses them.
    #[error("this machine refuses private networks at the step `{step}`: {cause}")]
    NoNamespaces {
        /// The first step that failed.
        step: &'static str,
        /// Why.
        cause: String,
    },
    /// So few files may be open that programs could not be graded.
    #[error(
        "only {limit} files may be open at a time here, and grading needs {}",
        super::machine::OPEN_FILES
    )]
    TooFewFiles {
        /// How many may be open.
        limit: u64,
    },
    /// A system call that always works did not.
    #[error("cannot {what}")]
    System {
        /// What was tried, as a verb phrase.
        what: &'static str,
        /// The kernel's word.
        #[source]
        source: io::Error,
    },
    /// This machine lacks something that the check needs; told as such, never as a failure.
    #[error("{}", .0.en)]
    CannotRun(Text),
    /// The launcher or a program's first process could not do its part.
    #[error("cannot start programs: {0}")]
    Launcher(String),
}

/// Names what was tried when a system call failed.
pub(crate) trait Trying<T> {
    /// `what` is a verb phrase: `bring the loopback device up`.
    fn trying(self, what: &'static str) -> Result<T, EngineError>;
}

impl<T, E: Into<io::Error>> Trying<T> for Result<T, E> {
    fn trying(self, what: &'static str) -> Result<T, EngineError> {
        self.map_err(|source| EngineError::System { what, source: source.into() })
    }
}
