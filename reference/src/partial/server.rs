//! The server of `partial`: sends 20 bytes.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::{MESSAGE, PORT};
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

/// Sends the message to one client after another until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    tokio::select! {
        () = serve_everyone(&listener) => {}
        _ = shutdown => {}
    }
}

/// The server's loop.
async fn serve_everyone(listener: &TcpListener) {
    loop {
        let (mut stream, peer) = network::accept(listener).await;
        announce(format_args!("connection from {peer}"));
        // Writing has the same trouble as reading: `write` may take a part only. `write_all` is
        // the loop around it.
        match stream.write_all(MESSAGE).await {
            Ok(()) => network::hang_up(stream).await,
            Err(error) => announce(format_args!("{peer} was lost: {error}")),
        }
    }
}
