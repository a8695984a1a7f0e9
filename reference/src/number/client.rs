//! The client of `number`: asks for number words.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::PORT;
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, network};

/// The longest answer.
const LONGEST_ANSWER: usize = 1024;

/// The program: connects and asks until the user has enough.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal()).await
}

/// One conversation with the server, ended by `q`.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    while let Some(number) = console.ask_for_text("Number to send (1~10): ")? {
        // `q` is a matter between the user and this program. The server only sees the connection end.
        if number == "q" {
            break;
        }
        match ask(&mut stream, &number).await {
            Ok(Some(answer)) => console.say(format_args!("Received message: {answer}")),
            // The server is gone. There is nobody left to ask.
            Ok(None) | Err(_) => {
                console.say("The server closed the connection.");
                break;
            }
        }
    }
    Ok(())
}

/// Sends a question and waits for the answer. `None` if the server has closed.
async fn ask(stream: &mut TcpStream, number: &str) -> io::Result<Option<String>> {
    // Whether it is a number at all is for the server to judge.
    stream.write_all(number.as_bytes()).await?;

    // The answer has no end mark, and it is short: one read has to do.
    let mut buffer = [0; LONGEST_ANSWER];
    let length = stream.read(&mut buffer).await?;
    if length == 0 {
        return Ok(None);
    }
    // Only so many bytes of the buffer are the answer. The rest of it is still zero.
    let answer = String::from_utf8_lossy(&buffer[..length]);
    Ok(Some(answer.trim_end().to_owned()))
}
