//! Where specs are found: a folder that is told, `specs/` here or above, or those
//! that are built into the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::error::CliError;
use crate::spec::{Exercise, Fixtures, SpecErrors, SpecFiles, load, load_all, load_files, nearest};

/// The specs without their snapshots, as `build.rs` puts them there.
static EMBEDDED: Dir<'_> = include_dir!("$OUT_DIR/specs");
/// The fixtures without the sample submissions: `build.rs` puts them there.
static FIXTURES: Dir<'_> = include_dir!("$OUT_DIR/fixtures");

/// Where the specs of this run are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Catalog {
    /// In this folder.
    Folder(PathBuf),
    /// In the program.
    Embedded,
}

impl Catalog {
    /// The folder that is told, else the nearest `specs/` with an exercise in it, else
    /// the program itself.
    pub(crate) fn find(told: Option<&Path>, here: &Path) -> Self {
        let told = told.map(Path::to_owned);
        let above =
            || here.ancestors().map(|folder| folder.join("specs")).find(|folder| holds_exercises(folder));
        told.or_else(above).map_or(Catalog::Embedded, Catalog::Folder)
    }

    /// Every exercise, in the order of the course.
    pub(crate) fn exercises(&self) -> Result<Vec<Exercise>, SpecErrors> {
        match self {
            Catalog::Folder(folder) => load_all(folder),
            Catalog::Embedded => load_files(&embedded()),
        }
    }

    /// One exercise by its name. The others may be wrong.
    pub(crate) fn exercise(&self, name: &str) -> Result<Exercise, CliError> {
        let known = self.names();
        if !known.iter().any(|known| known == name) {
            let suggestion = nearest(name, &known).cloned();
            return Err(CliError::NoSuchExercise { name: name.to_owned(), suggestion });
        }
        match self {
            Catalog::Folder(folder) => Ok(load(&folder.join(name))?),
            Catalog::Embedded => {
                let files: Vec<_> = embedded().into_iter().filter(|files| files.id() == name).collect();
                let missing = || CliError::NoSuchExercise { name: name.to_owned(), suggestion: None };
                load_files(&files)?.pop().ok_or_else(missing)
            }
        }
    }

    /// What no program that is graded may see: the specs, the samples beside them, the grader.
    pub(crate) fn hidden(&self, grader: &Path) -> Arc<[PathBuf]> {
        let mut hidden = vec![grader.to_owned()];
        if let Catalog::Folder(folder) = self
            && let Ok(folder) = folder.canonicalize()
        {
            hidden.extend(folder.parent().map(|above| above.join("fixtures")));
            hidden.push(folder);
        }
        hidden.into()
    }

    fn names(&self) -> Vec<String> {
        match self {
            Catalog::Folder(folder) => {
                let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
                let folders = entries.filter(|entry| is_exercise(&entry.path()));
                folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
            }
            Catalog::Embedded => embedded().iter().map(SpecFiles::id).collect(),
        }
    }
}

/// Whether a folder is an exercise.
pub(crate) fn is_exercise(folder: &Path) -> bool {
    folder.join("exercise.toml").is_file()
}

/// Whether a folder holds folders of exercises.
pub(crate) fn holds_exercises(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(|entry| is_exercise(&entry.path())))
}

fn embedded() -> Vec<SpecFiles> {
    let folders =
        EMBEDDED.dirs().filter(|folder| folder.get_file(folder.path().join("exercise.toml")).is_some());
    let texts = |folder: &Dir<'_>| {
        let files =
            folder.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "toml"));
        let text = |file: &include_dir::File<'_>| {
            let name = file.path().file_name()?.to_string_lossy().into_owned();
            Some((name, file.contents_utf8()?.to_owned()))
        };
        files.filter_map(text).collect()
    };
    let files = |folder: &Dir<'_>| SpecFiles {
        folder: Path::new("specs").join(folder.path()),
        texts: texts(folder),
        fixtures: FIXTURES.get_dir(folder.path()).map(|own| fixtures(own, own)).unwrap_or_default(),
    };
    folders.map(files).collect()
}

/// The files of a folder and of those in it, by their names from the root on.
fn fixtures(root: &Dir<'_>, folder: &Dir<'_>) -> Fixtures {
    let inner = folder.dirs().flat_map(|inner| fixtures(root, inner));
    let own = folder.files().filter_map(|file| {
        let name = file.path().strip_prefix(root.path()).ok()?.to_string_lossy().into_owned();
        Some((name, file.contents().into()))
    });
    inner.chain(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_specs_of_a_folder_above() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let found = Catalog::find(None, &repository.join("harness/src"));
        assert_eq!(found, Catalog::Folder(repository.join("specs")));
        assert_eq!(Catalog::find(None, Path::new("/proc/self")), Catalog::Embedded);
        assert_eq!(Catalog::find(Some(Path::new("x")), repository), Catalog::Folder("x".into()));
    }

    #[test]
    fn has_the_same_specs_inside_as_in_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
        let hashes = |catalog: Catalog| -> Vec<String> {
            catalog.exercises().unwrap().into_iter().map(|exercise| exercise.id + &exercise.hash).collect()
        };
        assert_eq!(hashes(Catalog::Embedded), hashes(Catalog::Folder(folder)));
    }

    #[test]
    fn suggests_the_nearest_exercise() {
        let error = Catalog::Embedded.exercise("ecoh").unwrap_err();
        assert!(error.to_string().contains("did you mean `echo`?"));
        assert_eq!(error.status(), 2);
    }
}
