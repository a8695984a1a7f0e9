//! What stands beside a spec: the snapshots of its model, and the headers of the wrong sample
//! programs, which name the checks that they lose.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::plan::Evidence;
use crate::spec::Exercise;
use crate::transcript::SnapshotFile;

/// So far into a program its header may reach.
const HEADER: usize = 4096;

/// What stands beside the spec of an exercise.
pub(super) fn beside(exercise: &Exercise) -> Result<Evidence, CliError> {
    let mut snapshots = BTreeMap::new();
    for scenario in &exercise.scenarios {
        let path = exercise.folder.join("snapshots").join(SnapshotFile::name(&scenario.id));
        match fs::read_to_string(&path) {
            Ok(text) => drop(snapshots.insert(scenario.id.clone(), text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(CliError::Snapshot { path, source }),
        }
    }
    Ok(Evidence { snapshots, caught: samples(exercise).map(|folder| caught(&folder)) })
}

/// The folder of the sample programs: `fixtures/submissions/hw3` beside `specs/hw3`.
fn samples(exercise: &Exercise) -> Option<PathBuf> {
    let specs = exercise.folder.parent().filter(|specs| !specs.as_os_str().is_empty());
    let root = specs.map_or(Path::new(".."), |specs| specs.parent().unwrap_or(Path::new("")));
    Some(root.join("fixtures/submissions").join(&exercise.id)).filter(|folder| folder.is_dir())
}

/// The checks that the headers below a folder name as lost.
fn caught(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.components().any(|part| part.as_os_str() == "wrong") {
                found.extend(header(&path));
            }
        }
    }
    found
}

/// The checks that one header names.
fn header(path: &Path) -> Vec<String> {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text[..text.len().min(HEADER)]).into_owned();
    let lists = text.lines().filter_map(|line| {
        let line = line.trim_start_matches(['#', '/', '*', ' ']);
        line.strip_prefix("caught-by:").or_else(|| line.strip_prefix("also:"))
    });
    lists.flat_map(|list| list.split(',').map(|id| id.trim().to_owned())).collect()
}
