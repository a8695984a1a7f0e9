//! What a step may expect of numbers that a program reports.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Numbers in whatever form a connection carries them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "numbers")]
pub(in crate::spec) struct NumbersForm {
    /// The least and the greatest value of each number of a message, in any order.
    #[schemars(length(min = 1, max = 6))]
    pub(in crate::spec) ranges: Vec<[i64; 2]>,
    /// How many messages there are; 1 unless told.
    #[schemars(range(min = 1))]
    pub(in crate::spec) messages: Option<usize>,
    /// No number is the same in all messages.
    #[serde(default)]
    pub(in crate::spec) differ: bool,
}

/// Lines with named values in them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "records")]
pub(in crate::spec) struct RecordsForm {
    /// Only lines with this word in them count; every line unless told.
    #[schemars(length(min = 1))]
    pub(in crate::spec) about: Option<String>,
    /// A regular expression that every line must match; its named groups are the values,
    /// and `time` is the time.
    #[schemars(extend("format" = "regex"))]
    pub(in crate::spec) pattern: String,
    /// How many lines there are; any number but none unless told.
    #[schemars(range(min = 1))]
    pub(in crate::spec) count: Option<usize>,
    /// The least and the greatest value by name.
    #[serde(default)]
    pub(in crate::spec) ranges: BTreeMap<String, [i64; 2]>,
    /// Largest difference in seconds between the time of a line and now.
    pub(in crate::spec) time_within: Option<u32>,
    /// The wire that carried these values, `"device1>user"`.
    #[schemars(length(min = 1))]
    pub(in crate::spec) agrees_with: Option<String>,
    /// No value is the same in all lines.
    #[serde(default)]
    pub(in crate::spec) differ: bool,
}
