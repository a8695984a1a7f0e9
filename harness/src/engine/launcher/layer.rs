//! What a program finds in its surroundings: a private writable layer over its folder,
//! the exercise's files below what the folder has, the scenario's above it, and host
//! names that lead to the harness. In the program's own view of the files only.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::CWD;
use rustix::mount::{MountFlags, mount, mount_bind};

use super::order::{Level, Order};

/// Size of the private layer over the program's folder.
const LAYER_OPTIONS: &str = "size=256m,nr_inodes=65536,mode=0755";
/// Where host names are looked up.
const HOSTS: &str = "/etc/hosts";
/// What says in which order host names are looked up, where the C library asks it.
const SWITCH: &str = "/etc/nsswitch.conf";

/// Sets the surroundings up on an empty folder `scratch`. `given` holds the bytes of the
/// order's files, one after another.
pub(super) fn lay(order: &Order, scratch: &Path, given: Option<OwnedFd>) -> io::Result<()> {
    let options = std::ffi::CString::new(LAYER_OPTIONS)?;
    mount("tmpfs", scratch, "tmpfs", MountFlags::NOSUID | MountFlags::NODEV, options.as_c_str())?;
    if order.layered {
        for part in ["upper", "work", "below"] {
            rustix::fs::mkdirat(CWD, scratch.join(part), rustix::fs::Mode::from_raw_mode(0o755))?;
        }
        overlay(order, &order.folder, scratch, given)?;
    }
    if !order.names.is_empty() {
        lead_here(&order.names, scratch)?;
    }
    Ok(())
}

/// overlayfs over the program's folder: above all what the program writes and the scenario's
/// files, in the middle what is at `lower`, below it the exercise's files. The first and the
/// last are folders of `scratch`: `upper`, `work` and `below`.
pub(super) fn overlay(order: &Order, lower: &Path, scratch: &Path, given: Option<OwnedFd>) -> io::Result<()> {
    if let Some(given) = given {
        unpack(order, scratch, File::from(given))?;
    }
    // "." keeps commas and colons of the folder's own name out of the options.
    std::env::set_current_dir(lower)?;
    let place = scratch.display();
    let options = format!("lowerdir=.:{place}/below,upperdir={place}/upper,workdir={place}/work,userxattr");
    let options = std::ffi::CString::new(options)?;
    mount("overlay", &order.folder, "overlay", MountFlags::NOSUID | MountFlags::NODEV, options.as_c_str())?;
    for name in &order.absent {
        match fs::remove_file(order.folder.join(name)) {
            Err(trouble) if trouble.kind() != io::ErrorKind::NotFound => return Err(trouble),
            _ => {}
        }
    }
    Ok(())
}

fn unpack(order: &Order, scratch: &Path, mut given: File) -> io::Result<()> {
    for file in &order.files {
        let level = match file.level {
            Level::Above => "upper",
            Level::Below => "below",
        };
        let path = scratch.join(level).join(&file.name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let copied = io::copy(&mut given.by_ref().take(file.length), &mut File::create(path)?)?;
        if copied < file.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

/// Makes these names those of the loopback address.
pub(super) fn lead_here(names: &[String], scratch: &Path) -> io::Result<()> {
    let own = scratch.join("hosts");
    let named: String = names.iter().map(|name| format!("127.0.0.1\t{name}\n")).collect();
    fs::write(&own, format!("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n{named}"))?;
    mount_bind(&own, HOSTS)?;
    let Ok(switch) = fs::read_to_string(SWITCH) else { return Ok(()) };
    let others: String =
        switch.lines().filter(|line| !line.starts_with("hosts:")).map(|line| format!("{line}\n")).collect();
    let own = scratch.join("nsswitch.conf");
    fs::write(&own, format!("{others}hosts: files dns\n"))?;
    Ok(mount_bind(&own, SWITCH)?)
}
