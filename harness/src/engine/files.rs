//! Files of the program's folder, read as the program sees them and trusting nothing in
//! it: links that lead out of the folder, pipes and devices are not followed.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags, fstat, openat, openat2};
use rustix::io::Errno;

use super::scene::Scene;
use super::wait::Look;
use crate::matching::fill;
use crate::spec::Template;
use crate::transcript::Ended;
use crate::units::Text;

/// Larger files are not read: no exercise needs one.
const LARGEST: u64 = 16 << 20;

impl Scene<'_> {
    /// Learns the content of a file that a step speaks of, for itself and for the judge;
    /// false, with the reason, where it cannot be read: the program has taken it away, or has put
    /// something else in its place.
    pub(crate) fn learn_file(&mut self, name: Option<&Template>) -> bool {
        let Some(name) = name.map(|name| fill(name, &self.transcript.bindings)) else { return true };
        if self.transcript.files.contains_key(&name) {
            return true;
        }
        let start = self.plan.scenario.patience;
        self.wait(start, &mut |scene, _| {
            if scene.player().program.started { Look::Done } else { Look::NotYet }
        });
        match self.read_file(&name) {
            Ok(bytes) => {
                self.transcript.files.insert(name, bytes.into());
                true
            }
            Err(trouble) => {
                let why = unreadable(&name, &trouble);
                self.transcript.unreadable.insert(name, why.clone());
                let step = self.step.unwrap_or_default();
                self.transcript.ended = Ended::Unreadable { step, why };
                false
            }
        }
    }

    /// Notes why what is at the place of a file cannot be read, where something is there.
    pub(crate) fn note_unreadable(&mut self, name: &str) {
        match self.read_file(name) {
            Err(trouble) if trouble.kind() != io::ErrorKind::NotFound => {
                self.transcript.unreadable.insert(name.to_owned(), unreadable(name, &trouble));
            }
            _ => drop(self.transcript.unreadable.remove(name)),
        }
    }

    /// A file of the program's folder as it is now. Before the program is started its
    /// folder is not what it will be.
    pub(crate) fn read_file(&self, name: &str) -> io::Result<Vec<u8>> {
        let program = &self.player().program;
        let init = program.init().filter(|_| program.started).ok_or(io::ErrorKind::NotFound)?;
        read(Path::new(&format!("/proc/{init}/root")), &program.folder, name)
    }
}

/// Reads a regular file below `folder`, itself below `root`.
fn read(root: &Path, folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = openat(CWD, root, flags, Mode::empty())?;
    let inner = folder.strip_prefix("/").unwrap_or(folder);
    let inner = if inner.as_os_str().is_empty() { Path::new(".") } else { inner };
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    let folder = openat2(&root, inner, flags, Mode::empty(), resolve)?;
    read_regular(&folder, name)
}

/// A pipe must not be waited for (`NONBLOCK`), nor a terminal be taken over (`NOCTTY`).
fn read_regular(folder: &OwnedFd, name: &str) -> io::Result<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    let file = match openat2(folder, name, flags, Mode::empty(), resolve) {
        Ok(file) => file,
        Err(Errno::XDEV | Errno::LOOP) => {
            return Err(io::Error::other("a link that leads out of the folder"));
        }
        // A socket, or a device that nobody is behind.
        Err(Errno::NXIO | Errno::NODEV) => return Err(io::Error::other("not a regular file")),
        Err(trouble) => return Err(trouble.into()),
    };
    let facts = fstat(&file)?;
    let wrong = match FileType::from_raw_mode(facts.st_mode) {
        FileType::RegularFile => None,
        FileType::Fifo => Some("a pipe (FIFO), not a regular file"),
        FileType::Directory => Some("a folder, not a regular file"),
        _ => Some("a device, not a regular file"),
    };
    if let Some(wrong) = wrong {
        return Err(io::Error::other(wrong));
    }
    if facts.st_size.cast_unsigned() > LARGEST {
        return Err(io::Error::other(format!("larger than {} MiB", LARGEST >> 20)));
    }
    let mut bytes = Vec::new();
    File::from(file).take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, trouble: &io::Error) -> Text {
    Text::new(
        format!("cannot read `{name}` in the program's folder: {trouble}"),
        format!("프로그램 폴더의 `{name}` 파일을 읽을 수 없음: {trouble}"),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn reads_regular_files_of_the_folder_only() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("home");
        fs::create_dir_all(folder.join("in")).unwrap();
        fs::write(root.path().join("secret"), "secret").unwrap();
        fs::write(folder.join("in/own.txt"), "own").unwrap();
        symlink("in/own.txt", folder.join("link")).unwrap();
        symlink("../secret", folder.join("out")).unwrap();
        symlink("/etc/hostname", folder.join("absolute")).unwrap();
        symlink("/proc/self/exe", folder.join("magic")).unwrap();
        rustix::fs::mknodat(CWD, folder.join("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        fs::File::create(folder.join("large")).unwrap().set_len(LARGEST + 1).unwrap();
        let read = |name: &str| read(Path::new("/"), &folder, name);
        assert_eq!(read("in/own.txt").unwrap(), b"own");
        assert_eq!(read("link").unwrap(), b"own");
        for name in ["out", "absolute", "magic", "pipe", "large", "in", "../secret", "nothing"] {
            assert!(read(name).is_err(), "{name}");
        }
    }
}
