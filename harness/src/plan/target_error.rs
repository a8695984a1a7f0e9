//! What can be wrong with a target.

use std::io;
use std::path::PathBuf;

/// A target that cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Nothing was typed.
    #[error("the target is empty\nhelp: give a program, a script, a command line in quotes or a folder")]
    Empty,
    /// A quote is open.
    #[error("the quotes in `{words}` do not close")]
    Quotes {
        /// As typed.
        words: String,
    },
    /// Neither a file nor a program.
    #[error(
        "`{first}` is neither a file nor a program on the search path (target `{words}`)\nhelp: paths start from the current folder; a command line with arguments stands in quotes"
    )]
    NotFound {
        /// As typed.
        words: String,
        /// Its first word.
        first: String,
    },
    /// The file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No program, no script.
    #[error(
        "`{}` is neither a program nor a script the grader knows\nhelp: make it executable (chmod +x), begin it with `#!`, or give the command line in quotes",
        path.display()
    )]
    NotExecutable {
        /// The file.
        path: PathBuf,
    },
    /// The interpreter or compiler is not installed.
    #[error("`{name}` is not installed, and `{}` needs it", path.display())]
    NoInterpreter {
        /// The file.
        path: PathBuf,
        /// The interpreter or compiler.
        name: String,
    },
    /// The compiler refuses it.
    #[error("`{}` does not build:\n{said}", path.display())]
    DoesNotBuild {
        /// The source.
        path: PathBuf,
        /// The compiler's words.
        said: String,
    },
    /// The compiler found no room for its files, or no memory.
    #[error("`{}` could not be built here: {said}", path.display())]
    NoRoom {
        /// The source.
        path: PathBuf,
        /// The compiler's words about it.
        said: String,
    },
    /// Nothing in a folder is the program of a role.
    #[error("no program in `{}` could be run as an exercise of this role", path.display())]
    NoProgram {
        /// The folder.
        path: PathBuf,
    },
}
