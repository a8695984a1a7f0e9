//! What the grader, the launcher and init say to each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::units::{Limit, Limits};

/// Everything needed to start one program. Travels with descriptors: the control
/// socket, the network namespace (with namespaces), standard input, output, error, and
/// one that holds the bytes of all files given, if any are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Program and arguments; the program by an absolute path.
    pub(crate) command: Vec<String>,
    /// The whole environment.
    pub(crate) environment: Vec<(String, String)>,
    /// The folder it works in.
    pub(crate) folder: PathBuf,
    /// Give it namespaces of its own.
    pub(crate) namespaces: bool,
    /// A room of its own, in which it sees nothing of the machine but what it needs.
    pub(crate) room: Option<Room>,
    /// Without namespaces: what it may see and use.
    pub(crate) bare: Option<Bare>,
    /// Without a room: an empty folder on which the private surroundings are built; none for none.
    pub(crate) scratch: Option<PathBuf>,
    /// `folder` gets a private writable layer.
    pub(crate) layered: bool,
    /// Files laid below or above those of `folder`.
    pub(crate) files: Vec<GivenFile>,
    /// Files taken away from `folder`.
    pub(crate) absent: Vec<String>,
    /// Host names that lead to the loopback address.
    pub(crate) names: Vec<String>,
    /// Without these surroundings the program is not to be started at all.
    pub(crate) strict: bool,
    /// Standard input is a terminal and becomes the controlling one.
    pub(crate) terminal: bool,
    /// Tell `bind`, `listen` and `connect` at the call.
    pub(crate) notify: bool,
    /// And the calls that send.
    pub(crate) notify_sends: bool,
    /// And those that write, beyond the standard streams.
    pub(crate) notify_writes: bool,
}

/// What a program finds around it where it sees nothing of the machine but what it needs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Room {
    /// What of the machine it sees, beside its system: outer folders before inner ones.
    pub(crate) places: Vec<Place>,
    /// Files and folders in these places that it must not see.
    pub(crate) hidden: Vec<PathBuf>,
    /// A folder that is there, but empty: its user's.
    pub(crate) home: Option<PathBuf>,
    /// How much it may use.
    pub(crate) limits: Limits,
}

/// What a program may do where it lives among the machine's files.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Bare {
    /// What it may read, beside the system.
    pub(crate) seen: Vec<PathBuf>,
    /// What it may write as well.
    pub(crate) own: Vec<PathBuf>,
    /// The user it becomes, if it becomes another one.
    pub(crate) user: Option<u32>,
    /// How much it may use.
    pub(crate) limits: Limits,
}

impl Order {
    /// How much the program may use, where that is watched.
    pub(crate) fn limits(&self) -> Option<Limits> {
        let bare = self.bare.as_ref().map(|bare| bare.limits);
        self.room.as_ref().map(|room| room.limits).or(bare)
    }
}

/// A file or folder of the machine, at the place where it is in the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// On the machine.
    pub(crate) source: PathBuf,
    /// In the room.
    pub(crate) path: PathBuf,
    /// What may be done with it.
    pub(crate) kind: Kind,
}

/// What may be done with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// Writing goes to a private layer: the program's folder.
    Layered,
    /// Reading only: a folder.
    Folder,
    /// Reading only: a file.
    File,
    /// The program's terminal.
    Terminal,
}

/// A file given to the program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GivenFile {
    /// Its name below the program's folder.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) length: u64,
    /// Whether a file of the folder hides it.
    pub(crate) level: Level,
}

/// Where a given file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Level {
    /// Over the file of the folder.
    Above,
    /// Under it.
    Below,
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
    /// The private surroundings could not be made; why. Unless they are needed, the
    /// program works on the folder itself.
    NoLayer(String),
    /// It went beyond a limit and was ended.
    Limit(Limit),
    /// The program could not be executed: errno.
    NotExecuted(i32),
    /// The program's main process has ended, with this wait status.
    Ended(i32),
    /// No process of it is left.
    Empty,
    /// The launcher or init could not do its part.
    Broken(String),
}
