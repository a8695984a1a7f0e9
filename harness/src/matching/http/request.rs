//! Requests: the request line, and where the header ends.

use httparse::{EMPTY_HEADER, Status};

use super::super::examine::{Material, Progress};
use super::super::template::fill;
use super::lines::{has_bare_lf, offending_line};
use super::{HttpFault, Known};
use crate::spec::HttpRequest;

/// Most header fields of one message.
const MOST_FIELDS: usize = 64;

/// A request is decided once its empty line is there.
pub(in crate::matching) fn request(expected: &HttpRequest, material: &Material<'_>) -> Progress {
    let known = Known { bindings: material.bindings, files: material.files };
    match read_request(expected, material.bytes, known) {
        Ok(used) => {
            let line = material.bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
            Progress::Matched { used, text: String::from_utf8_lossy(line).into_owned() }
        }
        Err(HttpFault::Nothing | HttpFault::NoEmptyLine) => material.unsatisfied(),
        Err(_) => Progress::Missed,
    }
}

/// Reads a request: the bytes it takes, or what is wrong.
pub(crate) fn read_request(
    expected: &HttpRequest,
    bytes: &[u8],
    known: Known<'_>,
) -> Result<usize, HttpFault> {
    if bytes.is_empty() {
        return Err(HttpFault::Nothing);
    }
    let mut fields = [EMPTY_HEADER; MOST_FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    let length = match parsed.parse(bytes) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Err(HttpFault::NoEmptyLine),
        Err(error) => return Err(offending_line(bytes, error)),
    };
    let method = parsed.method.unwrap_or_default();
    if expected.method.as_deref().is_some_and(|wanted| wanted != method) {
        return Err(HttpFault::Method(method.to_owned()));
    }
    let target = parsed.path.unwrap_or_default();
    let wanted = expected.target.as_ref().map(|wanted| fill(wanted, known.bindings));
    if wanted.is_some_and(|wanted| wanted != path_of(target)) {
        return Err(HttpFault::Target(target.to_owned()));
    }
    if has_bare_lf(&bytes[..length]) {
        return Err(HttpFault::BareLf);
    }
    Ok(length)
}

/// The path of a target; one in absolute form (`http://host/path`) names its host too.
fn path_of(target: &str) -> &str {
    let Some((_, rest)) = target.split_once("://") else { return target };
    rest.find('/').map_or("/", |slash| &rest[slash..])
}
