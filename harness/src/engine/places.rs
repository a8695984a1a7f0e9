//! What of the machine a program must see beside the system and its own folder: the
//! installation of its interpreter, where that is a user's own (pyenv, nvm, sdkman, conda, a
//! virtual environment), and files that its command line names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Folders that every program sees.
const SYSTEM: [&str; 7] = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32"];
/// Never seen because something names them.
const WITHHELD: [&str; 5] = ["/etc", "/proc", "/sys", "/dev", "/boot"];
/// One of these beside `bin` makes an installation.
const SIGNS: [&str; 6] = ["lib", "lib64", "libexec", "jmods", "jre", "pyvenv.cfg"];
/// What of the environment names files that programs need.
const NAMING: [&str; 6] =
    ["JAVA_HOME", "VIRTUAL_ENV", "PYTHONPATH", "NODE_PATH", "LD_LIBRARY_PATH", "PYTHONHOME"];
/// Longest chain of links that is followed.
const LINKS: usize = 16;

/// The places of a command in this environment, whose program works in `folder`; outer ones
/// before inner ones.
pub fn places(command: &[String], environment: &[(String, String)], folder: &Path) -> Vec<PathBuf> {
    let of =
        |wanted: &str| environment.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
    let home = of("HOME").map(PathBuf::from);
    let mut found = Found { home: home.as_deref(), folder, places: BTreeSet::new() };
    if let Some(program) = command.first() {
        found.program(Path::new(program), LINKS);
        let is_python =
            Path::new(program).file_name().is_some_and(|name| name.to_string_lossy().contains("python"));
        if let Some(home) = home.as_deref().filter(|_| is_python) {
            // Packages that its user has installed.
            found.take(&home.join(".local/lib"));
        }
    }
    let named = NAMING.iter().filter_map(|name| of(name));
    for words in command.iter().skip(1).map(String::as_str).chain(named) {
        words
            .split([':', '='])
            .map(Path::new)
            .filter(|path| path.is_absolute())
            .for_each(|path| found.take(path));
    }
    found.places.into_iter().collect()
}

struct Found<'a> {
    home: Option<&'a Path>,
    folder: &'a Path,
    places: BTreeSet<PathBuf>,
}

impl Found<'_> {
    /// A program, every link that leads to it, and the interpreter that its first line names.
    fn program(&mut self, path: &Path, links: usize) {
        match installation(path).filter(|folder| self.may_show(folder)) {
            Some(folder) => self.take(&folder),
            None => self.take(path),
        }
        if links == 0 {
            return;
        }
        if let Ok(to) = fs::read_link(path) {
            let to = path.parent().map_or_else(|| to.clone(), |folder| folder.join(&to));
            self.program(&plain(&to), links - 1);
        } else if let Some(interpreter) = interpreter(path) {
            self.program(&interpreter, links - 1);
        }
    }

    /// Takes a place, unless it is seen anyway or must not be.
    fn take(&mut self, path: &Path) {
        let inside = |folder: &Path| path.starts_with(folder);
        let seen = SYSTEM.iter().any(|folder| inside(Path::new(folder)))
            || inside(self.folder)
            || self.places.iter().any(|place| inside(place));
        if !seen && self.may_show(path) && path.exists() {
            self.places.retain(|place| !place.starts_with(path));
            self.places.insert(path.to_owned());
        }
    }

    /// Neither a user's whole folder nor what holds one.
    fn may_show(&self, path: &Path) -> bool {
        let withheld = WITHHELD.iter().any(|folder| path.starts_with(folder));
        let holds_home = self.home.is_some_and(|home| home.starts_with(path));
        let holds_folder = self.folder.starts_with(path);
        path.parent().is_some() && !withheld && !holds_home && !holds_folder && path != Path::new("/home")
    }
}

/// The folder above `bin`, where it looks like that of an installation.
fn installation(program: &Path) -> Option<PathBuf> {
    let bin = program.parent().filter(|folder| folder.file_name().is_some_and(|name| name == "bin"))?;
    let folder = bin.parent()?;
    SIGNS.iter().any(|sign| folder.join(sign).exists()).then(|| folder.to_owned())
}

/// The program that a script's first line names.
fn interpreter(script: &Path) -> Option<PathBuf> {
    let mut head = [0_u8; 256];
    let length =
        fs::File::open(script).and_then(|mut file| std::io::Read::read(&mut file, &mut head)).ok()?;
    let line = head[..length].strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line).into_owned();
    let path = PathBuf::from(line.split_whitespace().next()?);
    path.is_absolute().then_some(path)
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    #[test]
    fn an_interpreter_of_a_users_own_is_seen_with_its_installation_and_no_more() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        let real = home.join(".versions/3.11/bin/python3.11");
        make(&real);
        make(&home.join(".versions/3.11/lib/os.py"));
        make(&home.join("secret"));
        let venv = home.join("course/.venv");
        make(&venv.join("pyvenv.cfg"));
        fs::create_dir_all(venv.join("bin")).unwrap();
        std::os::unix::fs::symlink(&real, venv.join("bin/python")).unwrap();
        let environment = [("HOME".to_owned(), home.display().to_string())];
        let command = [venv.join("bin/python").display().to_string(), "x.py".to_owned()];
        let found = places(&command, &environment, &home.join("course/hw"));
        assert_eq!(found, [home.join(".versions/3.11"), venv]);
    }

    #[test]
    fn a_program_in_the_users_own_bin_does_not_show_the_user() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path();
        make(&home.join("bin/prog"));
        make(&home.join("lib/x"));
        let environment = [("HOME".to_owned(), home.display().to_string())];
        let command = [home.join("bin/prog").display().to_string(), "/etc/shadow".to_owned()];
        let found = places(&command, &environment, Path::new("/nowhere"));
        assert_eq!(found, [home.join("bin/prog")]);
        assert_eq!(
            places(&["/usr/bin/python3".to_owned()], &environment, Path::new("/nowhere")),
            [] as [PathBuf; 0]
        );
    }
}
