//! The client of `time`: asks for the time and prints it.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::{LENGTH, PORT};
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, network};

/// The program: connects, prints the time, ends.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal()).await
}

/// One conversation with the server. To connect is the whole question.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    // The pieces are collected in one place, in the order in which they come. TCP keeps that order.
    let mut text = Vec::new();
    // The time is whole when 24 characters are here, or when the server has closed.
    while text.len() < LENGTH && stream.read_buf(&mut text).await? > 0 {}

    if text.is_empty() {
        console.say("The server closed the connection without a word.");
    } else {
        let text = String::from_utf8_lossy(&text);
        console.say(format_args!("Time: {}", text.trim_end()));
    }
    network::hang_up(stream).await;
    Ok(())
}
