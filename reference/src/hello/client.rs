//! The client of `hello`: prints the greeting.

use tokio::net::TcpStream;

use super::{PORT, greeting};
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, network};

/// The program: connects, prints what it is told, ends.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal()).await
}

/// One conversation with the server.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    let greeting = greeting::receive(&mut stream).await?;
    if greeting.text.is_empty() {
        console.say("The server closed the connection without a word.");
    } else {
        console.say(greeting.text);
    }
    // The stream is dropped here, and with it the connection is closed.
    Ok(())
}
