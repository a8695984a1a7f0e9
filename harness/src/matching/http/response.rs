//! Responses: status line, header, body.

use httparse::{EMPTY_HEADER, Status};

use super::super::examine::{Material, Progress};
use super::super::template::fill;
use super::body::{Came, compare};
use super::lines::{has_bare_lf, offending_line};
use super::{HttpFault, Known, charset};
use crate::spec::HttpResponse;

/// Most header fields of one message.
const MOST_FIELDS: usize = 64;

/// A response is decided when it is whole: nobody can say what is still to come.
pub(in crate::matching) fn response(expected: &HttpResponse, material: &Material<'_>) -> Progress {
    let known = Known { bindings: material.bindings, files: material.files };
    let head = Head::read(material.bytes);
    let whole = head.as_ref().is_ok_and(|head| head.body(material.bytes).is_whole);
    if !whole && !material.is_over() {
        return Progress::Open;
    }
    match read_response(expected, material.bytes, known) {
        Ok((used, text)) => Progress::Matched { used, text },
        Err(_) => Progress::Missed,
    }
}

/// Reads all that came of a response: the bytes it takes and its text, or what is wrong.
pub(crate) fn read_response(
    expected: &HttpResponse,
    bytes: &[u8],
    known: Known<'_>,
) -> Result<(usize, String), HttpFault> {
    let head = Head::read(bytes)?;
    if !expected.status.is_empty() && !expected.status.contains(&head.status) {
        return Err(HttpFault::Status(head.status));
    }
    if expected.crlf && has_bare_lf(&bytes[..head.length]) {
        return Err(HttpFault::BareLf);
    }
    for (name, value) in &expected.header {
        let Some(came) = head.field(name) else { return Err(HttpFault::NoField(name.clone())) };
        if !is_value(came, &fill(value, known.bindings)) {
            return Err(HttpFault::Field { name: name.clone(), value: came.to_owned() });
        }
    }
    let body = head.body(bytes);
    let content_type = head.field("content-type").unwrap_or_default();
    if let Some(wanted) = &expected.body {
        let came = Came { content_type, bytes: &body.bytes };
        compare(wanted, came, known).map_err(|fault| match (fault, body.said) {
            (HttpFault::Truncated { came, .. } | HttpFault::Differs { came, .. }, Some(said))
                if came == said && head.length + said < bytes.len() =>
            {
                HttpFault::LengthTooSmall { said, came: bytes.len() - head.length }
            }
            (fault, _) => fault,
        })?;
    }
    if let Some(said) = body.said.filter(|said| *said > body.bytes.len()) {
        return Err(HttpFault::Truncated { came: body.bytes.len(), wanted: said });
    }
    let (encoding, _) = charset::of_page(content_type, &body.bytes);
    Ok((body.used, encoding.decode(&body.bytes).0.into_owned()))
}

/// The value, whatever parameters follow it.
fn is_value(came: &str, wanted: &str) -> bool {
    let value = came.split(';').next().unwrap_or_default().trim();
    value.eq_ignore_ascii_case(wanted) || came.trim().eq_ignore_ascii_case(wanted)
}

/// Status line and header.
struct Head {
    status: u16,
    fields: Vec<(String, String)>,
    /// Its bytes, the empty line with them.
    length: usize,
}

/// The body as far as it came.
struct Taken {
    bytes: Vec<u8>,
    /// Bytes of the whole message.
    used: usize,
    is_whole: bool,
    /// What `Content-Length` says.
    said: Option<usize>,
}

impl Head {
    fn read(bytes: &[u8]) -> Result<Self, HttpFault> {
        if bytes.trim_ascii().is_empty() {
            return Err(HttpFault::Nothing);
        }
        let mut fields = [EMPTY_HEADER; MOST_FIELDS];
        let mut parsed = httparse::Response::new(&mut fields);
        match parsed.parse(bytes) {
            Ok(Status::Complete(length)) => Ok(Self {
                status: parsed.code.unwrap_or_default(),
                fields: parsed
                    .headers
                    .iter()
                    .map(|field| {
                        (field.name.to_owned(), String::from_utf8_lossy(field.value).trim().to_owned())
                    })
                    .collect(),
                length,
            }),
            Ok(Status::Partial) => Err(HttpFault::NoEmptyLine),
            Err(error) => Err(offending_line(bytes, error)),
        }
    }

    fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn body(&self, bytes: &[u8]) -> Taken {
        let rest = &bytes[self.length..];
        if self.field("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            let (body, end) = unchunk(rest);
            let used = self.length + end.unwrap_or(rest.len());
            return Taken { bytes: body, used, is_whole: end.is_some(), said: None };
        }
        let said: Option<usize> = self.field("content-length").and_then(|length| length.parse().ok());
        let taken = said.map_or(rest.len(), |said| said.min(rest.len()));
        let is_whole = said.is_some_and(|said| said <= rest.len());
        Taken { bytes: rest[..taken].to_vec(), used: self.length + taken, is_whole, said }
    }
}

/// A body in chunks (RFC 9112, 7.1) as far as it came, and where it ends.
fn unchunk(mut rest: &[u8]) -> (Vec<u8>, Option<usize>) {
    let (mut body, all) = (Vec::new(), rest.len());
    while let Ok(Status::Complete((start, size))) = httparse::parse_chunk_size(rest) {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        rest = &rest[start..];
        if size == 0 {
            let end = rest.windows(2).position(|pair| pair == b"\r\n").map(|at| all - rest.len() + at + 2);
            return (body, end);
        }
        let taken = size.min(rest.len());
        body.extend_from_slice(&rest[..taken]);
        rest = rest.get(taken.saturating_add(2)..).unwrap_or_default();
    }
    (body, None)
}
