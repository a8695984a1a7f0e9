//! A started program: its streams, its first process, and the words about it.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::RecvFlags;
use rustix::process::Signal;
use tempfile::TempDir;

use super::bare;
use super::dying::{Dying, await_end};
use super::error::{EngineError, Trying};
use super::folder;
use super::launcher::{self, GivenFile, Kind, OUTSIDE, Order, Place, Room, Word};
use super::machine::{Level, Machine};
use super::network::Network;
use super::streams::{Shown, Streams};
use super::sys::{self, Notifier};
use crate::spec::{Console, Fixtures, Transport};
use crate::transcript::ExitStatus;
use crate::units::{Limit, Limits, Text};

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
    /// What carries its bytes.
    pub transport: Transport,
    /// Whether it plays with other programs, at the pace of the relay.
    pub in_company: bool,
    /// What of the machine it must see beside its own folder, outer places before inner ones.
    pub places: Vec<PathBuf>,
    /// Folders of the machine that it writes in, where it lives among the machine's files.
    pub own: Vec<PathBuf>,
    /// Files and folders that it must not see, where its own folder or a place holds them.
    pub hidden: Arc<[PathBuf]>,
    /// How much it may use.
    pub limits: Limits,
}

impl Launch {
    /// The program must not be started without what it is to find around it.
    fn needs_surroundings(&self) -> bool {
        self.needs_files() || !self.names.is_empty()
    }

    /// Its room, with the terminal of this name.
    fn room(&self, terminal: Option<PathBuf>) -> Room {
        let place = |path: &PathBuf, kind| Place { source: path.clone(), path: path.clone(), kind };
        let shown = |path: &PathBuf| place(path, if path.is_dir() { Kind::Folder } else { Kind::File });
        let mut places: Vec<Place> = self.places.iter().map(shown).collect();
        if self.private_folder || self.needs_files() {
            places.push(place(&self.folder, Kind::Layered));
        } else if self.folder.parent().is_some() {
            places.push(place(&self.folder, Kind::Folder));
        }
        places.sort_by(|one, other| one.path.cmp(&other.path));
        places.extend(terminal.map(|path| place(&path, Kind::Terminal)));
        let home = self.environment.iter().find(|(key, _)| key == "HOME");
        let home = home.map(|(_, path)| PathBuf::from(path)).filter(|path| path.is_absolute());
        // A model program is the grader's own.
        let own = self.command.first().map(Path::new);
        let shows = |path: &&PathBuf| {
            let inside = places.iter().any(|place| place.path != **path && path.starts_with(&place.path));
            let above = places.iter().any(|place| place.path.starts_with(path));
            own != Some(path.as_path()) && ((inside && !above) || path.starts_with("/usr"))
        };
        let hidden = self.hidden.iter().filter(shows).cloned().collect();
        Room { places, hidden, home, limits: self.limits }
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
    /// What its first process said before the launcher said which process that is.
    early: Vec<(Word, Vec<OwnedFd>)>,
    secluded: bool,
    dying: Dying,
    /// It was not to be started without its surroundings.
    strict: bool,
    /// Without namespaces: folders that are its own, and go with it.
    _own: Vec<tempfile::TempDir>,
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
    /// Its room.
    pub(crate) room: Option<Room>,
    /// It was ended because it went beyond this limit.
    pub(crate) beyond: Option<Limit>,
}

impl Program {
    /// Starts a program in a network. Returns at once: the program is then on its way.
    pub(crate) fn start(machine: &Machine, network: &Network, launch: &Launch) -> Result<Self, EngineError> {
        let (streams, theirs) = match launch.console {
            Console::Terminal => Streams::terminal(),
            Console::Pipes => Streams::pipes(),
        }
        .trying("make the program's terminal")?;
        let (launch, own) = surroundings(machine, launch)?;
        let user = user(machine, &launch);
        let terminal = streams.hand_over(user, &theirs).trying("hand the program its terminal")?;
        let room = (machine.level == Level::Full).then(|| launch.room(terminal.clone()));
        let bare = (machine.level == Level::Bare).then(|| bare::walls(&launch, &own, (user, terminal)));
        let bare = bare.transpose().trying("hand the program its folder")?;
        let needed = machine.secluded && (launch.private_folder || launch.needs_surroundings());
        let scratch = needed.then(|| machine.site());
        let (files, given) = given(&launch).trying("hand files to the program")?;
        let order = Order {
            command: launch.command.clone(),
            environment: launch.environment.clone(),
            folder: launch.folder.clone(),
            namespaces: machine.secluded,
            room,
            bare,
            scratch,
            layered: launch.private_folder || launch.needs_files(),
            files,
            absent: launch.files.iter().filter(|file| file.1.is_none()).map(|file| file.0.clone()).collect(),
            names: launch.names.clone(),
            strict: launch.needs_surroundings(),
            terminal: streams.is_terminal(),
            notify: true,
            notify_sends: launch.in_company || launch.transport == Transport::Udp,
            notify_writes: launch.in_company && launch.transport == Transport::Tcp,
        };
        let mut fds = Vec::with_capacity(5);
        if let Network::Private(file) = network {
            fds.push(file.as_fd().try_clone_to_owned().trying("copy a descriptor")?);
        }
        fds.extend(theirs);
        fds.extend(given);
        let control = machine.launcher.start(&order, &fds).trying("reach the launcher")?;
        let mut program = Self::on(control, streams, launch.folder);
        program.secluded = machine.secluded;
        program.dying = machine.dying.clone();
        program.strict = order.strict;
        program.room = order.room;
        program._own = own;
        program.untold = !machine.tells_calls;
        Ok(program)
    }

