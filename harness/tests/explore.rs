//! The search: it finds mistakes that no check asks for, and what it tells is a scenario that
//! passes for the reference and fails for the program.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Graded, grade, grader, is_installed, repository, sample, tell, text};

/// Whether a server in Python can be tried here; tells where not.
fn has_python() -> bool {
    let there = is_installed("python3");
    if !there {
        tell("SKIPPED: python3 is not installed");
    }
    there
}

/// A folder with a program and a copy of the exercise's spec.
struct Desk {
    folder: tempfile::TempDir,
    exercise: &'static str,
}

impl Desk {
    fn new(exercise: &'static str, program: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let desk = Self { folder, exercise };
        fs::write(desk.program(), program).expect("a program can be written");
        let specs = desk.specs().join(exercise);
        fs::create_dir_all(&specs).expect("a folder can be made");
        for entry in fs::read_dir(repository().join("specs").join(exercise)).expect("the spec is there") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                fs::copy(&path, specs.join(path.file_name().expect("a name"))).expect("it can be copied");
            }
        }
        desk
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("server.py")
    }

    fn specs(&self) -> PathBuf {
        self.folder.path().join("specs")
    }

    fn target(&self) -> String {
        format!("server={}", self.program().display())
    }

    fn search(&self, arguments: &[&str]) -> Graded {
        let all: Vec<&str> = ["--explore", "300"].into_iter().chain(arguments.iter().copied()).collect();
        grade(self.exercise, &self.target(), &all)
    }

    /// Grades with the found scenario in the spec; the exit statuses of check, program and model.
    fn paste(&self, scenario: &str) -> (i32, Graded, i32) {
        let file = self.specs().join(self.exercise).join("server.toml");
        let before = fs::read_to_string(&file).expect("the spec is text");
        fs::write(&file, format!("{before}\n{scenario}")).expect("the spec can be written");
        let folder = self.specs().to_string_lossy().into_owned();
        let id = scenario.lines().find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
        let id = id.expect("the scenario has an id");
        let status = |arguments: &[&str]| {
            let output = grader().args(arguments).output().expect("the grader runs");
            output.status.code().unwrap_or(-1)
        };
        let exercise = self.specs().join(self.exercise);
        let check = status(&["check", &exercise.to_string_lossy()]);
        let only = ["--specs", &folder, "--only", id, "--tier", "robust"];
        let program = grade(self.exercise, &self.target(), &only);
        let model = status(&[&["run", self.exercise, "--seed", "7"], &only[..]].concat());
        (check, program, model)
    }
}

/// What the search found.
fn difference(graded: &Graded) -> Value {
    let difference = graded.report["explore"]["roles"][0]["difference"].clone();
    assert!(difference.is_object(), "nothing was found: {}", graded.said);
    difference
}

/// The lines of a scenario that do what the verb says.
fn count(scenario: &str, verb: &str) -> usize {
    scenario.lines().filter(|line| line.trim_start().starts_with(&format!("{{ {verb} = "))).count()
}

/// What a search finds, pasted into the spec, is what it says it is.
fn assert_pasted(desk: &Desk, difference: &Value) -> String {
    let scenario = text(&difference["scenario"]);
    let (check, program, model) = desk.paste(&scenario);
    assert_eq!(check, 0, "grader check refuses\n{scenario}");
    assert_eq!(model, 0, "the reference fails\n{scenario}");
    assert_eq!(program.exit, 1, "the program passes\n{scenario}");
    let code = &difference["check"]["finding"]["code"];
    assert_eq!(program.checks()[0]["finding"]["code"], *code, "for another reason\n{scenario}");
    scenario
}

/// Long messages are echoed whole only as the first one: no check sends a long second message.
const FORGETS: &str = "
import socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 2500)); s.listen()
c, a = s.accept()
size = 2048
while True:
    data = c.recv(4096)
    if not data: break
    print('Received message:', data.decode())
    c.sendall(data[:size])
    size = 300
";

#[test]
fn finds_what_no_check_asks_for() {
    if !has_python() {
        return;
    }
    let desk = Desk::new("echo", FORGETS);
    assert_eq!(grade("echo", &desk.target(), &[]).exit, 0, "the checks are meant to miss it");
    let found = desk.search(&[]);
    assert_eq!(found.exit, 1, "{}", found.said);
    let difference = difference(&found);
    let scenario = assert_pasted(&desk, &difference);
    assert_eq!((count(&scenario, "connect"), count(&scenario, "send")), (1, 2), "not small:\n{scenario}");
    let longest = scenario.lines().map(str::len).max().unwrap_or(0);
    assert!((300..360).contains(&longest), "not the shortest text:\n{scenario}");
    assert_eq!(difference["check"]["tier"], "basic");
    assert_eq!(difference["check"]["runs"]["lost"], difference["check"]["runs"]["count"]);
    assert!(found.report["checks"].as_array().is_some_and(Vec::is_empty), "a search has no checks");
    assert_eq!(found.report["explore"]["sessions"], 300);
    let again = text(&difference["check"]["rerun"]);
    let explored = format!("--explore {}", difference["session"]);
    assert!(again.contains(&explored) && again.contains("--seed 7"), "{again}");
    for part in ["[[scenario]]", "expected", "received", "program", "again"] {
        assert!(found.said.contains(part), "`{part}` is missing:\n{}", found.said);
    }
}

