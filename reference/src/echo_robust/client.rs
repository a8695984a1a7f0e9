//! The client of `echo-robust`: counts the bytes it sends and notices when the connection is lost.

use std::io;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::arguments::Arguments;
use crate::console::Console;
use crate::echo::client::ask_address;
use crate::echo::reply::{self, Reply};
use crate::{Failure, network};

/// The program: asks for the port, connects, and talks until one side has enough.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let mut console = Console::terminal();
    let Some(address) = ask_address(arguments, &mut console)? else {
        return Ok(());
    };
    let stream = network::connect(&address).await?;
    converse(stream, &mut console).await
}

/// One conversation with the server.
///
/// To lose the connection is one of the ways in which a conversation ends. So it leads to a word
/// to the user, not to an error.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    while let Some(message) = console.ask_for_text("Message to send: ")? {
        match exchange(&mut stream, console, &message).await {
            Ok(Connection::Open) => {}
            Ok(Connection::Closed) | Err(_) => {
                console.say("connection closed");
                break;
            }
        }
    }
    Ok(())
}

/// Whether there is a point in going on.
enum Connection {
    /// The server has answered.
    Open,
    /// The server has closed.
    Closed,
}

/// Sends one message and prints the reply.
async fn exchange(stream: &mut TcpStream, console: &mut Console, message: &str) -> io::Result<Connection> {
    // The first message after the server has gone is still sent without an error: nobody knows
    // yet. The answer to it is a reset, and the read below will tell.
    stream.write_all(message.as_bytes()).await?;
    // Bytes, not characters: a Korean syllable counts three.
    console.say(format_args!("{} bytes sent", message.len()));

    let (reply, connection) = match reply::receive(stream, message.as_bytes()).await? {
        Reply::Message(reply) => (reply, Connection::Open),
        Reply::Closed(reply) => (reply, Connection::Closed),
    };
    if !reply.is_empty() {
        console.say(format_args!("Received message: {}", String::from_utf8_lossy(&reply)));
    }
    Ok(connection)
}
