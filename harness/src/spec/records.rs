//! What is expected of numbers that a program reports: on a connection in whatever form,
//! or as the lines of a file.

use super::Wire;

/// Numbers in whatever form a connection carries them: as text, or as binary integers of
/// some width in either order. A form that cannot be read is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumbersExpectation {
    /// The least and the greatest value of each number of a message. Which of them comes
    /// first in a message is free.
    pub ranges: Vec<(i64, i64)>,
    /// How many messages there are.
    pub messages: usize,
    /// No number is the same in all messages.
    pub differ: bool,
}

/// Lines that a program writes, each with named values in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordsExpectation {
    /// Only lines with this word in them count; every line where it is missing.
    pub about: Option<String>,
    /// A regular expression that every line must match; its named groups are the values,
    /// and `time` is the time.
    pub pattern: String,
    /// How many lines there are; any number but none where it is missing.
    pub count: Option<usize>,
    /// The least and the greatest value by name.
    pub ranges: Vec<(String, (i64, i64))>,
    /// Largest difference in seconds between the time of a line and now.
    pub time_within: Option<u32>,
    /// The wire that carried these values, where its form can be read.
    pub agrees_with: Option<Wire>,
    /// No value is the same in all lines.
    pub differ: bool,
}
