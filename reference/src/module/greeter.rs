//! The type's own program: greets one client and ends. It shows how the type is used.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::PORT;
use super::tcp_server::TcpServer;
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console, network};

/// What the client is told.
pub const GREETING: &[u8] = b"Hello Client";

/// The program: listens where it is told and serves one client.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let server = TcpServer::bind(&address).await?;
    greet_until(server, interrupted).await;
    Ok(())
}

/// Greets one client, unless `shutdown` is ready before one comes.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    greet_until(TcpServer::from(listener), shutdown).await;
}

/// Runs the one conversation and the signal to stop side by side.
async fn greet_until(server: TcpServer, shutdown: impl Future) {
    tokio::select! {
        () = greet_one(&server) => {}
        _ = shutdown => {}
    }
}

/// There is no loop: this server has done its work after the first client.
async fn greet_one(server: &TcpServer) {
    let (mut stream, peer) = server.accept().await;
    announce(format_args!("connected by {peer}"));
    match stream.write_all(GREETING).await {
        Ok(()) => network::hang_up(stream).await,
        Err(error) => announce(format_args!("{peer} was lost: {error}")),
    }
}
