//! The launcher process and the handle to it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Mutex;

use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType};
use rustix::thread::LinkNameSpaceType;

use super::{Order, Word, init};
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
    /// Forks the launcher. Must be called while the process has one thread.
    pub(crate) fn fork() -> io::Result<Self> {
        let (ours, theirs) = pair()?;
        match sys::clone_process(Isolation::None)? {
            Child::Here => {
                drop(ours);
                serve(&theirs);
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
fn serve(socket: &OwnedFd) {
    // A Ctrl+C at the grader's own terminal is the grader's business.
    let _ = sys::become_session_leader(false);
    sys::reset_signals();
    sys::ignore_children();
    rename("grader-launch");
    loop {
        let Ok((bytes, mut fds)) = sys::receive_with_fds(socket, LONGEST, RecvFlags::empty()) else { return };
        if bytes.is_empty() || fds.is_empty() {
            return;
        }
        let control = fds.remove(0);
        if let Err(trouble) = handle(&bytes, &control, fds) {
            say(&control, &Word::Broken(trouble.to_string()), &[]);
        }
    }
}

fn handle(bytes: &[u8], control: &OwnedFd, mut fds: Vec<OwnedFd>) -> io::Result<()> {
    let order: Order = serde_json::from_slice(bytes)?;
    let isolation = if order.namespaces { Isolation::Namespaces } else { Isolation::None };
    if order.namespaces {
        let network = fds.remove(0);
        rustix::thread::move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
    }
    let given = if order.files.is_empty() { None } else { fds.pop() };
    match sys::clone_process(isolation)? {
        Child::Here => {
            init::run(&order, control, &fds, given);
            sys::exit_now(0)
        }
        Child::There(pid, pidfd) => {
            say(control, &Word::Init(pid), &[pidfd.as_fd()]);
            Ok(())
        }
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
