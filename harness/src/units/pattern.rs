//! Regular expressions that stand in the code: compiled when they are first needed, since
//! compiling takes longer than judging.

use std::sync::OnceLock;

use regex::Regex;

/// A constant regular expression.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// The expression, not yet compiled.
    pub const fn new(text: &'static str) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    /// The expression, compiled once.
    ///
    /// # Panics
    /// It is none: a defect of the code, which a test of its user finds.
    pub fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| Regex::new(self.text).expect("a constant pattern"))
    }
}
