//! Walls without namespaces: what a program may see and write is told to the kernel path by path
//! (Landlock, landlock(7)), it becomes a user of its own where the grader is root, and what it
//! uses is limited. Its network, and the list of processes, are the machine's.

use std::io;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, Scope,
    path_beneath_rules,
};
use rustix::process::Resource;

use super::order::Bare;
use super::system::{FOLDERS, settings};
use super::walls;
use crate::engine::sys;

/// The newest rules that are asked for; an older kernel keeps to those it knows.
const RULES: ABI = ABI::V6;
/// Settings that have their own text in a room, and are the machine's here.
const OPEN_SETTINGS: [&str; 7] =
    ["gai.conf", "passwd", "group", "hosts", "nsswitch.conf", "resolv.conf", "hostname"];
/// What else of the machine programs read.
const SEEN: [&str; 2] = ["/proc", "/sys/devices/system"];
/// What they read and write.
const DEVICES: [&str; 6] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"];

/// Raises the walls around the calling process.
pub(super) fn raise(bare: &Bare) -> io::Result<()> {
    let open = OPEN_SETTINGS.map(str::to_owned);
    let settings = settings().into_iter().chain(open).map(|name| Path::new("/etc").join(name));
    let folders = FOLDERS.iter().map(|name| Path::new("/").join(name));
    let seen = folders.chain(settings).chain(SEEN.map(Into::into)).chain(bare.seen.iter().cloned());
    let own = DEVICES.iter().map(Into::into).chain(bare.own.iter().cloned());
    restrict(seen.collect(), own.collect())?;
    let limits = &bare.limits;
    walls::limit_each(&[
        (Resource::Data, limits.memory),
        (Resource::Fsize, limits.file),
        (Resource::Nofile, limits.open),
        (Resource::Cpu, limits.cpu),
        (Resource::Core, 0),
    ])?;
    if let Some(user) = bare.user {
        sys::leave_groups();
        sys::become_user(user)?;
        // Nobody else is this user: its processes are the program's.
        walls::limit_each(&[(Resource::Nproc, limits.processes)])?;
    }
    sys::drop_capabilities()
}

/// Whether the kernel knows rules of this kind.
pub(crate) fn knows_rules() -> bool {
    let hard = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    hard.handle_access(AccessFs::from_all(ABI::V1)).and_then(Ruleset::create).is_ok()
}

fn restrict(seen: Vec<PathBuf>, own: Vec<PathBuf>) -> io::Result<()> {
    let all = AccessFs::from_all(RULES);
    let ruled = || {
        Ruleset::default()
            .handle_access(all)?
            .scope(Scope::from_all(RULES))?
            .create()?
            .add_rules(path_beneath_rules(seen, AccessFs::from_read(RULES)))?
            .add_rules(path_beneath_rules(own, all))?
            .restrict_self()
    };
    // Where the kernel knows no such rules this does nothing; `grader doctor` tells.
    ruled().map(drop).map_err(|trouble: landlock::RulesetError| io::Error::other(trouble.to_string()))
}
