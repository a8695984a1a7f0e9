//! The client of `echo`: sends what is typed, prints what comes back.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::reply::{self, Reply};
use crate::arguments::{Arguments, LOCALHOST, parse_port};
use crate::console::Console;
use crate::network::Address;
use crate::{Failure, network};

/// The program: asks for the port, connects, and talks until the input ends.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let mut console = Console::terminal();
    let Some(address) = ask_address(arguments, &mut console)? else {
        return Ok(());
    };
    let stream = network::connect(&address).await?;
    converse(stream, &mut console).await
}

/// Where the server is: from the arguments, and the port from the user if it is not among them.
/// `None` if the user had enough before naming a port.
pub(crate) fn ask_address(arguments: Arguments, console: &mut Console) -> Result<Option<Address>, Failure> {
    let typed = arguments.typed_address()?;
    let port = match typed.port {
        Some(port) => port,
        None => match console.ask_for_text("Port No: ")? {
            Some(answer) => parse_port(&answer)?,
            None => return Ok(None),
        },
    };
    Ok(Some(typed.or(LOCALHOST, port)))
}

/// One conversation with the server: a line there, a line back, until one side has enough.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    while let Some(message) = console.ask_for_text("Message to send: ")? {
        // Only what was typed is sent, without the newline. The message has no end mark, then: the
        // server cannot know where one message ends and the next one begins, and need not.
        stream.write_all(message.as_bytes()).await?;

        // Now it is the server's turn. Nothing typed meanwhile is lost, it waits in the terminal.
        let (reply, closed) = match reply::receive(&mut stream, message.as_bytes()).await? {
            Reply::Message(reply) => (reply, false),
            Reply::Closed(reply) => (reply, true),
        };
        // What comes back is printed, whatever it is. It may not even be text.
        if !reply.is_empty() {
            console.say(format_args!("Received message: {}", String::from_utf8_lossy(&reply)));
        }
        if closed {
            console.say("The server closed the connection.");
            break;
        }
    }
    Ok(())
}
