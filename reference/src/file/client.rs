//! The client of `file`: fetches a file.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::message::{self, Size, Word};
use super::{PORT, folder};
use crate::arguments::{Arguments, usage};
use crate::console::Console;
use crate::{Failure, network};

/// How much of the content is read at once, at most.
const PIECE: usize = 64 * 1024;

/// The program: connects, fetches one file into the working directory, ends.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.client_address(PORT)?;
    let stream = network::connect(&address).await?;
    converse(stream, &mut Console::terminal(), Path::new(".")).await
}

/// One conversation with the server. The file is saved in the folder.
pub async fn converse(mut stream: TcpStream, console: &mut Console, folder: &Path) -> Result<(), Failure> {
    stream.write_all(b"Hello").await?;
    expect_filename(&mut stream).await?;
    console.say("server: Filename");

    let Some(name) = console.ask_for_text("Enter a filename: ")? else {
        return Ok(());
    };
    // Where it will be saved is settled before the server is asked to send it.
    let target =
        folder::place(folder, &name).ok_or_else(|| usage(format!("`{name}` is not the name of a file")))?;
    stream.write_all(name.as_bytes()).await?;

    let (size, beginning) = match message::size(&mut stream).await? {
        Size::Bytes(size, beginning) => (size, beginning),
        Size::NoFile => {
            console.say("server: Nofile");
            return Err(unexpected("Nofile", "the size of the file"));
        }
        Size::End => {
            return Err(Failure::CutShort { wanted: "the size of the file" });
        }
    };
    console.say(format_args!("server: {size}"));

    save(&mut stream, &target, size, beginning).await?;
    // Only now. Everything that can go wrong has had its chance.
    console.say("Download complete");
    stream.write_all(b"Bye").await?;
    network::hang_up(stream).await;
    Ok(())
}

/// Waits for the server's first word.
async fn expect_filename(stream: &mut TcpStream) -> Result<(), Failure> {
    match message::word(stream, "Filename").await? {
        Word::Expected => Ok(()),
        Word::Other(answer) => Err(unexpected(&answer, "`Filename`")),
        Word::End => Err(Failure::CutShort { wanted: "`Filename`" }),
    }
}

/// The server did not keep to the protocol.
fn unexpected(answer: &str, wanted: &'static str) -> Failure {
    Failure::Unexpected { wanted, answer: answer.to_owned() }
}

/// Receives the content into the file.
///
/// It goes under another name first and gets its own when it is whole. So half a file never looks
/// like a whole one, and a server in the same folder is not robbed of what it is just reading.
async fn save(stream: &mut TcpStream, target: &Path, size: u32, beginning: Vec<u8>) -> Result<(), Failure> {
    let mut unfinished = target.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);

    let file = File::create(&unfinished)?;
    let outcome = receive(stream, file, u64::from(size), beginning).await;
    match outcome {
        Ok(()) => fs::rename(&unfinished, target)?,
        // What there is of it is of no use.
        Err(_) => fs::remove_file(&unfinished)?,
    }
    outcome
}

/// Writes exactly `size` bytes of content to the file. The beginning came along with the size.
async fn receive(
    stream: &mut TcpStream,
    mut file: File,
    size: u64,
    mut beginning: Vec<u8>,
) -> Result<(), Failure> {
    beginning.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    file.write_all(&beginning)?;

    // `take` sees to it that nothing behind the content gets into the file.
    let mut content = stream.take(size - beginning.len() as u64);
    let mut piece = vec![0; PIECE];
    loop {
        let length = content.read(&mut piece).await?;
        if length == 0 {
            break;
        }
        file.write_all(&piece[..length])?;
    }
    match content.limit() {
        0 => Ok(()),
        _ => Err(Failure::CutShort { wanted: "the whole file" }),
    }
}
