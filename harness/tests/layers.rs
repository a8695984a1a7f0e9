//! The shape of the house is a test: imports point left only, every layer keeps out what
//! is not its business, and no file grows beyond reading.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Every layer with the layers it may import.
const LAYERS: [(&str, &[&str]); 9] = [
    ("units", &[]),
    ("spec", &["units"]),
    ("matching", &["units", "spec"]),
    ("plan", &["units", "spec", "matching"]),
    ("transcript", &["units"]),
    ("engine", &["units", "spec", "matching", "plan", "transcript"]),
    ("verdict", &["units", "spec", "matching", "plan", "transcript"]),
    ("report", &["units", "spec", "transcript", "verdict"]),
    ("cli", &["units", "spec", "matching", "plan", "transcript", "engine", "verdict", "report"]),
];

/// What a layer must not contain outside its tests: layers, pattern, why.
const KEPT_OUT: [(&[&str], &str, &str); 8] = [
    (
        &["units", "matching", "transcript", "verdict", "report"],
        r"\bstd::(fs|env|io|net::(Tcp|Udp)\w+|process|thread)\b|\b(rustix|tokio|rand|tempfile)::",
        "works on values alone: no files, no sockets, no processes, no chance",
    ),
    (
        &["units", "spec", "matching", "plan", "transcript", "verdict", "report"],
        r"\b(Instant|SystemTime|UNIX_EPOCH)\b|\bthread::sleep\b",
        "knows no clock",
    ),
    (&["spec"], r"\bstd::(env|process|thread)\b|\bstd::net::(Tcp|Udp)", "reads files and nothing else"),
    (
        &["units", "spec", "matching", "plan", "transcript", "engine", "verdict", "report"],
        r"\b(e?print(ln)?|dbg)!|\bio::std(in|out|err)\b|\bprocess::exit\b|\benv::(vars?(_os)?|args(_os)?)\b",
        "does not print, does not exit and does not read the environment: that is the command line's",
    ),
    (&["engine"], r"\b(Outcome|Verdict|Finding)\b|\bjudge\(|\.points\b", "does not judge"),
    (
        &["report"],
        r"\bjudge\(|[=(]\s*(Verdict|Finding) \{|\b(outcome|verdict)\s*[:=]\s*(Some\()?(Outcome|Verdict)::",
        "decides nothing: outcomes come from the verdict",
    ),
    (&["verdict"], r"\b(serde_json|anstyle|unicode_width)\b|\\x1b", "does not render"),
    (
        &["units", "spec", "matching", "plan", "transcript", "engine", "verdict", "report", "cli"],
        r"\btodo!|\bunimplemented!|\bTODO\b|\bFIXME\b",
        "is finished",
    ),
];

/// Longest file, its tests apart.
const LONGEST: usize = 400;

/// A source file of the library.
struct Source {
    path: PathBuf,
    /// Modules from the crate root down.
    module: Vec<String>,
    /// Everything.
    text: String,
}

impl Source {
    fn layer(&self) -> &str {
        &self.module[0]
    }

    fn is_test(&self) -> bool {
        self.module.iter().any(|part| part == "tests" || part == "sample")
    }

