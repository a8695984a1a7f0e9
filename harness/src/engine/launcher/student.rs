//! The last steps before the student's program: its session, terminal, signals, and exec.

use std::convert::Infallible;
use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::serve::say;
use super::{Order, Word};
use crate::engine::sys;

/// Turns the calling process into the program; never returns. What goes wrong is told
/// on the control socket.
pub(super) fn become_program(order: &Order, control: &OwnedFd, streams: &[OwnedFd]) -> ! {
    let trouble = match execute(order, control, streams) {
        Ok(never) => match never {},
        Err(trouble) => trouble,
    };
    say(control, &Word::NotExecuted(trouble.raw_os_error().unwrap_or(libc::EIO)), &[]);
    sys::exit_now(127)
}

fn execute(order: &Order, control: &OwnedFd, streams: &[OwnedFd]) -> io::Result<Infallible> {
    let [input, output, error] = streams else { return Err(io::Error::other("three streams are needed")) };
    rustix::stdio::dup2_stdin(input)?;
    rustix::stdio::dup2_stdout(output)?;
    rustix::stdio::dup2_stderr(error)?;
    sys::become_session_leader(order.terminal)?;
    sys::reset_signals();
    std::env::set_current_dir(&order.folder)?;
    let name = order.command.first().ok_or_else(|| io::Error::other("an empty command"))?;
    CString::new(name.as_str())?;
    let mut command = Command::new(name);
    command.args(&order.command[1..]).env_clear().envs(order.environment.iter().map(|(k, v)| (k, v)));
    if order.notify {
        match sys::install_filter() {
            Ok(notifier) => say(control, &Word::Notifier, &[notifier.as_fd()]),
            Err(trouble) => say(control, &Word::NoNotifier(trouble.to_string()), &[]),
        }
    }
    Err(command.exec())
}
