//! Text that arrives in pieces: a Korean syllable has three bytes, and the cut may go through it.

/// Takes the text out of what has come in. The beginning of a character whose other bytes have not
/// come yet stays where it is.
pub fn take(bytes: &mut Vec<u8>) -> String {
    let length = bytes.len() - unfinished(bytes);
    let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
    bytes.drain(..length);
    text
}

/// How many bytes at the end are the beginning of a character.
fn unfinished(bytes: &[u8]) -> usize {
    // Three is the most, a character has no more than four. A wrong byte is not unfinished: the
    // error has a length then, and nothing that comes later can mend it.
    (1..=3.min(bytes.len()))
        .find(|&length| {
            let tail = std::str::from_utf8(&bytes[bytes.len() - length..]);
            tail.is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
        })
        .unwrap_or(0)
}

/// The lines of a text. A text without a newline at its end is a line as well: some clients send
/// none. Empty lines are nothing to talk about.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_waited_for_until_it_is_whole() {
        let syllable = "가".as_bytes();
        let mut bytes = b"a".to_vec();
        bytes.extend(&syllable[..1]);
        assert_eq!(take(&mut bytes), "a");
        bytes.extend(&syllable[1..2]);
        assert_eq!(take(&mut bytes), "");
        bytes.extend(&syllable[2..]);
        assert_eq!(take(&mut bytes), "가");
        assert!(bytes.is_empty());
    }

    #[test]
    fn a_wrong_byte_is_replaced_and_not_waited_for() {
        assert_eq!(take(&mut vec![b'a', 0xFF]), "a\u{FFFD}");
        assert_eq!(take(&mut vec![0x80]), "\u{FFFD}");
    }

    #[test]
    fn a_piece_may_hold_several_lines() {
        let found: Vec<_> = lines("one\r\n\ntwo\nthree").collect();
        assert_eq!(found, ["one", "two", "three"]);
    }
}
