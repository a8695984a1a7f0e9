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
    keep_programs(&mut found);
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
        } else if kind.is_file() {
            found.push(path);
        }
    }
}

/// Keeps executables, sources and scripts that speak of sockets, and those that name a file which
/// does: a program may leave its sockets to a module of its own.
fn keep_programs(found: &mut Vec<PathBuf>) {
    let mut texts: Vec<(PathBuf, String)> = Vec::new();
    let mut kept: Vec<PathBuf> = Vec::new();
    for path in std::mem::take(found) {
        let Ok(bytes) = fs::read(&path) else { continue };
        if is_text_program(&path) {
            texts.push((path, String::from_utf8_lossy(&bytes).to_lowercase()));
        } else if is_executable(&path, &bytes) {
            kept.push(path);
        }
    }
    let (mut speaking, mut rest): (Vec<_>, Vec<_>) =
        texts.into_iter().partition(|(_, text)| SOCKET_WORDS.iter().any(|word| text.contains(word)));
    loop {
        let modules: Vec<String> = speaking.iter().filter_map(|(path, _)| stem(path)).collect();
        let uses = |text: &str| modules.iter().any(|module| names(text, module));
        let (more, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(_, text)| uses(text));
        rest = others;
        if more.is_empty() {
            break;
        }
        speaking.extend(more);
    }
    kept.extend(speaking.into_iter().map(|(path, _)| path));
    *found = kept;
}

/// What a program with sockets says somewhere.
const SOCKET_WORDS: [&str; 8] =
    ["socket", "'net'", "\"net\"", "node:net", "tcplistener", "tcpstream", "asyncio", "udpsocket"];

fn stem(path: &Path) -> Option<String> {
    path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase())
}

/// A text has a name in it as a whole word.
fn names(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(start, found)| {
        !text[..start].ends_with(is_word) && !text[start + found.len()..].starts_with(is_word)
    })
}

fn is_text_program(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    matches!(ending.as_str(), "py" | "pyw" | "js" | "mjs" | "cjs" | "rb" | "pl") || build::is_source(&ending)
}

fn is_executable(path: &Path, bytes: &[u8]) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let executable = fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o111 != 0);
    executable && (bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"#!"))
}
