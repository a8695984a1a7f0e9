//! The client of `nick-chat`: a name first, then words in both directions.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{FAREWELL, PORT};
use crate::arguments::Arguments;
use crate::chat::talk::{End, talk};
use crate::console::{Console, announce};
use crate::{Failure, network};

/// The program: connects, gives its name, chats until `quit`.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    converse(stream, Console::terminal(), |text| announce(text)).await
}

/// The whole chat. What comes from the others goes to `show`.
pub async fn converse(
    mut stream: TcpStream,
    mut console: Console,
    show: impl FnMut(&str),
) -> Result<(), Failure> {
    let Some(nick) = console.ask_for_text("Type your nickname>> ")? else {
        return Ok(());
    };
    // The first message is the name. Nothing but its place says so.
    stream.write_all(format!("{nick}\n").as_bytes()).await?;

    // Up to here it was a dialogue. From here on, both sides talk whenever they like, and the
    // keyboard gets a thread of its own.
    let lines = console.into_lines();
    match talk(&mut stream, lines, Some(FAREWELL), show).await {
        Ok(End::UserLeft) => {
            network::hang_up(stream).await;
            announce("Closed chatroom successfully.");
        }
        Ok(End::ServerLeft) | Err(_) => announce("Server disconnected!"),
    }
    Ok(())
}
