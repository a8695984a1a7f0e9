//! A started program: its streams, its first process, and the words about it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::RecvFlags;
use rustix::process::Signal;

use super::error::{EngineError, Trying};
use super::launcher::{Order, Word};
use super::machine::Machine;
use super::network::Network;
use super::streams::{Shown, Streams};
use super::sys::{self, Notifier};
use crate::spec::Console;
use crate::transcript::ExitStatus;

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
}

/// A program under observation; everything it started ends with this value.
#[derive(Debug)]
pub(crate) struct Program {
    control: OwnedFd,
    init: Option<(i32, OwnedFd)>,
    secluded: bool,
    /// Where its private layer was mounted, in its own view of the files only.
    _scratch: Option<tempfile::TempDir>,
    /// Its calls of bind, listen and connect, where they can be told.
    pub(crate) notifier: Option<Notifier>,
    /// Its calls cannot be told.
    pub(crate) untold: bool,
    /// Its standard streams.
    pub(crate) streams: Streams,
    /// What it showed.
    pub(crate) shown: Shown,
    /// How its main process ended.
    pub(crate) ended: Option<ExitStatus>,
    /// errno of a failed exec.
    pub(crate) not_executed: Option<i32>,
    /// Trouble of launcher or init.
    pub(crate) broken: Option<String>,
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
        let scratch = if machine.secluded && launch.private_folder {
            Some(tempfile::Builder::new().prefix("grader-").tempdir().trying("make a scratch folder")?)
        } else {
            None
        };
        let order = Order {
            command: launch.command.clone(),
            environment: launch.environment.clone(),
            folder: launch.folder.clone(),
            namespaces: machine.secluded,
            scratch: scratch.as_ref().map(|dir| dir.path().to_owned()),
            terminal: streams.is_terminal(),
            notify: true,
        };
        let mut fds = Vec::with_capacity(4);
        if let Network::Private(file) = network {
            fds.push(file.as_fd().try_clone_to_owned().trying("copy a descriptor")?);
        }
        fds.extend(theirs);
        let control = machine.launcher.start(&order, &fds).trying("reach the launcher")?;
        Ok(Self {
            control,
            init: None,
            secluded: machine.secluded,
            _scratch: scratch,
            notifier: None,
            untold: !machine.tells_calls,
            streams,
            shown: Shown::default(),
            ended: None,
            not_executed: None,
            broken: None,
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
            Ok(Word::Notifier) => self.notifier = fds.pop().map(Notifier::new),
            Ok(Word::NotExecuted(errno)) => self.not_executed = Some(errno),
            Ok(Word::Ended(status)) => self.ended = Some(decode_status(status)),
            Ok(Word::Empty) => self.empty = true,
            Ok(Word::NoNotifier(_)) => self.untold = true,
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

/// A wait status (wait(2)) as code or signal.
fn decode_status(status: i32) -> ExitStatus {
    if libc::WIFSIGNALED(status) {
        ExitStatus::Signal(libc::WTERMSIG(status))
    } else {
        ExitStatus::Code(libc::WEXITSTATUS(status))
    }
}
