//! Building sources that are no programs yet.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::target::{Surroundings, display, find_program};
use super::target_error::TargetError;

/// A compiler to be run.
#[derive(Debug, Clone)]
pub struct Build {
    /// The compiler and its arguments; `{output}` is the folder it writes to.
    pub command: Vec<String>,
    /// The whole environment.
    pub environment: Vec<(String, String)>,
    /// The folder it works in: the source's.
    pub folder: PathBuf,
    /// The folder that was handed in, where that is more than the source's.
    pub submission: Option<PathBuf>,
    /// Where what it makes must be afterwards.
    pub output: PathBuf,
    /// Files and folders that it must not see.
    pub hidden: Arc<[PathBuf]>,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Built {
    /// It ended with status 0.
    pub success: bool,
    /// What it said.
    pub said: String,
}

/// Runs compilers. An error is the machine's.
pub type Builder<'a> = dyn Fn(&Build) -> std::io::Result<Built> + 'a;

/// A temporary folder in which programs are built; gone with this value.
pub struct Workshop<'a> {
    folder: tempfile::TempDir,
    benches: AtomicUsize,
    builder: &'a Builder<'a>,
    environment: Vec<(String, String)>,
    hidden: Arc<[PathBuf]>,
}

impl<'a> Workshop<'a> {
    /// Opens a workshop in a folder, whose compilers run in this environment and do not see what is hidden.
    ///
    /// # Errors
    /// No temporary folder can be made.
    pub fn open(
        (within, builder): (&Path, &'a Builder<'a>),
        environment: Vec<(String, String)>,
        hidden: Arc<[PathBuf]>,
    ) -> std::io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("build-").tempdir_in(within)?;
        Ok(Self { folder, benches: AtomicUsize::new(0), builder, environment, hidden })
    }

    /// An empty folder, for programs that have none of their own.
    pub fn empty_folder(&self) -> PathBuf {
        self.bench()
    }

    /// An empty folder for one program.
    fn bench(&self) -> PathBuf {
        let number = self.benches.fetch_add(1, Ordering::Relaxed);
        let bench = self.folder.path().join(number.to_string());
        let _ = std::fs::create_dir_all(&bench);
        bench
    }

    /// Builds one source with one of several compilers.
    fn compile(
        &self,
        names: &[&str],
        arguments: &[&str],
        (path, bench): (&Path, &Path),
        around: &Surroundings,
    ) -> Result<(), TargetError> {
        let compiler = tool(names, path, around)?;
        let mut command = vec![display(&real_compiler(&compiler))];
        command.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let build = Build {
            command,
            environment: self.environment.clone(),
            folder: path.parent().unwrap_or(Path::new("/")).to_owned(),
            submission: around.submission.clone(),
            output: bench.to_owned(),
            hidden: self.hidden.clone(),
        };
        let built =
            (self.builder)(&build).map_err(|source| TargetError::Unreadable { path: compiler, source })?;
        if built.success {
            return Ok(());
        }
        let (path, said) = (path.to_owned(), built.said);
        match said.lines().find(|line| is_machines_fault(line)) {
            Some(line) => Err(TargetError::NoRoom { path, said: line.trim().to_owned() }),
            None => Err(TargetError::DoesNotBuild { path, said }),
        }
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
    workshop: &Workshop<'_>,
) -> Result<Vec<String>, TargetError> {
    let bench = workshop.bench();
    let source = display(path);
    let to_program = "{output}/program";
    let (names, arguments): (&[&str], Vec<&str>) = match ending {
        "java" => return java(path, &bench, around, workshop),
        "c" => (&["cc", "gcc", "clang"], vec!["-O1", "-pthread", "-o", to_program, &source, "-lm"]),
        "rs" => (&["rustc"], vec!["--edition=2021", "-O", "-o", to_program, &source]),
        "go" => (&["go"], vec!["build", "-o", to_program, &source]),
        _ => (&["c++", "g++", "clang++"], vec!["-O1", "-pthread", "-o", to_program, &source]),
    };
    workshop.compile(names, &arguments, (path, &bench), around)?;
    Ok(vec![display(&bench.join("program"))])
}

fn java(
    path: &Path,
    bench: &Path,
    around: &Surroundings,
    workshop: &Workshop<'_>,
) -> Result<Vec<String>, TargetError> {
    let folder = display(path.parent().unwrap_or(Path::new(".")));
    let source = display(path);
    let arguments = ["-encoding", "UTF-8", "-nowarn", "-sourcepath", &folder, "-d", "{output}", &source];
    workshop.compile(&["javac"], &arguments, (path, bench), around)?;
    let bench = display(bench);
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

/// The compiler behind a version manager's proxy, which would look for its settings in its
/// user's folder.
fn real_compiler(path: &Path) -> PathBuf {
    if path.file_name().is_none_or(|name| name != "rustc") {
        return path.to_owned();
    }
    let asked = std::process::Command::new(path).args(["--print", "sysroot"]).output();
    let told = asked.ok().filter(|answer| answer.status.success());
    let sysroot = told.map(|answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned());
    let real = sysroot.map(|sysroot| Path::new(&sysroot).join("bin/rustc"));
    real.filter(|real| real.is_file()).unwrap_or_else(|| path.to_owned())
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