    /// The lines outside comments and tests, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = if self.is_test() { 0 } else { self.untested().lines().count() };
        let lines = self.text.lines().enumerate().take(end);
        lines.map(|(index, line)| (index + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The text up to the tests at its foot.
    fn untested(&self) -> &str {
        self.text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default()
    }

    fn at(&self, line: usize) -> String {
        let path = self.path.strip_prefix(folder()).unwrap_or(&self.path);
        format!("src/{}:{line}", path.display())
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file that belongs to a layer.
fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the sources can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.extend(source(path));
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn source(path: PathBuf) -> Option<Source> {
    let inside = path.strip_prefix(folder()).ok()?.with_extension("");
    let mut module: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module == ["lib"] || module == ["main"] {
        return None;
    }
    module.retain(|part| part != "mod");
    let text = fs::read_to_string(&path).expect("a source is text");
    Some(Source { path, module, text })
}

/// The layers a file names, with the lines: through `crate::…`, `crate::{…}`, and through
/// as many `super` as lead to the root.
fn imports(source: &Source) -> Vec<(usize, String)> {
    let path = Regex::new(r"\b(crate|super(?:::super)*)::(\{[^}]*\}|[a-z_]+)").expect("a pattern");
    let tests_begin = source.untested().lines().count() + 1;
    let mut found = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        for names in path.captures_iter(line) {
            let depth = source.module.len() + usize::from(index > tests_begin);
            let climbs = names[1].matches("super").count();
            if climbs > 0 && climbs < depth {
                continue;
            }
            let inner = names[2].trim_matches(['{', '}']);
            let firsts = inner.split(',').filter_map(|part| part.trim().split("::").next());
            found.extend(firsts.map(|first| (index + 1, first.to_owned())));
        }
    }
    found
}

fn allowed(layer: &str) -> &'static [&'static str] {
    LAYERS.iter().find(|(name, _)| *name == layer).map_or(&[], |(_, lower)| lower)
}

fn assert_none(faults: &str, rule: &str) {
    assert!(faults.is_empty(), "{rule}\n{faults}");
}

#[test]
fn every_file_belongs_to_a_layer() {
    let mut faults = String::new();
    for source in sources() {
        if !LAYERS.iter().any(|(name, _)| *name == source.layer()) {
            let _ = writeln!(faults, "  {}: no layer is called `{}`", source.at(1), source.layer());
        }
    }
    assert_none(&faults, "every module is a layer, listed in tests/layers.rs with what it may import");
}

#[test]
fn imports_point_left_only() {
    let mut faults = String::new();
    for source in sources() {
        for (line, name) in imports(&source) {
            let is_layer = LAYERS.iter().any(|(layer, _)| *layer == name);
            if is_layer && name != source.layer() && !allowed(source.layer()).contains(&name.as_str()) {
                let _ = writeln!(faults, "  {}: `{}` imports `{name}`", source.at(line), source.layer());
            }
        }
    }
    assert_none(&faults, "an import points against the arrows of harness/ARCHITECTURE.md");
}

#[test]
fn no_two_layers_import_each_other() {
    let mut arrows: BTreeMap<(String, String), String> = BTreeMap::new();
    for source in sources() {
        for (line, name) in imports(&source) {
            if name != source.layer() {
                arrows.entry((source.layer().to_owned(), name)).or_insert_with(|| source.at(line));
            }
        }
    }
    let mut faults = String::new();
    for ((from, to), place) in &arrows {
        if let Some(back) = arrows.get(&(to.clone(), from.clone())) {
            let _ = writeln!(faults, "  `{from}` and `{to}`: {place} and {back}");
        }
    }
    assert_none(&faults, "two layers import each other");
}

#[test]
fn the_table_itself_has_no_circle() {
    for (index, (layer, lower)) in LAYERS.iter().enumerate() {
        for name in *lower {
            let place = LAYERS.iter().position(|(other, _)| other == name);
            assert!(place.is_some_and(|place| place < index), "`{layer}` may not import `{name}`");
        }
    }
}

#[test]
fn layers_keep_out_what_is_not_their_business() {
    let mut faults = String::new();
    let sources = sources();
    for (layers, pattern, why) in KEPT_OUT {
        let pattern = Regex::new(pattern).expect("a pattern");
        for source in sources.iter().filter(|source| layers.contains(&source.layer())) {
            for (line, text) in source.code().filter(|(_, text)| pattern.is_match(text)) {
                let _ =
                    writeln!(faults, "  {}: `{}` {why}: {}", source.at(line), source.layer(), text.trim());
            }
        }
    }
    assert_none(&faults, "a layer does what is not its business");
}

#[test]
fn no_line_names_an_exercise() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let folders = fs::read_dir(specs).expect("the specs can be read").flatten();
    let exercises: Vec<String> = folders
        .filter(|entry| entry.path().join("exercise.toml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert!(!exercises.is_empty(), "there are exercises");
    let mut faults = String::new();
    for source in sources() {
        for (line, text) in source.code() {
            // Help shows how the grader is called, and has to call it with something.
            let is_help = text.contains("  grader ");
            for exercise in exercises.iter().filter(|exercise| !is_help && names(text, exercise)) {
                let _ = writeln!(faults, "  {}: names `{exercise}`: {}", source.at(line), text.trim());
            }
        }
    }
    assert_none(&faults, "adding an exercise needs no line here, so none is named here");
}

/// Whether a line names an exercise. Ids that are words of their own (`echo`, `number`, `time`)
/// count as one only as a whole string that is compared, or at the head of a check's path.
fn names(text: &str, exercise: &str) -> bool {
    let is_word = exercise.chars().all(|letter| letter.is_ascii_lowercase());
    if is_word {
        let compared =
            [format!("== \"{exercise}\""), format!("\"{exercise}/"), format!("exercises/{exercise}")];
        return compared.iter().any(|part| text.contains(part.as_str()));
    }
    Regex::new(&format!(r"\b{}\b", regex::escape(exercise))).expect("a pattern").is_match(text)
}

#[test]
fn files_can_be_read_in_one_sitting() {
    let mut faults = String::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let lines = source.untested().lines().count();
        if lines > LONGEST {
            let _ = writeln!(faults, "  {}: {lines} lines without tests, at most {LONGEST}", source.at(1));
        }
    }
    assert_none(&faults, "a file has grown too long");
}

#[test]
fn every_file_says_what_it_owns() {
    let mut faults = String::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            let _ = writeln!(faults, "  {}: does not begin with `//!`", source.at(1));
        }
    }
    assert_none(&faults, "every file begins with what it owns");
}
