//! Targets: what was typed after `--target` becomes a command that can be started
//! from anywhere.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::build::{self, Workshop};
use super::target_error::TargetError;

/// A program that can be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Startable {
    /// Program and arguments; every file by an absolute path; `{host}` and `{port}` stay.
    pub command: Vec<String>,
    /// The folder it works in: the program's own.
    pub folder: PathBuf,
    /// As typed, for reports.
    pub typed: String,
    /// The folder that was handed in, where that is more than the program's own.
    pub submission: Option<PathBuf>,
}

/// Where a target is looked up.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The folder relative names start from.
    pub folder: PathBuf,
    /// `PATH`.
    pub search: Vec<PathBuf>,
    /// The folder that was handed in, where programs are looked for in one.
    pub submission: Option<PathBuf>,
}

/// Makes a target startable: finds its program, chooses the interpreter, builds sources.
///
/// # Errors
/// Nothing is there, or it does not build.
pub fn resolve(
    words: &str,
    around: &Surroundings,
    workshop: &Workshop<'_>,
) -> Result<Startable, TargetError> {
    let whole = around.folder.join(words);
    if whole.is_file() {
        return file(&whole, &[], words, (around, workshop));
    }
    let parts = shlex::split(words).ok_or_else(|| TargetError::Quotes { words: words.to_owned() })?;
    let Some((first, rest)) = parts.split_first() else { return Err(TargetError::Empty) };
    let named = around.folder.join(first);
    if named.is_file() {
        return file(&named, rest, words, (around, workshop));
    }
    let program = find_program(first, around)
        .ok_or_else(|| TargetError::NotFound { words: words.to_owned(), first: first.clone() })?;
    let mut command = vec![display(&real_interpreter(&program))];
    let mut folder = None;
    for word in rest {
        let (absolute, home) = absolute(word, &around.folder);
        folder = folder.or(home);
        command.push(absolute);
    }
    let folder = folder.unwrap_or_else(|| around.folder.clone());
    Ok(Startable { command, folder, typed: words.to_owned(), submission: around.submission.clone() })
}

