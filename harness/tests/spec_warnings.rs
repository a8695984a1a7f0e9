//! What the linter says about suspicious specs: every file under `warnings/` is one for a server,
//! and the golden file beside it holds every warning about it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use grader::plan::{Evidence, lint};
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
"#;

/// What a model has recorded of the check `calc/server/unreached`: it was asked on `a` alone.
const SNAPSHOT: &str =
    "---\ninfo:\n  seed: 3\n---\na         connected\na →       \"1 + 2\"\na ←       \"3\"\n";

fn warnings(text: &str, evidence: &Evidence) -> SpecErrors {
    let texts = BTreeMap::from([
        ("exercise.toml".to_owned(), HEAD.to_owned()),
        ("server.toml".to_owned(), text.to_owned()),
    ]);
    let files = SpecFiles { folder: PathBuf::from("specs/calc"), texts, fixtures: Fixtures::new() };
    let exercises = load_files(std::slice::from_ref(&files)).expect("the spec can be run");
    lint(&exercises[0], &files, evidence)
}

#[test]
fn says_everything_that_is_suspicious() {
    let snapshots = BTreeMap::from([("calc/server/unreached".to_owned(), SNAPSHOT.to_owned())]);
    insta::with_settings!({ snapshot_path => "warnings", prepend_module_to_snapshot => false }, {
        insta::glob!("warnings/*.toml", |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let caught = path.ends_with("uncaught.toml").then(|| BTreeSet::from(["calc/server/caught".to_owned()]));
            let evidence = Evidence { snapshots: snapshots.clone(), caught };
            insta::assert_snapshot!(warnings(&text, &evidence).to_string());
        });
    });
}

#[test]
fn a_check_that_some_program_loses_is_no_weak_one() {
    let text = std::fs::read_to_string("tests/warnings/defaults.toml").unwrap();
    let ids = ["silence", "echo", "constant", "needs", "sound"];
    let caught = Some(ids.iter().map(|id| format!("calc/server/{id}")).collect());
    let found = warnings(&text, &Evidence { caught, ..Evidence::default() });
    assert!(found.is_empty(), "{found}");
}
