//! What is expected of HTTP messages.

use super::{Payload, Template};

/// An HTTP response, whole: up to its `Content-Length`, or to the end of the connection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpResponse {
    /// Numbers of the status line that are right; any where it is empty.
    pub status: Vec<u16>,
    /// Header fields and their values; parameters behind a `;` are free.
    pub header: Vec<(String, Template)>,
    /// Every line of the header must end in CRLF, not in LF alone.
    pub crlf: bool,
    /// What the body must be.
    pub body: Option<Body>,
}

/// What the body of a response must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// This file of the program's folder: text as a browser reads it, in whatever
    /// encoding is declared; anything else byte for byte.
    File(Template),
    /// Text with this in it, as a browser reads it.
    Contains(Template),
    /// These bytes.
    Exactly(Payload),
}

/// An HTTP request, whole: up to the empty line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpRequest {
    /// The method; any where it is missing.
    pub method: Option<String>,
    /// What is asked for; anything where it is missing.
    pub target: Option<Template>,
}
