//! The client of `p2p-chat`: a line there, a line back, each time on a new connection.

use std::io;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{FAREWELL, PORT, text};
use crate::arguments::Arguments;
use crate::console::Console;
use crate::network::Address;
use crate::{Failure, network};

/// The program: chats until `#exit`.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    converse(&address, &mut Console::terminal()).await
}

/// The whole chat.
pub async fn converse(address: &Address, console: &mut Console) -> Result<(), Failure> {
    while let Some(message) = console.ask_for_text("Your message to server> ")? {
        // The connection lasts for one message and its reply. So the server may be stopped and
        // started again between two messages.
        let mut stream = network::connect(address).await?;
        if message == FAREWELL {
            // The one message that has no reply.
            stream.write_all(message.as_bytes()).await?;
            network::hang_up(stream).await;
            console.ask("Press Enter to continue...")?;
            break;
        }
        match exchange(&mut stream, &message).await {
            Ok(Some(reply)) => console.say(format_args!("TCP Server said: {reply}")),
            Ok(None) | Err(_) => {
                console.say("The server closed the connection.");
                break;
            }
        }
        network::hang_up(stream).await;
    }
    Ok(())
}

/// Sends one message and waits for the reply. `None` if the server has closed.
async fn exchange(stream: &mut TcpStream, message: &str) -> io::Result<Option<String>> {
    stream.write_all(message.as_bytes()).await?;
    // The server's user has to read, think and type. This may take a while.
    text::receive(stream).await
}
