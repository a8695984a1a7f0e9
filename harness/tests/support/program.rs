//! Sample submissions: where they lie, and the header comment that tells what must become
//! of them. Read by the table test and by the benches.
//!
//! Under a role a sample is a file. Under a scene it is a folder with one program for each
//! role, named by the role (`server.py`, `Client.java`), and the header in `about.txt`. A folder whose
//! header says `target: folder` is given as it is, under a role too.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The header of a scene's programs.
const HEADER: &str = "about.txt";

/// A sample program with what its header says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    /// The file, or the folder of a scene's programs.
    pub(crate) path: PathBuf,
    /// The programs of a scene: role and file.
    pub(crate) parts: Vec<(String, PathBuf)>,
    /// Its exercise, by the folder.
    pub(crate) exercise: String,
    /// Its role, by the folder.
    pub(crate) role: String,
    /// Right or wrong, by the folder.
    pub(crate) right: bool,
    /// `what:` it does, in a sentence.
    pub(crate) what: String,
    /// `verdict:` of a right one: `pass`.
    pub(crate) verdict: String,
    /// `misses:` checks beyond the handout that a right one may lose.
    pub(crate) misses: Vec<String>,
    /// `caught-by:` the first check a wrong one loses.
    pub(crate) caught_by: String,
    /// `code:` of what is found there: the mistake that `what:` tells.
    pub(crate) code: String,
    /// `concept:` of that check.
    pub(crate) concept: String,
    /// `also:` checks a wrong one may lose as well.
    pub(crate) also: Vec<String>,
    /// `run:` command line in which `{file}` is the file.
    pub(crate) run: Option<String>,
    /// `run-ROLE:` that of one program of a scene.
    pub(crate) runs: BTreeMap<String, String>,
    /// Header lines nobody understands.
    pub(crate) faults: Vec<String>,
}

impl Program {
    /// `hw3/server/wrong/never-replies.py`.
    pub(crate) fn name(&self) -> String {
        let kind = if self.right { "right" } else { "wrong" };
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        format!("{}/{}/{kind}/{file}", self.exercise, self.role)
    }

    /// What is given to `--target`, for each program.
    pub(crate) fn targets(&self) -> Vec<String> {
        if !self.parts.is_empty() {
            let command = |role: &str, path: &Path| match self.runs.get(role).or(self.run.as_ref()) {
                Some(run) => run.replace("{file}", &path.to_string_lossy()),
                None => path.to_string_lossy().into_owned(),
            };
            let target = |(role, path): &(String, PathBuf)| format!("{role}={}", command(role, path));
            return self.parts.iter().map(target).collect();
        }
        let file = self.path.to_string_lossy();
        let command = match &self.run {
            Some(run) => run.replace("{file}", &file),
            None => file.into_owned(),
        };
        vec![format!("{}={command}", self.role)]
    }

    /// How long it takes to start, against the others: by its language.
    pub(crate) fn slowness(&self) -> usize {
        let parts = self.parts.iter().map(|(_, path)| path);
        let files = if self.parts.is_empty() { vec![&self.path] } else { parts.collect() };
        let ending = |path: &PathBuf| path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let place = |path: &PathBuf| {
            let ending = ending(path);
            ["c", "py", "js", "rs", "java"].iter().position(|known| *known == ending).unwrap_or(9)
        };
        files.into_iter().map(place).max().unwrap_or_default()
    }

    /// What this machine needs to run it.
    pub(crate) fn tools(&self) -> Vec<&'static str> {
        let whole = [&self.path];
        let files = self.parts.iter().map(|(_, path)| path).chain(whole);
        files.flat_map(|path| tools_of(path)).copied().collect()
    }

    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let mut program = Self { path, ..Self::default() };
        for line in text.lines() {
            let Some(comment) = comment(line) else { break };
            let Some((key, value)) = comment.split_once(':') else { continue };
            program.take(key.trim(), value.trim(), comment);
        }
        program
    }

    /// The programs of a scene, with the header of `about.txt`.
    fn read_ensemble(folder: PathBuf) -> Self {
        let text = fs::read_to_string(folder.join(HEADER)).unwrap_or_default();
        let is_part = |path: &PathBuf| path.file_name().is_some_and(|name| name != HEADER);
        let role = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        let parts = files(&folder).into_iter().filter(is_part).map(|path| (role(&path), path)).collect();
        let mut program = Self { path: folder, parts, ..Self::default() };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match line.split_once(':') {
                Some((key, value)) => program.take(key.trim(), value.trim(), line),
                None => program.faults.push(line.to_owned()),
            }
        }
        program
    }

    fn take(&mut self, key: &str, value: &str, line: &str) {
        let list = || value.split(',').map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect();
        match key {
            "what" => value.clone_into(&mut self.what),
            "verdict" => value.clone_into(&mut self.verdict),
            "caught-by" => value.clone_into(&mut self.caught_by),
            "code" => value.clone_into(&mut self.code),
            "concept" => value.clone_into(&mut self.concept),
            "also" => self.also = list(),
            "misses" => self.misses = list(),
            // The folder itself is given: the program is to be found in it.
            "target" if value == "folder" => self.parts.clear(),
            "run" => self.run = Some(value.to_owned()),
            _ => match key.strip_prefix("run-") {
                Some(role) => drop(self.runs.insert(role.to_owned(), value.to_owned())),
                None => self.faults.push(line.to_owned()),
            },
        }
    }
}

/// What a machine needs to run a program of this kind.
fn tools_of(path: &Path) -> &'static [&'static str] {
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    match ending.as_ref() {
        "py" => &["python3"],
        "js" => &["node"],
        "java" => &["javac", "java"],
        "c" => &["cc"],
        "rs" => &["rustc"],
        "cpp" => &["c++"],
        "go" => &["go"],
        _ => &[],
    }
}

/// The words of a line that is a comment and nothing else.
fn comment(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.starts_with("#!") {
        return Some("");
    }
    let marks = ["//", "/*", "#", "*/", "*"];
    // A C program's first directive ends its header.
    if line.starts_with("#include") || line.starts_with("#define") {
        return None;
    }
    marks.iter().find_map(|mark| line.strip_prefix(mark)).map(str::trim)
}

/// Every sample submission below a folder, in the order of their names.
pub(crate) fn programs(folder: &Path) -> Vec<Program> {
    let mut found = Vec::new();
    for exercise in folders(folder) {
        for role in folders(&exercise) {
            for kind in ["right", "wrong"] {
                let folder = role.join(kind);
                let ensembles = folders(&folder).into_iter().map(Program::read_ensemble);
                for mut program in files(&folder).into_iter().map(Program::read).chain(ensembles) {
                    program.exercise = name(&exercise);
                    program.role = name(&role);
                    program.right = kind == "right";
                    found.push(program);
                }
            }
        }
    }
    found
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_file()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
