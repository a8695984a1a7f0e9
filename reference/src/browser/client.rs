//! The client of `browser`: asks for a page and prints what comes.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{HOST, PORT, response};
use crate::arguments::Arguments;
use crate::console::Console;
use crate::{Failure, network};

/// The program: connects, asks, prints, ends.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.typed_address()?.or(HOST, PORT);
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal(), &address.host).await
}

/// One request, one response.
pub async fn converse(mut stream: TcpStream, console: &mut Console, host: &str) -> Result<(), Failure> {
    // `Host` says which of the sites on that machine is meant, HTTP/1.1 demands it. `Connection:
    // close` asks the server to close after the page; otherwise it would wait for more requests.
    let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;

    let mut page = Vec::new();
    let outcome = receive(&mut stream, &mut page).await;

    // What has come is shown in any case. Its encoding may be another than UTF-8: what cannot be
    // read as text becomes a replacement character.
    if page.is_empty() {
        console.say("The server closed the connection without a word.");
    } else {
        console.say(String::from_utf8_lossy(&page));
    }
    outcome
}

/// Reads until the response is whole or the server has closed.
async fn receive(stream: &mut TcpStream, page: &mut Vec<u8>) -> Result<(), Failure> {
    while !response::is_whole(page) {
        if stream.read_buf(page).await? == 0 {
            break;
        }
    }
    Ok(())
}
