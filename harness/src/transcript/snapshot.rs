//! A canonical transcript as a snapshot file in insta's format: byte for byte what
//! `cargo insta accept` writes, so that both tools agree on what has changed.

use std::fmt::Write;

/// A snapshot file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotFile {
    /// The spec of the check: `specs/sum/server.toml`.
    pub source: String,
    /// The command that runs the check again.
    pub expression: String,
    /// Id of the check.
    pub check: String,
    /// Digest of what the check does.
    pub spec_hash: String,
    /// The seed its values were drawn from.
    pub seed: u64,
    /// The canonical transcript.
    pub transcript: String,
}

impl SnapshotFile {
    /// Name of the file of a check: `server__adds.snap` for `sum/server/adds`.
    pub fn name(check: &str) -> String {
        let path: Vec<&str> = check.split('/').skip(1).collect();
        format!("{}.snap", path.join("__"))
    }

    /// The text of the file.
    pub fn render(&self) -> String {
        let mut text = String::from("---\n");
        let exercise = self.check.split('/').next().unwrap_or_default();
        let seed = self.seed.to_string();
        let lines = [
            ("source", scalar(&self.source)),
            ("expression", scalar(&self.expression)),
            ("info", String::new()),
            ("  exercise", scalar(exercise)),
            ("  check", scalar(&self.check)),
            ("  spec_hash", scalar(&self.spec_hash)),
            ("  seed", seed),
        ];
        for (key, value) in lines {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", format!("{key}: {value}").trim_end());
        }
        text.push_str("---\n");
        text.push_str(self.transcript.trim_end());
        text.push('\n');
        text
    }
}

/// A text as insta's YAML has it: in quotes where it could be taken for something else.
fn scalar(text: &str) -> String {
    let special = |c: char| c.is_control() || ":{}[],#`\"'\\".contains(c);
    let odd = text.is_empty()
        || text.trim() != text
        || text.starts_with(|c: char| "&*?|-<>=!%@.".contains(c))
        || text.starts_with("0x")
        || text.contains(special)
        || text.parse::<f64>().is_ok()
        || ["yes", "no", "true", "false", "on", "off", "null", "~"].contains(&text.to_lowercase().as_str());
    if odd { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) } else { text.to_owned() }
}
