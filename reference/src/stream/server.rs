//! The server of `stream`: sends a film, frame by frame.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::film::Film;
use super::{FILM, IMAGE, PORT, START, size};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::file::message::{self, Word};
use crate::{Failure, console, network};

/// The program: listens where it is told and streams until Ctrl+C.
pub async fn main(mut arguments: Arguments) -> Result<(), Failure> {
    let film = PathBuf::from(arguments.option("--film")?.unwrap_or(FILM.to_owned()));
    let address = arguments.server_address(PORT)?;
    // Opened once for nothing: better to find out now that there is no film than with each client.
    Film::open(&film).map_err(|source| Failure::Open { path: film.clone(), source })?;

    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    serve(listener, interrupted, film).await;
    Ok(())
}

/// Streams the film to all clients at once until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future, film: PathBuf) {
    tokio::select! {
        () = serve_everyone(&listener, film.into()) => {}
        _ = shutdown => {}
    }
}

/// The server's loop: accepts, and leaves the streaming to a new task.
async fn serve_everyone(listener: &TcpListener, film: Arc<Path>) {
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            (stream, peer) = network::accept(listener) => {
                conversations.spawn(serve_one(stream, peer, Arc::clone(&film)));
            }
            Some(_) = conversations.join_next() => {}
        }
    }
}

/// One client.
async fn serve_one(mut stream: TcpStream, peer: SocketAddr, film: Arc<Path>) {
    announce(format_args!("Client is connected: {peer}"));
    match play(&mut stream, &film).await {
        Ok(count) => {
            announce(format_args!("{peer}: {count} frames sent"));
            network::hang_up(stream).await;
        }
        Err(error) => announce(format_args!("{peer} was lost: {error}")),
    }
}

/// Sends frames until the film is over or the client has seen enough. Returns how many it were.
async fn play(stream: &mut TcpStream, film: &Path) -> io::Result<u64> {
    // Each client has the film opened for itself, so each sees it from the beginning.
    let mut film = Film::open(film)?;
    let mut count = 0;
    while let Some(picture) = film.next_frame()? {
        if message::word(stream, START).await? != Word::Expected {
            break;
        }
        stream.write_all(size::write(picture.len()).as_bytes()).await?;

        if message::word(stream, IMAGE).await? != Word::Expected {
            break;
        }
        // The slower the client reads, the longer this waits. The other clients do not notice.
        stream.write_all(&picture).await?;
        count += 1;
    }
    Ok(count)
}
