//! The client of `oneline`: the echo client with a connection made in one call.

use tokio::net::TcpStream;

use super::PORT;
use super::one_call::create_connection;
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, echo};

/// The program: connects and talks until one side has enough.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let failed = |source| Failure::Connect { address: address.clone(), source };
    let candidates = address.resolve().map_err(failed)?;
    let stream = create_connection(&candidates).await.map_err(failed)?;
    converse(stream, &mut Console::terminal()).await
}

/// One conversation with the server. It ends when the server closes or the input ends.
pub async fn converse(stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    echo::client::converse(stream, console).await
}
