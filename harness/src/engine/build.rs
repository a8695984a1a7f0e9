//! Building a submission: the compiler runs as a program does, in a room of its own. What a
//! source can make a compiler do is the student's doing.

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, ResolveFlags, fstat, openat, openat2};

use super::error::{EngineError, Trying};
use super::machine::{Level, Machine};
use super::network::Network;
use super::places::places;
use super::program::{Launch, Program};
use crate::plan::{Build, Built};
use crate::spec::{Console, Fixtures, Transport};
use crate::transcript::ExitStatus;
use crate::units::Limits;

/// Where a compiler writes, in its room.
const OUTPUT: &str = "/tmp/build";
/// A compiler needs more than what it makes.
const LIMITS: Limits = Limits {
    memory: 3 << 29,
    processes: 512,
    disk: 256 << 20,
    files: 16_384,
    file: 128 << 20,
    open: 1024,
    output: 8 << 20,
    cpu: 120,
};
/// Longest time a compiler may take, whatever it does.
const LONGEST: Duration = Duration::from_secs(300);
/// So much may come out of a room: bytes, and files.
const MOST: (u64, usize) = (128 << 20, 8192);

/// Runs a compiler. What it makes is in the folder of the build afterwards. Must be called on a
/// thread of its own: it changes networks.
///
/// # Errors
/// The engine's own trouble.
pub fn build(machine: &Machine, build: &Build) -> Result<Built, EngineError> {
    let network = if machine.secluded { Network::create()? } else { Network::Shared };
    let in_room = machine.level == Level::Full;
    let output = if in_room { Path::new(OUTPUT) } else { &build.output };
    let mut command: Vec<String> =
        build.command.iter().map(|word| word.replace("{output}", &output.to_string_lossy())).collect();
    if in_room {
        // In its room the folder has yet to be made.
        let script = format!("mkdir {OUTPUT} && exec \"$@\"");
        command.splice(0..0, ["/bin/sh".to_owned(), "-c".to_owned(), script, "sh".to_owned()]);
    }
    let launch = Launch {
        places: [
            places(&build.command, &build.environment, &build.folder),
            build.submission.iter().cloned().collect(),
        ]
        .concat(),
        command,
        environment: build.environment.clone(),
        folder: build.folder.clone(),
        console: Console::Pipes,
        private_folder: true,
        fixtures: Fixtures::new(),
        files: Vec::new(),
        names: Vec::new(),
        transport: Transport::Tcp,
        in_company: false,
        own: vec![build.output.clone()],
        hidden: build.hidden.clone(),
        limits: LIMITS,
    };
    let mut program = Program::start(machine, &network, &launch)?;
    let overdue = await_end(&mut program);
    if let Some(trouble) = program.broken.take() {
        return Err(EngineError::Launcher(trouble));
    }
    let said = String::from_utf8_lossy(&program.shown.bytes).into_owned();
    let mut built = Built { success: program.ended == Some(ExitStatus::Code(0)), said };
    if let Some(limit) = program.beyond {
        built.said.push_str(&format!("\nthe compiler went beyond a limit: {limit:?}"));
    }
    if overdue {
        built.said.push_str("\nthe compiler did not end");
    }
    if let (true, true, Some(init)) = (built.success, in_room, program.init()) {
        let from = PathBuf::from(format!("/proc/{init}/root")).join(OUTPUT.trim_start_matches('/'));
        let (mut bytes, mut files) = MOST;
        copy_out(&from, &build.output, (&mut bytes, &mut files)).trying("take what the compiler made")?;
    }
    Ok(built)
}

/// Waits until the compiler has ended; whether it was not waited for any longer.
fn await_end(program: &mut Program) -> bool {
    let began = Instant::now();
    loop {
        program.take_words();
        // Nobody answers its calls: a compiler that meets others builds nothing.
        if let Some(notifier) = program.notifier.take() {
            drop(notifier);
        }
        program.streams.drain(&mut program.shown);
        let over = program.ended.is_some() || program.empty || program.broken.is_some();
        if over || program.not_executed.is_some() {
            while program.streams.drain(&mut program.shown) {}
            return false;
        }
        if began.elapsed() > LONGEST {
            return true;
        }
        let mut fds = vec![PollFd::from_borrowed_fd(program.control(), PollFlags::IN)];
        fds.extend(
            program.streams.readers().into_iter().map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)),
        );
        let _ = poll(&mut fds, Some(&Timespec { tv_sec: 1, tv_nsec: 0 }));
    }
}

/// Copies regular files and folders out of a room, following nothing.
fn copy_out(from: &Path, to: &Path, left: (&mut u64, &mut usize)) -> io::Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    // The way to the room is ours; what is in it is not.
    let folder = openat(CWD, from, flags, Mode::empty())?;
    copy_folder(&folder, to, left)
}

fn copy_folder(from: &OwnedFd, to: &Path, (bytes, files): (&mut u64, &mut usize)) -> io::Result<()> {
    for entry in Dir::read_from(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        *files = files.checked_sub(1).ok_or_else(too_much)?;
        let target = to.join(name.to_string_lossy().as_ref());
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS | ResolveFlags::NO_SYMLINKS;
        let Ok(inner) = openat2(from, name, flags, Mode::empty(), resolve) else { continue };
        match FileType::from_raw_mode(fstat(&inner)?.st_mode) {
            FileType::Directory => {
                fs::create_dir_all(&target)?;
                copy_folder(&inner, &target, (bytes, files))?;
            }
            FileType::RegularFile => {
                let facts = fstat(&inner)?;
                *bytes = bytes.checked_sub(facts.st_size.cast_unsigned()).ok_or_else(too_much)?;
                let mut copy = File::create(&target)?;
                io::copy(&mut io::Read::take(File::from(inner), MOST.0), &mut copy)?;
                copy.set_permissions(fs::Permissions::from_mode(0o755 & (facts.st_mode | 0o444)))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn too_much() -> io::Error {
    io::Error::other("the compiler made more than it may")
}
