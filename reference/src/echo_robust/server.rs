//! The server of `echo-robust`: echoes, whatever end a connection takes.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::PORT;
use crate::arguments::Arguments;
use crate::console::announce;
use crate::echo::BUFFER_SIZE;
use crate::{Failure, console, network};

/// How a conversation came to its end. None of these is a failure of the server.
#[derive(Debug)]
pub enum End {
    /// The client has closed its side and got every byte back that it sent.
    Finished,
    /// The client vanished while we waited for its next message.
    LostWhileReading(io::Error),
    /// The client vanished before it had taken the reply.
    LostWhileWriting(io::Error),
}

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
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            (stream, peer) = network::accept(listener) => {
                conversations.spawn(serve_one(stream, peer));
            }
            Some(_) = conversations.join_next() => {}
        }
    }
}

/// One conversation, and a line about how it ended.
async fn serve_one(mut stream: TcpStream, peer: SocketAddr) {
    announce(format_args!("connected by {} {}", peer.ip(), peer.port()));
    match echo(&mut stream).await {
        End::Finished => {
            network::hang_up(stream).await;
            announce(format_args!("{peer} has left"));
        }
        End::LostWhileReading(reason) => announce(format_args!("{peer} was lost: {reason}")),
        End::LostWhileWriting(reason) => {
            announce(format_args!("{peer} was lost before its reply: {reason}"));
        }
    }
}

/// Sends back what comes until there is nobody left to send it to.
async fn echo(stream: &mut TcpStream) -> End {
    let mut buffer = [0; BUFFER_SIZE];
    loop {
        let message = match stream.read(&mut buffer).await {
            // The client will send no more. It may still be reading, though: a client can close
            // one direction only, and everything it sent has been answered already.
            Ok(0) => return End::Finished,
            Ok(length) => &buffer[..length],
            Err(reason) => return End::LostWhileReading(reason),
        };
        announce(format_args!("Received message: {}", String::from_utf8_lossy(message)));

        if let Err(reason) = stream.write_all(message).await {
            return End::LostWhileWriting(reason);
        }
    }
}
