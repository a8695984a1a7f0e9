//! Which file a name stands for: one of the folder, or none.

use std::path::{Component, Path, PathBuf};

/// The file of that name in the folder. `None` if there is no such file, and also if the name leads
/// out of the folder: `../secret.txt` and `/etc/passwd` are no names of files in it.
pub fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let stays_inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    // A file name of the system never has a zero byte. `is_file` says no to it, and to the empty
    // name as well, which would be the folder itself.
    let path = folder.join(name);
    (stays_inside && path.is_file()).then_some(path)
}

/// Where a file of that name is saved: in the folder itself, whatever folders the name goes through.
/// `None` if the name does not end in the name of a file.
pub fn place(folder: &Path, name: &str) -> Option<PathBuf> {
    Path::new(name).file_name().map(|name| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folder of this crate, which has a `Cargo.toml` and a folder `src`.
    fn here() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn finds_files_of_the_folder_and_below_it() {
        assert_eq!(find(here(), "Cargo.toml"), Some(here().join("Cargo.toml")));
        assert!(find(here(), "src/lib.rs").is_some());
    }

    #[test]
    fn does_not_find_what_is_no_file_or_lies_outside() {
        let absolute = here().join("Cargo.toml");
        let absolute = absolute.to_str().unwrap();
        for name in ["", ".", "src", "nothing", "a\0b", "../Cargo.toml", "src/../Cargo.toml", absolute] {
            assert_eq!(find(here(), name), None, "{name:?}");
        }
    }

    #[test]
    fn saves_in_the_folder_itself() {
        assert_eq!(place(here(), "a/b.txt"), Some(here().join("b.txt")));
        assert_eq!(place(here(), ".."), None);
    }
}
