//! A started program: its streams, its first process, and the words about it.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::RecvFlags;
use rustix::process::Signal;

use super::error::{EngineError, Trying};
use super::folder;
use super::launcher::{GivenFile, Level, Order, Word};
use super::machine::Machine;
use super::network::Network;
use super::streams::{Shown, Streams};
use super::sys::{self, Notifier};
use crate::spec::{Console, Fixtures};
use crate::transcript::ExitStatus;
use crate::units::Text;

/// Everything the engine needs to start a program.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Program and arguments; the program by an absolute path.
    pub command: Vec<String>,
    /// The whole environment.
    pub environment: Vec<(String, String)>,
    /// The folder it works in.
    pub folder: PathBuf,
    /// Terminal or pipes.
    pub console: Console,
    /// Whether the folder gets a private layer, so that nothing the program writes stays.
    pub private_folder: bool,
    /// Files the program finds in its folder where it has none of its own.
    pub fixtures: Fixtures,
    /// Files laid over those of its folder; none takes one away.
    pub files: Vec<(String, Option<Arc<[u8]>>)>,
    /// Host names that lead it to the harness.
    pub names: Vec<String>,
}

impl Launch {
    /// The program must not be started without what it is to find around it.
    fn needs_surroundings(&self) -> bool {
        self.needs_files() || !self.names.is_empty()
    }

    fn needs_files(&self) -> bool {
        !self.fixtures.is_empty() || !self.files.is_empty()
    }
}

/// A program under observation; everything it started ends with this value.
#[derive(Debug)]
pub(crate) struct Program {
    control: OwnedFd,
    init: Option<(i32, OwnedFd)>,
    secluded: bool,
    /// It was not to be started without its surroundings.
    strict: bool,
    /// Where its private layer was mounted, in its own view of the files only; without
    /// namespaces its private copy of the folder.
    _scratch: Option<tempfile::TempDir>,
    /// The folder it works in, as it sees it.
    pub(crate) folder: PathBuf,
    /// Its calls of bind, listen and connect, where they can be told.
    pub(crate) notifier: Option<Notifier>,
    /// Its calls cannot be told.
    pub(crate) untold: bool,
    /// Its standard streams.
    pub(crate) streams: Streams,
    /// What it showed.
    pub(crate) shown: Shown,
    /// Its surroundings are set up and it is about to run.
    pub(crate) started: bool,
    /// How its main process ended.
    pub(crate) ended: Option<ExitStatus>,
    /// errno of a failed exec.
    pub(crate) not_executed: Option<i32>,
    /// Trouble of launcher or init.
    pub(crate) broken: Option<String>,
    /// Why its surroundings could not be set up, where they were needed.
    pub(crate) unfit: Option<String>,
    /// No process of it is left.
    pub(crate) empty: bool,
}

impl Program {
    /// Starts a program in a network. Returns at once: the program is then on its way.
    pub(crate) fn start(machine: &Machine, network: &Network, launch: &Launch) -> Result<Self, EngineError> {
        let (streams, theirs) = match launch.console {
            Console::Terminal => Streams::terminal(),
            Console::Pipes => Streams::pipes(),
        }
        .trying("make the program's terminal")?;
        let (launch, scratch) = scratch(machine, launch)?;
        let layers = scratch.as_ref().filter(|_| machine.secluded);
        let (files, given) = given(&launch).trying("hand files to the program")?;
        let order = Order {
            command: launch.command.clone(),
            environment: launch.environment.clone(),
            folder: launch.folder.clone(),
            namespaces: machine.secluded,
            scratch: layers.map(|dir| dir.path().to_owned()),
            layered: launch.private_folder || launch.needs_files(),
            files,
            absent: launch.files.iter().filter(|file| file.1.is_none()).map(|file| file.0.clone()).collect(),
            names: launch.names.clone(),
            strict: launch.needs_surroundings(),
            terminal: streams.is_terminal(),
            notify: true,
        };
        let mut fds = Vec::with_capacity(5);
        if let Network::Private(file) = network {
            fds.push(file.as_fd().try_clone_to_owned().trying("copy a descriptor")?);
        }
        fds.extend(theirs);
        fds.extend(given);
        let control = machine.launcher.start(&order, &fds).trying("reach the launcher")?;
        Ok(Self {
            control,
            init: None,
            secluded: machine.secluded,
            strict: order.strict,
            _scratch: scratch,
            folder: launch.folder,
            notifier: None,
            untold: !machine.tells_calls,
            streams,
            shown: Shown::default(),
            started: false,
            ended: None,
            not_executed: None,
            broken: None,
            unfit: None,
            empty: false,
        })
    }

    /// Takes what launcher and init have said; whether anything was.
    pub(crate) fn take_words(&mut self) -> bool {
        let mut any = false;
        loop {
            match sys::receive_with_fds(&self.control, 4096, RecvFlags::DONTWAIT) {
                Ok((bytes, _)) if bytes.is_empty() => {
                    self.empty = true;
                    return any;
                }
                Ok((bytes, fds)) => {
                    any = true;
                    self.hear(&bytes, fds);
                }
                Err(trouble) if trouble.kind() == io::ErrorKind::WouldBlock => return any,
                Err(_) => {
                    self.empty = true;
                    return any;
                }
            }
        }
    }

