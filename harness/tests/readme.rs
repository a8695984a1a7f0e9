//! The README tells the truth: its commands run, its output is real, its checks and its
//! links exist. A line `…` in a block stands for lines that are left out.

mod support;

use std::fs;
use std::path::Path;

use regex::Regex;
use support::{grader, repository, sample};

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).expect("there is a README")
}

/// The fenced blocks of one kind.
fn blocks(kind: &str) -> Vec<String> {
    let text = readme();
    let fence = format!("```{kind}\n");
    let parts = text.split(&fence).skip(1);
    parts.filter_map(|part| part.split("\n```").next()).map(str::to_owned).collect()
}

/// The lines a reader may type: of indented blocks and behind `$`.
fn commands() -> Vec<String> {
    let text = readme();
    let typed = |line: &str| {
        let line = line.strip_prefix("    ").or_else(|| line.strip_prefix("$ "))?;
        let line = line.split("  #").next().unwrap_or(line).trim();
        (line.starts_with("grader ") || line.starts_with("cargo ")).then(|| line.to_owned())
    };
    text.lines().filter_map(typed).collect()
}

/// Whether the text is the pattern, in which a line `…` stands for any lines.
fn fits(pattern: &str, text: &str) -> bool {
    let lines = pattern
        .lines()
        .map(|line| if line.trim() == "…" { r"(?:.*\n)*?".to_owned() } else { regex::escape(line) + "\n" });
    let whole = format!(r"\A{}\z", lines.collect::<String>());
    Regex::new(&whole).expect("a pattern").is_match(text)
}

#[test]
fn the_output_shown_is_what_the_command_prints() {
    let folder = tempfile::tempdir().unwrap();
    let server = folder.path().join("server.py");
    fs::copy(sample("hw3/server/wrong/requires-blanks.py"), server).unwrap();
    let specs = repository().join("specs");
    for block in blocks("console") {
        let (command, expected) = block.split_once('\n').unwrap();
        let words = shlex::split(command.trim_start_matches("$ ")).unwrap();
        assert_eq!(words[0], "grader", "{command}");
        let mut run = grader();
        run.current_dir(folder.path()).arg("--specs").arg(&specs).args(&words[1..]);
        let output = run.output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(
            fits(&format!("{expected}\n"), &printed),
            "the README shows for `{command}`\n{expected}\nbut it prints\n{printed}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn checks_shown_stand_in_the_specs() {
    let mut specs = String::new();
    for exercise in fs::read_dir(repository().join("specs")).unwrap().flatten() {
        for file in fs::read_dir(exercise.path()).into_iter().flatten().flatten() {
            specs.push_str(&fs::read_to_string(file.path()).unwrap_or_default());
        }
    }
    for block in blocks("toml") {
        let mut rest = specs.as_str();
        for part in block.split('\n').collect::<Vec<_>>().split(|line| line.trim() == "…") {
            let part = part.join("\n");
            let place = rest.find(&part);
            assert!(place.is_some(), "no spec says\n{part}");
            rest = &rest[place.unwrap() + part.len()..];
        }
    }
}

#[test]
fn commands_are_understood() {
    let commands = commands();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands.iter().filter(|command| command.starts_with("grader ")) {
        let words = shlex::split(command).unwrap();
        let output = grader().current_dir("/").args(&words[1..]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // Targets of a reader are not here: that is said by the command itself, not by its parser.
        assert!(!said.contains("Usage:") && !said.contains("--help"), "`{command}`: {said}");
    }
}

#[test]
fn continuous_integration_runs_the_same_commands() {
    let script = fs::read_to_string(repository().join(".ci/run")).unwrap();
    for command in commands().iter().filter(|command| command.starts_with("cargo ")) {
        assert!(script.contains(&format!("step {command}\n")), ".ci/run does not run `{command}`");
    }
}

#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)#]+)(?:#[^)]*)?\)").unwrap();
    for page in ["README.md", "harness/ARCHITECTURE.md", "specs/README.md", "reference/README.md"] {
        let path = repository().join(page);
        let text = fs::read_to_string(&path).unwrap();
        for found in link.captures_iter(&text).filter(|found| !found[1].contains("://")) {
            let target = path.parent().unwrap_or(Path::new("")).join(&found[1]);
            assert!(target.exists(), "{page} leads to {}, which is not there", &found[1]);
        }
    }
}

#[test]
fn the_first_screen_shows_output_and_the_two_commands() {
    let text = readme();
    let screen: Vec<&str> = text.lines().take(40).collect();
    let screen = screen.join("\n");
    for part in
        ["$ grader run hw3 --target", "score ", "cargo run --release -- run hw3", "cargo test --workspace"]
    {
        assert!(screen.contains(part), "the first forty lines lack `{part}`");
    }
}
