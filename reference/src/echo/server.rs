//! The server of `echo`: sends every message back.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{BUFFER_SIZE, PORT};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    serve(listener, interrupted).await;
    Ok(())
}

/// Serves all clients at once until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    tokio::select! {
        () = serve_everyone(&listener) => {}
        _ = shutdown => {}
    }
}

/// The server's loop: accepts, and leaves the talking to a new task.
async fn serve_everyone(listener: &TcpListener) {
    // The set owns the tasks. When the server ends, the set is dropped, and the tasks with it:
    // no conversation outlives its server.
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            (stream, peer) = network::accept(listener) => {
                conversations.spawn(serve_one(stream, peer));
            }
            // Tidies up after conversations that are over, so that the set does not grow for ever.
            Some(_) = conversations.join_next() => {}
        }
    }
}

/// One conversation, from the first byte to the last.
pub async fn serve_one(mut stream: TcpStream, peer: SocketAddr) {
    announce(format_args!("connected by {} {}", peer.ip(), peer.port()));
    match echo(&mut stream).await {
        Ok(()) => network::hang_up(stream).await,
        Err(error) => announce(format_args!("{peer} was lost: {error}")),
    }
}

/// Sends back what comes until the client has closed its side.
async fn echo(stream: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; BUFFER_SIZE];
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            // Not an empty message: there is no such thing. This is the end of the stream.
            return Ok(());
        }
        // For the screen the bytes have to be text. What goes back are the bytes themselves, so
        // that nothing is lost if they are something else.
        let message = &buffer[..length];
        announce(format_args!("Received message: {}", String::from_utf8_lossy(message)));
        stream.write_all(message).await?;
    }
}
