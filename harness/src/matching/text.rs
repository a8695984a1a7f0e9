//! Expectations over text: equal, contained, absent, matching a pattern.

use regex::Regex;

use super::examine::{Material, Progress};
use super::template::fill;
use super::token::find_token;
use crate::spec::Template;

/// These bytes; with `tolerant`, blanks and line ends around them are no difference.
pub(super) fn exactly(expected: &[u8], tolerant: bool, material: &Material<'_>) -> Progress {
    let plain;
    let bytes = if material.console {
        plain = material.plain().text;
        plain.as_bytes()
    } else {
        material.bytes
    };
    let (expected, came) =
        if tolerant { (expected.trim_ascii(), bytes.trim_ascii_start()) } else { (expected, bytes) };
    if expected.is_empty() && !material.is_over() {
        return if came.is_empty() { Progress::Open } else { Progress::Missed };
    }
    if came.len() < expected.len() {
        return if expected.starts_with(came) { material.unsatisfied() } else { Progress::Missed };
    }
    let equal = if tolerant { came.trim_ascii_end() == expected } else { came == expected };
    if !equal {
        return Progress::Missed;
    }
    // Only text is of use to a capture, and files may be large.
    let text = std::str::from_utf8(expected).unwrap_or_default().to_owned();
    Progress::Matched { used: material.bytes.len(), text }
}

/// What was sent last, unchanged; text may lose or gain a line end.
pub(super) fn echo(material: &Material<'_>) -> Progress {
    exactly(material.sent, is_text(material.sent), material)
}

/// Printable UTF-8 with something to see in it.
fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.trim().is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
    })
}

/// The token as a whole word, anywhere.
pub(super) fn shows(template: &Template, material: &Material<'_>) -> Progress {
    let plain = material.plain();
    match find_token(&plain.text, &fill(template, material.bindings)) {
        Some((start, end)) => {
            Progress::Matched { used: plain.raw_offset(end), text: plain.text[start..end].to_owned() }
        }
        None => material.unsatisfied(),
    }
}

/// The token nowhere. At the very end of the text it may still become another word. A
/// capture may be empty: what was not said is not repeated.
pub(super) fn lacks(template: &Template, material: &Material<'_>) -> Progress {
    let plain = material.plain();
    let token = fill(template, material.bindings);
    match find_token(&plain.text, &token).filter(|_| !token.trim().is_empty()) {
        Some((_, end)) if material.is_over() || end < plain.text.len() => Progress::Missed,
        None if material.settled => Progress::Matched { used: 0, text: String::new() },
        _ => Progress::Open,
    }
}

/// A pattern, anywhere; its first group is what a capture keeps.
pub(super) fn matches(pattern: &str, material: &Material<'_>) -> Progress {
    // The loader has compiled every pattern once: a wrong one cannot come this far.
    let Ok(pattern) = Regex::new(pattern) else { return Progress::Missed };
    let plain = material.plain();
    let Some(groups) = pattern.captures(&plain.text) else { return material.unsatisfied() };
    let end = groups.get(0).map_or(0, |whole| whole.end());
    let text = groups.get(1).or(groups.get(0)).map_or("", |group| group.as_str());
    Progress::Matched { used: plain.raw_offset(end), text: text.to_owned() }
}

/// Text, and another than was captured.
pub(super) fn unlike(capture: &str, material: &Material<'_>) -> Progress {
    let plain = material.plain();
    let text = plain.text.trim();
    let captured = material.bindings.get(capture).map_or("", |captured| captured.trim());
    if text.is_empty() || text == captured { material.unsatisfied() } else { material.matched_whole() }
}
