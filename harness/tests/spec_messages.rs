//! What the loader says about broken specs: every file under `messages/` is one, and
//! the golden file beside it holds every message about it.
//!
//! `exercise-….toml` stands for the head of an exercise, `client-….toml` for the file
//! of its client, `pair-….toml` for that of a scene of both, all others for the file of its server.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use grader::spec::{Fixtures, SpecErrors, SpecFiles, load_files};

const HEAD: &str = r#"
order = 1
title = { en = "Calculator", ko = "계산기" }
about = { en = "About", ko = "설명" }
protocol = { en = "Text", ko = "글" }
sample = ""
[roles.server]
end = "server"
port = 3333
port-fixed = false
[roles.client]
end = "client"
port = 3333
port-fixed = false
[settings.student]
about = { en = "Number", ko = "학번" }
[settings.greeting]
about = { en = "Greeting", ko = "인사" }
default = "hello"
"#;

/// Behind the head: a scene of both programs.
const PAIR: &str = r#"
[scenes.pair]
players = ["server", "client"]
"#;

const SERVER: &str = r#"
[[scenario]]
id = "adds"
title = { en = "Adds", ko = "더한다" }
concept = "request-reply"
steps = [{ connect = "a" }]
"#;

fn errors_of(file: &str, text: &str) -> SpecErrors {
    let client = SERVER.replace("connect", "accept");
    let with_pair = format!("{HEAD}{PAIR}");
    let head = if file == "pair.toml" { &with_pair } else { HEAD };
    let mut texts =
        BTreeMap::from([("exercise.toml", head), ("server.toml", SERVER), ("client.toml", &client)]);
    texts.insert(file, text);
    let texts = texts.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let fixtures = Fixtures::from([("index.html".to_owned(), b"page"[..].into())]);
    load_files(&[SpecFiles { folder: PathBuf::from("specs/calc"), texts, fixtures }])
        .expect_err("a broken spec was taken")
}

#[test]
fn says_everything_that_is_wrong_with_a_file() {
    insta::with_settings!({ snapshot_path => "messages", prepend_module_to_snapshot => false }, {
        insta::glob!("messages/*.toml", |path| {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let file = ["exercise", "client", "pair"].into_iter().find(|role| stem.starts_with(&format!("{role}-")));
            let text = std::fs::read_to_string(path).unwrap();
            let errors = errors_of(&format!("{}.toml", file.unwrap_or("server")), &text);
            insta::assert_snapshot!(errors.to_string());
        });
    });
}

#[test]
fn says_what_is_missing_in_a_folder() {
    let error = grader::spec::load(Path::new("no/such/folder")).unwrap_err();
    let told = "error: cannot read `no/such/folder`: no such file or directory\n--> no/such/folder";
    assert_eq!(error.to_string(), told);
    let empty =
        SpecFiles { folder: PathBuf::from("specs/calc"), texts: BTreeMap::new(), fixtures: Fixtures::new() };
    let told =
        "error: cannot read `specs/calc/exercise.toml`: there is no such file\n--> specs/calc/exercise.toml";
    assert_eq!(load_files(&[empty]).unwrap_err().to_string(), told);
}

#[test]
fn colours_only_when_asked() {
    let errors = errors_of("server.toml", "x = 1");
    assert!(!errors.render(false).contains('\u{1b}'));
    assert!(errors.render(true).contains('\u{1b}'));
}

#[test]
fn writes_messages_in_small_letters_without_full_stop() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            for fault in errors_of("server.toml", &text).faults() {
                let message = fault.problem.to_string();
                assert!(!message.starts_with(char::is_uppercase), "{message}");
                assert!(!message.ends_with('.'), "{message}");
            }
        }
    }
}
