//! Examining what came against one expectation.

use std::collections::BTreeMap;

use crate::spec::{Alternative, Expectation, Template};

/// What an expectation has before it.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// Unread bytes of the connection; for the console, what it showed since the
    /// last step that looked at it, ANSI sequences still in.
    pub bytes: &'a [u8],
    /// The program has ended its direction (FIN).
    pub fin: bool,
    /// The program has reset the connection.
    pub reset: bool,
    /// Nothing more will come: what is here is all.
    pub settled: bool,
    /// The bytes are console output, not a connection's.
    pub console: bool,
    /// The bytes last sent on this connection.
    pub sent: &'a [u8],
    /// The model's answer.
    pub reference: Option<&'a [u8]>,
    /// Seconds since the Unix epoch.
    pub clock: i64,
    /// Names filled in while the scenario runs.
    pub bindings: &'a BTreeMap<String, String>,
}

/// How far an expectation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Satisfied by the first `used` bytes; more bytes may still spoil it.
    Matched {
        /// Bytes taken.
        used: usize,
        /// The text that matched, for captures.
        text: String,
    },
    /// Not yet; more may satisfy it.
    Open,
    /// Nothing that can still come would satisfy it.
    Missed,
}

/// Examines the material against one expectation.
pub fn examine(_expectation: &Expectation, _material: &Material<'_>) -> Progress {
    Progress::Open
}

/// Examines the alternatives in order: the first that matches and its index, else
/// `Open` if any may still match.
pub fn examine_any(alternatives: &[Alternative], material: &Material<'_>) -> (Progress, usize) {
    let mut open = false;
    for (index, alternative) in alternatives.iter().enumerate() {
        match examine(&alternative.expectation, material) {
            matched @ Progress::Matched { .. } => return (matched, index),
            Progress::Open => open = true,
            Progress::Missed => {}
        }
    }
    (if open { Progress::Open } else { Progress::Missed }, 0)
}

/// Fills the names of a template from the bindings; unknown names stay as they are.
pub fn fill(template: &Template, _bindings: &BTreeMap<String, String>) -> String {
    template.0.clone()
}
