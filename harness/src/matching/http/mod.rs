//! HTTP messages: whether a response or a request is whole, and whether it is what
//! was expected. What is wrong comes as a fault, so that the judge can say why.

mod body;
mod charset;
mod request;
mod response;
#[cfg(test)]
mod tests;

pub(crate) use request::read_request;
pub(super) use request::request;
pub(crate) use response::read_response;
pub(super) use response::response;

use std::collections::BTreeMap;

/// What is wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HttpFault {
    /// Nothing came.
    Nothing,
    /// This line is none of the protocol.
    Line(String),
    /// The header has no end.
    NoEmptyLine,
    /// A line of the header ends in LF alone.
    BareLf,
    /// Another status.
    Status(u16),
    /// A header field is not there.
    NoField(String),
    /// A header field has another value.
    Field {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Only the beginning of the body came.
    Truncated {
        /// Bytes that came.
        came: usize,
        /// Bytes that should have come.
        wanted: usize,
    },
    /// `Content-Length` is less than what was sent.
    LengthTooSmall {
        /// What it says.
        said: usize,
        /// Bytes that came.
        came: usize,
    },
    /// The body is right and goes on.
    Surplus(usize),
    /// The text is right in another encoding than the one in which a browser reads it.
    Encoding {
        /// In which a browser reads it.
        read: &'static str,
        /// Whether header or page declare it.
        declared: bool,
        /// In which it was sent.
        sent: &'static str,
    },
    /// Bytes that are no text were turned into text on the way.
    Mangled,
    /// Another body.
    Differs {
        /// First byte that differs.
        offset: usize,
        /// Bytes that came.
        came: usize,
        /// Bytes that should have come.
        wanted: usize,
    },
    /// The body lacks the text.
    Lacks,
    /// Another method.
    Method(String),
    /// Another target.
    Target(String),
    /// The file to compare with is not known.
    NoFile(String),
}

/// What names and files stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    /// Names that are filled in.
    pub(crate) bindings: &'a BTreeMap<String, String>,
    /// Files of the program's folder.
    pub(crate) files: &'a BTreeMap<String, Vec<u8>>,
}

/// Whether a line of these bytes ends in LF alone.
fn has_bare_lf(head: &[u8]) -> bool {
    head.iter().enumerate().any(|(at, byte)| *byte == b'\n' && (at == 0 || head[at - 1] != b'\r'))
}

/// The line at which a header stops being one: the first, or one without a name before
/// its colon. None where all lines are sound so far.
fn offending_line(bytes: &[u8]) -> HttpFault {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let first = lines.next().unwrap_or_default();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let is_field = |line: &[u8]| match line.iter().position(|byte| *byte == b':') {
        Some(colon) => colon > 0 && line[..colon].iter().all(is_name),
        None => false,
    };
    match lines.take_while(|line| !line.is_empty()).find(|line| !is_field(line)) {
        // The page begins where a field should stand.
        Some(line) if line.starts_with(b"<") || !line.is_ascii() => HttpFault::NoEmptyLine,
        Some(line) => HttpFault::Line(String::from_utf8_lossy(line).into_owned()),
        None => HttpFault::Line(String::from_utf8_lossy(first).into_owned()),
    }
}
