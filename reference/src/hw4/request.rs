//! Requests: when one is whole, and what it asks for. No sockets here.

use std::fmt;

/// What ends a request: an empty line. The second form is not what the standard asks for, but what
/// somebody sends who types a request into `nc`.
const ENDS: [&[u8]; 2] = [b"\r\n\r\n", b"\n\n"];

/// What a browser wants.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// The file of this name. The slash before it is gone.
    Get(String),
    /// Something that this server does not do, such as `POST`.
    OtherMethod(String),
    /// Not a request at all.
    Malformed,
}

/// Whether the empty line is here that ends a request.
pub fn is_whole(bytes: &[u8]) -> bool {
    ENDS.iter().any(|end| bytes.windows(end.len()).any(|window| window == *end))
}

impl Request {
    /// Reads the request line, the first of the lines. The header lines do not matter here.
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let line = text.lines().next().unwrap_or_default();
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["GET", target, version] if version.starts_with("HTTP/") => match target.strip_prefix('/') {
                // What stands behind a question mark is not part of the name.
                Some(name) => Self::Get(name.split('?').next().unwrap_or_default().to_owned()),
                None => Self::Malformed,
            },
            [method, _, version] if version.starts_with("HTTP/") => Self::OtherMethod((*method).to_owned()),
            _ => Self::Malformed,
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // From the network to the terminal: control characters are written out, not obeyed.
            Self::Get(name) => write!(f, "GET /{}", name.escape_debug()),
            Self::OtherMethod(method) => write!(f, "{}", method.escape_debug()),
            Self::Malformed => f.write_str("no request"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole_at_its_empty_line() {
        let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for length in 0..request.len() {
            assert!(!is_whole(&request[..length]), "{length} bytes");
        }
        assert!(is_whole(request));
        assert!(is_whole(b"GET / HTTP/1.1\n\n"));
    }

    #[test]
    fn the_name_of_the_file_stands_in_the_request_line() {
        for (line, name) in [
            ("GET /index.html HTTP/1.1", "index.html"),
            ("GET /index.html?again HTTP/1.1", "index.html"),
            ("GET / HTTP/1.0", ""),
            ("GET /../secret.txt HTTP/1.1", "../secret.txt"),
        ] {
            let request = format!("{line}\r\nHost: localhost\r\n\r\n");
            assert_eq!(Request::parse(request.as_bytes()), Request::Get(name.to_owned()));
        }
    }

    #[test]
    fn what_is_not_a_get_is_told_apart() {
        let post = Request::parse(b"POST /index.html HTTP/1.1\r\n\r\n");
        assert_eq!(post, Request::OtherMethod("POST".to_owned()));
        for garbage in
            ["", "\r\n\r\n", "hello\r\n\r\n", "GET /a b HTTP/1.1\r\n\r\n", "GET index HTTP/1.1", "\u{1}\u{2}"]
        {
            assert_eq!(Request::parse(garbage.as_bytes()), Request::Malformed, "{garbage:?}");
        }
    }
}
