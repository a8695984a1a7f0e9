//! What this machine can do, found out once and before any thread is started.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rustix::process::{Resource, Rlimit, getegid, geteuid, getrlimit, setrlimit};

use super::dying::Dying;
use super::error::{EngineError, Trying};
use super::launcher::{self, Launcher};
use super::network::Network;
use super::observer;
use super::sys::{self, Child, Isolation};

/// Whether programs get private networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seclusion {
    /// Where this machine allows it.
    Auto,
    /// Or not at all.
    Require,
    /// Networks and processes of their own, and no more: to measure what a room costs.
    Namespaces,
    /// Never: programs run in the machine's own network, one check at a time.
    Off,
}

/// How much of the machine programs are kept from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    Off,
    /// What is possible without namespaces.
    Bare,
    /// Private networks and processes; programs see the machine's files.
    Namespaces,
    /// A room of its own for every program.
    Full,
}

/// How the program is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// The kernel tells what every thread waits for.
    Kernel,
    /// It does not (another system, a masked `/proc`): silence is a time span.
    Clock,
}

/// This machine, prepared to run programs.
#[derive(Debug)]
pub struct Machine {
    pub(crate) launcher: Launcher,
    /// Programs that have been killed and are not gone yet.
    pub(crate) dying: Dying,
    /// Gone with this value, or with the launcher.
    scratch: tempfile::TempDir,
    /// How much of the machine programs are kept from.
    pub level: Level,
    /// Programs get private networks.
    pub secluded: bool,
    /// Programs run as another user of the machine.
    pub(crate) programs_are_others: bool,
    /// Why not more, where something is refused: the step that failed and the kernel's word.
    pub refusal: Option<(&'static str, String)>,
    /// How programs are watched.
    pub witness: Witness,
    /// Programs' calls of listen and connect are told at the call.
    pub tells_calls: bool,
}

impl Machine {
    /// Prepares the machine. Must be called first, while the process has one thread:
    /// an ordinary user gets a user namespace here, and the launcher is forked.
    ///
    /// # Errors
    /// `NoNamespaces` with `Seclusion::Require` where they are refused; `Threads` when
    /// called too late.
    pub fn prepare(seclusion: Seclusion) -> Result<Self, EngineError> {
        let threads = fs::read_dir("/proc/self/task").map(Iterator::count).unwrap_or(1);
        if threads > 1 {
            return Err(EngineError::Threads { threads });
        }
        raise_open_files()?;
        let (level, refusal) = match seclusion {
            Seclusion::Off => {
                (Level::Off, Some(("switched off", "asked for on the command line".to_owned())))
            }
            Seclusion::Namespaces => match rehearse() {
                (Level::Full, _) => (Level::Namespaces, None),
                other => other,
            },
            Seclusion::Auto | Seclusion::Require => rehearse(),
        };
        if let (Seclusion::Require, Some((step, cause))) = (seclusion, &refusal) {
            return Err(EngineError::NoNamespaces { step, cause: cause.clone() });
        }
        let secluded = level >= Level::Namespaces;
        if secluded && !may_make_networks() {
            become_own_root()
                .map_err(|(step, e)| EngineError::NoNamespaces { step, cause: e.to_string() })?;
        }
        let scratch = tempfile::Builder::new().prefix("grader-").tempdir().trying("make a scratch folder")?;
        fs::create_dir(scratch.path().join(SITE)).trying("make a scratch folder")?;
        let programs_are_others = match level {
            Level::Full => launcher::becomes_other(),
            Level::Bare => launcher::becomes_other() && may_look_after_others(),
            Level::Namespaces | Level::Off => false,
        };
        let launcher = Launcher::fork(scratch.path(), level == Level::Full).trying("fork the launcher")?;
        let witness = if observer::kernel_tells() { Witness::Kernel } else { Witness::Clock };
        let tells_calls = sys::can_notify();
        Ok(Self {
            launcher,
            dying: Dying::default(),
            scratch,
            level,
            secluded,
            programs_are_others,
            refusal,
            witness,
            tells_calls,
        })
    }
}

/// In the scratch folder: where surroundings are mounted.
const SITE: &str = "site";

impl Machine {
    /// A folder for what is made on the way. It is gone with the machine, also when the grader
    /// is killed.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// An empty folder in it, on which programs' surroundings are mounted, each in its own view of
    /// the files.
    pub(crate) fn site(&self) -> PathBuf {
        self.scratch.path().join(SITE)
    }

