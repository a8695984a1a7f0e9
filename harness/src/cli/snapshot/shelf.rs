//! The folder where the snapshots of an exercise stand.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::changes::Changes;
use crate::cli::error::CliError;
use crate::transcript::SnapshotFile;

/// The ending of a snapshot that waits for a review.
const PENDING: &str = "snap.new";

/// The snapshots of one exercise.
pub(super) struct Shelf {
    folder: PathBuf,
}

/// A snapshot beside what was recorded now.
pub(super) struct Standing {
    /// The file.
    pub(super) path: PathBuf,
    /// What stands in it; none where there is no such file.
    pub(super) before: Option<String>,
    /// What should stand in it.
    pub(super) now: String,
}

impl Standing {
    /// Whether the file says what was recorded.
    pub(super) fn agrees(&self) -> bool {
        self.before.as_ref() == Some(&self.now)
    }
}

impl Shelf {
    /// The shelf of the exercise of a folder.
    pub(super) fn open(exercise: &Path) -> Result<Self, CliError> {
        Ok(Self { folder: exercise.join("snapshots") })
    }

    /// A check's snapshot beside what was recorded now.
    pub(super) fn compare(&self, check: &str, now: &str) -> Result<Standing, CliError> {
        let path = self.folder.join(SnapshotFile::name(check));
        let before = match fs::read(&path) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(CliError::Snapshot { path, source }),
        };
        Ok(Standing { path, before, now: now.to_owned() })
    }

    /// Snapshots of checks that are no longer there.
    pub(super) fn orphans(&self, checks: &[&str]) -> Result<Vec<PathBuf>, CliError> {
        let wanted: Vec<String> = checks.iter().map(|check| SnapshotFile::name(check)).collect();
        let stray = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".snap") && !wanted.iter().any(|wanted| *wanted == name)
        };
        Ok(self.files()?.into_iter().filter(stray).collect())
    }

    /// Writes what was recorded, and takes away what nothing stands for any more.
    pub(super) fn accept(&self, changes: &Changes) -> Result<(), CliError> {
        for standing in changes.standings() {
            if !standing.agrees() {
                self.write(&standing.path, &standing.now)?;
            }
        }
        for orphan in changes.strays() {
            self.done(orphan, fs::remove_file(orphan))?;
        }
        self.forget_pending()
    }

    /// Puts what was recorded beside each snapshot that says something else, where
    /// `cargo insta review` finds it.
    pub(super) fn propose(&self, changes: &Changes) -> Result<(), CliError> {
        self.forget_pending()?;
        for standing in changes.standings().filter(|standing| !standing.agrees()) {
            self.write(&standing.path.with_extension(PENDING), &standing.now)?;
        }
        Ok(())
    }

    /// Proposals of an earlier call say nothing about this one.
    fn forget_pending(&self) -> Result<(), CliError> {
        let pending = |path: &PathBuf| path.to_string_lossy().ends_with(&format!(".{PENDING}"));
        for path in self.files()?.into_iter().filter(pending) {
            self.done(&path, fs::remove_file(&path))?;
        }
        Ok(())
    }

    fn files(&self) -> Result<Vec<PathBuf>, CliError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(CliError::Snapshot { path: self.folder.clone(), source }),
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        Ok(paths)
    }

    fn write(&self, path: &Path, text: &str) -> Result<(), CliError> {
        self.done(&self.folder, fs::create_dir_all(&self.folder))?;
        self.done(path, fs::write(path, text))
    }

    fn done(&self, path: &Path, result: io::Result<()>) -> Result<(), CliError> {
        result.map_err(|source| CliError::Snapshot { path: path.to_owned(), source })
    }
}
