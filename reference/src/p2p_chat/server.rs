//! The server of `p2p-chat`: shows what the client says, and asks its user for the reply.

use std::io;
use std::net::SocketAddr;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::{FAREWELL, PORT, text};
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, console, network};

/// What follows after a connection.
enum Next {
    /// The client has closed. It comes back with its next message.
    Connection,
    /// The chat is over.
    End,
}

/// The program: listens where it is told and chats until `#exit` or Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    let mut console = Console::terminal();
    console.say(format_args!("TCP Server listens at: {address}"));
    serve(listener, interrupted, &mut console).await;
    Ok(())
}

/// Chats until the client says `#exit`, the user's input ends, or `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future, console: &mut Console) {
    tokio::select! {
        () = chat(&listener, console) => {}
        _ = shutdown => {}
    }
}

/// One turn for each connection.
async fn chat(listener: &TcpListener, console: &mut Console) {
    loop {
        console.say("Waiting for connection with Client...");
        let (mut stream, peer) = network::accept(listener).await;
        match talk(&mut stream, peer, console).await {
            Ok(Next::Connection) => network::hang_up(stream).await,
            Ok(Next::End) => {
                network::hang_up(stream).await;
                break;
            }
            Err(error) => console.say(format_args!("{peer} was lost: {error}")),
        }
    }
    // A console in a window of its own would vanish with its last words. So the user has a last word.
    let _ = console.ask_meanwhile("Press Enter to continue...").await;
}

/// One connection. Our client sends one message on it, others may send more.
async fn talk(stream: &mut TcpStream, peer: SocketAddr, console: &mut Console) -> io::Result<Next> {
    while let Some(message) = text::receive(stream).await? {
        if message == FAREWELL {
            console.say("Client was disconnected from connection");
            return Ok(Next::End);
        }
        console.say(format_args!("Client {peer} said: {message}"));

        // While the user types, the client may vanish. That is noticed when the reply is sent.
        match ask_for_reply(console).await? {
            Some(reply) => stream.write_all(reply.as_bytes()).await?,
            None => return Ok(Next::End),
        }
    }
    Ok(Next::Connection)
}

/// Asks the user until there is something to send. `None` if the input has ended.
async fn ask_for_reply(console: &mut Console) -> io::Result<Option<String>> {
    loop {
        match console.ask_meanwhile("Your message to the Client> ").await? {
            Some(line) if line.is_empty() => {}
            answer => return Ok(answer),
        }
    }
}
