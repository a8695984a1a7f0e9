//! What is new, what differs and what is gone, and how it is told.

use std::fmt::Write;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use super::shelf::Standing;

/// Equal lines shown around a difference.
const AROUND: usize = 3;

const GONE: Style = AnsiColor::Red.on_default();
const COME: Style = AnsiColor::Green.on_default();

/// How the snapshots of an exercise stand.
#[derive(Default)]
pub(super) struct Changes {
    standings: Vec<(String, Standing)>,
    strays: Vec<PathBuf>,
    troubles: Vec<(String, String)>,
}

impl Changes {
    /// A check was recorded.
    pub(super) fn add(&mut self, check: &str, standing: Standing) {
        self.standings.push((check.to_owned(), standing));
    }

    /// A check was not recorded; its snapshot stays as it is.
    pub(super) fn trouble(&mut self, check: &str, reason: &str) {
        self.troubles.push((check.to_owned(), reason.to_owned()));
    }

    /// Files that no check stands for.
    pub(super) fn orphans(&mut self, paths: Vec<PathBuf>) {
        self.strays = paths;
    }

    /// Every check that was recorded.
    pub(super) fn standings(&self) -> impl Iterator<Item = &Standing> {
        self.standings.iter().map(|(_, standing)| standing)
    }

    /// Files that no check stands for.
    pub(super) fn strays(&self) -> &[PathBuf] {
        &self.strays
    }

    /// Whether something is not as it was recorded.
    pub(super) fn any(&self) -> bool {
        !self.strays.is_empty() || self.standings().any(|standing| !standing.agrees())
    }

    /// The changes in words; `stays` says that nothing was written over.
    pub(super) fn tell(&self, exercise: &str, stays: bool, coloured: bool) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, exercise, stays, coloured);
        text
    }

    fn write(&self, text: &mut String, exercise: &str, stays: bool, coloured: bool) -> std::fmt::Result {
        writeln!(text, "{exercise}  {}", self.count(stays))?;
        let words = if stays { ["missing", "differs", "orphan"] } else { ["new", "changed", "removed"] };
        for (check, standing) in &self.standings {
            match &standing.before {
                None => writeln!(text, "  {:<8} {check}", words[0])?,
                Some(before) if !standing.agrees() => {
                    writeln!(text, "  {:<8} {check}", words[1])?;
                    if stays {
                        write!(text, "{}", difference(before, &standing.now, coloured))?;
                    }
                }
                Some(_) => {}
            }
        }
        for path in &self.strays {
            writeln!(text, "  {:<8} {}", words[2], path.display())?;
        }
        for (check, reason) in &self.troubles {
            writeln!(text, "  {:<8} {check}: {reason}", "not run")?;
        }
        Ok(())
    }

    fn count(&self, stays: bool) -> String {
        let new = self.standings().filter(|standing| standing.before.is_none()).count();
        let same = self.standings().filter(|standing| standing.agrees()).count();
        let changed = self.standings.len() - new - same;
        let words = if stays {
            ["as recorded", "missing", "different", "without a check"]
        } else {
            ["unchanged", "new", "changed", "removed"]
        };
        let counts = [same, new, changed, self.strays.len()];
        let mut parts: Vec<String> = Vec::new();
        for (count, word) in counts.into_iter().zip(words) {
            if count > 0 || word == words[0] {
                parts.push(format!("{count} {word}"));
            }
        }
        if !self.troubles.is_empty() {
            parts.push(format!("{} not recorded", self.troubles.len()));
        }
        parts.join(", ")
    }
}

/// What stands in the snapshot (−) and what was recorded now (+).
fn difference(before: &str, now: &str, coloured: bool) -> String {
    let diff = TextDiff::from_lines(before, now);
    let mut text = String::new();
    for (index, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if index > 0 {
            text.push_str("      …\n");
        }
        for change in group.iter().flat_map(|operation| diff.iter_changes(operation)) {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', GONE),
                ChangeTag::Insert => ('+', COME),
                ChangeTag::Equal => (' ', Style::new()),
            };
            let style = if coloured { style } else { Style::new() };
            let line = change.value().trim_end_matches('\n');
            text.push_str(&format!("    {style}{sign} {line}{style:#}\n"));
        }
    }
    text
}
