//! The echo server, built on the reusable type.

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::tcp_server::TcpServer;
use crate::arguments::Arguments;
use crate::echo::PORT;
use crate::echo::server::serve_one;
use crate::{Failure, console};

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let server = TcpServer::bind(&address).await?;
    serve_until(server, interrupted).await;
    Ok(())
}

/// Serves all clients at once until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    serve_until(TcpServer::from(listener), shutdown).await;
}

/// Runs the server's loop and the signal to stop side by side.
async fn serve_until(server: TcpServer, shutdown: impl Future) {
    tokio::select! {
        () = serve_everyone(&server) => {}
        _ = shutdown => {}
    }
}

/// The server's loop. Accepting comes from the type, echoing from the exercise `echo`: what is left
/// to write is how the two are put together.
async fn serve_everyone(server: &TcpServer) {
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            (stream, peer) = server.accept() => {
                conversations.spawn(serve_one(stream, peer));
            }
            Some(_) = conversations.join_next() => {}
        }
    }
}
