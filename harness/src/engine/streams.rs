//! The program's standard streams: a real terminal, or pipes.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{
    LocalModes, OptionalActions, OutputModes, Winsize, tcgetattr, tcsetattr, tcsetwinsize,
};

/// How much output of one program is kept; the rest is counted.
const KEPT: usize = 1 << 20;

/// The harness's end of the program's standard streams.
#[derive(Debug)]
pub(crate) enum Streams {
    /// A terminal: both ends are held, the program's one as a fence (see `flush`).
    Terminal {
        /// The end the harness reads and types at.
        master: File,
        /// The program's end.
        slave: OwnedFd,
    },
    /// Pipes.
    Pipes {
        /// To standard input; none once closed.
        input: Option<File>,
        /// From standard output.
        output: File,
        /// From standard error.
        error: File,
    },
}

/// What the program showed.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// Everything, up to a limit.
    pub(crate) bytes: Vec<u8>,
    /// Bytes beyond the limit.
    pub(crate) dropped: u64,
}

impl Streams {
    /// A new terminal of 80 columns, without echo and without CR before LF; with the
    /// program's three streams.
    pub(crate) fn terminal() -> io::Result<(Self, [OwnedFd; 3])> {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let slave = ioctl_tiocgptpeer(&master, flags)?;
        let mut modes = tcgetattr(&slave)?;
        modes.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL);
        modes.output_modes.remove(OutputModes::ONLCR);
        tcsetattr(&slave, OptionalActions::Now, &modes)?;
        tcsetwinsize(&slave, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 })?;
        unblock(&master)?;
        let theirs = [slave.try_clone()?, slave.try_clone()?, slave.try_clone()?];
        Ok((Self::Terminal { master: master.into(), slave }, theirs))
    }

    /// New pipes, with the program's ends.
    pub(crate) fn pipes() -> io::Result<(Self, [OwnedFd; 3])> {
        let make = || rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC);
        let ((their_in, input), (output, their_out), (error, their_err)) = (make()?, make()?, make()?);
        unblock(&output)?;
        unblock(&error)?;
        unblock(&input)?;
        let ours = Self::Pipes { input: Some(input.into()), output: output.into(), error: error.into() };
        Ok((ours, [their_in, their_out, their_err]))
    }

    /// Makes the program's ends those of the user that it becomes, if it becomes another one;
    /// gives the terminal's name.
    pub(crate) fn hand_over(&self, user: Option<u32>, theirs: &[OwnedFd; 3]) -> io::Result<Option<PathBuf>> {
        if let Some(user) = user {
            let user = rustix::fs::Uid::from_raw(user);
            theirs.iter().try_for_each(|end| rustix::fs::fchown(end, Some(user), None))?;
        }
        let Self::Terminal { slave, .. } = self else { return Ok(None) };
        let name = rustix::termios::ttyname(slave, Vec::new())?;
        Ok(Some(PathBuf::from(OsString::from_vec(name.into_bytes()))))
    }

    /// Whether it is a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Self::Terminal { .. })
    }

    /// Makes the terminal's line discipline deliver what is under way in both directions,
    /// and tells whether (the program, the harness) has something to read. Writing to a
    /// terminal only queues work for the kernel; poll(2) on an end does it at once.
    pub(crate) fn flush(&self) -> (bool, bool) {
        match self {
            Self::Terminal { master, slave } => (readable(slave.as_fd()), readable(master.as_fd())),
            Self::Pipes { output, error, .. } => (false, readable(output.as_fd()) || readable(error.as_fd())),
        }
    }

    /// Reads what is there; whether anything was.
    pub(crate) fn drain(&mut self, shown: &mut Shown) -> bool {
        match self {
            Self::Terminal { master, .. } => read_all(master, shown),
            Self::Pipes { output, error, .. } => {
                let first = read_all(output, shown);
                read_all(error, shown) || first
            }
        }
    }

    /// Types bytes at the terminal, or writes them to standard input.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Terminal { master, .. } => master.write_all(bytes),
            Self::Pipes { input: Some(input), .. } => input.write_all(bytes),
            Self::Pipes { input: None, .. } => Ok(()),
        }
    }

    /// Ends the program's input: Ctrl+D at a terminal, end of file on a pipe.
    pub(crate) fn end_input(&mut self) -> io::Result<()> {
        match self {
            Self::Terminal { master, .. } => master.write_all(&[0x04]),
            Self::Pipes { input, .. } => {
                *input = None;
                Ok(())
            }
        }
    }

    /// What to poll for output.
    pub(crate) fn readers(&self) -> Vec<BorrowedFd<'_>> {
        match self {
            Self::Terminal { master, .. } => vec![master.as_fd()],
            Self::Pipes { output, error, .. } => vec![output.as_fd(), error.as_fd()],
        }
    }
}

fn unblock(fd: &impl AsFd) -> io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(fd)?;
    Ok(rustix::fs::fcntl_setfl(fd, flags | OFlags::NONBLOCK)?)
}

fn readable(fd: BorrowedFd<'_>) -> bool {
    let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN)];
    poll(&mut fds, Some(&Timespec::default())).is_ok() && fds[0].revents().contains(PollFlags::IN)
}

fn read_all(file: &mut File, shown: &mut Shown) -> bool {
    let mut buffer = [0_u8; 16 * 1024];
    let mut any = false;
    // EIO from a terminal whose program is gone is its end.
    while let Ok(length @ 1..) = file.read(&mut buffer) {
        any = true;
        let room = KEPT.saturating_sub(shown.bytes.len()).min(length);
        shown.bytes.extend_from_slice(&buffer[..room]);
        shown.dropped += (length - room) as u64;
        if shown.dropped > 0 {
            // The rest at the next look: a flood never ends.
            break;
        }
    }
    any
}
