//! The greeting: how it is made, and how its reader knows where it ends.
//!
//! TCP carries a stream of bytes. What was sent in one piece may arrive in two, and what was sent
//! in two may arrive in one. The greeting has neither a length nor an end mark, but it has a known
//! form: `Hello `, then four numbers with dots between them. That has to do.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// How every greeting begins.
const OPENING: &[u8] = b"Hello ";

/// The longest greeting that a client waits for.
const LIMIT: usize = 1024;

/// The greeting for the client at this address.
pub fn of(address: IpAddr) -> String {
    // A server that listens on IPv6 sees its IPv4 clients as `::ffff:127.0.0.1`. The canonical
    // form is the dotted one.
    format!("Hello {}", address.to_canonical())
}

/// A greeting as it came in.
#[derive(Debug, PartialEq, Eq)]
pub struct Received {
    /// The text, without a newline behind it. Empty if the server closed without a word.
    pub text: String,
    /// What came behind the greeting in the same piece. It belongs to the next message.
    pub rest: Vec<u8>,
}

/// Reads a greeting, in however many pieces it comes.
pub async fn receive(stream: &mut TcpStream) -> io::Result<Received> {
    let mut bytes = Vec::new();
    loop {
        // Zero bytes mean that the server has closed: what is here is all there will ever be.
        let closed = stream.read_buf(&mut bytes).await? == 0;
        match end(&bytes) {
            Some(end) => return Ok(split(bytes, end)),
            None if closed || bytes.len() >= LIMIT => {
                let end = bytes.len();
                return Ok(split(bytes, end));
            }
            None => {}
        }
    }
}

/// Cuts the greeting off what came in.
fn split(mut bytes: Vec<u8>, end: usize) -> Received {
    let rest = bytes.split_off(end);
    let text = String::from_utf8_lossy(&bytes).trim_end().to_owned();
    Received { text, rest }
}

/// Where the greeting ends, or `None` as long as more of it has to come.
///
/// A greeting in other words than ours has no end that we could know. Then everything that is
/// there counts as the greeting, as the lecture's single `recv` would have it.
fn end(bytes: &[u8]) -> Option<usize> {
    if bytes.len() < OPENING.len() && OPENING.starts_with(bytes) {
        return None;
    }
    let Some(address) = bytes.strip_prefix(OPENING) else {
        return Some(bytes.len());
    };

    // The address is the longest run of digits and dots that reads as an address.
    let run = address.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let whole = (0..=run).rev().find(|length| is_address(&address[..*length]));
    match whole {
        // A newline behind it is part of the greeting, although nobody asked for one.
        Some(length) => {
            let end = OPENING.len() + length;
            let blanks = bytes[end..].iter().take_while(|byte| b"\r\n".contains(byte));
            Some(end + blanks.count())
        }
        // `Hello 127.0` is on the way to become an address, `Hello you` is not.
        None if run == address.len() => None,
        None => Some(bytes.len()),
    }
}

/// Whether the text is an address in dotted form.
fn is_address(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv4Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_not_whole_before_its_address_is() {
        for beginning in ["", "Hel", "Hello ", "Hello 127.", "Hello 127.0.0."] {
            assert_eq!(end(beginning.as_bytes()), None, "{beginning:?}");
        }
        assert_eq!(end(b"Hello 127.0.0.1"), Some(15));
    }

    #[test]
    fn a_newline_belongs_to_the_greeting_and_a_number_does_not() {
        assert_eq!(end(b"Hello 127.0.0.1\r\n"), Some(17));
        assert_eq!(end(b"Hello 127.0.0.1\x01\x35\x27\x21"), Some(15));
    }

    #[test]
    fn other_words_are_taken_as_they_come() {
        assert_eq!(end(b"Welcome!"), Some(8));
        assert_eq!(end(b"Hello you"), Some(9));
    }

    #[test]
    fn names_the_client_in_dotted_form() {
        let mapped: IpAddr = "::ffff:127.0.0.2".parse().unwrap();
        assert_eq!(of(mapped), "Hello 127.0.0.2");
    }
}
