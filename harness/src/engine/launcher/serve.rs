//! The launcher process and the handle to it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::Mutex;

use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType};
use rustix::thread::LinkNameSpaceType;

use super::identity::{OUTSIDE, STUDENT};
use super::init::Handed;
use super::order::Room;
use super::system::System;
use super::{Order, Word, identity, init};
use crate::engine::sys::{self, Child, Isolation};

/// Longest order in bytes: command line and environment of a program.
const LONGEST: usize = 160 * 1024;

/// The grader's handle to its launcher process, which ends with the handle.
#[derive(Debug)]
pub(crate) struct Launcher {
    socket: Mutex<OwnedFd>,
    process: OwnedFd,
}

impl Launcher {
    /// Forks the launcher. Must be called while the process has one thread. With `rooms` it
    /// gives programs rooms of their own, on a system that it builds. It takes the folder
    /// `scratch` away when the grader has gone, however it went.
    pub(crate) fn fork(scratch: &Path, rooms: bool) -> io::Result<Self> {
        let (ours, theirs) = pair()?;
        match sys::clone_process(Isolation::None)? {
            Child::Here => {
                drop(ours);
                serve(&theirs, scratch, rooms);
                sys::exit_now(0)
            }
            Child::There(_, process) => Ok(Self { socket: Mutex::new(ours), process }),
        }
    }

    /// Starts a program; the words about it come on the control socket returned.
    /// `streams` are its network namespace, if any, and standard input, output and error.
    pub(crate) fn start(&self, order: &Order, streams: &[OwnedFd]) -> io::Result<OwnedFd> {
        let (ours, theirs) = pair()?;
        let bytes = serde_json::to_vec(order)?;
        if bytes.len() > LONGEST {
            return Err(io::Error::other("command line and environment are too long"));
        }
        let mut fds = vec![theirs.as_fd()];
        fds.extend(streams.iter().map(AsFd::as_fd));
        let socket = self.socket.lock().map_err(|_| io::Error::other("a starter panicked"))?;
        sys::send_with_fds(&*socket, &bytes, &fds)?;
        Ok(ours)
    }
}

impl Drop for Launcher {
    fn drop(&mut self) {
        if let Ok(socket) = self.socket.get_mut() {
            let _ = rustix::net::shutdown(&*socket, rustix::net::Shutdown::Both);
        }
        let _ = rustix::process::waitid(
            rustix::process::WaitId::PidFd(self.process.as_fd()),
            rustix::process::WaitIdOptions::EXITED,
        );
    }
}

fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?)
}

/// Takes orders until the grader is gone.
fn serve(socket: &OwnedFd, scratch: &Path, rooms: bool) {
    // A Ctrl+C at the grader's own terminal is the grader's business.
    let _ = sys::become_session_leader(false);
    sys::reset_signals();
    sys::ignore_children();
    rename("grader-launch");
    let mut system = rooms.then(|| System::build(scratch));
    while let Ok((bytes, mut fds)) = sys::receive_with_fds(socket, LONGEST, RecvFlags::empty()) {
        if bytes.is_empty() || fds.is_empty() {
            break;
        }
        let control = fds.remove(0);
        if let Err(trouble) = handle(&bytes, &control, fds, &mut system) {
            say(&control, &Word::Broken(trouble.to_string()), &[]);
        }
    }
    if let Some(Ok(system)) = system {
        system.leave();
    }
    let _ = std::fs::remove_dir_all(scratch);
}

fn handle(
    bytes: &[u8],
    control: &OwnedFd,
    mut fds: Vec<OwnedFd>,
    system: &mut Option<io::Result<System>>,
) -> io::Result<()> {
    let order: Order = serde_json::from_slice(bytes)?;
    if order.namespaces {
        let network = fds.remove(0);
        rustix::thread::move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
    }
    let given = if order.files.is_empty() { None } else { fds.pop() };
    let handed = Handed { streams: fds, given, trees: Vec::new(), known: None };
    match (&order.room, system) {
        (None, _) => {
            let isolation = if order.namespaces { Isolation::Namespaces } else { Isolation::None };
            start(&order, control, isolation, handed)
        }
        (Some(room), Some(Ok(system))) => start_in_room(&order, room, control, (handed, system)),
        (Some(_), Some(Err(trouble))) => Err(io::Error::new(trouble.kind(), trouble.to_string())),
        (Some(_), None) => Err(io::Error::other("no system was built for rooms")),
    }
}

