//! The client of `hello`: prints the greeting.

use tokio::net::TcpStream;

use super::{PORT, greeting};
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, network};

/// The program: connects, prints what it is told, ends.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    // Where the server is. A client has to know that beforehand.
    let address = arguments.client_address(PORT)?;
    // `socket` and `connect`. If nobody listens there, the question mark ends the program.
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal()).await
}

/// One conversation with the server.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    // There is nothing to send: the server speaks first, and the connection was all it waited for.
    let greeting = greeting::receive(&mut stream).await?;
    if greeting.text.is_empty() {
        // Not a failure of ours. To say nothing would be worse than to say this.
        console.say("The server closed the connection without a word.");
    } else {
        console.say(greeting.text);
    }
    // Dropping the stream would close the connection as well. This way it is closed in good order,
    // even if the server has sent more than we wanted to know.
    network::hang_up(stream).await;
    Ok(())
}
