//! What changes from run to run, replaced by its name.

use std::sync::LazyLock;

use regex::Regex;

use super::Transcript;

/// Patterns of what depends on the moment and the machine, and their names.
static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let table = [
        (r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b", "{time}"),
        // A written `\n` may stand before it: no boundary of a word.
        (r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d \d{4}\b", "{time}"),
        (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?\b", "{time}"),
        (r"\b\d\d:\d\d:\d\d([.,]\d+)?\b", "{time}"),
        (r"\b0x[0-9a-f]{8,16}\b", "{address}"),
    ];
    let compile = |pattern: &str| Regex::new(pattern).expect("a constant pattern");
    table.into_iter().map(|(pattern, name)| (compile(pattern), name)).collect()
});
/// A process or thread number.
static PID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)(\bpid[ =:]+|\bthread '[^']*' \()\d+").expect("a constant pattern"));

/// The volatile values of one transcript.
pub(super) struct Redaction {
    /// Text and its name, longest text first.
    values: Vec<(String, String)>,
}

impl Redaction {
    pub(super) fn of(transcript: &Transcript) -> Self {
        let volatile = |name: &str| name == "port" || name == "dir" || name.ends_with(".port");
        let earlier = transcript.earlier.iter().map(|(name, value)| (name, value));
        let bindings = transcript.bindings.iter().chain(earlier);
        let bindings = bindings.filter(|(name, value)| volatile(name) && !value.is_empty());
        let mut values: Vec<(String, String)> =
            bindings.map(|(name, value)| (value.clone(), format!("{{{name}}}"))).collect();
        // The port of a server is also the local port of the harness that plays it.
        values.sort_by_key(|(value, name)| (std::cmp::Reverse(value.len()), name != "{port}"));
        Self { values }
    }

    /// The text with every volatile part replaced.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (value, name) in &self.values {
            text = replace_whole(&text, value, name);
        }
        for (pattern, name) in PATTERNS.iter() {
            if pattern.is_match(&text) {
                text = pattern.replace_all(&text, *name).into_owned();
            }
        }
        if PID.is_match(&text) {
            text = PID.replace_all(&text, "${1}{pid}").into_owned();
        }
        text
    }
}

/// Replaces a value where it is not part of a longer number or word.
fn replace_whole(text: &str, value: &str, name: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut from = 0;
    for (at, found) in text.match_indices(value) {
        let end = at + found.len();
        let joined = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        let fraction = after == Some('.') && joined(text[end + 1..].chars().next());
        if !joined(before) && before != Some('.') && !joined(after) && !fraction {
            replaced.push_str(&text[from..at]);
            replaced.push_str(name);
            from = end;
        }
    }
    replaced.push_str(&text[from..]);
    replaced
}
