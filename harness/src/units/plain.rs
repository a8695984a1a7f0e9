//! Bytes as the text a reader sees: escape sequences of the terminal taken out,
//! CRLF as a line end, every place known in the raw bytes again.

/// Text read from raw bytes.
#[derive(Debug, Clone, Default)]
pub struct Plain {
    /// The text; bytes that are no UTF-8 are U+FFFD.
    pub text: String,
    /// For every byte of the text, and for its end, the raw byte it came from.
    raw: Vec<usize>,
}

impl Plain {
    /// Reads bytes of a connection, or of a console (whose escape sequences go).
    pub fn read(bytes: &[u8], console: bool) -> Self {
        let mut plain = Self { text: String::with_capacity(bytes.len()), raw: Vec::new() };
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            let valid = chunk.valid();
            let mut inside = 0;
            while let Some(character) = valid[inside..].chars().next() {
                let rest = &valid[inside..];
                let skipped = if console && character == '\u{1b}' { escape_length(rest) } else { 0 };
                if skipped > 0 {
                    inside += skipped;
                } else if rest.starts_with("\r\n") {
                    plain.push('\n', at + inside);
                    inside += 2;
                } else {
                    plain.push(character, at + inside);
                    inside += character.len_utf8();
                }
            }
            at += valid.len();
            if !chunk.invalid().is_empty() {
                plain.push('\u{fffd}', at);
                at += chunk.invalid().len();
            }
        }
        plain.raw.push(bytes.len());
        plain
    }

    /// The raw offset of an offset of the text.
    pub fn raw_offset(&self, offset: usize) -> usize {
        self.raw.get(offset).or(self.raw.last()).copied().unwrap_or_default()
    }

    fn push(&mut self, character: char, raw: usize) {
        self.text.push(character);
        self.raw.resize(self.text.len(), raw);
    }
}

/// Length of the escape sequence at the start of the text (ECMA-48: CSI, OSC, and
/// the short ones).
fn escape_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let end_of = |found: Option<usize>| found.unwrap_or(bytes.len());
    match bytes.get(1) {
        Some(b'[') => {
            let last = bytes.iter().skip(2).position(|byte| (0x40..=0x7e).contains(byte));
            end_of(last.map(|position| position + 3))
        }
        Some(b']') => {
            let bell = bytes.iter().position(|&byte| byte == 0x07).map(|position| position + 1);
            let string = text[2..].find("\u{1b}\\").map(|position| position + 4);
            end_of(bell.into_iter().chain(string).min())
        }
        Some(b'(' | b')' | b'#') => bytes.len().min(3),
        Some(byte) if byte.is_ascii() => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_colours_titles_and_cursor_moves_out_of_a_console() {
        let table: [(&[u8], &str); 7] = [
            (b"\x1b[1;32mHello\x1b[0m", "Hello"),
            (b"a\x1b]0;title\x07b", "ab"),
            (b"a\x1b]0;title\x1b\\b", "ab"),
            (b"\x1b(Bx\x1b[2K\x1b[?25ly", "xy"),
            (b"\x1b7x\x1b8", "x"),
            (b"x\x1b[3", "x"),
            (b"a\r\nb\rc", "a\nb\rc"),
        ];
        for (raw, text) in table {
            assert_eq!(Plain::read(raw, true).text, text);
        }
        assert_eq!(Plain::read(b"\x1b[1m", false).text, "\x1b[1m", "a connection keeps its bytes");
    }

    #[test]
    fn leads_back_to_the_raw_bytes() {
        let raw = "\u{1b}[31m김\u{1b}[0m\r\nx".as_bytes();
        let plain = Plain::read(raw, true);
        assert_eq!(plain.text, "김\nx");
        assert_eq!(plain.raw_offset(0), 5);
        assert_eq!(plain.raw_offset(4), raw.len() - 1);
        assert_eq!(plain.raw_offset(5), raw.len());
    }

    #[test]
    fn reads_broken_text() {
        assert_eq!(Plain::read(b"a\xffb\xea", false).text, "a\u{fffd}b\u{fffd}");
        assert_eq!(Plain::read(b"", true).raw_offset(0), 0);
    }
}
