//! The `file` pair.

use std::fs;
use std::path::PathBuf;

use reference::Failure;
use reference::console::Console;
use reference::file::{client, server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::loopback::{self, Server, exchange, pair, rest};

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

async fn start(folder: PathBuf) -> Server {
    loopback::start(|listener, stop| server::serve(listener, stop, folder)).await
}

/// A client that has come as far as asking for this file.
async fn ask(server: &Server, name: &str) -> TcpStream {
    let mut stream = server.connect().await;
    exchange(&mut stream, b"Hello", b"Filename").await;
    stream.write_all(name.as_bytes()).await.expect("a name sent");
    stream
}

#[tokio::test]
async fn gives_out_a_file_byte_for_byte_and_closes_after_bye() {
    let folder = folder("gives_out");
    let content: Vec<u8> = (0..=255).cycle().take(0x0001_0203).collect();
    fs::write(folder.join("data.bin"), &content).unwrap();
    fs::write(folder.join("empty"), b"").unwrap();
    let server = start(folder).await;

    let mut stream = ask(&server, "data.bin").await;
    assert_eq!(stream.read_u32().await.unwrap(), 0x0001_0203);
    let mut received = vec![0; content.len()];
    stream.read_exact(&mut received).await.unwrap();
    assert!(received == content);
    stream.write_all(b"Bye").await.unwrap();
    assert!(rest(&mut stream).await.is_empty());

    let mut stream = ask(&server, "empty\n").await;
    assert_eq!(stream.read_u32().await.unwrap(), 0);
    server.stop().await;
}

#[tokio::test]
async fn says_nofile_to_names_that_are_none_of_its_files() {
    let outer = folder("outer");
    fs::write(outer.join("secret.txt"), b"secret").unwrap();
    let inner = outer.join("inner");
    fs::create_dir(&inner).unwrap();
    let server = start(inner).await;
    for name in ["missing", "../secret.txt", "/etc/hostname", "."] {
        let mut stream = ask(&server, name).await;
        assert_eq!(rest(&mut stream).await, b"Nofile", "{name}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_word_ends_the_conversation_and_not_the_server() {
    let server = start(folder("wrong_word")).await;
    let mut stream = server.connect().await;
    stream.write_all(b"Hi there").await.unwrap();
    assert!(rest(&mut stream).await.is_empty());
    loopback::reset(ask(&server, "any").await);
    drop(server.connect().await);
    let mut stream = ask(&server, "any").await;
    assert_eq!(rest(&mut stream).await, b"Nofile");
    server.stop().await;
}

#[tokio::test(start_paused = true)]
async fn does_not_wait_for_a_bye_for_ever() {
    let folder = folder("no_bye");
    fs::write(folder.join("a"), b"a").unwrap();
    let server = start(folder).await;
    let mut stream = ask(&server, "a").await;
    assert_eq!(rest(&mut stream).await, b"\0\0\0\x01a");
    server.stop().await;
}

#[tokio::test]
async fn the_client_saves_what_the_server_sends() {
    let from = folder("from");
    let to = folder("to");
    let content: Vec<u8> = (0..300_000).map(|number: u32| number.to_le_bytes()[1]).collect();
    fs::write(from.join("film.mp4"), &content).unwrap();
    let server = start(from).await;
    let mut console = Console::scripted("film.mp4\n");
    client::converse(server.connect().await, &mut console, &to).await.unwrap();
    assert!(fs::read(to.join("film.mp4")).unwrap() == content);
    assert!(console.printed().ends_with("server: 300000\nDownload complete\n"));
    assert_eq!(fs::read_dir(to).unwrap().count(), 1);
    server.stop().await;
}

/// What comes of it when the server sends these pieces in place of size and content.
async fn download(name: &str, pieces: &[&[u8]]) -> (Result<(), Failure>, Option<Vec<u8>>, Vec<u8>) {
    let folder = folder(name);
    let (near, mut far) = pair().await;
    far.set_nodelay(true).expect("a socket option");
    let serving = async {
        exchange(&mut far, b"", b"Hello").await;
        exchange(&mut far, b"Filename", b"a.txt").await;
        for piece in pieces {
            far.write_all(piece).await.expect("a piece sent");
            tokio::task::yield_now().await;
        }
        far.shutdown().await.expect("an orderly end");
        rest(&mut far).await
    };
    let mut console = Console::scripted("a.txt\n");
    let conversing = client::converse(near, &mut console, &folder);
    let (farewell, outcome) = tokio::join!(serving, conversing);
    (outcome, fs::read(folder.join("a.txt")).ok(), farewell)
}

#[tokio::test]
async fn the_client_takes_size_and_content_in_any_pieces() {
    for pieces in [
        &[&b"\0\0\0\x05"[..], b"hello"][..],
        &[b"\0", b"\0\0\x05", b"he", b"llo"],
        &[b"\0\0\0\x05hel", b"lo"],
        &[b"\0\0\0\x05hello and more"],
    ] {
        let (outcome, saved, farewell) = download("any_pieces", pieces).await;
        outcome.unwrap();
        assert_eq!(saved.as_deref(), Some(&b"hello"[..]));
        assert_eq!(farewell, b"Bye");
    }
}

#[tokio::test]
async fn half_a_file_is_not_reported_as_a_whole_one() {
    let (outcome, saved, farewell) = download("half", &[b"\0\0\0\x05", b"hel"]).await;
    assert!(matches!(outcome, Err(Failure::CutShort { .. })));
    assert_eq!((saved, farewell), (None, Vec::new()));
}

#[tokio::test]
async fn the_client_ends_when_there_is_no_such_file() {
    let (outcome, saved, farewell) = download("nofile", &[b"No", b"file"]).await;
    assert!(matches!(outcome, Err(Failure::Unexpected { .. })));
    assert_eq!((saved, farewell), (None, Vec::new()));
}
