//! The client of `stream`: shows the film.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::screen::{Screen, Wish};
use super::size::{self, DIGITS};
use super::{IMAGE, PORT, START};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, network};

/// The program: connects and shows frames until the film is over or `q` is pressed.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    let mut screen = Screen::open();
    let outcome = converse(stream, &mut screen).await;
    announce(format_args!("{} frames", screen.count()));
    outcome
}

/// Asks for one frame after another, and shows them.
pub async fn converse(mut stream: TcpStream, screen: &mut Screen) -> Result<(), Failure> {
    while let Some(size) = receive_size(&mut stream).await? {
        stream.write_all(IMAGE.as_bytes()).await?;
        let picture = receive_picture(&mut stream, size).await?;
        if screen.show(&picture) == Wish::Stop {
            network::hang_up(stream).await;
            break;
        }
    }
    Ok(())
}

/// Asks for the size of the next frame. `None` when the film is over.
async fn receive_size(stream: &mut TcpStream) -> Result<Option<usize>, Failure> {
    let mut digits = [0; DIGITS];
    let mut count = 0;
    // After the last frame the server is gone. That may show when we write already, as an error, or
    // else when we read, as the end of the stream or as an error.
    if stream.write_all(START.as_bytes()).await.is_err() {
        return Ok(None);
    }
    while count < DIGITS {
        match stream.read(&mut digits[count..]).await {
            Ok(0) | Err(_) if count == 0 => return Ok(None),
            // In the middle of the ten digits it is no ordinary end.
            Ok(0) => return Err(Failure::CutShort { wanted: "the size of the frame" }),
            Ok(length) => count += length,
            Err(error) => return Err(error.into()),
        }
    }
    match size::read(&digits) {
        Some(size) => Ok(Some(size)),
        None => Err(Failure::Unexpected {
            wanted: "the size of the frame",
            answer: String::from_utf8_lossy(&digits).into_owned(),
        }),
    }
}

/// Reads a picture of that size, in however many pieces it comes.
async fn receive_picture(stream: &mut TcpStream, size: usize) -> Result<Vec<u8>, Failure> {
    let mut picture = vec![0; size];
    let mut count = 0;
    while count < size {
        // Each read continues where the last one has stopped. (`read_exact` is this loop ready-made.)
        match stream.read(&mut picture[count..]).await? {
            // Without this test, a server that vanishes here would leave us in an endless loop.
            0 => return Err(Failure::CutShort { wanted: "the whole frame" }),
            length => count += length,
        }
    }
    Ok(picture)
}
