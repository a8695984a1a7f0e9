//! How an echo client knows that the reply is whole.
//!
//! One read may bring only a part of it. The client knows what it sent, and an honest echo brings
//! back just that: as long as what came so far is the beginning of what was sent, the rest is
//! still on its way. Anything else is taken as it comes.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// A reply, whole as far as one can know.
    Message(Vec<u8>),
    /// The server closed. Before that it may have sent a part of the reply.
    Closed(Vec<u8>),
}

/// Waits for the reply to the message that was just sent.
pub async fn receive(stream: &mut (impl AsyncRead + Unpin), sent: &[u8]) -> io::Result<Reply> {
    let mut reply = Vec::new();
    loop {
        if stream.read_buf(&mut reply).await? == 0 {
            return Ok(Reply::Closed(reply));
        }
        let more_to_come = reply.len() < sent.len() && sent.starts_with(&reply);
        if !more_to_come {
            return Ok(Reply::Message(reply));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn collects_an_echo_that_comes_in_pieces() {
        let (mut near, mut far) = tokio::io::duplex(4);
        let sending = tokio::spawn(async move { far.write_all(b"a long message").await });
        let reply = receive(&mut near, b"a long message").await.unwrap();
        assert_eq!(reply, Reply::Message(b"a long message".to_vec()));
        sending.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn does_not_wait_for_more_of_a_reply_that_is_no_echo() {
        let (mut near, mut far) = tokio::io::duplex(64);
        far.write_all(b"no").await.unwrap();
        let reply = receive(&mut near, b"a long message").await.unwrap();
        assert_eq!(reply, Reply::Message(b"no".to_vec()));
    }

    #[tokio::test]
    async fn tells_a_close_from_a_reply() {
        let (mut near, mut far) = tokio::io::duplex(64);
        far.write_all(b"a lo").await.unwrap();
        drop(far);
        let reply = receive(&mut near, b"a long message").await.unwrap();
        assert_eq!(reply, Reply::Closed(b"a lo".to_vec()));
    }
}
