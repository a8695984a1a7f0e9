//! The client of `hw2`: gives a name, prints the student number.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{NAME, PORT};
use crate::arguments::{Arguments, usage};
use crate::console::Console;
use crate::hello::greeting;
use crate::{Failure, network};

/// The size of the number on its way through the network.
const NUMBER_SIZE: usize = size_of::<u32>();

/// The program: connects, exchanges name and number, ends.
pub async fn main(mut arguments: Arguments) -> Result<(), Failure> {
    let name = arguments.option("--name")?.unwrap_or(NAME.to_owned());
    if name.is_empty() {
        return Err(usage("the name must not be empty".to_owned()));
    }
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal(), &name).await
}

/// One conversation with the server.
pub async fn converse(mut stream: TcpStream, console: &mut Console, name: &str) -> Result<(), Failure> {
    let greeting = greeting::receive(&mut stream).await?;
    if greeting.text.is_empty() {
        return Err(Failure::CutShort { wanted: "the greeting" });
    }
    console.say(greeting.text);

    // Text goes over the wire as UTF-8, which is what a Rust string consists of already.
    stream.write_all(name.as_bytes()).await?;

    // The number is not text: its bytes are the number.
    let number = receive_number(&mut stream, greeting.rest).await?;
    console.say(number);
    network::hang_up(stream).await;
    Ok(())
}

/// Collects the four bytes of the number. Some may be here already: they came with the greeting.
async fn receive_number(stream: &mut TcpStream, mut bytes: Vec<u8>) -> Result<u32, Failure> {
    // One read may bring a single byte of the four. Only the count tells when the number is whole.
    while bytes.len() < NUMBER_SIZE {
        if stream.read_buf(&mut bytes).await? == 0 {
            // Closed in the middle. Waiting on would be in vain, half a number is no number.
            return Err(Failure::CutShort { wanted: "the student number" });
        }
    }
    // From the order of the network to that of this machine, whichever it is. Were the bytes taken as
    // they are, the number would be right on some machines only.
    let (number, _surplus) = bytes.split_at(NUMBER_SIZE);
    let mut in_network_order = [0; NUMBER_SIZE];
    in_network_order.copy_from_slice(number);
    Ok(u32::from_be_bytes(in_network_order))
}
