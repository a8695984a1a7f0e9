//! The body of a response against what it must be.

use encoding_rs::{EUC_KR, UTF_8};

use super::super::template::{encode, fill};
use super::{HttpFault, Known, charset};
use crate::spec::Body;

/// A body with what its header says of it.
#[derive(Clone, Copy)]
pub(super) struct Came<'a> {
    /// The value of `Content-Type`.
    pub(super) content_type: &'a str,
    /// The bytes.
    pub(super) bytes: &'a [u8],
}

/// Compares a body with what it must be.
pub(super) fn compare(expected: &Body, came: Came<'_>, known: Known<'_>) -> Result<(), HttpFault> {
    match expected {
        Body::Contains(text) => contains(&fill(text, known.bindings), came),
        Body::Exactly(payload) => bytes(&encode(payload, known.bindings, known.files), came.bytes),
        Body::File(name) => {
            let name = fill(name, known.bindings);
            let Some(file) = known.files.get(&name) else { return Err(HttpFault::NoFile(name)) };
            if is_text(&name, file) { page(file, came) } else { bytes(file, came.bytes) }
        }
    }
}

/// Whether a file is text: by its ending, else by its bytes.
fn is_text(name: &str, file: &[u8]) -> bool {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("html" | "htm" | "txt" | "css" | "js" | "xml" | "svg") => true,
        Some("png" | "jpg" | "jpeg" | "gif" | "ico" | "mp4" | "bin") => false,
        _ => std::str::from_utf8(file).is_ok_and(|text| !text.contains('\0')),
    }
}

/// Capital and small letters are the same here: it is read by people.
fn contains(text: &str, came: Came<'_>) -> Result<(), HttpFault> {
    let (encoding, _) = charset::of_page(came.content_type, came.bytes);
    let page = encoding.decode(came.bytes).0.to_lowercase();
    if page.contains(&text.to_lowercase()) { Ok(()) } else { Err(HttpFault::Lacks) }
}

/// A text file must be read by a browser as its author wrote it.
fn page(file: &[u8], came: Came<'_>) -> Result<(), HttpFault> {
    let wanted = charset::of_file(file);
    let (read, declared) = charset::of_page(came.content_type, came.bytes);
    if charset::strictly(came.bytes, read).is_some_and(|text| text == wanted) {
        return Ok(());
    }
    for sent in [UTF_8, EUC_KR].into_iter().filter(|sent| *sent != read) {
        if charset::strictly(came.bytes, sent).is_some_and(|text| text == wanted) {
            return Err(HttpFault::Encoding { read: read.name(), declared, sent: sent.name() });
        }
    }
    // For places and lengths: the bytes as they would be in the encoding that was used.
    let is_utf8 = std::str::from_utf8(came.bytes).is_ok() && !came.bytes.is_ascii();
    let used = if is_utf8 { UTF_8 } else { read };
    let (wanted_bytes, ..) = used.output_encoding().encode(&wanted);
    bytes(&wanted_bytes, came.bytes.trim_ascii_end())
}

/// Byte for byte.
fn bytes(wanted: &[u8], came: &[u8]) -> Result<(), HttpFault> {
    if came == wanted {
        return Ok(());
    }
    if wanted.starts_with(came) {
        return Err(HttpFault::Truncated { came: came.len(), wanted: wanted.len() });
    }
    if came.starts_with(wanted) {
        return Err(HttpFault::Surplus(came.len() - wanted.len()));
    }
    let as_text = String::from_utf8_lossy(wanted);
    let widened = || wanted.iter().map(|byte| char::from(*byte)).collect::<String>();
    let replaced = |bytes: &[u8]| bytes.windows(3).any(|window| window == "\u{fffd}".as_bytes());
    let is_replaced = replaced(came) && !replaced(wanted) && std::str::from_utf8(wanted).is_err();
    if is_replaced || as_text.as_bytes() == came || widened().as_bytes() == came {
        return Err(HttpFault::Mangled);
    }
    let offset = came.iter().zip(wanted).take_while(|(a, b)| a == b).count();
    Err(HttpFault::Differs { offset, came: came.len(), wanted: wanted.len() })
}
