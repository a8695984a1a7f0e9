//! The server of `file`: gives out the files of its folder.

use std::fs::File;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::message::{self, Word};
use super::{PORT, folder};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// How long the server waits for `Hello` and for `Bye`, which a program sends without thinking. The
/// name of the file is different: a person may be typing it.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How much of a file is in memory at a time.
const PIECE: usize = 64 * 1024;

/// The program: listens where it is told and serves its working directory until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    announce("File server is running...");
    serve(listener, interrupted, PathBuf::from(".")).await;
    Ok(())
}

/// Serves the folder to all clients at once until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future, folder: PathBuf) {
    tokio::select! {
        () = serve_everyone(&listener, folder.into()) => {}
        _ = shutdown => {}
    }
}

/// The server's loop: accepts, and leaves the talking to a new task.
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
    match transfer(&mut stream, peer, &folder).await {
        Ok(()) => network::hang_up(stream).await,
        Err(error) => announce(format_args!("{peer} was lost: {error}")),
    }
}

/// The steps of the protocol. Where a client leaves the path, the conversation is over.
async fn transfer(stream: &mut TcpStream, peer: SocketAddr, folder: &Path) -> io::Result<()> {
    if !expect(stream, peer, "Hello").await? {
        return Ok(());
    }
    stream.write_all(b"Filename").await?;

    let Some(name) = message::text(stream).await? else {
        return Ok(());
    };
    announce(format_args!("client: {peer} {name}"));

    let Some((file, size)) = open(folder, &name) else {
        return stream.write_all(b"Nofile").await;
    };
    stream.write_all(&size.to_be_bytes()).await?;
    send_content(stream, file, size).await?;

    // The file is sent. Whether `Bye` comes or not, there is nothing left to do.
    expect(stream, peer, "Bye").await?;
    Ok(())
}

/// Waits for a word, but not for ever. Says whether it came.
async fn expect(stream: &mut TcpStream, peer: SocketAddr, word: &str) -> io::Result<bool> {
    match timeout(PATIENCE, message::word(stream, word)).await {
        Ok(Ok(Word::Expected)) => {
            announce(format_args!("client: {peer} {word}"));
            Ok(true)
        }
        Ok(Ok(Word::Other(other))) => {
            announce(format_args!("client: {peer} said `{other}` instead of {word}"));
            Ok(false)
        }
        Ok(Ok(Word::End)) => Ok(false),
        Ok(Err(error)) => Err(error),
        Err(_) => {
            announce(format_args!("client: {peer} never said {word}"));
            Ok(false)
        }
    }
}

/// Opens the file and finds out its size. `None` if it cannot be given out: it is not there, it may
/// not be read, or its size does not fit into four bytes.
fn open(folder: &Path, name: &str) -> Option<(File, u32)> {
    let file = File::open(folder::find(folder, name)?).ok()?;
    let size = file.metadata().ok()?.len();
    Some((file, u32::try_from(size).ok()?))
}

/// Sends exactly as many bytes as were promised.
///
/// The file is read piece by piece: a film should not have to fit into memory. Reading from a disk
/// makes the other clients wait for a moment, which is well below what one would notice.
async fn send_content(stream: &mut TcpStream, file: File, size: u32) -> io::Result<()> {
    let mut content = file.take(u64::from(size));
    let mut piece = vec![0; PIECE];
    loop {
        let length = content.read(&mut piece)?;
        if length == 0 {
            break;
        }
        stream.write_all(&piece[..length]).await?;
    }
    // Somebody may have shortened the file meanwhile. Then the promise cannot be kept, and the
    // client has to see that: the connection is given up.
    match content.limit() {
        0 => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
