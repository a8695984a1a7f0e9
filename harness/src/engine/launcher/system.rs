//! The system that every program sees: this machine's programs and libraries, read-only, and
//! nothing of its users. Built once, in a view of the mounts that the launcher moves into; each
//! program's room is a copy of that view.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{CWD, Mode, mkdirat};
use rustix::mount::{
    MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags, mount, mount_change,
    move_mount, open_tree, unmount,
};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::identity;
use super::order::{Kind, Place, Room};
use crate::engine::folder;
use crate::engine::sys::{self, Restriction};

/// Where the new root is put together, before it is the root.
const SITE: &str = "/tmp";
/// In the root, where a room builds what is its own.
pub(super) const ROOM: &str = "/.room";
/// Folders of the machine that programs see, where they are folders and no links.
pub(super) const FOLDERS: [&str; 7] = ["usr", "bin", "sbin", "lib", "lib64", "lib32", "libx32"];
/// Devices that programs see.
const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];
/// Settings of the machine that programs need; none holds a secret. Ends with `*`: any ending.
const SETTINGS: [&str; 24] = [
    "alternatives",
    "bash.bashrc",
    "ca-certificates",
    "debian_version",
    "fonts",
    "host.conf",
    "inputrc",
    "java*",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "locale.alias",
    "lsb-release",
    "magic",
    "mime.types",
    "os-release",
    "profile",
    "protocols",
    "python*",
    "services",
    "ssl",
    "terminfo",
    "timezone",
];
/// Settings of our own.
const OWN_SETTINGS: [(&str, &str); 8] = [
    ("hostname", "localhost\n"),
    // `localhost` is 127.0.0.1 before it is ::1, as everywhere in the course (gai.conf(5)).
    ("gai.conf", "precedence ::ffff:0:0/96 100\n"),
    ("hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n"),
    ("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"),
    // Nobody answers there, which is told at once.
    ("resolv.conf", "nameserver 127.0.0.1\n"),
    (
        "passwd",
        "root:x:0:0::/:/usr/sbin/nologin\nstudent:x:1000:1000::/tmp:/bin/sh\nnobody:x:65534:65534::/:/usr/sbin/nologin\n",
    ),
    ("group", "root:x:0:\nstudent:x:1000:\nnogroup:x:65534:\n"),
    ("shadow", ""),
];

/// The system, and the machine behind it.
#[derive(Debug)]
pub(super) struct System {
    /// The mounts as the machine has them.
    machine: OwnedFd,
    /// The mounts as programs see them.
    own: OwnedFd,
    /// The root of the latter, to be written in by the launcher only.
    root: OwnedFd,
    /// Folders made in the root for the sake of programs' own.
    tops: BTreeSet<String>,
    /// User namespaces that make files a program's own, by whose they are.
    owners: Vec<((u32, u32), Option<OwnedFd>)>,
    /// Where copies of programs' folders are made, on the machine; gone with the grader.
    scratch: PathBuf,
    /// Programs' folders that had to be copied, and the copies.
    copies: Vec<(PathBuf, PathBuf)>,
    /// Programs become another user of the machine.
    pub(super) becomes_other: bool,
}

impl System {
    /// Builds the system and moves the calling process, which has one thread, into it. `scratch`
    /// is an empty folder of the machine.
    pub(super) fn build(scratch: &Path) -> io::Result<Self> {
        sys::unshare_mounts()?;
        mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
        let machine = own_view()?;
        sys::unshare_mounts()?;
        let trees = trees()?;
        mount("tmpfs", SITE, "tmpfs", MountFlags::NOSUID | MountFlags::NODEV, c"size=4m,mode=0755")?;
        let site = Path::new(SITE);
        furnish(site)?;
        for (name, tree) in trees {
            put(tree.as_fd(), &site.join(name))?;
        }
        let root = clone_tree(site)?;
        sys::restrict(root.as_fd(), Restriction::Plain)?;
        std::env::set_current_dir(site)?;
        rustix::process::pivot_root(".", ".")?;
        unmount(".", UnmountFlags::DETACH)?;
        std::env::set_current_dir("/")?;
        sys::restrict_mount(c"/", Restriction::ReadOnly)?;
        let becomes_other = identity::becomes_other();
        if becomes_other {
            sys::leave_groups();
        }
        Ok(Self {
            machine,
            own: own_view()?,
            root,
            tops: BTreeSet::new(),
            owners: Vec::new(),
            scratch: scratch.to_owned(),
            copies: Vec::new(),
            becomes_other,
        })
    }

