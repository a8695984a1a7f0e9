//! What a step may expect to see. See `payload` for why untagged enums are safe here.

use schemars::JsonSchema;
use serde::Deserialize;

use super::http::{RequestForm, ResponseForm};
use super::name::Yes;
use super::payload::{PayloadForm, Scalar};
use super::picture::JpegForm;
use super::records::{NumbersForm, RecordsForm};
use super::verbs::{Grammar, add_grammar};
use crate::spec::{ByteOrder, Comparison};
use crate::units::Text;

/// What must be seen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "text or expectation")]
pub(in crate::spec) enum ExpectForm {
    /// This text; blanks and line ends around it are tolerated.
    Text(String),
    /// Anything else.
    Table(Box<ExpectationForm>),
}

/// One thing that must be seen: one verb, with credit and note beside it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "expectation", transform = expectation_grammar)]
pub(in crate::spec) struct ExpectationForm {
    /// Exactly this; blanks and line ends around it are tolerated unless `strict`.
    pub(in crate::spec) exactly: Option<PayloadForm>,
    /// Not even a line end around it is tolerated.
    #[serde(default)]
    pub(in crate::spec) strict: bool,
    /// What the harness sent last on this connection, unchanged.
    pub(in crate::spec) echo: Option<Yes>,
    /// This text as a whole word, or words, anywhere.
    #[schemars(length(min = 1))]
    pub(in crate::spec) shows: Option<String>,
    /// A text that must not appear.
    #[schemars(length(min = 1))]
    pub(in crate::spec) lacks: Option<String>,
    /// A regular expression that must match somewhere.
    #[schemars(extend("format" = "regex"))]
    pub(in crate::spec) matches: Option<String>,
    /// This number, however it is written.
    pub(in crate::spec) number: Option<Scalar>,
    /// An integer in binary.
    pub(in crate::spec) integer: Option<IntegerForm>,
    /// Numbers in their ranges, in whatever form: text, or binary integers of either order.
    pub(in crate::spec) numbers: Option<NumbersForm>,
    /// Lines with named values in them.
    pub(in crate::spec) records: Option<RecordsForm>,
    /// Whatever it is, something.
    pub(in crate::spec) something: Option<Yes>,
    /// Nothing more until the program waits.
    pub(in crate::spec) nothing: Option<Yes>,
    /// The model program's answer to the same bytes, compared as this.
    pub(in crate::spec) reference: Option<Comparison>,
    /// The present time as C's `ctime` writes it.
    pub(in crate::spec) current_time: Option<TimeForm>,
    /// Text that differs from this capture.
    pub(in crate::spec) unlike: Option<String>,
    /// No trace of an exception or of a crash.
    pub(in crate::spec) no_trace: Option<Yes>,
    /// An HTTP response.
    pub(in crate::spec) http: Option<ResponseForm>,
    /// An HTTP request.
    pub(in crate::spec) http_request: Option<RequestForm>,
    /// A picture.
    pub(in crate::spec) jpeg: Option<JpegForm>,
    /// The program ends its direction.
    pub(in crate::spec) fin: Option<Yes>,
    /// The program resets.
    pub(in crate::spec) reset: Option<Yes>,
    /// The connection ends, one way or the other.
    pub(in crate::spec) end: Option<Yes>,
    /// The connection stays open while the program waits.
    pub(in crate::spec) open: Option<Yes>,
    /// Any of these; the first that fits counts.
    #[schemars(length(min = 1))]
    pub(in crate::spec) any: Option<Vec<ExpectationForm>>,
    /// Share of the points, 1 unless told.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub(in crate::spec) credit: Option<f64>,
    /// Why it is not the whole credit, or a remark.
    pub(in crate::spec) note: Option<Text>,
}

fn expectation_grammar(schema: &mut schemars::Schema) {
    let verbs = &[
        "exactly",
        "echo",
        "shows",
        "lacks",
        "matches",
        "number",
        "integer",
        "numbers",
        "records",
        "something",
        "nothing",
        "reference",
        "current-time",
        "unlike",
        "no-trace",
        "http",
        "http-request",
        "jpeg",
        "fin",
        "reset",
        "end",
        "open",
        "any",
    ];
    add_grammar(schema, &Grammar { verbs, beside: &[("strict", &["exactly"])], needs: &[] });
}

/// An integer in binary.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "integer")]
pub(in crate::spec) struct IntegerForm {
    /// Widths in bytes that are right.
    #[schemars(length(min = 1), inner(range(min = 1, max = 16)))]
    pub(in crate::spec) widths: Vec<u8>,
    /// Which byte first; `big` unless told.
    pub(in crate::spec) order: Option<ByteOrder>,
    /// The value, where it is known; an unset setting counts as unknown.
    pub(in crate::spec) value: Option<Scalar>,
    /// A range in which the value is plausible.
    pub(in crate::spec) plausible: Option<[u64; 2]>,
    /// Bytes after the right value are no matter here.
    #[serde(default)]
    pub(in crate::spec) more: bool,
}

/// The present time.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "current-time")]
pub(in crate::spec) struct TimeForm {
    /// Largest difference in seconds.
    pub(in crate::spec) within: u32,
}
