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
fn explains_findings_and_concepts() {
    insta::assert_snapshot!("explain", printed("explain"));
    insta::assert_snapshot!("explain_ko", printed("explain --lang ko"));
    insta::assert_snapshot!("explain_code", printed("explain no-reply"));
    insta::assert_snapshot!("explain_code_ko", printed("explain no-reply --lang ko"));
    insta::assert_snapshot!("explain_concept", printed("explain partial-read"));
    insta::assert_snapshot!("explain_concept_ko", printed("explain partial-read --lang ko"));
    let korean = predicate::str::contains("나누어 도착하는 메시지");
    grader("explain partial-read").env("LANG", "ko_KR.UTF-8").assert().success().stdout(korean);
}

/// What a check does; the concept below it is explained elsewhere.
fn story(line: &str) -> String {
    let page = printed(line);
    let head: Vec<&str> = page.split("\n\n").collect();
    let concept =
        head.iter().skip(1).position(|part| part.contains("\n===")).expect("the concept has a title");
    head[..=concept].join("\n\n")
}

#[test]
fn explains_what_a_check_does() {
    insta::assert_snapshot!("explain_check", printed("explain hw3/server/adds"));
    insta::assert_snapshot!("explain_check_ko", story("explain hw3/server/adds --lang ko"));
    insta::assert_snapshot!("explain_check_of_a_trio", story("explain hw5/trio/records-device1"));
    insta::assert_snapshot!("explain_check_over_udp", story("explain udp/server/right-sender"));
    insta::assert_snapshot!("explain_check_of_the_web", story("explain hw4/server/page"));
}

#[test]
fn suggests_what_may_have_been_meant() {
    let table = [
        (
            "no-replay",
            "error: no finding and no concept is called `no-replay`\nhelp: did you mean `no-reply`?\n",
        ),
        (
            "partialread",
            "error: no finding and no concept is called `partialread`\nhelp: did you mean `partial-read`?\n",
        ),
        (
            "xyzzy",
            "error: no finding and no concept is called `xyzzy`\nhelp: `grader explain` lists them all; a check is called EXERCISE/ROLE/CHECK\n",
        ),
        ("hw3", "error: no finding and no concept is called `hw3`\nhelp: did you mean `grader show hw3`?\n"),
        (
            "subtracts",
            "error: no finding and no concept is called `subtracts`\nhelp: did you mean `hw3/pair/subtracts`?\n",
        ),
        (
            "hw3/server/ads",
            "error: no check of hw3 is called `hw3/server/ads`\nhelp: did you mean `hw3/server/adds`?\n",
        ),
        ("hw33/server/adds", "error: no exercise is called `hw33`\nhelp: did you mean `hw3`?\n"),
    ];
    for (word, said) in table {
        grader(&format!("explain {word}")).assert().code(2).stderr(said);
    }
    let several = predicate::str::contains("means").and(predicate::str::contains("`grader list hw3`"));
    grader("explain hw3/server").assert().code(2).stderr(several);
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
    // The project's own specs give no cause for a warning.
    grader("check --strict").assert().success().stdout(predicate::str::ends_with(": no faults\n"));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let every_key = here.join("tests/specs/every-key");
    let warned = || {
        predicate::str::contains("warning: this check expects nothing of the program")
            .and(predicate::str::contains("no wrong sample programs stand beside it"))
            .and(predicate::str::contains("1 exercise, 6 checks: no faults, "))
    };
    grader("check").arg(&every_key).assert().success().stdout(warned());
    grader("check --strict").arg(&every_key).assert().code(3).stdout(warned());
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
    grader("completions zsh").assert().success().stdout(predicate::str::contains("replied-little-endian"));
    let schema: serde_json::Value = serde_json::from_str(&printed("schema")).unwrap();
    assert!(schema["$defs"]["ScenarioForm"].is_object());
}
