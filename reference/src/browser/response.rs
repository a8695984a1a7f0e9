//! Where a response ends. No sockets here: only the bytes that have come so far.

/// The empty line between the header and the page.
const HEADER_END: &[u8] = b"\r\n\r\n";

/// Whether the whole response is here, as far as its header tells.
///
/// `false` as long as the header is not complete, or more of the page has to come. Also `false` if
/// the header does not give a length: then only the end of the connection ends the page.
pub fn is_whole(bytes: &[u8]) -> bool {
    let header_end = bytes.windows(HEADER_END.len()).position(|window| window == HEADER_END);
    let Some(header_end) = header_end else {
        return false;
    };
    let page = &bytes[header_end + HEADER_END.len()..];
    let header = String::from_utf8_lossy(&bytes[..header_end]);
    content_length(&header).is_some_and(|length| page.len() >= length)
}

/// The length of the page, if the header has it.
fn content_length(header: &str) -> Option<usize> {
    // The first line is the status. All others are `Name: value`, in any mixture of capital and
    // small letters.
    header
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_known_length_is_whole_when_all_of_it_is_here() {
        let response = b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 5\r\n\r\nhello";
        for length in 0..response.len() {
            assert!(!is_whole(&response[..length]), "{length} bytes");
        }
        assert!(is_whole(response));
    }

    #[test]
    fn a_page_of_unknown_length_is_whole_only_at_the_end_of_the_connection() {
        assert!(!is_whole(b"HTTP/1.1 200 OK\r\n\r\nhello"));
        assert!(!is_whole(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhello"));
    }
}
