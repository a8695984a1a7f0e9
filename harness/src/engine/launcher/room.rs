//! A program's room: a copy of the system in which it finds its own processes, its folder under
//! a private layer, what else of the machine it needs, and space of a limited size for what it
//! writes. Built by its first process, which has every capability in the room and none outside.

use std::collections::BTreeSet;
use std::ffi::CString;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::mount::{MountFlags, mount, mount_bind};

use super::layer;
use super::order::{Kind, Order, Place, Room};
use super::system::{ROOM, clone_tree, put, top_of};
use crate::engine::sys::{self, Restriction};

/// First folders of paths that belong to the system.
const SYSTEM: [&str; 10] = ["usr", "bin", "sbin", "lib", "lib64", "lib32", "libx32", "etc", "dev", "proc"];
/// Folders of the room's own space. What programs write in is open to all, as on any machine.
const PARTS: [(&str, u32); 9] = [
    ("tmp", 0o1777),
    ("shm", 0o1777),
    ("pts", 0o755),
    ("tops", 0o755),
    ("lower", 0o755),
    ("below", 0o755),
    ("upper", 0o755),
    ("work", 0o755),
    ("empty", 0o555),
];

/// Makes the calling process's copy of the system a room. `trees` are those of the places, in
/// order; `given` holds the bytes of the order's files.
pub(super) fn build(order: &Order, room: &Room, trees: &[OwnedFd], given: Option<OwnedFd>) -> io::Result<()> {
    let nothing = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    // Where /proc is masked (containers) the machine's stays: it shows command lines, no more.
    if mount("proc", "/proc", "proc", nothing, c"hidepid=2").is_ok() {
        let settings = clone_tree(Path::new("/proc/sys"))?;
        sys::restrict(settings.as_fd(), Restriction::ReadOnly)?;
        put(settings.as_fd(), Path::new("/proc/sys"))?;
    }
    let limits = room.limits;
    let options = CString::new(format!("size={},nr_inodes={},mode=0755", limits.disk, limits.files))?;
    mount("tmpfs", ROOM, "tmpfs", MountFlags::NOSUID | MountFlags::NODEV, options.as_c_str())?;
    let own = Path::new(ROOM);
    for (name, mode) in PARTS {
        let path = own.join(name);
        fs::create_dir(&path)?;
        if mode != 0o755 {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        }
    }
    File::create(own.join("shadow"))?;
    for (part, path) in [("tmp", "/tmp"), ("shm", "/dev/shm"), ("pts", "/dev/pts")] {
        mount_bind(own.join(part), path)?;
    }
    let mut tops = BTreeSet::new();
    if let Some(home) = &room.home {
        prepare_top(home, &mut tops)?;
        fs::create_dir_all(home)?;
    }
    let mut given = given;
    for (place, tree) in room.places.iter().zip(trees) {
        lay(order, (place, tree), &mut tops, &mut given)?;
    }
    for path in &room.hidden {
        hide(own, path)?;
    }
    if !order.names.is_empty() {
        layer::lead_here(&order.names, own)?;
    }
    mount_bind(own.join("shadow"), "/etc/shadow")?;
    // A name that always resolves, for programs that look up their own address.
    rustix::system::sethostname(b"localhost")?;
    mount_bind(own.join("empty"), ROOM)?;
    leave_unread(room);
    Ok(())
}

/// When files that nobody has read were read, in seconds; a reader leaves the true time (`relatime`,
/// mount(8)).
pub(crate) const UNREAD: i64 = 1;

/// What is there only so that it is seen who looks for it: the passwords, the user's folder, and
/// the folders above the program's own.
pub(crate) fn decoys(room: &Room) -> Vec<PathBuf> {
    let own = room.places.iter().find(|place| place.kind == Kind::Layered);
    let above = own.into_iter().flat_map(|place| place.path.ancestors().skip(1));
    let above = above.filter(|path| path.parent().is_some() && *path != Path::new("/tmp"));
    let inside = |path: &&Path| {
        let others = room.places.iter().filter(|place| place.kind != Kind::Layered);
        others.into_iter().any(|place| path.starts_with(&place.path))
    };
    let is_system = |path: &&Path| top_of(path).is_some_and(|top| SYSTEM.contains(&top.as_str()));
    let own = own.map(|place| place.path.as_path());
    let folders = above.chain(room.home.as_deref());
    let mut found: Vec<PathBuf> = folders
        .filter(|path| !inside(path) && !is_system(path) && own.is_none_or(|own| !path.starts_with(own)))
        .map(Path::to_owned)
        .collect();
    found.push(PathBuf::from("/etc/shadow"));
    found.sort();
    found.dedup();
    found
}

fn leave_unread(room: &Room) {
    use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, utimensat};
    let then = Timespec { tv_sec: UNREAD, tv_nsec: 0 };
    let times = Timestamps { last_access: then, last_modification: then };
    for path in decoys(room) {
        let _ = utimensat(CWD, &path, &times, AtFlags::SYMLINK_NOFOLLOW);
    }
}

/// Lays one place into the room.
fn lay(
    order: &Order,
    (place, tree): (&Place, &OwnedFd),
    tops: &mut BTreeSet<String>,
    given: &mut Option<OwnedFd>,
) -> io::Result<()> {
    let own = Path::new(ROOM);
    prepare_top(&place.path, tops)?;
    match place.kind {
        Kind::Layered => {
            fs::create_dir_all(&place.path)?;
            let lower = own.join("lower");
            put(tree.as_fd(), &lower)?;
            layer::overlay(order, &lower, own, given.take())
        }
        Kind::Folder => {
            fs::create_dir_all(&place.path)?;
            put(tree.as_fd(), &place.path)
        }
        Kind::File | Kind::Terminal => {
            if let Some(folder) = place.path.parent() {
                fs::create_dir_all(folder)?;
            }
            if fs::symlink_metadata(&place.path).is_err() {
                File::create(&place.path)?;
            }
            put(tree.as_fd(), &place.path)
        }
    }
}

/// Makes the first folder of a path one of the room's own, unless it belongs to the system.
fn prepare_top(path: &Path, tops: &mut BTreeSet<String>) -> io::Result<()> {
    let Some(top) = top_of(path).filter(|top| !SYSTEM.contains(&top.as_str()) && top != "tmp") else {
        return Ok(());
    };
    if tops.insert(top.clone()) {
        let folder = Path::new(ROOM).join("tops").join(&top);
        fs::create_dir(&folder)?;
        mount_bind(&folder, Path::new("/").join(&top))?;
    }
    Ok(())
}

/// Lays something empty over what a program must not see.
fn hide(own: &Path, path: &Path) -> io::Result<()> {
    let Ok(facts) = fs::symlink_metadata(path) else { return Ok(()) };
    if facts.is_dir() {
        return Ok(mount_bind(own.join("empty"), path)?);
    }
    let nothing = own.join("nothing");
    File::create(&nothing)?;
    Ok(mount_bind(&nothing, path)?)
}
