//! What the user asks of a device. The two words have no end mark, so each is known by its letters.

/// A request.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// Measure, and tell.
    Measure,
    /// End.
    Quit,
    /// Something else, as it came.
    Unknown(String),
}

/// The words, and what they mean.
const WORDS: [(&[u8], Request); 2] = [(b"Request", Request::Measure), (b"quit", Request::Quit)];

impl Request {
    /// Takes the first request out of what has come in. `None` as long as more of it has to come.
    pub fn take(bytes: &mut Vec<u8>) -> Option<Self> {
        // A newline behind a word, as `nc` sends it, stands before the next word here.
        let blanks = bytes.len() - bytes.trim_ascii_start().len();
        bytes.drain(..blanks);
        if bytes.is_empty() {
            return None;
        }
        for (word, request) in WORDS {
            if bytes.starts_with(word) {
                bytes.drain(..word.len());
                return Some(request);
            }
            // `Req` may still become `Request`.
            if word.starts_with(bytes) {
                return None;
            }
        }
        // Where an unknown word ends is unknown too. All of it goes.
        let unknown = String::from_utf8_lossy(bytes).into_owned();
        bytes.clear();
        Some(Self::Unknown(unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_one_after_another() {
        let mut bytes = b"Request\nRequestquitReq".to_vec();
        assert_eq!(Request::take(&mut bytes), Some(Request::Measure));
        assert_eq!(Request::take(&mut bytes), Some(Request::Measure));
        assert_eq!(Request::take(&mut bytes), Some(Request::Quit));
        assert_eq!(Request::take(&mut bytes), None);
        bytes.extend(b"uest\r\n");
        assert_eq!(Request::take(&mut bytes), Some(Request::Measure));
        assert_eq!(Request::take(&mut bytes), None);
    }

    #[test]
    fn an_unknown_word_is_thrown_away() {
        let mut bytes = b"hello".to_vec();
        assert_eq!(Request::take(&mut bytes), Some(Request::Unknown("hello".to_owned())));
        assert!(bytes.is_empty());
    }
}
