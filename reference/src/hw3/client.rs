//! The client of `hw3`: sends expressions, prints results.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::PORT;
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, network};

/// The longest reply.
const LONGEST_REPLY: usize = 1024;

/// The program: connects and asks until the user has enough.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal()).await
}

/// One conversation with the server, ended by `q`.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    while let Some(expression) = console.ask_for_text("Expression (q to quit): ")? {
        // `q` is a matter between the user and this program. The server only sees the connection end.
        if expression.trim() == "q" {
            break;
        }
        match calculate(&mut stream, &expression).await {
            Ok(Some(result)) => console.say(format_args!("Result: {result}")),
            // The server is gone. There is nobody left to ask.
            Ok(None) | Err(_) => {
                console.say("The server closed the connection.");
                break;
            }
        }
    }
    Ok(())
}

/// Sends an expression and waits for the result. `None` if the server has closed.
async fn calculate(stream: &mut TcpStream, expression: &str) -> io::Result<Option<String>> {
    // It is sent as it was typed, blanks and all. What it means is for the server to find out.
    stream.write_all(expression.as_bytes()).await?;

    // The reply has no end mark, and it is short: one read has to do.
    let mut buffer = [0; LONGEST_REPLY];
    let length = stream.read(&mut buffer).await?;
    if length == 0 {
        return Ok(None);
    }
    let result = String::from_utf8_lossy(&buffer[..length]);
    Ok(Some(result.trim_end().to_owned()))
}