    /// Opens what a room is to hold of the machine, restricted as it says.
    pub(super) fn open(&mut self, room: &Room) -> io::Result<Vec<OwnedFd>> {
        let (places, home) = (&room.places, &room.home);
        for top in places.iter().map(|place| &place.path).chain(home).filter_map(|path| top_of(path)) {
            self.make_top(&top)?;
        }
        enter(&self.machine)?;
        let trees: io::Result<Vec<OwnedFd>> = places.iter().map(|place| self.open_one(place)).collect();
        enter(&self.own)?;
        trees
    }

    /// Moves the calling process back among the machine's files.
    pub(super) fn leave(self) {
        let _ = enter(&self.machine);
    }

    fn open_one(&mut self, place: &Place) -> io::Result<OwnedFd> {
        let tree = clone_tree(&place.source).map_err(|trouble| {
            io::Error::new(trouble.kind(), format!("{}: {trouble}", place.path.display()))
        })?;
        if place.kind == Kind::Terminal {
            sys::restrict(tree.as_fd(), Restriction::Device)?;
            return Ok(tree);
        }
        sys::restrict(tree.as_fd(), Restriction::ReadOnly)?;
        if self.becomes_other {
            let facts = fs::metadata(&place.source)?;
            let mapped = match self.owner(facts.uid(), facts.gid()) {
                Some(owner) => sys::map_owners(tree.as_fd(), owner),
                None => Err(io::ErrorKind::Unsupported.into()),
            };
            if mapped.is_err() && place.kind == Kind::Layered {
                return self.copied(&place.source);
            }
        }
        Ok(tree)
    }

    /// A copy of the program's folder that is its user's, for file systems whose files cannot be
    /// made somebody else's; it lasts as long as the grader.
    fn copied(&mut self, source: &Path) -> io::Result<OwnedFd> {
        let known = self.copies.iter().find(|(from, _)| from == source).map(|(_, copy)| copy.clone());
        let copy = match known {
            Some(copy) => copy,
            None => {
                let copy = self.scratch.join(format!("copy-{}", self.copies.len()));
                fs::create_dir(&copy)?;
                folder::copy_all(source, &copy)?;
                folder::give(&copy, identity::OUTSIDE)?;
                self.copies.push((source.to_owned(), copy.clone()));
                copy
            }
        };
        let tree = clone_tree(&copy)?;
        sys::restrict(tree.as_fd(), Restriction::ReadOnly)?;
        Ok(tree)
    }

    fn owner(&mut self, user: u32, group: u32) -> Option<BorrowedFd<'_>> {
        let known = self.owners.iter().position(|(owner, _)| *owner == (user, group));
        let index = known.unwrap_or_else(|| {
            // Needs the machine's /proc, which is in both views.
            self.owners.push(((user, group), identity::owners(user, group).ok()));
            self.owners.len() - 1
        });
        self.owners[index].1.as_ref().map(AsFd::as_fd)
    }

    fn make_top(&mut self, name: &str) -> io::Result<()> {
        if self.tops.insert(name.to_owned()) {
            match mkdirat(&self.root, name, Mode::from_raw_mode(0o755)) {
                Ok(()) | Err(rustix::io::Errno::EXIST) => {}
                Err(trouble) => return Err(trouble.into()),
            }
        }
        Ok(())
    }
}

