//! Building sources that are no programs yet.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::target::{Surroundings, display, find_program};
use super::target_error::TargetError;

/// A temporary folder in which programs are built; gone with this value.
#[derive(Debug)]
pub struct Workshop {
    folder: tempfile::TempDir,
    built: AtomicUsize,
}

impl Workshop {
    /// Opens a workshop.
    ///
    /// # Errors
    /// No temporary folder can be made.
    pub fn open() -> std::io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("grader-build-").tempdir()?;
        Ok(Self { folder, built: AtomicUsize::new(0) })
    }

    /// An empty folder, for programs that have none of their own.
    pub fn empty_folder(&self) -> PathBuf {
        self.bench()
    }

    /// An empty folder for one program.
    fn bench(&self) -> PathBuf {
        let number = self.built.fetch_add(1, Ordering::Relaxed);
        let bench = self.folder.path().join(number.to_string());
        let _ = std::fs::create_dir_all(&bench);
        bench
    }
}

/// Whether files with this ending must be built.
pub(super) fn is_source(ending: &str) -> bool {
    matches!(ending, "c" | "cc" | "cpp" | "cxx" | "java" | "rs" | "go")
}

/// Builds one source file; gives the command that runs it.
pub(super) fn build(
    path: &Path,
    ending: &str,
    around: &Surroundings,
    workshop: &Workshop,
) -> Result<Vec<String>, TargetError> {
    let bench = workshop.bench();
    let program = display(&bench.join("program"));
    let source = display(path);
    match ending {
        "java" => java(path, &bench, around),
        "c" => {
            compile(
                &["cc", "gcc", "clang"],
                &["-O1", "-pthread", "-o", &program, &source, "-lm"],
                path,
                around,
            )?;
            Ok(vec![program])
        }
        "rs" => {
            compile(&["rustc"], &["--edition=2021", "-O", "-o", &program, &source], path, around)?;
            Ok(vec![program])
        }
        "go" => {
            compile(&["go"], &["build", "-o", &program, &source], path, around)?;
            Ok(vec![program])
        }
        _ => {
            compile(&["c++", "g++", "clang++"], &["-O1", "-pthread", "-o", &program, &source], path, around)?;
            Ok(vec![program])
        }
    }
}

fn java(path: &Path, bench: &Path, around: &Surroundings) -> Result<Vec<String>, TargetError> {
    let folder = display(path.parent().unwrap_or(Path::new(".")));
    let (bench, source) = (display(bench), display(path));
    compile(
        &["javac"],
        &["-encoding", "UTF-8", "-nowarn", "-sourcepath", &folder, "-d", &bench, &source],
        path,
        around,
    )?;
    let text =
        std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let package = text.lines().find_map(|line| {
        line.trim().strip_prefix("package ")?.split(';').next().map(str::trim).map(str::to_owned)
    });
    let class = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let class = package.map_or(class.clone(), |package| format!("{package}.{class}"));
    let java = tool(&["java"], path, around)?;
    Ok(vec![display(&java), "-cp".to_owned(), bench, class])
}

fn tool(names: &[&str], path: &Path, around: &Surroundings) -> Result<PathBuf, TargetError> {
    let found = names.iter().find_map(|name| find_program(name, around));
    found.ok_or_else(|| TargetError::NoInterpreter { path: path.to_owned(), name: names[0].to_owned() })
}

fn compile(
    names: &[&str],
    arguments: &[&str],
    path: &Path,
    around: &Surroundings,
) -> Result<(), TargetError> {
    let compiler = tool(names, path, around)?;
    let output =
        Command::new(&compiler).args(arguments).current_dir(path.parent().unwrap_or(Path::new("/"))).output();
    let output = output.map_err(|source| TargetError::Unreadable { path: compiler, source })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let path = path.to_owned();
    match said.lines().find(|line| is_machines_fault(line)) {
        Some(line) => Err(TargetError::NoRoom { path, said: line.trim().to_owned() }),
        None => Err(TargetError::DoesNotBuild { path, said }),
    }
}

/// Whether a compiler's line tells what is wrong with the machine (strerror(3)), not with the
/// source.
fn is_machines_fault(line: &str) -> bool {
    const SIGNS: [&str; 5] = [
        "No space left on device",
        "Disk quota exceeded",
        "Cannot allocate memory",
        "Too many open files",
        "insufficient memory for the Java Runtime",
    ];
    SIGNS.iter().any(|sign| line.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_no_fault_of_the_source() {
        let full = "fatal error: error closing /tmp/ccKLnSUJ.s: No space left on device";
        assert!(is_machines_fault(full));
        assert!(!is_machines_fault("server.c:3:5: error: expected ';' before 'return'"));
    }
}
