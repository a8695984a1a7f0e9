//! A small exercise that the tests of this layer plan.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::spec::{Exercise, Fixtures, Scenario, SpecFiles, load_files};

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

const CLIENT: &str = r#"
[[scenario]]
id = "adds"
title = { en = "Adds", ko = "더한다" }
concept = "request-reply"
steps = [{ accept = "a" }]
"#;

/// The exercise, with one check of each role.
pub(super) fn exercise() -> Exercise {
    with_steps("steps = [{ connect = \"a\" }]")
}

/// The server's check with these lines in it.
pub(super) fn scenario(lines: &str) -> Scenario {
    with_steps(lines).scenarios.swap_remove(0)
}

/// The exercise with these lines in the check of the server, and behind it.
pub(super) fn with_steps(lines: &str) -> Exercise {
    let server = CLIENT.replace("steps = [{ accept = \"a\" }]", lines);
    let texts = [("exercise.toml", HEAD), ("server.toml", &server), ("client.toml", CLIENT)];
    let texts: BTreeMap<_, _> = texts.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let files = SpecFiles { folder: PathBuf::from("specs/calc"), texts, fixtures: Fixtures::new() };
    load_files(&[files]).unwrap().remove(0)
}
