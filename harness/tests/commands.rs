//! What the commands print, and with which status they end.

use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::*;

/// The program in a folder far from the specs of the house: it has its own inside.
fn grader(line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.args(line.split_whitespace()).current_dir("/").env_clear();
    command
}

fn printed(line: &str) -> String {
    let output = grader(line).assert().success().get_output().stdout.clone();
    String::from_utf8_lossy(&output).into_owned()
}

#[test]
fn lists_exercises_in_the_order_of_the_course() {
    let list = printed("list");
    let names: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    let order: Vec<&&str> =
        ["hello", "hw2", "browser", "echo", "time", "echo-robust", "number", "hw3", "hw4"]
            .iter()
            .filter(|name| names.contains(name))
            .collect();
    let found: Vec<&&str> = names.iter().filter(|name| order.contains(name)).collect();
    assert_eq!(found, order);
}

#[test]
fn lists_the_checks_of_an_exercise() {
    insta::assert_snapshot!(printed("list hello"));
    insta::assert_snapshot!(printed("list hello --lang ko"));
}

#[test]
fn shows_the_handout() {
    insta::assert_snapshot!(printed("show hw2"));
    insta::assert_snapshot!(printed("show hw2 --lang ko"));
}

#[test]
fn speaks_the_language_of_the_environment() {
    let korean = predicate::str::contains("과제");
    grader("list").env("LANG", "ko_KR.UTF-8").assert().success().stdout(korean.clone());
    grader("list").env("LANG", "ko_KR.UTF-8").env("LC_ALL", "C").assert().stdout(korean.clone().not());
    grader("list --lang en").env("LANG", "ko_KR.UTF-8").assert().stdout(korean.not());
}

#[test]
fn suggests_the_nearest_exercise() {
    grader("show ecoh")
        .assert()
        .code(2)
        .stderr("error: no exercise is called `ecoh`\nhelp: did you mean `echo`?\n");
}

#[test]
fn checks_specs_and_ends_with_3_where_one_is_wrong() {
    grader("check").assert().success().stdout(predicate::str::contains("no faults"));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let every_key = here.join("tests/specs/every-key");
    grader("check").arg(&every_key).assert().success().stdout("1 exercise, 3 checks: no faults\n");
    grader("check").arg(every_key.join("server.toml")).assert().success();

    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("calc")).unwrap();
    std::fs::write(folder.path().join("calc/exercise.toml"), "oder = 1\n").unwrap();
    let told = || {
        predicate::str::contains("did you mean `order`?").and(predicate::str::contains("exercise.toml:1:1"))
    };
    grader("check").arg(folder.path()).assert().code(3).stdout(told());
    grader("list --specs").arg(folder.path()).assert().code(3).stderr(told());
    grader("check").arg(here.join("src")).assert().code(2).stderr(predicate::str::contains("is no spec"));
}

#[test]
fn ends_with_2_where_the_command_line_is_wrong() {
    grader("").assert().code(2);
    grader("lst").assert().code(2).stderr(predicate::str::contains("list"));
    grader("run").assert().code(2).stderr(predicate::str::contains("<EXERCISE>"));
    grader("list --lang de").assert().code(2);
    grader("--help").assert().success().stdout(predicate::str::contains("Examples:"));
}

#[test]
fn prints_completions_and_the_schema() {
    grader("completions bash").assert().success().stdout(predicate::str::contains("_grader"));
    let schema: serde_json::Value = serde_json::from_str(&printed("schema")).unwrap();
    assert!(schema["$defs"]["ScenarioForm"].is_object());
}
