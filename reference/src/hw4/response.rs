//! Responses: which file goes out, in which encoding, under which header.

use std::fs;
use std::path::Path;

use encoding_rs::EUC_KR;

use super::request::Request;

/// A response, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Response {
    /// The number of the status line: 200, 404, and so on.
    pub status: u16,
    /// Everything that goes over the wire.
    pub bytes: Vec<u8>,
}

/// The answer to a request, with files from this folder.
pub fn answer(request: &Request, folder: &Path) -> Response {
    match request {
        Request::Get(name) => match load(folder, name) {
            Some((content_type, body)) => build("200 OK", content_type, &body),
            None => page("404 Not Found", "Not Found"),
        },
        Request::OtherMethod(_) => page("405 Method Not Allowed", "Method Not Allowed"),
        Request::Malformed => page("400 Bad Request", "Bad Request"),
    }
}

/// Content type and body of a file. `None` if it is not one of the three, or not there.
fn load(folder: &Path, name: &str) -> Option<(&'static str, Vec<u8>)> {
    // A browser that is not told the encoding has to guess. The header tells, and it counts more
    // than what the page may say of itself.
    let content_type = match name {
        "index.html" => "text/html; charset=euc-kr",
        "iot.png" => "image/png",
        "favicon.ico" => "image/x-icon",
        _ => return None,
    };
    let body = fs::read(folder.join(name)).ok()?;
    match name {
        "index.html" => Some((content_type, in_euc_kr(body))),
        // A picture is no text. Turning its bytes into another encoding would destroy it.
        _ => Some((content_type, body)),
    }
}

/// Turns a text from UTF-8 into EUC-KR. A file that is not in UTF-8 is taken to be in EUC-KR already.
fn in_euc_kr(bytes: Vec<u8>) -> Vec<u8> {
    match std::str::from_utf8(&bytes) {
        // A mark at the beginning, which some editors set, belongs to UTF-8 only. Characters that
        // EUC-KR does not have become references such as `&#128512;`, which a browser understands.
        Ok(text) => EUC_KR.encode(text.trim_start_matches('\u{FEFF}')).0.into_owned(),
        Err(_) => bytes,
    }
}

/// A small page that says what is wrong.
fn page(status: &str, words: &str) -> Response {
    let body = format!("<HTML><HEAD><TITLE>{words}</TITLE></HEAD><BODY>{words}</BODY></HTML>");
    build(status, "text/html", body.as_bytes())
}

/// Puts status line, header and body together.
fn build(status: &str, content_type: &str, body: &[u8]) -> Response {
    let head = format!(
        "HTTP/1.1 {status}\r\n\
         Content-Type: {content_type}\r\n\
         Content-Length: {}\r\n\
         Connection: close\r\n\
         \r\n",
        body.len()
    );
    let number = status.split(' ').next().unwrap_or_default();
    Response { status: number.parse().unwrap_or_default(), bytes: [head.as_bytes(), body].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_text_is_two_bytes_a_syllable_in_euc_kr() {
        assert_eq!(in_euc_kr("가".into()), [0xB0, 0xA1]);
        assert_eq!(in_euc_kr("\u{FEFF}a😀".into()), b"a&#128512;");
        assert_eq!(in_euc_kr(vec![0xB0, 0xA1]), [0xB0, 0xA1]);
    }

    #[test]
    fn what_is_not_on_the_list_is_not_found() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        for name in ["aaaaa", "Cargo.toml", "../Cargo.toml", "..%2fCargo.toml", ""] {
            let response = answer(&Request::Get(name.to_owned()), folder);
            assert_eq!(response.status, 404, "{name:?}");
            assert!(response.bytes.ends_with(b"<BODY>Not Found</BODY></HTML>"));
        }
    }
}
