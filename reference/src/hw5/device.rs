//! What both devices do: wait for the user, measure when asked, end when told.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::request::Request;
use super::sensor::Sensor;
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// How a conversation came to its end.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The user has closed without a `quit`. There may be another one.
    Closed,
    /// The user has said `quit`.
    Quit,
}

/// The program of either device: listens where it is told and serves until `quit` or Ctrl+C.
pub async fn run(arguments: Arguments, sensor: Sensor, port: u16) -> Result<(), Failure> {
    let address = arguments.server_address(port)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    serve(listener, interrupted, sensor).await;
    Ok(())
}

/// Serves one user after another until one says `quit` or `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future, sensor: Sensor) {
    tokio::select! {
        () = serve_until_quit(&listener, sensor) => {}
        _ = shutdown => {}
    }
}

/// The device's loop. Unlike those of the other servers, it has an end.
async fn serve_until_quit(listener: &TcpListener, sensor: Sensor) {
    loop {
        let (mut stream, peer) = network::accept(listener).await;
        announce(format_args!("connection from {peer}"));
        match answer_requests(&mut stream, sensor).await {
            Ok(End::Quit) => {
                network::hang_up(stream).await;
                return;
            }
            Ok(End::Closed) => network::hang_up(stream).await,
            Err(error) => announce(format_args!("{peer} was lost: {error}")),
        }
    }
}

/// Answers one user's requests.
async fn answer_requests(stream: &mut TcpStream, sensor: Sensor) -> io::Result<End> {
    let mut bytes = Vec::new();
    loop {
        // First everything that is here, then the next read.
        while let Some(request) = Request::take(&mut bytes) {
            match request {
                Request::Measure => {
                    let measurement = sensor.measure();
                    announce(measurement);
                    // The newline tells the reader that the answer is whole.
                    let answer = format!("{measurement}\n");
                    stream.write_all(answer.as_bytes()).await?;
                }
                Request::Quit => return Ok(End::Quit),
                Request::Unknown(word) => announce(format_args!("unknown request `{word}`")),
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(End::Closed);
        }
    }
}
