//! What can be wrong with a message, and what it is compared with.

use std::collections::BTreeMap;

use crate::spec::Fixtures;

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
    pub(crate) files: &'a Fixtures,
}