/// The sixth client is told something else: no check has so many.
const COUNTS: &str = "
import socket
words = 'one two three four five six seven eight nine ten'.split()
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 3333)); s.listen()
clients = 0
while True:
    c, a = s.accept()
    clients += 1
    while True:
        text = c.recv(1024).decode().strip()
        if not text: break
        known = text.isascii() and text.isdigit() and 1 <= int(text) <= 10
        reply = words[int(text) - 1] if known else 'Try again'
        c.sendall((reply if clients < 6 else reply.upper()).encode())
    c.close()
";

#[test]
fn finds_what_earlier_sessions_have_left_behind() {
    if !has_python() {
        return;
    }
    let desk = Desk::new("number", COUNTS);
    assert_eq!(grade("number", &desk.target(), &[]).exit, 0, "the checks are meant to miss it");
    let found = desk.search(&[]);
    assert_eq!(found.exit, 1, "{}", found.said);
    let scenario = assert_pasted(&desk, &difference(&found));
    assert_eq!(count(&scenario, "connect"), 6, "not small:\n{scenario}");
}

/// Every fifth reply or so is wrong, whatever was asked.
const WAVERS: &str = "
import random, socket
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('', 2500)); s.listen()
c, a = s.accept()
while True:
    data = c.recv(4096)
    if not data: break
    c.sendall(data if random.random() < 0.8 else data + b'!')
";

#[test]
fn tells_how_often_a_difference_comes() {
    if !has_python() {
        return;
    }
    let found = Desk::new("echo", WAVERS).search(&[]);
    assert_eq!(found.exit, 1, "{}", found.said);
    let runs = &difference(&found)["check"]["runs"];
    let (lost, count) = (runs["lost"].as_u64().unwrap_or(0), runs["count"].as_u64().unwrap_or(0));
    assert!(0 < lost && lost < count, "{runs}");
    assert!(found.said.contains(&format!("lost in {lost} of {count} runs")), "{}", found.said);
}

#[test]
fn right_programs_show_no_difference() {
    let rights = [
        ("hw3", "hw3/server/right/serves-one-client-only.py", "python3"),
        ("hw3", "hw3/server/right/closes-after-each-reply.py", "python3"),
        ("number", "number/server/right/serves-many-at-once.py", "python3"),
        ("echo-robust", "echo-robust/server/right/checks-every-call.c", "cc"),
        ("udp", "udp/server/right/confirms.c", "cc"),
        ("hw4", "hw4/server/right/follows-the-handout.py", "python3"),
        ("file", "file/server/right/forks.c", "cc"),
    ];
    for (exercise, program, tool) in rights {
        if !is_installed(tool) {
            tell(&format!("SKIPPED {program}: {tool} is not installed"));
            continue;
        }
        let graded = grade(exercise, &format!("server={}", sample(program)), &["--explore", "60"]);
        assert_eq!(graded.exit, 0, "{program}: {}", graded.said);
        assert!(graded.said.contains("no difference in 60 sessions (seed 7)"), "{}", graded.said);
    }
}

/// With `--tier robust` clients vanish, too, and what is found then lies beyond the handout.
#[test]
fn what_lies_beyond_the_handout_is_asked_only_where_it_is_wanted() {
    if !has_python() {
        return;
    }
    let program = fs::read_to_string(sample("number/server/right/looks-up-a-table.py"));
    let desk = Desk::new("number", &program.expect("a program is text"));
    assert_eq!(desk.search(&[]).exit, 0);
    let found = desk.search(&["--tier", "robust"]);
    assert_eq!(found.exit, 1, "{}", found.said);
    let difference = difference(&found);
    let told = (&difference["check"]["tier"], &difference["check"]["concept"]);
    assert_eq!(told, (&Value::from("robust"), &Value::from("reset")));
    assert_pasted(&desk, &difference);
}

#[test]
fn says_which_exercises_can_be_explored() {
    let output = grader().args(["run", "hw2", "--explore", "5"]).output().expect("the grader runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("hw2 cannot be explored") && said.contains("hw3/server"), "{said}");
    let client = sample("echo/client/right/asks-and-echoes.py");
    if Path::new(&client).is_file() && has_python() {
        let refused = grade("echo", &format!("client={client}"), &["--explore", "5"]);
        assert_eq!(refused.exit, 2);
        assert!(refused.said.contains("echo/client cannot be explored"), "{}", refused.said);
    }
}
