//! What both devices do: wait for the user, measure when asked, end when told.

use std::io;

use rand::rngs::StdRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::request::Request;
use super::sensor::{self, Sensor};
use crate::arguments::{Arguments, usage};
use crate::console::announce;
use crate::{Failure, console, network};

/// A device.
#[derive(Debug)]
pub struct Device {
    /// What it measures.
    pub sensor: Sensor,
    /// Where its values come from.
    pub chance: StdRng,
}

/// How a conversation came to its end.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// The user has closed without a `quit`. There may be another one.
    Closed,
    /// The user has said `quit`.
    Quit,
}

/// The program of either device: listens where it is told and serves until `quit` or Ctrl+C.
pub async fn run(mut arguments: Arguments, sensor: Sensor, port: u16) -> Result<(), Failure> {
    let told = arguments.option("--seed")?.or_else(|| std::env::var("SEED").ok());
    let seed = match told {
        Some(word) => Some(word.parse().map_err(|_| usage(format!("`{word}` is not a seed")))?),
        None => None,
    };
    let address = arguments.server_address(port)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    let device = Device { sensor, chance: sensor::chance(seed) };
    serve(listener, interrupted, device).await;
    Ok(())
}

/// Serves one user after another until one says `quit` or `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future, mut device: Device) {
    tokio::select! {
        () = serve_until_quit(&listener, &mut device) => {}
        _ = shutdown => {}
    }
}

/// The device's loop. Unlike those of the other servers, it has an end.
async fn serve_until_quit(listener: &TcpListener, device: &mut Device) {
    loop {
        let (mut stream, peer) = network::accept(listener).await;
        announce(format_args!("connection from {peer}"));
        match answer_requests(&mut stream, device).await {
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
async fn answer_requests(stream: &mut TcpStream, device: &mut Device) -> io::Result<End> {
    let mut bytes = Vec::new();
    loop {
        // First everything that is here, then the next read.
        while let Some(request) = Request::take(&mut bytes) {
            match request {
                Request::Measure => {
                    let measurement = device.sensor.measure(&mut device.chance);
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