    /// A program of whom nothing has been heard yet.
    fn on(control: OwnedFd, streams: Streams, folder: PathBuf) -> Self {
        Self {
            control,
            init: None,
            early: Vec::new(),
            secluded: false,
            dying: Dying::default(),
            strict: false,
            _own: Vec::new(),
            folder,
            notifier: None,
            untold: false,
            streams,
            shown: Shown::default(),
            started: false,
            ended: None,
            not_executed: None,
            broken: None,
            unfit: None,
            empty: false,
            room: None,
            beyond: None,
        }
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
            Ok(Word::Init(pid)) => {
                self.init = fds.pop().map(|pidfd| (pid, pidfd));
                for (word, fds) in std::mem::take(&mut self.early) {
                    self.take_in(word, fds);
                }
            }
            Ok(Word::Broken(trouble)) => self.broken = Some(trouble),
            // Launcher and first process speak on one socket, each when the scheduler lets it.
            Ok(word) if self.init.is_none() => self.early.push((word, fds)),
            Ok(word) => self.take_in(word, fds),
            Err(trouble) => self.broken = Some(trouble.to_string()),
        }
    }

    /// Takes in a word of the first process, which is known.
    fn take_in(&mut self, word: Word, mut fds: Vec<OwnedFd>) {
        match word {
            Word::Notifier => {
                self.started = true;
                self.notifier = fds.pop().map(Notifier::new);
            }
            Word::NoNotifier(_) => {
                self.started = true;
                self.untold = true;
            }
            Word::NotExecuted(errno) => self.not_executed = Some(errno),
            Word::Ended(status) => self.ended = Some(decode_status(status)),
            Word::Empty => self.empty = true,
            Word::Limit(limit) => self.beyond = Some(limit),
            Word::NoLayer(why) if self.strict => self.unfit = Some(why),
            Word::NoLayer(_) | Word::Init(_) | Word::Broken(_) => {}
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

    /// Ends every process of the program. In namespaces of its own it can do nothing any more
    /// then, and goes by itself; without them the last is gone when this returns.
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
            // Number 1 of a process namespace: the kernel ends all others with it.
            let _ = rustix::process::pidfd_send_signal(&pidfd, Signal::KILL);
            self.dying.add(pidfd);
        } else {
            // Without a namespace init must live on to end them itself; then their port is free.
            await_end(&pidfd);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

/// The user that a program becomes, where it becomes another one.
fn user(machine: &Machine, launch: &Launch) -> Option<u32> {
    match machine.level {
        _ if !machine.programs_are_others => None,
        Level::Bare => bare::user(launch),
        _ => Some(OUTSIDE),
    }
}

/// The launch as it is here: without namespaces the program works in a copy of its folder,
/// which is gone afterwards.
fn surroundings(machine: &Machine, launch: &Launch) -> Result<(Launch, Vec<TempDir>), EngineError> {
    if machine.secluded {
        return Ok((launch.clone(), Vec::new()));
    }
    if !launch.names.is_empty() {
        return Err(EngineError::CannotRun(no_names(&launch.names)));
    }
    let mut own = Vec::new();
    let mut launch = launch.clone();
    let is_private = launch.private_folder && machine.level == Level::Bare;
    if launch.needs_files() || is_private {
        let (copied, copy) = folder::copied(&launch)?;
        launch = copied;
        own.push(copy);
    }
    if machine.level == Level::Bare {
        let folder =
            tempfile::Builder::new().prefix("grader-tmp-").tempdir().trying("make a private folder")?;
        launch.environment.push(("TMPDIR".to_owned(), folder.path().to_string_lossy().into_owned()));
        own.push(folder);
    }
    Ok((launch, own))
}

/// The bytes of all files given with namespaces, in memory, and what they are.
fn given(launch: &Launch) -> io::Result<(Vec<GivenFile>, Option<OwnedFd>)> {
    let below = launch.fixtures.iter().map(|(name, bytes)| (name, bytes, launcher::Level::Below));
    let above =
        launch.files.iter().filter_map(|(name, bytes)| Some((name, bytes.as_ref()?, launcher::Level::Above)));
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

#[cfg(test)]
mod tests {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, socketpair};

    use super::*;
    use crate::engine::launcher::say;

    fn unheard() -> (Program, OwnedFd) {
        let flags = SocketFlags::CLOEXEC;
        let (control, theirs) = socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, flags, None).unwrap();
        let (streams, _) = Streams::pipes().unwrap();
        (Program::on(control, streams, PathBuf::from("/")), theirs)
    }

    #[test]
    fn what_its_first_process_says_early_counts_once_that_process_is_known() {
        let (mut program, theirs) = unheard();
        say(&theirs, &Word::NoNotifier("refused".into()), &[]);
        say(&theirs, &Word::Ended(0), &[]);
        say(&theirs, &Word::Empty, &[]);
        assert!(program.take_words());
        assert!(!program.started && program.ended.is_none() && !program.empty);
        let own =
            rustix::process::pidfd_open(rustix::process::getpid(), rustix::process::PidfdFlags::empty());
        say(&theirs, &Word::Init(1), &[own.unwrap().as_fd()]);
        assert!(program.take_words());
        assert_eq!(program.init(), Some(1));
        assert!(program.started && program.ended.is_some() && program.empty);
        // Number 1 is nobody's to end.
        program.init = None;
    }

    #[test]
    fn a_launcher_in_trouble_is_heard_at_once() {
        let (mut program, theirs) = unheard();
        say(&theirs, &Word::Broken("no memory".into()), &[]);
        assert!(program.take_words());
        assert_eq!(program.broken.as_deref(), Some("no memory"));
    }
}