    /// Without namespaces: whether what programs see and write of the machine's files is ruled.
    pub fn restricts_files(&self) -> bool {
        self.level != Level::Off && (self.level > Level::Bare || launcher::knows_rules())
    }
}

impl Drop for Machine {
    /// Nothing of any program is left when its machine is gone.
    fn drop(&mut self) {
        self.dying.await_all();
    }
}

/// Raises the number of files that may be open to the most that is allowed: many checks run at
/// a time, each with sockets of its own.
fn raise_open_files() -> Result<(), EngineError> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match maximum {
        Some(limit) if limit < OPEN_FILES => Err(EngineError::TooFewFiles { limit }),
        _ if current == maximum => Ok(()),
        _ => setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
            .trying("raise the number of open files"),
    }
}

/// Whether the process may make network namespaces as it is.
fn may_make_networks() -> bool {
    rustix::thread::capabilities(None)
        .is_ok_and(|sets| sets.effective.contains(rustix::thread::CapabilitySet::SYS_ADMIN))
}

/// Whether the process may make another user of a program, and still see what it does. A
/// container's root often may not.
fn may_look_after_others() -> bool {
    use rustix::thread::CapabilitySet;
    let needed =
        CapabilitySet::SETUID | CapabilitySet::SETGID | CapabilitySet::SYS_PTRACE | CapabilitySet::KILL;
    rustix::thread::capabilities(None)
        .is_ok_and(|sets| sets.effective.contains(needed | CapabilitySet::CHOWN))
}

/// Enters a user namespace in which the user is root.
fn become_own_root() -> Result<(), (&'static str, io::Error)> {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    sys::unshare_user().map_err(|e| ("user namespace", e))?;
    let _ = fs::write("/proc/self/setgroups", "deny");
    fs::write("/proc/self/uid_map", format!("0 {user} 1")).map_err(|e| ("user map", e))?;
    fs::write("/proc/self/gid_map", format!("0 {group} 1")).map_err(|e| ("group map", e))
}

/// Tries everything once in a child, so that a refusal half-way leaves nothing behind; gives
/// how far it came, the step that failed and why.
fn rehearse() -> (Level, Option<(&'static str, String)>) {
    let Ok((reader, writer)) = rustix::pipe::pipe() else {
        return (Level::Bare, Some(("pipe", String::new())));
    };
    match sys::clone_process(Isolation::None) {
        Err(trouble) => (Level::Bare, Some(("process", trouble.to_string()))),
        Ok(Child::Here) => {
            let told = match try_steps() {
                Ok(()) => String::from("ok"),
                Err((step, trouble)) => format!("{step}\n{trouble}"),
            };
            let _ = rustix::io::write(&writer, told.as_bytes());
            sys::exit_now(0)
        }
        Ok(Child::There(..)) => {
            drop(writer);
            let mut told = String::new();
            let _ = io::Read::read_to_string(&mut fs::File::from(reader), &mut told);
            let _ = sys::wait_any();
            understand(&told)
        }
    }
}

/// What the child of a rehearsal has told.
fn understand(told: &str) -> (Level, Option<(&'static str, String)>) {
    let Some((step, cause)) = told.split_once('\n') else {
        let silent = ("rehearsal", "the child ended without a word".to_owned());
        return if told == "ok" { (Level::Full, None) } else { (Level::Bare, Some(silent)) };
    };
    let known = STEPS.iter().find(|known| **known == step).copied().unwrap_or("rehearsal");
    let level = if step == ROOM { Level::Namespaces } else { Level::Bare };
    (level, Some((known, cause.to_owned())))
}

/// So many files must be allowed to be open: sockets and terminals of some checks at a time.
pub(super) const OPEN_FILES: u64 = 512;

/// The last step: without it private networks are left.
const ROOM: &str = "room";
const STEPS: [&str; 7] =
    ["user namespace", "user map", "group map", "network namespace", "low port", "process namespace", ROOM];

fn try_steps() -> Result<(), (&'static str, io::Error)> {
    if !may_make_networks() {
        become_own_root()?;
    }
    Network::create().map_err(|e| ("network namespace", io::Error::other(chain(&e))))?;
    match sys::clone_process(Isolation::Namespaces).map_err(|e| ("process namespace", e))? {
        Child::Here => sys::exit_now(0),
        Child::There(..) => launcher::try_room().map_err(|e| (ROOM, e)),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}
