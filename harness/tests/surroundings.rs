//! What a program finds around it: the exercise's files and the scenario's in its folder,
//! host names that lead to the harness; and the files that it writes.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const EXERCISE: &str = r#"
order = 1
title = { en = "Copier", ko = "복사" }
about = { en = "About", ko = "설명" }
protocol = { en = "None", ko = "없음" }
sample = ""
[roles.server]
end = "server"
port = 4000
port-fixed = true
"#;

const SERVER: &str = r#"
[[scenario]]
id = "copies"
title = { en = "Copies what it finds", ko = "있는 것을 복사한다" }
concept = "files"
draw = { word = { word = 8 } }
files = { "laid.txt" = { text = "over {word} {port}" }, "in/random.bin" = { random-bytes = 300000 }, "gone.txt" = { absent = true } }
steps = [
  { expect = { exactly = { file = "in/random.bin" }, strict = true }, from = "file:random.copy" },
  { expect = { exactly = { file = "given.txt" }, strict = true }, from = "file:given.copy" },
  { expect = "over {word} 4000", from = "file:laid.copy" },
  { expect = "own", from = "file:own.copy" },
  { expect = { shows = "gone is gone" }, from = "console" },
]

[[scenario]]
id = "own"
title = { en = "Copies its own", ko = "자기 것을 복사한다" }
concept = "files"
steps = [
  { expect = { exactly = { file = "laid.txt" } }, from = "file:laid.copy" },
  { expect = { shows = "gone is there" }, from = "console" },
]

[[scenario]]
id = "names"
title = { en = "Knows a name", ko = "이름을 안다" }
concept = "connect"
names = ["host.example"]
steps = [
  { expect = { matches = '127\.0\.0\.1\s+host\.example' }, from = "console" },
  { expect = { shows = "reserved: 4000" }, from = "console" },
]

[[scenario]]
id = "writes-nothing"
title = { en = "Writes what it never does", ko = "쓰지 않는 파일을 쓴다" }
concept = "files"
steps = [
  { expect = { something = true }, from = "file:never.txt" },
]
"#;

const PROGRAM: &str = "#!/bin/sh
cp in/random.bin random.copy
cp given.txt given.copy
cp laid.txt laid.copy
cp own.txt own.copy
if test -e gone.txt; then echo gone is there; else echo gone is gone; fi
cat /etc/hosts
echo reserved: $(cat /proc/sys/net/ipv4/ip_local_reserved_ports)
";

/// The outcome and the code of every check.
fn outcomes(sandbox: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    put("specs/copier/exercise.toml", EXERCISE);
    put("specs/copier/server.toml", SERVER);
    put("fixtures/copier/given.txt", "given");
    put("fixtures/copier/own.txt", "hidden by the program's own");
    put("fixtures/copier/make.sh", "exit 1");
    put("home/run.sh", PROGRAM);
    for name in ["own", "laid", "gone"] {
        put(&format!("home/{name}.txt"), "own");
    }
    let before = names(&folder.path().join("home"));
    let output = Command::new(env!("CARGO_BIN_EXE_grader"))
        .current_dir(folder.path())
        .args(["run", "copier", "--target", "server=home/run.sh", "--report", "json=-", "--sandbox", sandbox])
        .output()
        .expect("the grader runs");
    assert_eq!(names(&folder.path().join("home")), before, "the program's own folder is as it was");
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let checks = report["checks"].as_array().expect("checks").iter();
    let line = |check: &Value| {
        let code = check["finding"]["code"].as_str().unwrap_or_default();
        let word = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {code}", word("id"), word("outcome"))
    };
    checks.map(line).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.file_name());
    let mut names: Vec<_> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn files_and_names_are_there_as_the_spec_says() {
    let told = outcomes("auto");
    let names = &told[2];
    assert!(
        ["copier/server/names pass ", "copier/server/names skip cannot-run-here"].contains(&names.as_str()),
        "{names}"
    );
    assert_eq!(told[0], "copier/server/copies pass ");
    assert_eq!(told[1], "copier/server/own pass ");
    assert_eq!(told[3], "copier/server/writes-nothing fail not-written");
}

#[test]
fn files_need_no_namespaces_and_names_are_skipped_without() {
    let expected = [
        "copier/server/copies pass ",
        "copier/server/own pass ",
        "copier/server/names skip cannot-run-here",
        "copier/server/writes-nothing fail not-written",
    ];
    assert_eq!(outcomes("off"), expected);
}
