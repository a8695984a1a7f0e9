//! `grader snapshot` over a copy of an exercise: what it finds, what it writes, and what it
//! leaves alone. That the snapshots of the repository are true is asked beside the specs.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{grader, repository, tell};

/// The status of a machine without private networks.
const MACHINE: i32 = 4;

/// A folder of specs with one exercise and true snapshots of it.
struct Specs {
    root: tempfile::TempDir,
}

/// What one call said and its exit status.
struct Said {
    status: i32,
    text: String,
}

impl Specs {
    /// None on a machine that cannot make snapshots.
    fn open() -> Option<Self> {
        let specs = Self { root: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(specs.exercise()).expect("a folder");
        for entry in fs::read_dir(repository().join("specs/hello")).expect("the exercise").flatten() {
            if entry.path().is_file() {
                fs::copy(entry.path(), specs.exercise().join(entry.file_name())).expect("a copy");
            }
        }
        let said = specs.snapshot(&[]);
        if said.status == MACHINE {
            tell(&format!("SKIPPED snapshots of a copy: {}", said.text.lines().next().unwrap_or_default()));
            return None;
        }
        assert_eq!(said.status, 0, "{}", said.text);
        Some(specs)
    }

    fn exercise(&self) -> PathBuf {
        self.root.path().join("specs/hello")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.exercise().join("snapshots").join(name)
    }

    fn snapshot(&self, flags: &[&str]) -> Said {
        let mut command = grader();
        command.arg("--specs").arg(self.root.path().join("specs")).args(["snapshot", "hello"]).args(flags);
        let output = command.output().expect("the grader runs");
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        Said { status: output.status.code().unwrap_or(-1), text }
    }

    fn edit(&self, path: &Path, from: &str, to: &str) {
        let text = fs::read_to_string(path).expect("a file");
        assert!(text.contains(from), "{} has no `{from}`", path.display());
        fs::write(path, text.replacen(from, to, 1)).expect("a file");
    }

    /// Every snapshot with its text.
    fn all(&self) -> Vec<(String, String)> {
        let entries = fs::read_dir(self.exercise().join("snapshots")).expect("snapshots").flatten();
        let read = |entry: fs::DirEntry| {
            let text = fs::read_to_string(entry.path()).expect("a text");
            (entry.file_name().to_string_lossy().into_owned(), text)
        };
        let mut all: Vec<_> = entries.map(read).collect();
        all.sort();
        all
    }
}

#[test]
fn what_differs_is_missing_or_stands_for_nothing_is_told_and_left() {
    let Some(specs) = Specs::open() else { return };
    let agreed = specs.snapshot(&["--check"]);
    assert_eq!(agreed.status, 0, "{}", agreed.text);
    specs.edit(&specs.file("server__greets.snap"), "Hello 127.0.0.1", "Hello nobody");
    fs::rename(specs.file("server__port.snap"), specs.file("server__gone.snap")).expect("a file");
    let before = specs.all();
    let said = specs.snapshot(&["--check"]);
    assert_eq!(said.status, 1, "{}", said.text);
    let told = [
        "1 missing, 1 different, 1 without a check",
        "differs  hello/server/greets",
        "- a ←       \"Hello nobody\"",
        "+ a ←       \"Hello 127.0.0.1\"",
        "missing  hello/server/port",
        "snapshots/server__gone.snap",
    ];
    for words in told {
        assert!(said.text.contains(words), "no `{words}` in\n{}", said.text);
    }
    let folder = specs.root.path().join("specs");
    let accept = format!("accept them all with: grader --specs {} snapshot hello", folder.display());
    assert!(said.text.contains(&accept), "{}", said.text);
    assert_eq!(specs.all(), before, "nothing is written");
}

#[test]
fn a_review_finds_what_differs_beside_the_snapshot() {
    let Some(specs) = Specs::open() else { return };
    let recorded = specs.all();
    specs.edit(&specs.file("server__greets.snap"), "Hello 127.0.0.1", "Hello nobody");
    let said = specs.snapshot(&["--review"]);
    assert_eq!(said.status, 1, "{}", said.text);
    let pending = specs.all();
    assert_eq!(pending.len(), recorded.len() + 1);
    let new = pending.iter().find(|(name, _)| name == "server__greets.snap.new").expect("a proposal");
    let true_one = recorded.iter().find(|(name, _)| name == "server__greets.snap").expect("a snapshot");
    assert_eq!(new.1, true_one.1, "accepting it gives what would have been recorded");
    let accepted = specs.snapshot(&[]);
    assert_eq!(accepted.status, 0, "{}", accepted.text);
    assert!(accepted.text.contains("changed  hello/server/greets"), "{}", accepted.text);
    assert_eq!(specs.all(), recorded, "and no proposal is left");
}

#[test]
fn wording_makes_no_snapshot_stale_and_a_step_only_its_own() {
    let Some(specs) = Specs::open() else { return };
    let server = specs.exercise().join("server.toml");
    specs.edit(&server, "title = { en = \"", "title = { en = \"Always ");
    specs.edit(&server, "\n[[scenario]]", "\n# A remark that moves every line.\n\n[[scenario]]");
    let said = specs.snapshot(&["--check"]);
    assert_eq!(said.status, 0, "{}", said.text);
    let text = fs::read_to_string(&server).expect("a file");
    let at = text.find("id = \"greets\"").expect("the check");
    let (head, tail) = text.split_at(at);
    assert!(tail.contains("steps = ["));
    fs::write(&server, format!("{head}{}", tail.replacen("steps = [", "patience = \"4s\"\nsteps = [", 1)))
        .expect("a file");
    let said = specs.snapshot(&["--check"]);
    assert_eq!(said.status, 1, "{}", said.text);
    assert!(said.text.contains("differs  hello/server/greets"), "{}", said.text);
    assert!(said.text.contains("+   spec_hash: "), "{}", said.text);
    assert_eq!(said.text.matches("differs").count(), 1, "{}", said.text);
}

#[test]
fn specs_inside_the_program_have_no_folder_for_snapshots() {
    let mut command = grader();
    command.current_dir("/proc/self").args(["snapshot", "hello", "--check"]);
    let assert = command.assert().code(2);
    assert.stderr(predicates::str::contains("help: call it in the repository, or give a folder of specs"));
}
