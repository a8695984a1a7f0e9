//! A program without namespaces: what is its own among the machine's files, and whose.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::folder;
use super::launcher::{Bare, OUTSIDE};
use super::program::Launch;

/// Users that programs of several graders become: each grader's are its own.
const USERS: u32 = 100_000;

/// The walls of a program that has these folders for its own, and this terminal; the folders
/// become the user's.
pub(crate) fn walls(
    launch: &Launch,
    own: &[TempDir],
    (user, terminal): (Option<u32>, Option<PathBuf>),
) -> io::Result<Bare> {
    if let Some(user) = user {
        own.iter().try_for_each(|own| folder::give(own.path(), user))?;
    }
    let mut seen = launch.places.clone();
    seen.push(launch.folder.clone());
    seen.extend(launch.command.first().map(PathBuf::from));
    let own = own.iter().map(|folder| folder.path().to_owned());
    let own = own.chain(launch.own.iter().cloned()).chain(terminal).collect();
    Ok(Bare { seen, own, user, limits: launch.limits })
}

/// The user that a program becomes; none where that one could not reach it, or what it is to
/// write in.
pub(crate) fn user(launch: &Launch) -> Option<u32> {
    if !launch.own.is_empty() {
        return None;
    }
    let program = Path::new(launch.command.first()?);
    let open = |path: &Path| fs::metadata(path).is_ok_and(|facts| facts.permissions().mode() & 0o1 != 0);
    let mut named = std::iter::once(program).chain(launch.places.iter().map(PathBuf::as_path));
    let reached = |path: &Path| {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        // What was copied for the program becomes its user's.
        path.starts_with(&launch.folder) || real.ancestors().skip(1).all(open)
    };
    named.all(reached).then(|| OUTSIDE + std::process::id() % USERS)
}
