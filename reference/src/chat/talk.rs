//! The client's side: listening to keyboard and network at the same time.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::Receiver;

use super::text;

/// How the chat came to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// The user has had enough.
    UserLeft,
    /// The server has closed or is gone.
    ServerLeft,
}

/// Sends typed lines, each with a newline, and shows what comes, until one side has enough.
///
/// `farewell` is the line with which the user leaves. The end of the input does the same.
pub async fn talk(
    stream: &mut TcpStream,
    mut lines: Receiver<String>,
    farewell: Option<&str>,
    mut show: impl FnMut(&str),
) -> io::Result<End> {
    let (mut reader, mut writer) = stream.split();
    let mut incoming = Vec::new();
    loop {
        // Whichever is there first. The other one is dropped and loses nothing: a line that was not
        // taken stays in the channel, bytes that were not read stay in the socket.
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) if Some(line.as_str()) == farewell => return Ok(End::UserLeft),
                Some(line) if line.is_empty() => {}
                Some(line) => writer.write_all(format!("{line}\n").as_bytes()).await?,
                None => return Ok(End::UserLeft),
            },
            length = reader.read_buf(&mut incoming) => {
                if length? == 0 {
                    return Ok(End::ServerLeft);
                }
                // Servers put newlines between messages or not. On the screen each read begins a
                // line of its own.
                let text = text::take(&mut incoming);
                if !text.is_empty() {
                    show(text.trim_matches('\n'));
                }
            }
        }
    }
}
