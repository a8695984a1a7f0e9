//! Ten echo checks of a Python server, each with a server of its own: by the grader, and
//! by pytest as it is customarily written (subprocess, a pause, a time-out).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::bare::free_port;
use super::{FASTER, bar};

const ECHO: &str = include_str!("echo.py");
const PYTEST: &str = include_str!("test_echo.py");
const EXERCISE: &str = include_str!("echo-exercise.toml");
const SERVER: &str = include_str!("echo-server.toml");

/// The system's own Python where there is one: others carry what was installed into them, and
/// may take three times as long to start. Else the one on the path, behind its shim.
pub(crate) fn python() -> Option<String> {
    behind("/usr/bin/python3").or_else(|| behind("python3"))
}

fn behind(name: &str) -> Option<String> {
    let asked = Command::new(name).args(["-c", "import sys; print(sys.executable)"]).output().ok()?;
    let path = String::from_utf8(asked.stdout).ok()?.trim().to_owned();
    (asked.status.success() && !path.is_empty()).then_some(path)
}

/// Prints the table; whether the bar is met. Skipping is said and meets it.
pub(crate) fn compare(workshop: &Path) -> bool {
    println!("\nten echo checks of a Python server, a fresh one each: wall seconds, three runs");
    let Some(python) = python() else {
        println!("SKIPPED: no Python");
        return true;
    };
    let folder = workshop.join("echo");
    std::fs::create_dir_all(folder.join("specs/ten")).expect("a folder can be made");
    for (name, text) in [
        ("echo.py", ECHO),
        ("test_echo.py", PYTEST),
        ("specs/ten/exercise.toml", EXERCISE),
        ("specs/ten/server.toml", SERVER),
    ] {
        std::fs::write(folder.join(name), text).expect("a file can be written");
    }
    let graded = middle_of_three(|| by_grader(&folder, &python));
    println!("grader   {graded:>8.3}");
    let Some(pytest) = pytest(workshop, &python) else {
        println!("SKIPPED: pytest cannot be installed here");
        return true;
    };
    let mut lost = 0;
    let customary = middle_of_three(|| {
        let (took, failed) = by_pytest(&folder, &pytest, &python);
        lost += failed;
        took
    });
    let ratio = customary / graded;
    println!("pytest   {customary:>8.3}\nratio    {ratio:>8.1}×");
    if lost > 0 {
        println!("         · pytest failed this right server {lost} times of 30: its pauses were too short");
    }
    bar(&format!("at least {FASTER}× faster than pytest"), ratio >= FASTER)
}

/// The middle of three: both sides have their outliers.
fn middle_of_three(mut run: impl FnMut() -> f64) -> f64 {
    let mut times = [run(), run(), run()];
    times.sort_by(f64::total_cmp);
    times[1]
}

/// The whole command, with its start and the audition of the program.
fn by_grader(folder: &Path, python: &str) -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    let target = format!("{python} {} {{port}}", folder.join("echo.py").display());
    command.arg("--specs").arg(folder.join("specs")).args(["run", "ten", "--target", &target]);
    let begin = Instant::now();
    let output = command.stdin(Stdio::null()).output().expect("the grader runs");
    let took = begin.elapsed().as_secs_f64();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    took
}

/// The time it took, and how many of the ten checks it held against a server that is right.
fn by_pytest(folder: &Path, pytest: &Path, python: &str) -> (f64, usize) {
    let mut command = Command::new(pytest);
    command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_echo.py"]).current_dir(folder);
    command.env("ECHO_PYTHON", python).env("ECHO_PORT", free_port().to_string());
    let begin = Instant::now();
    let output = command.stdin(Stdio::null()).output().expect("pytest runs");
    let took = begin.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // 0: all passed; 1: some failed; anything else: it did not run.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    (took, said.lines().filter(|line| line.starts_with("FAILED ")).count())
}

/// A Python with pytest: the one that is there, else one in a folder of its own.
fn pytest(workshop: &Path, python: &str) -> Option<PathBuf> {
    let works = |python: &Path| {
        let mut command = Command::new(python);
        command.args(["-m", "pytest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let on_path = behind("python3").unwrap_or_default();
    if let Some(found) = [python, &on_path].into_iter().map(Path::new).find(|python| works(python)) {
        return Some(found.into());
    }
    let venv = workshop.join("venv");
    let quiet = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let makes = |python: &str| quiet(Command::new(python).args(["-m", "venv"]).arg(&venv));
    let made = makes(python) || makes(&on_path);
    let own = venv.join("bin/python");
    let installed = made && quiet(Command::new(&own).args(["-m", "pip", "install", "-q", "pytest"]));
    (installed && works(&own)).then_some(own)
}
