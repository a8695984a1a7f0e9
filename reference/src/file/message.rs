//! Reading the messages of the protocol. Each kind has its own way to know that it is whole.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// What the server says instead of a size.
const NO_FILE: &[u8] = b"Nofile";

/// The size of the size.
const SIZE_LENGTH: usize = 4;

/// The longest message other than content.
const LONGEST: usize = 1024;

/// What came where a certain word was due.
#[derive(Debug, PartialEq, Eq)]
pub enum Word {
    /// That word.
    Expected,
    /// Something else.
    Other(String),
    /// The end of the connection.
    End,
}

/// What came where the size was due.
#[derive(Debug, PartialEq, Eq)]
pub enum Size {
    /// The size, and what of the content came in the same piece.
    Bytes(u32, Vec<u8>),
    /// There is no such file.
    NoFile,
    /// The end of the connection.
    End,
}

/// Reads a word that is known beforehand, in however many pieces it comes.
pub async fn word(stream: &mut (impl AsyncRead + Unpin), expected: &str) -> io::Result<Word> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(Word::End);
        }
        // A newline behind it, as `nc` sends it, does no harm.
        let word = bytes.trim_ascii_end();
        if word == expected.as_bytes() {
            return Ok(Word::Expected);
        }
        // `Hel` may still become `Hello`, `Hi` never.
        if !expected.as_bytes().starts_with(word) {
            return Ok(Word::Other(String::from_utf8_lossy(word).into_owned()));
        }
    }
}

/// Reads a text of unknown length: what one read brings. `None` at the end of the connection.
pub async fn text(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<String>> {
    let mut buffer = [0; LONGEST];
    let length = stream.read(&mut buffer).await?;
    if length == 0 {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&buffer[..length]);
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Reads the size of a file, or the word that stands in its place.
pub async fn size(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Size> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(Size::End);
        }
        // `Nofi` could also be the size of a file of 1.2 GiB. Two more bytes tell: whoever designs
        // a protocol should see to it that such a question cannot come up.
        if bytes.starts_with(NO_FILE) {
            return Ok(Size::NoFile);
        }
        let perhaps_no_file = NO_FILE.starts_with(&bytes);
        if let Some((size, content)) = bytes.split_first_chunk::<SIZE_LENGTH>()
            && !perhaps_no_file
        {
            return Ok(Size::Bytes(u32::from_be_bytes(*size), content.to_vec()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_word_is_taken_whole_and_no_other_is_waited_for() {
        let mut pieces = (&b"File"[..]).chain(&b"name\r\n"[..]);
        assert_eq!(word(&mut pieces, "Filename").await.unwrap(), Word::Expected);
        let mut other = &b"Welcome"[..];
        let expected = Word::Other("Welcome".to_owned());
        assert_eq!(word(&mut other, "Filename").await.unwrap(), expected);
        assert_eq!(word(&mut &b"Fi"[..], "Filename").await.unwrap(), Word::End);
    }

    #[tokio::test]
    async fn a_size_in_two_pieces_is_one_size() {
        let mut pieces = (&[0x00][..]).chain(&[0x01, 0x02, 0x03][..]);
        let expected = Size::Bytes(0x0001_0203, Vec::new());
        assert_eq!(size(&mut pieces).await.unwrap(), expected);
    }

    #[tokio::test]
    async fn content_that_comes_with_the_size_is_kept() {
        let mut both = &b"\0\0\0\x05hello"[..];
        let expected = Size::Bytes(5, b"hello".to_vec());
        assert_eq!(size(&mut both).await.unwrap(), expected);
    }

    #[tokio::test]
    async fn no_file_is_no_size() {
        let mut pieces = (&b"Nofi"[..]).chain(&b"le"[..]);
        assert_eq!(size(&mut pieces).await.unwrap(), Size::NoFile);
        let mut large = &b"Nofil3"[..];
        let expected = Size::Bytes(0x4E6F_6669, b"l3".to_vec());
        assert_eq!(size(&mut large).await.unwrap(), expected);
        assert_eq!(size(&mut &b"No"[..]).await.unwrap(), Size::End);
    }
}
