//! The program's folder without namespaces: a private copy, with the exercise's files
//! where it has none of its own and the scenario's laid over it.

use std::fs;
use std::io;
use std::os::unix::fs::lchown;
use std::path::{Path, PathBuf};

use super::error::{EngineError, Trying};
use super::program::Launch;
use crate::spec::Fixtures;
use crate::units::Text;

/// Folders of more bytes are not copied for every check.
const LARGEST: u64 = 64 << 20;

/// Copies the folder of a launch and makes the launch work in the copy, which is gone
/// with the value returned.
pub(crate) fn copied(launch: &Launch) -> Result<(Launch, tempfile::TempDir), EngineError> {
    let copy = tempfile::Builder::new().prefix("grader-copy-").tempdir().trying("make a private folder")?;
    let mut left = LARGEST;
    match copy_tree(&launch.folder, copy.path(), &mut left) {
        Err(trouble) if trouble.kind() == io::ErrorKind::FileTooLarge => {
            return Err(EngineError::CannotRun(too_large()));
        }
        copied => copied.trying("copy the program's folder")?,
    }
    for (name, bytes) in &launch.fixtures {
        let path = copy.path().join(name);
        if fs::symlink_metadata(&path).is_err() {
            put(&path, bytes).trying("lay a file into the program's folder")?;
        }
    }
    for (name, content) in &launch.files {
        let path = copy.path().join(name);
        let _ = fs::remove_file(&path);
        if let Some(bytes) = content {
            put(&path, bytes).trying("lay a file over the program's folder")?;
        }
    }
    let moved = |word: &String| match Path::new(word).strip_prefix(&launch.folder) {
        Ok(inner) => copy.path().join(inner).to_string_lossy().into_owned(),
        Err(_) => word.clone(),
    };
    let command = launch.command.iter().map(moved).collect();
    let folder = copy.path().to_owned();
    let (fixtures, files) = (Fixtures::new(), Vec::new());
    Ok((Launch { command, folder, fixtures, files, ..launch.clone() }, copy))
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

/// Copies a whole folder of at most so many bytes as are copied for a check.
pub(crate) fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    copy_tree(from, to, &mut LARGEST.clone())
}

/// Makes a folder, and everything in it, the user's.
pub(crate) fn give(folder: &Path, user: u32) -> io::Result<()> {
    lchown(folder, Some(user), Some(user))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            give(&entry.path(), user)?;
        } else {
            lchown(entry.path(), Some(user), Some(user))?;
        }
    }
    Ok(())
}

/// Copies files, folders and links; pipes, sockets and devices are left behind.
fn copy_tree(from: &Path, to: &Path, left: &mut u64) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target): (_, PathBuf) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            fs::create_dir(&target)?;
            copy_tree(&entry.path(), &target, left)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, &target)?;
        } else if kind.is_file() {
            let length = entry.metadata()?.len();
            *left = left.checked_sub(length).ok_or(io::ErrorKind::FileTooLarge)?;
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

fn too_large() -> Text {
    let megabytes = LARGEST >> 20;
    Text::new(
        format!(
            "this check needs files of its own, the machine refuses namespaces, and the program's folder is larger than {megabytes} MiB"
        ),
        format!(
            "이 검사에는 별도의 파일이 필요한데, 이 환경은 네임스페이스를 허용하지 않고 프로그램 폴더가 {megabytes} MiB보다 큽니다"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Console;

    fn launch(folder: &Path) -> Launch {
        let fixtures = [("page.html", "given"), ("icon", "given")];
        let fixtures = fixtures.map(|(name, text)| (name.to_owned(), text.as_bytes().into()));
        Launch {
            command: vec!["/bin/sh".to_owned(), folder.join("run.sh").to_string_lossy().into_owned()],
            environment: Vec::new(),
            folder: folder.to_owned(),
            console: Console::Terminal,
            private_folder: true,
            fixtures: fixtures.into(),
            files: vec![("in/new.txt".to_owned(), Some(b"laid over"[..].into())), ("old".to_owned(), None)],
            names: Vec::new(),
            transport: crate::spec::Transport::Tcp,
            in_company: false,
            places: Vec::new(),
            own: Vec::new(),
            hidden: [].into(),
            limits: Default::default(),
        }
    }

    #[test]
    fn lays_files_below_and_above_those_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["run.sh", "page.html", "old"] {
            fs::write(folder.path().join(name), "own").unwrap();
        }
        let (moved, copy) = copied(&launch(folder.path())).unwrap();
        let read = |name: &str| fs::read_to_string(copy.path().join(name)).ok();
        assert_eq!(read("page.html").as_deref(), Some("own"));
        assert_eq!(read("icon").as_deref(), Some("given"));
        assert_eq!(read("in/new.txt").as_deref(), Some("laid over"));
        assert_eq!(read("old"), None);
        assert_eq!(moved.command[0], "/bin/sh");
        assert_eq!(Path::new(&moved.command[1]), copy.path().join("run.sh"));
        assert!(folder.path().join("old").exists(), "the original is left as it is");
    }

    #[test]
    fn does_not_copy_what_is_too_large() {
        let folder = tempfile::tempdir().unwrap();
        fs::File::create(folder.path().join("film")).unwrap().set_len(LARGEST + 1).unwrap();
        let refused = copied(&launch(folder.path()));
        assert!(matches!(refused, Err(EngineError::CannotRun(why)) if why.en.contains("64 MiB")));
    }
}
