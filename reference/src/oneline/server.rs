//! The server of `oneline`: the echo server behind a socket made in one call.

use std::io;

use tokio::net::TcpListener;

use super::PORT;
use super::one_call::create_server;
use crate::arguments::Arguments;
use crate::{Failure, console, echo};

/// How many clients may wait to be accepted.
const BACKLOG: u32 = 128;

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;

    let listen = || create_server(address.resolve_one()?, BACKLOG);
    let listener =
        listen().map_err(|source: io::Error| Failure::Listen { address: address.clone(), source })?;
    serve(listener, interrupted).await;
    Ok(())
}

/// Serves all clients at once until `shutdown` is ready. The echo itself is nothing new.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    echo::server::serve(listener, shutdown).await;
}
