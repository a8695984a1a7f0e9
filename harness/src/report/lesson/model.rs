//! A lesson as its file holds it: TOML in `texts/`, embedded in the program.

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::units::Text;

/// The files, in a folder for codes and one for concepts.
pub(super) static TEXTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/report/lesson/texts");

/// What there is to learn about a word. Paragraphs are parted by empty lines; other line
/// ends mean nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lesson {
    /// Words that lead on, nearest first.
    #[serde(default)]
    pub(super) related: Vec<String>,
    /// Manual pages and standards that say the same.
    #[serde(default)]
    pub(super) read: Vec<String>,
    /// All of it in one sentence.
    pub(super) sentence: Text,
    /// What the idea is, or what the failure means.
    pub(super) idea: Text,
    /// How programs come to it.
    pub(super) mistake: Option<Mistake>,
    /// How one sees it oneself.
    pub(super) see: See,
}

/// The usual mistake. Code speaks no language, so there is one for both.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mistake {
    /// English.
    pub(super) en: String,
    /// Korean.
    pub(super) ko: String,
    /// Python as it should not be.
    pub(super) wrong: Option<String>,
    /// Python as it should be.
    pub(super) right: Option<String>,
    /// C, where it differs: as it should be.
    pub(super) c: Option<String>,
}

/// How to see it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct See {
    /// English.
    pub(super) en: String,
    /// Korean.
    pub(super) ko: String,
    /// Commands of a shell.
    pub(super) run: Option<String>,
}
