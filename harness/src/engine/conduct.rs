//! What a program did beside its task, taken at the end of a scene.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::launcher::{UNREAD, decoys};
use super::observer::{self, Observer};
use super::player::Player;
use super::scene::Scene;
use crate::transcript::{Deed, ExitStatus};
use crate::units::{Limit, Limits};

/// So few less than all there may be are all there may be: some die while they are counted.
const CLOSE: u64 = 8;

impl Scene<'_> {
    /// Writes down what the programs have done beside their tasks. They still live.
    pub(crate) fn take_conduct(&mut self) {
        for player in &mut self.players {
            let mut deeds = deeds(player);
            self.transcript.players[player.part].deeds.append(&mut deeds.drain(..).collect());
        }
    }
}

fn deeds(player: &Player<'_>) -> Vec<Deed> {
    let program = &player.program;
    let limits = &player.cast.launch.limits;
    let exceeded = |limit| Deed::Exceeded(limit, amount(limits, limit));
    let mut found: Vec<Deed> =
        program.beyond.into_iter().chain(by_signal(program.ended)).map(exceeded).collect();
    let Some(init) = program.init() else { return found };
    // The watch may have had no turn yet among so many.
    let crowd = player.observer.as_ref().map_or(0, Observer::crowd) as u64;
    if program.beyond.is_none()
        && 2 * crowd >= limits.processes
        && observer::processes(init).len() as u64 + CLOSE >= limits.processes
    {
        found.push(exceeded(Limit::Processes));
    }
    if program.ended.is_some() && !program.empty {
        let left = observer::processes(init).len();
        found.extend((left > 0).then_some(Deed::LeftRunning(left)));
    }
    if let Some(room) = &program.room {
        let root = PathBuf::from(format!("/proc/{init}/root"));
        let within = |path: &Path| root.join(path.strip_prefix("/").unwrap_or(path));
        let read =
            |path: &PathBuf| fs::symlink_metadata(within(path)).is_ok_and(|facts| facts.atime() != UNREAD);
        found.extend(decoys(room).into_iter().filter(read).map(Deed::LookedInto));
        found.extend(full(&within(Path::new("/tmp"))).map(exceeded));
    }
    found
}

/// The limit by whose signal the program ended.
fn by_signal(status: Option<ExitStatus>) -> Option<Limit> {
    match status {
        Some(ExitStatus::Signal(libc::SIGXFSZ)) => Some(Limit::File),
        Some(ExitStatus::Signal(libc::SIGXCPU)) => Some(Limit::Cpu),
        _ => None,
    }
}

/// What the room's own space has no more of.
fn full(path: &Path) -> Option<Limit> {
    let space = rustix::fs::statvfs(path).ok()?;
    let (disk, files) = (space.f_bavail == 0, space.f_favail == 0);
    disk.then_some(Limit::Disk).or(files.then_some(Limit::Files))
}

/// How much of it is allowed.
fn amount(limits: &Limits, limit: Limit) -> u64 {
    match limit {
        Limit::Memory => limits.memory,
        Limit::Processes => limits.processes,
        Limit::Disk => limits.disk,
        Limit::Files => limits.files,
        Limit::File => limits.file,
        Limit::Open => limits.open,
        Limit::Output => limits.output,
        Limit::Cpu => limits.cpu,
    }
}
