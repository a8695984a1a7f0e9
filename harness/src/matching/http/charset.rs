//! The encoding in which a browser reads a page.

use std::sync::LazyLock;

use encoding_rs::{EUC_KR, Encoding, UTF_8};
use regex::Regex;
use regex::bytes::Regex as BytesRegex;

/// How far into a page browsers look for its own word (HTML standard).
const LOOKED_AT: usize = 1024;

static IN_HEADER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?i)charset\s*=\s*["']?([^"';\s]+)"#).expect("a constant pattern"));
static IN_PAGE: LazyLock<BytesRegex> = LazyLock::new(|| {
    BytesRegex::new(r#"(?i)<meta[^>]*\bcharset\s*=\s*["']?\s*([a-z0-9_:.-]+)"#).expect("a constant pattern")
});

/// The encoding of a page, and whether anything declares it. A browser of the course's
/// country takes EUC-KR where nothing does.
pub(super) fn of_page(content_type: &str, page: &[u8]) -> (&'static Encoding, bool) {
    let label = |label: &[u8]| Encoding::for_label(label);
    let marked = page.starts_with(b"\xef\xbb\xbf").then_some(UTF_8);
    let told = || label(IN_HEADER.captures(content_type)?.get(1)?.as_str().as_bytes());
    let own = || label(IN_PAGE.captures(&page[..page.len().min(LOOKED_AT)])?.get(1)?.as_bytes());
    match marked.or_else(told).or_else(own) {
        Some(encoding) => (encoding, true),
        None => (EUC_KR, false),
    }
}

/// The text of a file as its author meant it: UTF-8, or the Korean encoding.
pub(super) fn of_file(bytes: &[u8]) -> String {
    let encoding = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { EUC_KR };
    comparable(&encoding.decode(bytes).0)
}

/// A page in an encoding; none where its bytes are none of it.
pub(super) fn strictly(page: &[u8], encoding: &'static Encoding) -> Option<String> {
    let (text, _, broken) = encoding.decode(page);
    (!broken).then(|| comparable(&text))
}

/// Line ends in kind and blanks at the end are no difference: text is read and written
/// in many ways.
fn comparable(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").trim_end().to_owned()
}
