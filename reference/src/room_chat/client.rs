//! The client of `room-chat`: sends what is typed, shows what comes.

use tokio::net::TcpStream;
use tokio::sync::mpsc::Receiver;

use crate::arguments::Arguments;
use crate::chat::talk::{End, talk};
use crate::console::{Console, announce};
use crate::{Failure, console, network};

/// The program: connects and chats until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.required_address("room-chat client HOST PORT")?;
    let interrupted = console::interrupted()?;
    let stream = network::connect(&address).await?;
    let lines = Console::terminal().into_lines();
    // Two things can end the chat, and both say so.
    tokio::select! {
        () = converse(stream, lines, |text| announce(text)) => announce("exit"),
        // The terminal shows `^C` at the beginning of the line.
        () = interrupted => announce("\nexit"),
    }
    Ok(())
}

/// The whole chat. What comes from the server goes to `show`: the words are all its own.
pub async fn converse(mut stream: TcpStream, lines: Receiver<String>, show: impl FnMut(&str)) {
    match talk(&mut stream, lines, None, show).await {
        Ok(End::UserLeft) => network::hang_up(stream).await,
        Ok(End::ServerLeft) | Err(_) => announce("The chat server is gone."),
    }
}
