//! The server of `hw3`: calculates.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{PORT, expression};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// The longest request.
const LONGEST_REQUEST: usize = 1024;

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
    // A calculator that is left open in a window for an hour should not keep the others from theirs:
    // each conversation is a task of its own. The set ends them all when the server ends.
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

/// One conversation.
async fn serve_one(mut stream: TcpStream, peer: SocketAddr) {
    announce(format_args!("connection from {peer}"));
    match answer_requests(&mut stream, peer).await {
        Ok(()) => network::hang_up(stream).await,
        Err(error) => announce(format_args!("{peer} was lost: {error}")),
    }
}

/// Answers until the client has closed. Whatever it asks, it gets exactly one reply.
async fn answer_requests(stream: &mut TcpStream, peer: SocketAddr) -> io::Result<()> {
    let mut buffer = [0; LONGEST_REQUEST];
    loop {
        // The client waits for the reply before it sends again, so one read is one request.
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        // Bytes that are no text become replacement characters, and those are in no expression.
        let request = String::from_utf8_lossy(&buffer[..length]);
        let request = request.trim();
        let reply = reply(request);
        announce(format_args!("{peer}: {request} = {reply}"));
        stream.write_all(reply.as_bytes()).await?;
    }
}

/// The result, or what is wrong with the request. A mistake of the client is no error of ours.
pub fn reply(request: &str) -> String {
    match expression::calculate(request) {
        Ok(value) => value.to_string(),
        Err(mistake) => format!("error: {mistake}"),
    }
}
