//! What a step may expect of HTTP messages.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::payload::PayloadForm;
use super::verbs::{Grammar, add_grammar};

/// An HTTP response.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "http response")]
pub(in crate::spec) struct ResponseForm {
    /// Numbers of the status line that are right; any unless told.
    #[schemars(length(min = 1), inner(range(min = 100, max = 999)))]
    pub(in crate::spec) status: Option<Vec<u16>>,
    /// Header fields and their values; parameters behind a `;` are free.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": "^[a-z][a-z0-9-]*$", "errorMessage": "the name of a header field in small letters" }))]
    pub(in crate::spec) header: BTreeMap<String, String>,
    /// Every line of the header must end in CRLF, not in LF alone.
    #[serde(default)]
    pub(in crate::spec) crlf: bool,
    /// What the body must be; anything unless told.
    pub(in crate::spec) body: Option<BodyForm>,
}

/// The body of a response.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "body", transform = body_grammar)]
pub(in crate::spec) struct BodyForm {
    /// This file of the program's folder: text as a browser reads it, anything else byte for byte.
    #[schemars(length(min = 1))]
    pub(in crate::spec) file: Option<String>,
    /// Text with this in it.
    #[schemars(length(min = 1))]
    pub(in crate::spec) contains: Option<String>,
    /// These bytes.
    pub(in crate::spec) exactly: Option<PayloadForm>,
}

fn body_grammar(schema: &mut schemars::Schema) {
    add_grammar(schema, &Grammar { verbs: &["file", "contains", "exactly"], beside: &[], needs: &[] });
}

/// An HTTP request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "http request")]
pub(in crate::spec) struct RequestForm {
    /// The method; any unless told.
    #[schemars(length(min = 1))]
    pub(in crate::spec) method: Option<String>,
    /// What is asked for; anything unless told.
    #[schemars(length(min = 1))]
    pub(in crate::spec) target: Option<String>,
}
