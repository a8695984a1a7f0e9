//! The client of `partial`: collects 20 bytes, four at a time at most.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::{LENGTH, PORT};
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, network};

/// How many bytes one read takes, at most. A real program would take far more.
const PIECE: usize = 4;

/// The program: connects, collects, prints, ends.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal()).await
}

/// One conversation with the server.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    let mut message = Vec::new();
    let mut pieces: Vec<String> = Vec::new();

    while message.len() < LENGTH {
        // Never more than what is still missing: what comes behind belongs to something else.
        let mut piece = [0; PIECE];
        let room = PIECE.min(LENGTH - message.len());
        let length = stream.read(&mut piece[..room]).await?;
        if length == 0 {
            // The server has closed too early. Without this test the loop would never end.
            return Err(Failure::CutShort { wanted: "all 20 bytes of the message" });
        }
        message.extend_from_slice(&piece[..length]);

        // A piece may end in the middle of a character. It is good enough to look at; the message
        // itself is put together from bytes and becomes text only when it is whole.
        pieces.push(String::from_utf8_lossy(&piece[..length]).into_owned());
        console.say(format_args!("{pieces:?}"));
    }

    console.say(String::from_utf8_lossy(&message));
    network::hang_up(stream).await;
    Ok(())
}
