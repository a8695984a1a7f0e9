//! The server of `number`: turns 1 to 10 into words.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{PORT, word};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// The longest request. Nothing sensible is longer than two bytes.
const LONGEST_REQUEST: usize = 1024;

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    announce("waiting...");
    serve(listener, interrupted).await;
    Ok(())
}

/// Serves one client after another until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    tokio::select! {
        () = serve_everyone(&listener) => {}
        _ = shutdown => {}
    }
}

/// The outer loop: one turn for each client.
async fn serve_everyone(listener: &TcpListener) {
    loop {
        let (mut stream, peer) = network::accept(listener).await;
        announce(format_args!("connection from {peer}"));

        match serve_one(&mut stream).await {
            Ok(()) => network::hang_up(stream).await,
            Err(error) => announce(format_args!("{peer} was lost: {error}")),
        }
    }
}

/// The inner loop: one turn for each question of this client.
async fn serve_one(stream: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; LONGEST_REQUEST];
    loop {
        // The protocol has no end mark. The client waits for the answer before it asks again, so
        // what one read brings is one request.
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        // Bytes that are no text are in no table either: they become `Try again`.
        let request = String::from_utf8_lossy(&buffer[..length]);
        // Some clients, such as `nc`, send the newline that the user typed.
        let answer = word::answer(request.trim_end_matches(['\r', '\n']));
        stream.write_all(answer.as_bytes()).await?;
    }
}
