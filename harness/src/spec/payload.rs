//! Bytes as a spec describes them: what they are, and how they are cut.

use serde::{Deserialize, Serialize};

use super::{Picture, Template};

/// Bytes to send or to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// UTF-8 text.
    Text(Template),
    /// Bytes as written.
    Bytes(Vec<u8>),
    /// An integer.
    Integer {
        /// The value, in decimal.
        value: Template,
        /// Bytes it takes: 1 to 16.
        width: u8,
        /// Which byte first.
        order: ByteOrder,
    },
    /// A file of the program's folder: its own, the exercise's or the scenario's.
    File(Template),
    /// One of the pictures in such a file.
    Picture(Picture),
}

/// Which byte of an integer travels first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ByteOrder {
    /// Network byte order (RFC 1700).
    Big,
    /// The order of most processors.
    Little,
}

/// How a payload is cut. Each piece is consumed by the program before the next is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Pieces {
    /// All in one segment.
    #[default]
    Whole,
    /// Byte by byte.
    Bytes,
    /// Pieces of these sizes; the rest in a last one.
    Sizes(Vec<usize>),
}
