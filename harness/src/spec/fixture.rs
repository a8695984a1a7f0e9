//! Files that programs find in their folder: those of an exercise, under `fixtures/`
//! beside the specs, and those a scenario lays over them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{Body, Expectation, Payload, Template};

/// Files by their names; names of files in folders have slashes.
pub type Fixtures = BTreeMap<String, Arc<[u8]>>;

/// What a scenario puts in place of a file of the program's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// This text.
    Text(Template),
    /// So many bytes drawn from the seed.
    Random(usize),
    /// The file is not there, whoever has brought it.
    Absent,
}

impl Payload {
    /// The file whose bytes it is.
    pub fn file(&self) -> Option<&Template> {
        match self {
            Payload::File(name) => Some(name),
            Payload::Picture(picture) => Some(&picture.file),
            Payload::Text(_) | Payload::Bytes(_) | Payload::Integer { .. } => None,
        }
    }
}

impl Expectation {
    /// The file that it compares with.
    pub fn file(&self) -> Option<&Template> {
        match self {
            Expectation::Exactly { payload, .. } => payload.file(),
            Expectation::Jpeg(picture) => Some(&picture.like.file),
            Expectation::Http(response) => match &response.body {
                Some(Body::File(name)) => Some(name),
                Some(Body::Exactly(payload)) => payload.file(),
                Some(Body::Contains(_)) | None => None,
            },
            _ => None,
        }
    }
}

/// Names of files below the program's folder: no way leads out of it.
pub(super) const FILE: &str = r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$";
/// The same in words.
pub(super) const FILE_WORDS: &str = "the name of a file below the program's folder";

/// What a fixture was made with stands beside it and is given to nobody.
const MAKER: &str = "make.";

/// Whether a name is one of a file below the program's folder.
pub(super) fn is_file_name(name: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
    };
    name.split('/').all(word)
}

/// The fixtures of an exercise: the files of `fixtures/<id>` beside the folder of specs.
/// None where there is no such folder. `build.rs` embeds the same files.
pub(super) fn read(exercise: &Path) -> std::io::Result<Fixtures> {
    let exercise = exercise.canonicalize().unwrap_or_else(|_| exercise.to_owned());
    let place = exercise.parent().and_then(Path::parent).zip(exercise.file_name());
    let folder = place.map(|(root, id)| root.join("fixtures").join(id)).filter(|folder| folder.is_dir());
    let mut fixtures = Fixtures::new();
    if let Some(folder) = folder {
        walk(&folder, "", &mut fixtures)?;
    }
    Ok(fixtures)
}

fn walk(folder: &Path, prefix: &str, fixtures: &mut Fixtures) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{name}/"), fixtures)?;
        } else if !name.starts_with(MAKER) {
            fixtures.insert(name, std::fs::read(entry.path())?.into());
        }
    }
    Ok(())
}
