//! The server of `udp`: confirms every datagram.

use std::io;

use tokio::net::UdpSocket;

use super::{ANSWER, LARGEST, PORT};
use crate::arguments::Arguments;
use crate::console::announce;
use crate::{Failure, console};

/// The program: binds where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let failed = |source| Failure::Listen { address: address.clone(), source };
    let candidates = address.resolve().map_err(failed)?;
    // A bound socket is all a UDP server needs: there is nobody to listen for and to accept.
    let socket = UdpSocket::bind(&candidates[..]).await.map_err(failed)?;
    announce(format_args!("UDPServer listens at {address}"));
    serve(socket, interrupted).await;
    Ok(())
}

/// Answers datagrams until `shutdown` is ready.
pub async fn serve(socket: UdpSocket, shutdown: impl Future) {
    tokio::select! {
        () = answer_everyone(&socket) => {}
        _ = shutdown => {}
    }
}

/// The server's loop. What goes wrong with one datagram does not touch the next.
async fn answer_everyone(socket: &UdpSocket) {
    let mut buffer = vec![0; LARGEST];
    loop {
        if let Err(error) = answer_one(socket, &mut buffer).await {
            announce(format_args!("a datagram went wrong: {error}"));
        }
    }
}

/// Waits for a datagram and answers its sender.
async fn answer_one(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<()> {
    // The sender comes with the datagram. The next one may be from somebody else.
    let (length, sender) = socket.recv_from(buffer).await?;
    // Zero bytes are a datagram like any other here, and not the end of anything.
    let text = String::from_utf8_lossy(&buffer[..length]);
    announce(format_args!("[Client {sender} said]: {text}"));
    socket.send_to(ANSWER.as_bytes(), sender).await?;
    Ok(())
}