/// The first folder of a path.
pub(super) fn top_of(path: &Path) -> Option<String> {
    let top = path.components().find_map(|part| match part {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    top.map(|name| name.to_string_lossy().into_owned())
}

fn own_view() -> io::Result<OwnedFd> {
    Ok(File::open("/proc/self/ns/mnt")?.into())
}

fn enter(view: &OwnedFd) -> io::Result<()> {
    Ok(move_into_link_name_space(view.as_fd(), Some(LinkNameSpaceType::Mount))?)
}

/// A detached copy of what is mounted at a path and below.
pub(super) fn clone_tree(path: &Path) -> io::Result<OwnedFd> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC;
    Ok(open_tree(CWD, path, flags | OpenTreeFlags::AT_RECURSIVE)?)
}

/// Mounts a detached tree at a path.
pub(super) fn put(tree: BorrowedFd<'_>, path: &Path) -> io::Result<()> {
    Ok(move_mount(tree, "", CWD, path, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?)
}

/// What of the machine is in the root: by name there.
fn trees() -> io::Result<Vec<(PathBuf, OwnedFd)>> {
    let mut trees = Vec::new();
    let is_folder = |path: &Path| fs::symlink_metadata(path).is_ok_and(|facts| facts.is_dir());
    for name in FOLDERS.iter().filter(|name| is_folder(&Path::new("/").join(name))) {
        let tree = clone_tree(&Path::new("/").join(name))?;
        sys::restrict(tree.as_fd(), Restriction::ReadOnly)?;
        trees.push((PathBuf::from(name), tree));
    }
    for name in DEVICES {
        let name = Path::new("dev").join(name);
        let tree = clone_tree(&Path::new("/").join(&name))?;
        sys::restrict(tree.as_fd(), Restriction::Device)?;
        trees.push((name, tree));
    }
    for name in settings() {
        let path = Path::new("/etc").join(&name);
        if is_folder(&path) {
            let tree = clone_tree(&path)?;
            sys::restrict(tree.as_fd(), Restriction::ReadOnly)?;
            trees.push((Path::new("etc").join(name), tree));
        }
    }
    // A room mounts its own over it, which the kernel allows where a whole one is seen.
    trees.push((PathBuf::from("proc"), clone_tree(Path::new("/proc"))?));
    Ok(trees)
}

/// The names below /etc of settings that programs see.
pub(super) fn settings() -> Vec<String> {
    let names = fs::read_dir("/etc").into_iter().flatten().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let shown = |name: &String| {
        SETTINGS.iter().any(|shown| match shown.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == shown,
        })
    };
    names.filter(shown).collect()
}

/// Makes the folders, links and small files of the root.
fn furnish(site: &Path) -> io::Result<()> {
    for name in FOLDERS {
        let path = Path::new("/").join(name);
        match fs::symlink_metadata(&path) {
            Ok(facts) if facts.is_symlink() => symlink(fs::read_link(&path)?, site.join(name))?,
            Ok(_) => fs::create_dir(site.join(name))?,
            Err(_) => {}
        }
    }
    for name in ["dev", "dev/pts", "dev/shm", "etc", "proc", "tmp", "var", &ROOM[1..]] {
        fs::create_dir(site.join(name))?;
    }
    for name in DEVICES {
        File::create(site.join("dev").join(name))?;
    }
    for (name, target) in [("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")] {
        symlink(format!("/proc/self/fd{target}"), site.join("dev").join(name))?;
    }
    symlink("/tmp", site.join("var/tmp"))?;
    let etc = site.join("etc");
    for name in settings() {
        let path = Path::new("/etc").join(&name);
        match fs::symlink_metadata(&path) {
            Ok(facts) if facts.is_symlink() => symlink(fs::read_link(&path)?, etc.join(&name))?,
            Ok(facts) if facts.is_dir() => fs::create_dir(etc.join(&name))?,
            // One that is not for everybody to read is not for programs.
            Ok(_) => drop(fs::copy(&path, etc.join(&name))),
            Err(_) => {}
        }
    }
    for (name, text) in OWN_SETTINGS {
        fs::write(etc.join(name), text)?;
    }
    Ok(())
}
