//! What a tree of mounts allows: mount_setattr(2), and mappings of owners.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

/// What a tree of mounts does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Restriction {
    /// Nothing is written, no device is one, no program gets its owner's rights.
    ReadOnly,
    /// As it is, but no program gets its owner's rights: a device.
    Device,
    /// What is written here runs with nobody else's rights and is no device.
    Plain,
}

impl Restriction {
    fn attributes(self) -> u64 {
        match self {
            Self::ReadOnly => libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV,
            Self::Device => libc::MOUNT_ATTR_NOSUID,
            Self::Plain => libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV,
        }
    }
}

/// Restricts a detached tree of mounts, with all below it.
pub(crate) fn restrict(tree: BorrowedFd<'_>, restriction: Restriction) -> io::Result<()> {
    set((tree.as_raw_fd(), c""), WHOLE_TREE, restriction.attributes(), 0)
}

/// Restricts the mount at a path, and no other below it.
pub(crate) fn restrict_mount(path: &CStr, restriction: Restriction) -> io::Result<()> {
    set((libc::AT_FDCWD, path), 0, restriction.attributes(), 0)
}

/// Makes the files of a detached tree those of other owners, as a user namespace maps them
/// (`MOUNT_ATTR_IDMAP`; not every file system can).
pub(crate) fn map_owners(tree: BorrowedFd<'_>, namespace: BorrowedFd<'_>) -> io::Result<()> {
    set((tree.as_raw_fd(), c""), WHOLE_TREE, libc::MOUNT_ATTR_IDMAP, namespace.as_raw_fd() as u64)
}

/// Flags for a detached tree with all below it.
const WHOLE_TREE: i32 = libc::AT_RECURSIVE | libc::AT_EMPTY_PATH;

fn set((fd, path): (i32, &CStr), flags: i32, attributes: u64, userns: u64) -> io::Result<()> {
    let arguments = libc::mount_attr { attr_set: attributes, attr_clr: 0, propagation: 0, userns_fd: userns };
    // SAFETY: path and arguments outlive the call; the kernel reads as much as it is told.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            fd,
            path.as_ptr(),
            flags,
            std::ptr::from_ref(&arguments),
            size_of::<libc::mount_attr>(),
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
