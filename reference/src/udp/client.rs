//! The client of `udp`: sends one datagram, prints the reply.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::UdpSocket;

use super::{LARGEST, PORT, QUESTION};
use crate::Failure;
use crate::arguments::Arguments;
use crate::console::Console;

/// How long the client waits for the reply. A datagram may get lost on either way.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// The program: asks the server, prints the reply, ends.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let server =
        address.resolve_one().map_err(|source| Failure::Connect { address: address.clone(), source })?;
    converse(server, &mut Console::terminal()).await
}

/// One datagram there, one back.
pub async fn converse(server: SocketAddr, console: &mut Console) -> Result<(), Failure> {
    // Port 0: the kernel chooses a free one. The server sees it as the sender's address.
    let any_port = match server {
        SocketAddr::V4(_) => "0.0.0.0:0",
        SocketAddr::V6(_) => "[::]:0",
    };
    let socket = UdpSocket::bind(any_port).await?;

    // Nothing is sent by this. The socket only keeps the address in mind: `send` goes there, and
    // `recv` takes datagrams from there and from nowhere else.
    socket.connect(server).await?;
    socket.send(QUESTION.as_bytes()).await?;

    let mut buffer = vec![0; LARGEST];
    match tokio::time::timeout(PATIENCE, socket.recv(&mut buffer)).await {
        Ok(received) => {
            let reply = String::from_utf8_lossy(&buffer[..received?]);
            console.say(format_args!("[UDPServer said]: {reply}"));
            Ok(())
        }
        Err(_) => Err(Failure::NoReply { seconds: PATIENCE.as_secs() }),
    }
}
