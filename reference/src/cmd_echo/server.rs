//! The server of `cmd-echo`: its port is its first argument.

use tokio::net::TcpListener;

use super::PORT;
use crate::arguments::Arguments;
use crate::{Failure, console, echo, network};

/// The program: listens on the port it is given and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    serve(listener, interrupted).await;
    Ok(())
}

/// Serves all clients at once until `shutdown` is ready. The echo itself is nothing new.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    echo::server::serve(listener, shutdown).await;
}