/// Starts a program's first process.
fn start(order: &Order, control: &OwnedFd, isolation: Isolation, handed: Handed) -> io::Result<()> {
    match sys::clone_process(isolation)? {
        Child::Here => {
            init::run(order, control, handed);
            sys::exit_now(0)
        }
        Child::There(pid, pidfd) => {
            say(control, &Word::Init(pid), &[pidfd.as_fd()]);
            Ok(())
        }
    }
}

/// The same in a room, on a system.
fn start_in_room(
    order: &Order,
    room: &Room,
    control: &OwnedFd,
    (handed, system): (Handed, &mut System),
) -> io::Result<()> {
    let started = clone_room(room, (handed, system), &mut |handed| init::run(order, control, handed))?;
    say(control, &Word::Init(started.pid), &[started.pidfd.as_fd()]);
    started.say_users(system)
}

/// The first process of a room, which waits until it has been said who its users are.
struct Started {
    pid: i32,
    pidfd: OwnedFd,
    known: OwnedFd,
}

impl Started {
    fn say_users(&self, system: &System) -> io::Result<()> {
        let outside = if system.becomes_other { OUTSIDE } else { 0 };
        identity::map(self.pid, STUDENT, outside, (STUDENT, outside))?;
        rustix::io::write(&self.known, &1_u64.to_ne_bytes())?;
        Ok(())
    }
}

fn clone_room(
    room: &Room,
    (mut handed, system): (Handed, &mut System),
    child: &mut dyn FnMut(Handed),
) -> io::Result<Started> {
    handed.trees = system.open(room)?;
    let known = rustix::event::eventfd(0, rustix::event::EventfdFlags::CLOEXEC)?;
    handed.known = Some(known.try_clone()?);
    match sys::clone_process(Isolation::Room)? {
        Child::Here => {
            child(handed);
            sys::exit_now(0)
        }
        Child::There(pid, pidfd) => Ok(Started { pid, pidfd, known }),
    }
}

/// Builds a system and an empty room in it, to see whether this machine can. Leaves the
/// calling process, which has one thread, in the system.
pub(crate) fn try_room() -> io::Result<()> {
    // Nothing is copied: nothing is in the room.
    let mut system = System::build(Path::new("/"))?;
    let (ours, theirs) = pair()?;
    let (order, room) = (Order::default(), Room::default());
    let handed = Handed { streams: Vec::new(), given: None, trees: Vec::new(), known: None };
    let started = clone_room(&room, (handed, &mut system), &mut |mut handed| {
        let word = match init::settle(&order, &room, &theirs, &mut handed) {
            Ok(()) => Word::Empty,
            Err(trouble) => Word::Broken(trouble.to_string()),
        };
        say(&theirs, &word, &[]);
    })?;
    started.say_users(&system)?;
    drop(theirs);
    let (bytes, _) = sys::receive_with_fds(&ours, LONGEST, RecvFlags::empty())?;
    match serde_json::from_slice(&bytes) {
        Ok(Word::Empty) => Ok(()),
        Ok(Word::Broken(trouble)) => Err(io::Error::other(trouble)),
        _ => Err(io::Error::other("a room's first process ended without a word")),
    }
}

/// Says a word; a listener that has gone needs none.
pub(crate) fn say(control: &OwnedFd, word: &Word, fds: &[std::os::fd::BorrowedFd<'_>]) {
    if let Ok(bytes) = serde_json::to_vec(word) {
        let _ = sys::send_with_fds(control, &bytes, fds);
    }
}

/// Name in process lists.
fn rename(name: &str) {
    if let Ok(name) = std::ffi::CString::new(name) {
        let _ = rustix::thread::set_name(&name);
    }
}
