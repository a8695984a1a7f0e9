//! The user: asks the devices and keeps what they say.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use jiff::Zoned;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::sensor::{Measurement, Sensor};
use super::{FILE, PORT1, PORT2};
use crate::arguments::{Arguments, LOCALHOST};
use crate::console::Console;
use crate::time::server::ctime;
use crate::{Failure, network};

/// A connection to one of the devices.
pub struct Device {
    /// Which of the two it is.
    sensor: Sensor,
    /// The connection. The reader keeps what came behind a newline for the next answer.
    stream: BufReader<TcpStream>,
}

impl Device {
    /// Takes over a connection.
    pub fn new(sensor: Sensor, stream: TcpStream) -> Self {
        Self { sensor, stream: BufReader::new(stream) }
    }

    /// Asks for a measurement.
    async fn request(&mut self) -> io::Result<Measurement> {
        self.stream.write_all(b"Request").await?;
        let mut line = String::new();
        // Reads up to the newline, in however many pieces it comes, or up to the end of the
        // connection. A line without newline is cut off, and not to be trusted.
        self.stream.read_line(&mut line).await?;
        if !line.ends_with('\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Measurement::parse(&line).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

/// The program: connects to both devices and asks until `quit`.
pub async fn main(mut arguments: Arguments) -> Result<(), Failure> {
    let address1 = arguments.next_address()?.or(LOCALHOST, PORT1);
    let address2 = arguments.next_address()?.or(LOCALHOST, PORT2);
    arguments.finish()?;
    let devices = [
        Device::new(Sensor::Device1, network::connect(&address1).await?),
        Device::new(Sensor::Device2, network::connect(&address2).await?),
    ];
    converse(devices, &mut Console::terminal(), Path::new(FILE)).await
}

/// Asks the devices as the user wishes, until `quit` or the end of the input.
pub async fn converse(devices: [Device; 2], console: &mut Console, file: &Path) -> Result<(), Failure> {
    let [mut device1, mut device2] = devices;
    while let Some(line) = console.ask("1, 2 or quit: ")? {
        match line.trim() {
            "1" => collect(&mut device1, console, file).await?,
            "2" => collect(&mut device2, console, file).await?,
            "quit" => break,
            other => console.say(format_args!("`{other}` is none of them")),
        }
    }
    for device in [device1, device2] {
        let mut stream = device.stream.into_inner();
        // A device that is gone already needs no farewell.
        let _ = stream.write_all(b"quit").await;
        network::hang_up(stream).await;
    }
    Ok(())
}

/// Asks one device and writes its answer down. A device that is gone does not end the program: the
/// other one may still be there, and what was written stays written.
async fn collect(device: &mut Device, console: &mut Console, file: &Path) -> Result<(), Failure> {
    match device.request().await {
        Ok(measurement) => {
            let record = device.sensor.record(measurement);
            append(file, &record)?;
            console.say(record);
        }
        Err(error) => console.say(format_args!("{} does not answer: {error}", device.sensor)),
    }
    Ok(())
}

/// Adds one line to the file. Opened and closed each time, the file is complete at any moment.
fn append(file: &Path, record: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    let line = format!("{}: {record}\n", ctime(&Zoned::now()));
    // One write, one line: nothing of another program can get in between.
    file.write_all(line.as_bytes())
}
