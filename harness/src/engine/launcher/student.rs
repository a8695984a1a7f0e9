//! The last steps before the student's program: its session, terminal, signals, and exec.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::fs::{Mode, OFlags};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::order::Kind;
use super::serve::say;
use super::{Order, Word, bare, walls};
use crate::engine::sys::{self, Filter};

/// How many files a program may have open at a time: what Linux gives by custom.
const OPEN_FILES: u64 = 1024;
/// A descriptor that no student's program comes to use.
const ASIDE: i32 = 250;

/// Turns the calling process into the program; never returns. What goes wrong is told
/// on the control socket.
pub(super) fn become_program(order: &Order, control: &OwnedFd, streams: &[OwnedFd]) -> ! {
    let word = match prepare(order, control, streams) {
        Ok(mut command) => not_executed(&command.exec()),
        Err(trouble) => Word::Broken(trouble.to_string()),
    };
    say(control, &word, &[]);
    sys::exit_now(127)
}

/// What is wrong with a program that could not be executed; or with the machine, where any
/// program would have met it.
fn not_executed(trouble: &io::Error) -> Word {
    match trouble.raw_os_error() {
        Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::EAGAIN | libc::EIO) => {
            Word::Broken(trouble.to_string())
        }
        errno => Word::NotExecuted(errno.unwrap_or(libc::EINVAL)),
    }
}

/// Does everything that is the grader's part; what is left is to execute the command.
fn prepare(order: &Order, control: &OwnedFd, streams: &[OwnedFd]) -> io::Result<Command> {
    take_streams(order, streams)?;
    sys::become_session_leader(order.terminal)?;
    sys::reset_signals();
    if order.room.is_some() {
        // Where the whole machine has no memory left, no other program is to die for this one.
        let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    }
    std::env::set_current_dir(&order.folder)?;
    let name = order.command.first().ok_or_else(|| io::Error::other("an empty command"))?;
    match (&order.room, &order.bare) {
        (Some(room), _) => walls::raise(&room.limits)?,
        (None, Some(bare)) => bare::raise(bare)?,
        (None, None) => limit_open_files()?,
    }
    let mut command = Command::new(name);
    command.args(&order.command[1..]).env_clear().envs(order.environment.iter().map(|(k, v)| (k, v)));
    if order.notify {
        // Out of the program's way: it closes at exec, and its number is spared by the filter.
        let aside = rustix::io::fcntl_dupfd_cloexec(control, ASIDE)?;
        let sends = order.notify_sends.then_some(aside.as_fd());
        let wall = order.limits().is_some();
        let filter = Filter { sends, writes: order.notify_writes, wall, kills: order.bare.is_some() };
        match filter.install() {
            Ok(notifier) => say(&aside, &Word::Notifier, &[notifier.as_fd()]),
            Err(trouble) => {
                if filter.wall {
                    filter.install_silently()?;
                }
                say(&aside, &Word::NoNotifier(trouble.to_string()), &[]);
            }
        }
    }
    Ok(command)
}

/// Makes the streams standard input, output and error. In a room the terminal is opened anew:
/// by the name that it has there.
fn take_streams(order: &Order, streams: &[OwnedFd]) -> io::Result<()> {
    let [input, output, error] = streams else { return Err(io::Error::other("three streams are needed")) };
    let places = order.room.iter().flat_map(|room| &room.places);
    if let Some(terminal) = places.into_iter().find(|place| place.kind == Kind::Terminal) {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let terminal = rustix::fs::open(&terminal.path, flags, Mode::empty())?;
        rustix::stdio::dup2_stdin(&terminal)?;
        rustix::stdio::dup2_stdout(&terminal)?;
        rustix::stdio::dup2_stderr(&terminal)?;
        return Ok(());
    }
    rustix::stdio::dup2_stdin(input)?;
    rustix::stdio::dup2_stdout(output)?;
    Ok(rustix::stdio::dup2_stderr(error)?)
}

/// The customary number of open files, whatever the grader's own is.
fn limit_open_files() -> io::Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let current = Some(maximum.map_or(OPEN_FILES, |maximum| maximum.min(OPEN_FILES)));
    Ok(setrlimit(Resource::Nofile, Rlimit { current, maximum })?)
}
