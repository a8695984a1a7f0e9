//! Messages: from bytes to text.

use std::io;

use encoding_rs::EUC_KR;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// The longest message.
const LONGEST: usize = 4096;

/// Reads a message: what one read brings. `None` if the other end has closed.
pub async fn receive(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut buffer = [0; LONGEST];
    let length = stream.read(&mut buffer).await?;
    Ok((length > 0).then(|| decode(&buffer[..length])))
}

/// Turns a message into text.
///
/// Korean text in CP949 is hardly ever valid UTF-8 by accident. So what is valid UTF-8 is UTF-8, and
/// everything else is CP949, which is what the web calls EUC-KR.
pub fn decode(bytes: &[u8]) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => EUC_KR.decode_without_bom_handling(bytes).0.into_owned(),
    };
    text.trim_end_matches(['\r', '\n']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_encodings() {
        assert_eq!(decode("안녕".as_bytes()), "안녕");
        assert_eq!(decode(&[0xBE, 0xC8, 0xB3, 0xE7]), "안녕");
        assert_eq!(decode(b"hello\r\n"), "hello");
    }
}
