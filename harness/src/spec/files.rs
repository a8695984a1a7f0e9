//! The text of a spec before it is read as anything: from a folder, or from the
//! specs that are built into the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Fault, Fixtures, Problem, fixture, provenance};

/// The TOML files of one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecFiles {
    /// The folder; its name is the exercise's id.
    pub folder: PathBuf,
    /// Text of every file by its name (`server.toml`).
    pub texts: BTreeMap<String, String>,
    /// The exercise's fixtures.
    pub fixtures: Fixtures,
}

impl SpecFiles {
    /// Reads the TOML files of a folder.
    pub fn read(folder: &Path) -> Result<Self, Fault> {
        let unreadable = |path: &Path, error: &std::io::Error| Fault {
            file: path.display().to_string(),
            span: None,
            problem: Box::new(Problem::Unreadable { path: path.to_owned(), cause: words(error) }),
        };
        let mut texts = BTreeMap::new();
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, &error))?.path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                texts.insert(name, text);
            }
        }
        let fixtures = fixture::read(folder).map_err(|error| unreadable(folder, &error))?;
        Ok(Self { folder: folder.to_owned(), texts, fixtures })
    }

    /// Name of the exercise.
    pub fn id(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// A file as errors name it.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// Digest of specs and fixtures: provenance of reports.
    pub(super) fn hash(&self) -> String {
        provenance::files(&self.texts, &self.fixtures)
    }
}

/// The system's words in small letters and without the error number.
fn words(error: &std::io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
