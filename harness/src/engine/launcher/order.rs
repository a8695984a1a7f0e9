//! What the grader, the launcher and init say to each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Everything needed to start one program. Travels with descriptors: the control
/// socket, the network namespace (with namespaces), standard input, output, error.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Program and arguments; the program by an absolute path.
    pub(crate) command: Vec<String>,
    /// The whole environment.
    pub(crate) environment: Vec<(String, String)>,
    /// The folder it works in.
    pub(crate) folder: PathBuf,
    /// Give it namespaces of its own.
    pub(crate) namespaces: bool,
    /// An empty folder on which the private layer of `folder` is built; none for no layer.
    pub(crate) scratch: Option<PathBuf>,
    /// Standard input is a terminal and becomes the controlling one.
    pub(crate) terminal: bool,
    /// Tell `bind`, `listen` and `connect` at the call.
    pub(crate) notify: bool,
}

/// What comes back on the control socket.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Word {
    /// Init runs; its number travels with a pidfd.
    Init(i32),
    /// The descriptor on which calls are told travels along.
    Notifier,
    /// Calls cannot be told; why.
    NoNotifier(String),
    /// The folder could not be made private; why. The program works on the folder itself.
    NoLayer(String),
    /// The program could not be executed: errno.
    NotExecuted(i32),
    /// The program's main process has ended, with this wait status.
    Ended(i32),
    /// No process of it is left.
    Empty,
    /// The launcher or init could not do its part.
    Broken(String),
}
