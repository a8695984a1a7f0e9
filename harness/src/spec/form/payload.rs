//! Bytes as the format writes them: text, hexadecimal, integers, files; and how they are cut.
//! The untagged enums here differ in their TOML type, and `shape` has explained every
//! other type before serde sees the value, so serde never has to choose words.

use schemars::JsonSchema;
use serde::Deserialize;

use super::name::Hex;
use super::verbs::{Grammar, add_grammar};
use crate::spec::ByteOrder;

/// Bytes to send or to compare with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "text or payload")]
pub(in crate::spec) enum PayloadForm {
    /// UTF-8 text with `{names}`.
    Text(String),
    /// Bytes, an integer or a file.
    Table(PayloadTable),
}

/// Bytes that are not text.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "payload", transform = payload_grammar)]
pub(in crate::spec) struct PayloadTable {
    /// Bytes in hexadecimal digits: `00 ff`.
    pub(in crate::spec) hex: Option<Hex>,
    /// An integer in binary.
    pub(in crate::spec) integer: Option<Scalar>,
    /// Bytes the integer takes.
    #[schemars(range(min = 1, max = 16))]
    pub(in crate::spec) width: Option<u8>,
    /// Which byte first; `big` unless told.
    pub(in crate::spec) order: Option<ByteOrder>,
    /// A file of the program's folder.
    #[schemars(length(min = 1))]
    pub(in crate::spec) file: Option<String>,
    /// Not the whole file, but this picture of it, from 1: a frame of a film in motion JPEG.
    pub(in crate::spec) picture: Option<Scalar>,
}

fn payload_grammar(schema: &mut schemars::Schema) {
    let beside: &[(&str, &[&str])] =
        &[("width", &["integer"]), ("order", &["integer"]), ("picture", &["file"])];
    let verbs = &["hex", "integer", "file"];
    add_grammar(schema, &Grammar { verbs, beside, needs: &[("integer", "width")] });
}

/// A number, or text with `{names}` that becomes one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "number or text")]
pub(in crate::spec) enum Scalar {
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Fraction(f64),
    /// Text with `{names}`.
    Text(String),
}

impl Scalar {
    /// The value as the text of a template.
    pub(in crate::spec) fn into_text(self) -> String {
        match self {
            Scalar::Integer(value) => value.to_string(),
            Scalar::Fraction(value) => value.to_string(),
            Scalar::Text(text) => text,
        }
    }
}

/// How a payload is cut into segments.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "pieces")]
pub(in crate::spec) enum PiecesForm {
    /// Byte by byte.
    Word(PiecesWord),
    /// Pieces of these sizes, the rest in a last one.
    Sizes(#[schemars(length(min = 1), inner(range(min = 1)))] Vec<usize>),
}

/// The word for cutting into single bytes.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::spec) enum PiecesWord {
    /// Byte by byte.
    Bytes,
}
