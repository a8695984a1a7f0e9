//! The server of `hw2`: takes a name, gives a student number.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{NUMBER, PORT};
use crate::arguments::{Arguments, usage};
use crate::console::announce;
use crate::hello::greeting;
use crate::{Failure, console, network};

/// The longest name in bytes. A Korean syllable takes three of them.
const LONGEST_NAME: usize = 1024;

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(mut arguments: Arguments) -> Result<(), Failure> {
    let number = match arguments.option("--number")? {
        Some(word) => parse_number(&word)?,
        None => NUMBER,
    };
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    serve(listener, interrupted, number).await;
    Ok(())
}

/// Reads the number from the command line. It has to fit into four bytes.
fn parse_number(word: &str) -> Result<u32, Failure> {
    word.parse().map_err(|_| usage(format!("`{word}` is not a number of at most {}", u32::MAX)))
}

/// Gives every client the same number, one client after another, until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future, number: u32) {
    tokio::select! {
        () = serve_everyone(&listener, number) => {}
        _ = shutdown => {}
    }
}

/// The server's loop.
async fn serve_everyone(listener: &TcpListener, number: u32) {
    loop {
        let (mut stream, peer) = network::accept(listener).await;
        announce(format_args!("Connection from {peer}"));

        match serve_one(&mut stream, peer, number).await {
            Ok(()) => network::hang_up(stream).await,
            Err(error) => announce(format_args!("{peer} was lost: {error}")),
        }
    }
}

/// Greets, takes the name, gives the number.
async fn serve_one(stream: &mut TcpStream, peer: SocketAddr, number: u32) -> io::Result<()> {
    stream.write_all(greeting::of(peer.ip()).as_bytes()).await?;

    // A name has no end mark and no length. One read is all we can do: it waits until there is at
    // least one byte, and a short message nearly always comes in one piece.
    let mut buffer = [0; LONGEST_NAME];
    let length = stream.read(&mut buffer).await?;
    if length == 0 {
        // The client has closed without giving a name. No name, no number.
        return Ok(());
    }
    // A name in another encoding than UTF-8 is shown with replacement characters, and is a name.
    let name = String::from_utf8_lossy(&buffer[..length]);
    announce(name.trim_end());

    // The same as `stream.write_u32(number)`, spelled out: the number becomes four bytes in
    // network order, and the bytes are sent.
    stream.write_all(&number.to_be_bytes()).await
}
