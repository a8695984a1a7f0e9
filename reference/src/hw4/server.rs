//! The server of `hw4`: one request, one response, and the end.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::request::{self, Request};
use super::{PORT, response};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// How long a request may take to come. Browsers connect on suspicion and then say nothing.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The longest request. Without a limit, one client could fill the memory.
const LONGEST_REQUEST: usize = 64 * 1024;

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(mut arguments: Arguments) -> Result<(), Failure> {
    let folder = arguments.option("--folder")?.unwrap_or(".".to_owned());
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    serve(listener, interrupted, PathBuf::from(folder)).await;
    Ok(())
}

/// Serves the folder to all browsers at once until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future, folder: PathBuf) {
    tokio::select! {
        () = serve_everyone(&listener, folder.into()) => {}
        _ = shutdown => {}
    }
}

/// The server's loop: accepts, and leaves the talking to a new task. A browser opens several
/// connections at once and may leave one idle, so one after another would not do.
async fn serve_everyone(listener: &TcpListener, folder: Arc<Path>) {
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            (stream, peer) = network::accept(listener) => {
                conversations.spawn(serve_one(stream, peer, Arc::clone(&folder)));
            }
            Some(_) = conversations.join_next() => {}
        }
    }
}

/// One conversation.
async fn serve_one(mut stream: TcpStream, peer: SocketAddr, folder: Arc<Path>) {
    match timeout(PATIENCE, receive(&mut stream)).await {
        Ok(Ok(Some(request))) => match answer(&mut stream, peer, &request, &folder).await {
            Ok(()) => network::hang_up(stream).await,
            Err(error) => announce(format_args!("{peer} was lost: {error}")),
        },
        // Nothing was asked, so there is nothing to answer.
        Ok(Ok(None)) | Err(_) => network::hang_up(stream).await,
        Ok(Err(error)) => announce(format_args!("{peer} was lost: {error}")),
    }
}

/// Reads a request, in however many pieces it comes. `None` if the client left before the end of it.
async fn receive(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while !request::is_whole(&bytes) {
        if bytes.len() > LONGEST_REQUEST || stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// Sends what was asked for. However slow the browser reads, it gets all of it.
async fn answer(stream: &mut TcpStream, peer: SocketAddr, request: &[u8], folder: &Path) -> io::Result<()> {
    let request = Request::parse(request);
    let response = response::answer(&request, folder);
    announce(format_args!("{peer} {request} {}", response.status));
    stream.write_all(&response.bytes).await
}
