//! The client of `cmd-echo`: `-s` names the host, `-p` the port, `q` ends it.

use std::io;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::PORT;
use crate::arguments::{Arguments, LOCALHOST, parse_port};
use crate::console::Console;
use crate::echo::reply::{self, Reply};
use crate::network::Address;
use crate::{Failure, network};

/// The program: connects where its options say, and talks until one side has enough.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = read_options(arguments)?;
    let stream = network::connect(&address).await?;
    let mut console = Console::terminal();
    console.say(format_args!("connected to {} {}", address.host, address.port));
    converse(stream, &mut console).await
}

/// Turns the options into an address. Both may be missing, in any order.
fn read_options(mut arguments: Arguments) -> Result<Address, Failure> {
    // First all options are read and checked. A mistake is told before there is a connection.
    let host = arguments.option("-s")?;
    let port = match arguments.option("-p")? {
        Some(word) => parse_port(&word)?,
        None => PORT,
    };
    // Whatever is left was meant to be something. Better ask than guess.
    arguments.finish()?;
    Ok(Address { host: host.unwrap_or(LOCALHOST.to_owned()), port })
}

/// One conversation with the server, ended by `q`, by the end of the input, or by the server.
pub async fn converse(mut stream: TcpStream, console: &mut Console) -> Result<(), Failure> {
    while let Some(message) = console.ask_for_text("Message to send: ")? {
        if message == "q" {
            break;
        }
        match exchange(&mut stream, &message).await {
            Ok(Reply::Message(reply)) => {
                let reply = String::from_utf8_lossy(&reply);
                console.say(format_args!("Received message: {reply}"));
            }
            Ok(Reply::Closed(_)) | Err(_) => {
                console.say("The server closed the connection.");
                break;
            }
        }
    }
    Ok(())
}

/// Sends one message and waits for the reply.
async fn exchange(stream: &mut TcpStream, message: &str) -> io::Result<Reply> {
    stream.write_all(message.as_bytes()).await?;
    reply::receive(stream, message.as_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(line: &str) -> Result<String, u8> {
        let words = line.split_whitespace().map(str::to_owned).collect();
        read_options(Arguments::new(words))
            .map(|address| address.to_string())
            .map_err(|failure| failure.status())
    }

    #[test]
    fn every_option_has_a_default() {
        assert_eq!(address("").unwrap(), "127.0.0.1:2500");
        assert_eq!(address("-s localhost").unwrap(), "localhost:2500");
        assert_eq!(address("-p 8888").unwrap(), "127.0.0.1:8888");
        assert_eq!(address("-s 127.0.0.1 -p 5000").unwrap(), "127.0.0.1:5000");
        assert_eq!(address("-p5000 -s ::1").unwrap(), "[::1]:5000");
    }

    #[test]
    fn a_wrong_command_line_is_told_before_anything_is_done() {
        for line in ["-p abc", "-p 70000", "-p", "-x 1", "localhost"] {
            assert_eq!(address(line), Err(2), "{line:?}");
        }
    }
}
