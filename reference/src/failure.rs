//! The ways in which a whole program can fail.
//!
//! Trouble on one connection is no failure of a server: it prints a line and serves the next
//! client. What stands here ends the program, with a message and a status that is not zero.

use std::io;
use std::path::PathBuf;

use crate::network::Address;

/// Why a program could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command line cannot be understood.
    #[error("{problem}")]
    Usage {
        /// What is wrong, and where known what would be right.
        problem: String,
    },

    /// The server could not get its port, mostly because another program has it.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where the server wanted to listen.
        address: Address,
        /// What the operating system said.
        source: io::Error,
    },

    /// The client could not reach its server, mostly because none is running.
    #[error("cannot connect to {address}: {source}")]
    Connect {
        /// Where the server was looked for.
        address: Address,
        /// What the operating system said.
        source: io::Error,
    },

    /// A file that the program cannot do without.
    #[error("cannot open {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system said, or what is wrong with the content.
        source: io::Error,
    },

    /// The other end was gone before it had sent what this program came for.
    #[error("the connection ended before {wanted} had come")]
    CutShort {
        /// What is missing.
        wanted: &'static str,
    },

    /// No reply came in the time that this program is willing to wait.
    #[error("no reply within {seconds} s")]
    NoReply {
        /// How long it waited.
        seconds: u64,
    },

    /// The other end said something that the protocol does not allow here.
    #[error("the server answered `{answer}` where {wanted} was due")]
    Unexpected {
        /// What the protocol asks for.
        wanted: &'static str,
        /// What came.
        answer: String,
    },

    /// Reading, writing, or a file failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Failure {
    /// The exit status that tells the shell what kind of failure it was: 2 for a wrong command
    /// line, 1 for everything else. Most command-line tools keep to these two.
    pub fn status(&self) -> u8 {
        match self {
            Self::Usage { .. } => 2,
            Self::Listen { .. }
            | Self::Connect { .. }
            | Self::Open { .. }
            | Self::CutShort { .. }
            | Self::NoReply { .. }
            | Self::Unexpected { .. }
            | Self::Io(_) => 1,
        }
    }
}
