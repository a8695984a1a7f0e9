//! The server of `hello`: greets each client by its address.

use std::io;
use std::net::SocketAddr;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::{PORT, greeting};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    // Which port, if the user has asked for another one than ours.
    let address = arguments.server_address(PORT)?;
    // First Ctrl+C, then the port: who sees the port open can rely on a clean end.
    let interrupted = console::interrupted()?;
    // `socket`, `bind` and `listen`. If the port is taken, the question mark ends the program.
    let listener = network::listen(&address).await?;
    serve(listener, interrupted).await;
    Ok(())
}

/// Greets clients, one after another, until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    // Both futures run side by side. The first one that ends, ends the other: it is dropped at the
    // place where it was waiting.
    tokio::select! {
        () = greet_everyone(&listener) => {}
        _ = shutdown => {}
    }
}

/// The server's loop. It has no end of its own.
async fn greet_everyone(listener: &TcpListener) {
    loop {
        // The listening socket only hands out connections. Each connection is a new socket, and
        // only that one can talk to the client.
        let (mut stream, peer) = network::accept(listener).await;
        announce(format_args!("Connection from {peer}"));

        match greet(&mut stream, peer).await {
            Ok(()) => network::hang_up(stream).await,
            // The client was gone before it had its greeting. That is no reason to stop.
            Err(error) => announce(format_args!("{peer} was lost: {error}")),
        }
    }
}

/// Sends the greeting.
async fn greet(stream: &mut TcpStream, peer: SocketAddr) -> io::Result<()> {
    // `write` may send a part only and returns how much it was. `write_all` goes on until all of
    // it is on its way.
    stream.write_all(greeting::of(peer.ip()).as_bytes()).await
}
