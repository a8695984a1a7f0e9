//! Folders: the programs in a submission.

use std::fs;
use std::path::{Path, PathBuf};

use super::build;

/// Folders that hold other people's programs.
const FOREIGN: [&str; 8] =
    ["node_modules", "venv", ".venv", "env", "__pycache__", "target", "build", "site-packages"];
/// How deep a submission is searched.
const DEPTH: usize = 4;
/// How many programs of one submission are tried at most.
const MOST: usize = 24;

/// The files of a folder that may be programs with sockets, the likeliest first: those
/// whose path names a role or the exercise, then the shallow ones, then by name.
pub fn candidates(folder: &Path, hints: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(folder, DEPTH, &mut found);
    let likely = |path: &PathBuf| {
        let inner = path.strip_prefix(folder).unwrap_or(path);
        let name = inner.to_string_lossy().to_lowercase();
        let hits = hints.iter().filter(|hint| name.contains(&hint.to_lowercase())).count();
        (std::cmp::Reverse(hits), inner.components().count(), name)
    };
    found.sort_by_cached_key(likely);
    found.truncate(MOST);
    found
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') || FOREIGN.contains(&name.as_str()) {
            continue;
        }
        if kind.is_dir() && depth > 0 {
            walk(&path, depth - 1, found);
        } else if kind.is_file() && may_be_program(&path) {
            found.push(path);
        }
    }
}

/// Sources and scripts that speak of sockets, and executables.
fn may_be_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let known = matches!(ending.as_str(), "py" | "pyw" | "js" | "mjs" | "cjs" | "rb" | "pl")
        || build::is_source(&ending);
    let Ok(bytes) = fs::read(path) else { return false };
    if known {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        return [
            "socket",
            "'net'",
            "\"net\"",
            "node:net",
            "tcplistener",
            "tcpstream",
            "asyncio",
            "udpsocket",
        ]
        .iter()
        .any(|word| text.contains(word));
    }
    let executable = fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o111 != 0);
    executable && (bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"#!"))
}
