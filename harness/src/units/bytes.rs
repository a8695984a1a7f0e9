//! Bytes as people read them: text stays text, everything else is escaped.

use std::fmt;

/// Bytes that print as text in quotes: UTF-8 is kept, control characters and
/// invalid bytes become `\n`, `\r`, `\t`, `\0` or `\xNN`.
#[derive(Debug, Clone, Copy)]
pub struct Printable<'a> {
    bytes: &'a [u8],
    limit: usize,
}

/// Wraps bytes for printing; at most `limit` bytes are shown, the number of the
/// others is told.
pub fn printable(bytes: &[u8], limit: usize) -> Printable<'_> {
    Printable { bytes, limit }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.bytes[..self.bytes.len().min(self.limit)];
        f.write_str("\"")?;
        for chunk in shown.utf8_chunks() {
            for character in chunk.valid().chars() {
                match character {
                    '\n' => f.write_str("\\n")?,
                    '\r' => f.write_str("\\r")?,
                    '\t' => f.write_str("\\t")?,
                    '\0' => f.write_str("\\0")?,
                    '"' => f.write_str("\\\"")?,
                    '\\' => f.write_str("\\\\")?,
                    c if c.is_control() || is_invisible(c) => write!(f, "\\u{{{:x}}}", c as u32)?,
                    c => write!(f, "{c}")?,
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        f.write_str("\"")?;
        let hidden = self.bytes.len() - shown.len();
        if hidden > 0 {
            write!(f, " and {hidden} bytes more")?;
        }
        Ok(())
    }
}

/// Characters that change how text around them is shown (bidirectional marks,
/// zero-width joiners): a report must show them, not obey them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_text_as_text_and_the_rest_escaped() {
        let bytes = "안녕 a\"\n".as_bytes().iter().copied().chain([0x00, 0xff]).collect::<Vec<_>>();
        assert_eq!(printable(&bytes, 64).to_string(), r#""안녕 a\"\n\0\xff""#);
    }

    #[test]
    fn tells_how_much_it_hides() {
        assert_eq!(printable(b"abcdef", 2).to_string(), "\"ab\" and 4 bytes more");
    }

    #[test]
    fn shows_marks_that_would_turn_text_around() {
        assert_eq!(printable("a\u{202e}b".as_bytes(), 64).to_string(), "\"a\\u{202e}b\"");
    }
}
