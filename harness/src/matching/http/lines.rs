//! The lines of a header: how they end, and which of them is none.

use httparse::Error;

use super::HttpFault;

/// Whether a line of these bytes ends in LF alone.
pub(super) fn has_bare_lf(head: &[u8]) -> bool {
    head.iter().enumerate().any(|(at, byte)| *byte == b'\n' && (at == 0 || head[at - 1] != b'\r'))
}

/// The line that the parser could not read: the first, or one of the header without a
/// name before its colon.
pub(super) fn offending_line(bytes: &[u8], error: Error) -> HttpFault {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let first = lines.next().unwrap_or_default();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let is_field = |line: &[u8]| match line.iter().position(|byte| *byte == b':') {
        Some(colon) => colon > 0 && line[..colon].iter().all(is_name),
        None => false,
    };
    let in_header = matches!(error, Error::HeaderName | Error::HeaderValue | Error::NewLine);
    match lines.take_while(|line| in_header && !line.is_empty()).find(|line| !is_field(line)) {
        // The page begins where a field should stand.
        Some(line) if line.starts_with(b"<") || !line.is_ascii() => HttpFault::NoEmptyLine,
        Some(line) => HttpFault::Line(String::from_utf8_lossy(line).into_owned()),
        None => HttpFault::Line(String::from_utf8_lossy(first).into_owned()),
    }
}