/// A file with its arguments: run as it is, by its interpreter, or built first.
fn file(
    path: &Path,
    arguments: &[String],
    typed: &str,
    (around, workshop): (&Surroundings, &Workshop<'_>),
) -> Result<Startable, TargetError> {
    let path =
        fs::canonicalize(path).map_err(|source| TargetError::Unreadable { path: path.to_owned(), source })?;
    let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    let mut command = match ending.as_str() {
        "py" | "pyw" => interpreted(&["python3", "python"], &[], &path, around)?,
        "js" | "mjs" | "cjs" => interpreted(&["node", "nodejs"], &[], &path, around)?,
        "jar" => interpreted(&["java"], &["-jar"], &path, around)?,
        "rb" => interpreted(&["ruby"], &[], &path, around)?,
        "pl" => interpreted(&["perl"], &[], &path, around)?,
        "sh" => interpreted(&["bash", "sh"], &[], &path, around)?,
        _ if build::is_source(&ending) => build::build(&path, &ending, around, workshop)?,
        _ => executable(&path, around)?,
    };
    command.extend(arguments.iter().map(|word| absolute(word, &around.folder).0));
    Ok(Startable { command, folder, typed: typed.to_owned(), submission: around.submission.clone() })
}

fn interpreted(
    names: &[&str],
    options: &[&str],
    path: &Path,
    around: &Surroundings,
) -> Result<Vec<String>, TargetError> {
    let found = names.iter().find_map(|name| find_program(name, around));
    let interpreter = found
        .ok_or_else(|| TargetError::NoInterpreter { path: path.to_owned(), name: names[0].to_owned() })?;
    let mut command = vec![display(&real_interpreter(&interpreter))];
    command.extend(options.iter().map(|option| (*option).to_owned()));
    command.push(display(path));
    Ok(command)
}

/// A program as it is; a script without the right to be executed is given to the
/// interpreter its first line names.
fn executable(path: &Path, around: &Surroundings) -> Result<Vec<String>, TargetError> {
    let unreadable = |source| TargetError::Unreadable { path: path.to_owned(), source };
    let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode();
    if mode & 0o111 != 0 {
        return Ok(vec![display(path)]);
    }
    let head = fs::read(path).map_err(unreadable)?;
    let line = head.strip_prefix(b"#!").and_then(|rest| rest.split(|byte| *byte == b'\n').next());
    let Some(line) = line else { return Err(TargetError::NotExecutable { path: path.to_owned() }) };
    let mut words: Vec<String> =
        String::from_utf8_lossy(line).split_whitespace().map(str::to_owned).collect();
    if words.first().is_some_and(|word| word.ends_with("/env")) {
        words.remove(0);
        words.retain(|word| word != "-S");
    }
    let Some(first) = words.first() else { return Err(TargetError::NotExecutable { path: path.to_owned() }) };
    let name = Path::new(first).file_name().map_or(first.clone(), |name| name.to_string_lossy().into_owned());
    let found = find_program(first, around).or_else(|| find_program(&name, around));
    let interpreter = found.ok_or(TargetError::NoInterpreter { path: path.to_owned(), name })?;
    words[0] = display(&real_interpreter(&interpreter));
    words.push(display(path));
    Ok(words)
}

/// A word of a command line with every existing file in it made absolute (also in
/// `a:b`), and the folder that makes the program's own.
fn absolute(word: &str, folder: &Path) -> (String, Option<PathBuf>) {
    let one = |part: &str| -> Option<PathBuf> {
        let path = folder.join(part);
        (!part.is_empty() && !part.starts_with('{') && path.exists()).then_some(path)
    };
    if let Some(path) = one(word) {
        let home = if path.is_dir() { Some(path.clone()) } else { path.parent().map(Path::to_owned) };
        return (display(&path), home);
    }
    if word.contains(':') && word.split(':').any(|part| one(part).is_some()) {
        let parts: Vec<String> =
            word.split(':').map(|part| one(part).map_or(part.to_owned(), |path| display(&path))).collect();
        return (parts.join(":"), word.split(':').find_map(one));
    }
    (word.to_owned(), None)
}

/// Finds a program by name, as a shell does; where there is no `python`, `python3`.
pub fn find_program(name: &str, around: &Surroundings) -> Option<PathBuf> {
    let fits =
        |path: &PathBuf| fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0);
    if name.contains('/') {
        return Some(around.folder.join(name)).filter(fits);
    }
    let found = around.search.iter().map(|folder| folder.join(name)).find(fits);
    // The course's Windows machines say `python` and `py`.
    found.or_else(|| if matches!(name, "python" | "py") { find_program("python3", around) } else { None })
}

/// The interpreter behind a version manager's shim: a shim is a shell script that
/// looks the real one up at every start, which costs more than all the rest of a check.
fn real_interpreter(path: &Path) -> PathBuf {
    let is_shim = path.components().any(|part| part.as_os_str() == "shims");
    let is_python = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("python"));
    if !is_shim || !is_python {
        return path.to_owned();
    }
    let asked = std::process::Command::new(path).args(["-c", "import sys; print(sys.executable)"]).output();
    match asked {
        Ok(answer) if answer.status.success() => {
            let told = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
            if told.is_file() { told } else { path.to_owned() }
        }
        _ => path.to_owned(),
    }
}

pub(super) fn display(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The environment every program starts with: small, and the same everywhere. `outer`
/// is the grader's own, of which only what programs need to be found passes through.
pub fn environment(outer: &BTreeMap<String, String>) -> Vec<(String, String)> {
    const PASSED: [&str; 13] = [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "JAVA_HOME",
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "NODE_PATH",
        "LD_LIBRARY_PATH",
        "DISPLAY",
        "XAUTHORITY",
        "PYTHONHOME",
        "SEED",
    ];
    let fixed = [
        ("LANG", "C.UTF-8"),
        ("LC_ALL", "C.UTF-8"),
        ("TERM", "dumb"),
        ("TZ", "UTC"),
        ("PYTHONUNBUFFERED", "1"),
    ];
    let passed = PASSED.iter().filter_map(|key| Some(((*key).to_owned(), outer.get(*key)?.clone())));
    passed.chain(fixed.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))).collect()
}