    fn hear(&mut self, bytes: &[u8], mut fds: Vec<OwnedFd>) {
        match serde_json::from_slice(bytes) {
            Ok(Word::Init(pid)) => self.init = fds.pop().map(|pidfd| (pid, pidfd)),
            Ok(Word::Notifier) => {
                self.started = true;
                self.notifier = fds.pop().map(Notifier::new);
            }
            Ok(Word::NoNotifier(_)) => {
                self.started = true;
                self.untold = true;
            }
            Ok(Word::NotExecuted(errno)) => self.not_executed = Some(errno),
            Ok(Word::Ended(status)) => self.ended = Some(decode_status(status)),
            Ok(Word::Empty) => self.empty = true,
            Ok(Word::NoLayer(why)) if self.strict => self.unfit = Some(why),
            Ok(Word::NoLayer(_)) => {}
            Ok(Word::Broken(trouble)) => self.broken = Some(trouble),
            Err(trouble) => self.broken = Some(trouble.to_string()),
        }
    }

    /// Number of the first process, once known; the program's tree hangs below it.
    pub(crate) fn init(&self) -> Option<i32> {
        self.init.as_ref().map(|(pid, _)| *pid)
    }

    /// The socket on which words arrive, for polling.
    pub(crate) fn control(&self) -> std::os::fd::BorrowedFd<'_> {
        self.control.as_fd()
    }

    /// Sends a signal to every process of the program.
    pub(crate) fn signal_all(&self, signal: Signal) {
        let Some(init) = self.init() else { return };
        for pid in super::observer::processes(init) {
            if let Some(pid) = rustix::process::Pid::from_raw(pid) {
                let _ = rustix::process::kill_process(pid, signal);
            }
        }
    }

    /// Ends every process of the program and waits until the last is gone.
    pub(crate) fn end(&mut self) {
        while self.init.is_none() && !self.empty && self.broken.is_none() {
            // The launcher has not answered yet.
            let mut fds = [PollFd::new(&self.control, PollFlags::IN)];
            let _ = poll(&mut fds, Some(&Timespec { tv_sec: 10, tv_nsec: 0 }));
            if !self.take_words() {
                break;
            }
        }
        let _ = rustix::net::shutdown(&self.control, rustix::net::Shutdown::Both);
        let Some((_, pidfd)) = self.init.take() else { return };
        if self.secluded {
            // Number 1 of a process namespace: the kernel ends all others with it. Without
            // a namespace init must live on to end them itself.
            let _ = rustix::process::pidfd_send_signal(&pidfd, Signal::KILL);
        }
        let mut fds = [PollFd::new(&pidfd, PollFlags::IN)];
        let limit = Timespec { tv_sec: 10, tv_nsec: 0 };
        let _ = poll(&mut fds, Some(&limit));
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

/// Where the program's surroundings are built, and the launch as it then is: without
/// namespaces it works in a copy of its folder where it must find files there.
fn scratch(machine: &Machine, launch: &Launch) -> Result<(Launch, Option<tempfile::TempDir>), EngineError> {
    if !machine.secluded {
        if !launch.names.is_empty() {
            return Err(EngineError::CannotRun(no_names(&launch.names)));
        }
        if launch.needs_files() {
            return folder::copied(launch).map(|(launch, copy)| (launch, Some(copy)));
        }
        return Ok((launch.clone(), None));
    }
    if !launch.private_folder && !launch.needs_surroundings() {
        return Ok((launch.clone(), None));
    }
    let folder = tempfile::Builder::new().prefix("grader-").tempdir().trying("make a scratch folder")?;
    Ok((launch.clone(), Some(folder)))
}

/// The bytes of all files given with namespaces, in memory, and what they are.
fn given(launch: &Launch) -> io::Result<(Vec<GivenFile>, Option<OwnedFd>)> {
    let below = launch.fixtures.iter().map(|(name, bytes)| (name, bytes, Level::Below));
    let above = launch.files.iter().filter_map(|(name, bytes)| Some((name, bytes.as_ref()?, Level::Above)));
    let all: Vec<_> = below.chain(above).collect();
    if all.is_empty() {
        return Ok((Vec::new(), None));
    }
    let memory = rustix::fs::memfd_create("grader-files", rustix::fs::MemfdFlags::CLOEXEC)?;
    let mut memory = File::from(memory);
    let mut files = Vec::with_capacity(all.len());
    for (name, bytes, level) in all {
        memory.write_all(bytes)?;
        files.push(GivenFile { name: name.clone(), length: bytes.len() as u64, level });
    }
    memory.rewind()?;
    Ok((files, Some(memory.into())))
}

fn no_names(names: &[String]) -> Text {
    let names = names.join(", ");
    Text::new(
        format!("{names} leads to the harness only in a namespace, and this machine refuses them"),
        format!("{names} 이름을 채점기로 돌리려면 네임스페이스가 필요한데 이 환경은 허용하지 않음"),
    )
}

/// A wait status (wait(2)) as code or signal.
fn decode_status(status: i32) -> ExitStatus {
    if libc::WIFSIGNALED(status) {
        ExitStatus::Signal(libc::WTERMSIG(status))
    } else {
        ExitStatus::Code(libc::WEXITSTATUS(status))
    }
}
