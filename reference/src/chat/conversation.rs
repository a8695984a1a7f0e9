//! The server's side of one connection: reading and writing at the same time.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};

use super::room::{LONGEST_QUEUE, Seat};
use super::text;

/// How many bytes are read at once, at most. That also limits how many messages one client can bring
/// into the room before the others have their turn.
const PIECE: usize = 1024;

/// The longest a line without a newline may grow.
const LONGEST_LINE: usize = 64 * 1024;

/// How a client marks where a message ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// By a newline, always. The server waits for it.
    Lines,
    /// By a newline or not at all. What one read brings is taken to be whole.
    Anything,
}

/// What has come from a client and was not taken yet.
#[derive(Debug)]
pub struct Incoming {
    framing: Framing,
    bytes: Vec<u8>,
}

impl Incoming {
    /// Nothing has come yet.
    pub fn new(framing: Framing) -> Self {
        Self { framing, bytes: Vec::new() }
    }

    /// Reads until there is at least one message. `None` at the end of the connection.
    ///
    /// Nothing is lost when this future is dropped half-way: all that was read is in `self`.
    pub async fn messages(
        &mut self,
        reader: &mut (impl AsyncReadExt + Unpin),
    ) -> io::Result<Option<Vec<String>>> {
        loop {
            let mut piece = [0; PIECE];
            let length = reader.read(&mut piece).await?;
            if length == 0 {
                return Ok(None);
            }
            self.bytes.extend_from_slice(&piece[..length]);
            let messages = self.take();
            if !messages.is_empty() {
                return Ok(Some(messages));
            }
        }
    }

    /// Takes out the messages that are whole.
    fn take(&mut self) -> Vec<String> {
        let text = match self.framing {
            Framing::Anything => text::take(&mut self.bytes),
            Framing::Lines => {
                let newline = self.bytes.iter().rposition(|byte| *byte == b'\n');
                let whole = match newline {
                    Some(position) => position + 1,
                    None if self.bytes.len() > LONGEST_LINE => self.bytes.len(),
                    None => 0,
                };
                let rest = self.bytes.split_off(whole);
                let text = String::from_utf8_lossy(&self.bytes).into_owned();
                self.bytes = rest;
                text
            }
        };
        text::lines(&text).map(str::to_owned).collect()
    }
}

/// Talks with a client until it leaves, whichever way, or is made to leave.
///
/// Reading and writing are two loops that run side by side. Were they one, a client that does not
/// read would stop the loop in the middle of a write, and nobody would hear it say goodbye.
pub async fn hold(
    stream: &mut TcpStream,
    incoming: &mut Incoming,
    seat: &mut Seat,
    hear: impl FnMut(u64, &str),
) -> io::Result<()> {
    let number = seat.number();
    let (mut reader, mut writer) = stream.split();
    tokio::select! {
        outcome = listen(&mut reader, incoming, number, hear) => outcome,
        outcome = speak(&mut writer, seat) => outcome,
    }
}

/// Passes on what the client says.
async fn listen(
    reader: &mut ReadHalf<'_>,
    incoming: &mut Incoming,
    number: u64,
    mut hear: impl FnMut(u64, &str),
) -> io::Result<()> {
    while let Some(messages) = incoming.messages(reader).await? {
        for message in messages {
            hear(number, &message);
        }
        // A client that never stops talking would never let go of the processor either. Here all
        // other tasks have a turn, and empty their queues.
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Sends what the others say, until the room gives this seat up.
async fn speak(writer: &mut WriteHalf<'_>, seat: &mut Seat) -> io::Result<()> {
    let Seat { inbox, dismissal, .. } = seat;
    let deliver = async {
        // Everything that waits goes out in one write. When somebody talks fast, that is much less
        // work than a write for each message.
        let mut waiting = Vec::new();
        while inbox.recv_many(&mut waiting, LONGEST_QUEUE).await > 0 {
            writer.write_all(waiting.concat().as_bytes()).await?;
            waiting.clear();
        }
        Ok(())
    };
    tokio::select! {
        outcome = deliver => outcome,
        () = dismissal.notified() => Err(io::Error::other("it does not read its messages")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(framing: Framing, pieces: &[&[u8]]) -> Vec<String> {
        let mut incoming = Incoming::new(framing);
        let mut found = Vec::new();
        for piece in pieces {
            let mut reader = *piece;
            while let Some(messages) = incoming.messages(&mut reader).await.unwrap() {
                found.extend(messages);
            }
        }
        found
    }

    #[tokio::test]
    async fn a_line_is_whole_at_its_newline() {
        let pieces: [&[u8]; 3] = [b"one\ntw", b"o", b"\nthree\n"];
        assert_eq!(all(Framing::Lines, &pieces).await, ["one", "two", "three"]);
    }

    #[tokio::test]
    async fn without_framing_every_read_is_a_message() {
        let pieces: [&[u8]; 3] = [b"one\ntwo", b"three", b"\n"];
        assert_eq!(all(Framing::Anything, &pieces).await, ["one", "two", "three"]);
    }
}
