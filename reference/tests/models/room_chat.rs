//! The `room-chat` pair.

use reference::room_chat::{client, server};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::loopback::{self, Server, exchange, rest};

/// Somebody in the room, with their address.
async fn enter(server: &Server, online: &str) -> (TcpStream, String) {
    let mut stream = server.connect().await;
    sees(&mut stream, &format!("Connected to the chat server ({online} online)")).await;
    let address = stream.local_addr().expect("an address").to_string();
    (stream, address)
}

/// The next line that somebody sees.
async fn sees(stream: &mut TcpStream, line: &str) {
    exchange(stream, b"", format!("{line}\n").as_bytes()).await;
}

#[tokio::test]
async fn the_counts_are_right_however_somebody_leaves() {
    let server = loopback::start(server::serve).await;
    let (mut first, _) = enter(&server, "1 user").await;
    for vanish in [drop, loopback::reset] {
        let (second, address) = enter(&server, "2 users").await;
        sees(&mut first, &format!("New user {address} entered (2 users online)")).await;
        vanish(second);
        sees(&mut first, &format!("The user {address} left (1 user online)")).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn the_speaker_sees_you_and_the_others_see_the_address() {
    let server = loopback::start(server::serve).await;
    let (mut first, address) = enter(&server, "1 user").await;
    let (mut second, entering) = enter(&server, "2 users").await;
    sees(&mut first, &format!("New user {entering} entered (2 users online)")).await;
    // A message is whole at its newline, in however many pieces it comes.
    first.write_all(b"Hel").await.unwrap();
    first.write_all(b"lo\nWor").await.unwrap();
    first.write_all(b"ld\n").await.unwrap();
    for word in ["Hello", "World"] {
        sees(&mut first, &format!("[You] {word}")).await;
        sees(&mut second, &format!("[{address}] {word}")).await;
    }
    server.stop().await;
    assert!(rest(&mut first).await.is_empty());
}

#[tokio::test]
async fn twenty_come_and_go() {
    let server = loopback::start(server::serve).await;
    let (mut staying, _) = enter(&server, "1 user").await;
    let mut others = Vec::new();
    for count in 2..=20 {
        let (stream, address) = enter(&server, &format!("{count} users")).await;
        sees(&mut staying, &format!("New user {address} entered ({count} users online)")).await;
        others.push((stream, address));
    }
    while let Some((stream, address)) = others.pop() {
        drop(stream);
        let count = others.len() + 1;
        let online = if count == 1 { "1 user".to_owned() } else { format!("{count} users") };
        sees(&mut staying, &format!("The user {address} left ({online} online)")).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn the_client_shows_what_comes_and_ends_with_the_server() {
    let server = loopback::start(server::serve).await;
    let (lines, typed) = mpsc::channel(8);
    let (seen, mut shown) = mpsc::unbounded_channel();
    let stream = server.connect().await;
    let chatting = client::converse(stream, typed, move |text| seen.send(text.to_owned()).unwrap());
    let watching = async {
        assert_eq!(shown.recv().await.unwrap(), "Connected to the chat server (1 user online)");
        lines.send("안녕".to_owned()).await.unwrap();
        assert_eq!(shown.recv().await.unwrap(), "[You] 안녕");
        server.stop().await;
    };
    tokio::join!(chatting, watching);
}
