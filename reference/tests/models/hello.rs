//! The `hello` pair.

use reference::console::Console;
use reference::hello::{client, server};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;

use crate::loopback::{self, pair, rest};

#[tokio::test]
async fn greets_one_client_after_another_and_closes() {
    let server = loopback::start(server::serve).await;
    for _ in 0..10 {
        let mut stream = server.connect().await;
        assert_eq!(rest(&mut stream).await, b"Hello 127.0.0.1");
    }
    server.stop().await;
}

#[tokio::test]
async fn greets_a_client_by_the_address_it_comes_from() {
    let server = loopback::start(server::serve).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    assert_eq!(rest(&mut stream).await, b"Hello 127.0.0.2");
    server.stop().await;
}

#[tokio::test]
async fn survives_a_client_that_resets() {
    let server = loopback::start(server::serve).await;
    for _ in 0..3 {
        loopback::reset(server.connect().await);
    }
    let mut stream = server.connect().await;
    assert_eq!(rest(&mut stream).await, b"Hello 127.0.0.1");
    server.stop().await;
}

#[tokio::test]
async fn closes_in_good_order_although_the_client_has_said_something() {
    let server = loopback::start(server::serve).await;
    let mut stream = server.connect().await;
    stream.write_all(b"good morning").await.unwrap();
    assert_eq!(rest(&mut stream).await, b"Hello 127.0.0.1");
    server.stop().await;
}

#[tokio::test]
async fn the_client_prints_the_greeting_in_however_many_pieces_it_comes() {
    let (near, mut far) = pair().await;
    far.set_nodelay(true).unwrap();
    let speaking = async {
        for piece in ["Hel", "lo 10.", "20.30.4"] {
            far.write_all(piece.as_bytes()).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let mut console = Console::scripted("");
    let (_, outcome) = tokio::join!(speaking, client::converse(near, &mut console));
    outcome.unwrap();
    assert_eq!(console.printed(), "Hello 10.20.30.4\n");
}

#[tokio::test]
async fn the_client_ends_when_the_server_closes_without_a_word() {
    let (near, far) = pair().await;
    drop(far);
    let mut console = Console::scripted("");
    client::converse(near, &mut console).await.unwrap();
    assert!(console.printed().contains("without a word"));
}
