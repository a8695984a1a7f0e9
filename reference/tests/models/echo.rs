//! The `echo` and the `echo-robust` pair. The servers behave alike, so both are asked the same.

use reference::console::Console;
use reference::{echo, echo_robust};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::loopback::{self, Server, exchange, pair, rest};

/// Both servers, each on a port of its own.
async fn servers() -> [Server; 2] {
    [loopback::start(echo::server::serve).await, loopback::start(echo_robust::server::serve).await]
}

#[tokio::test]
async fn every_byte_comes_back_unchanged() {
    let all_bytes: Vec<u8> = (0..=255).collect();
    for server in servers().await {
        let mut stream = server.connect().await;
        for message in [b"Hello, Server", "안녕하세요".as_bytes(), &all_bytes, &[7; 1024]] {
            exchange(&mut stream, message, message).await;
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn a_client_that_closes_one_direction_still_gets_its_echo() {
    for server in servers().await {
        let mut stream = server.connect().await;
        stream.write_all(b"last words").await.unwrap();
        stream.shutdown().await.unwrap();
        assert_eq!(rest(&mut stream).await, b"last words");
        server.stop().await;
    }
}

#[tokio::test]
async fn many_clients_are_served_at_once() {
    for server in servers().await {
        let mut streams = Vec::new();
        for _ in 0..20 {
            streams.push(server.connect().await);
        }
        for stream in streams.iter_mut().rev() {
            exchange(stream, b"me too", b"me too").await;
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn a_reset_ends_one_conversation_only() {
    for server in servers().await {
        let mut staying = server.connect().await;
        let mut idle = server.connect().await;
        exchange(&mut idle, b"a", b"a").await;
        loopback::reset(idle);
        let mut with_unread_reply = server.connect().await;
        with_unread_reply.write_all(&[1; 5000]).await.unwrap();
        loopback::reset(with_unread_reply);
        exchange(&mut staying, b"still here", b"still here").await;
        server.stop().await;
    }
}

#[tokio::test]
async fn the_client_prints_what_comes_whatever_it_is() {
    let (near, mut far) = pair().await;
    let mut console = Console::scripted("ping\n");
    let replying = async {
        far.read_exact(&mut [0; 4]).await.unwrap();
        far.write_all(b"pong pong pong").await.unwrap();
    };
    let (_, outcome) = tokio::join!(replying, echo::client::converse(near, &mut console));
    outcome.unwrap();
    let expected = "Message to send: Received message: pong pong pong\nMessage to send: ";
    assert_eq!(console.printed(), expected);
}

#[tokio::test]
async fn the_robust_client_counts_bytes_and_not_characters() {
    let server = loopback::start(echo_robust::server::serve).await;
    let mut console = Console::scripted("안녕\n");
    echo_robust::client::converse(server.connect().await, &mut console).await.unwrap();
    assert!(console.printed().contains("6 bytes sent\nReceived message: 안녕\n"));
    server.stop().await;
}

#[tokio::test]
async fn the_robust_client_says_so_when_the_connection_is_gone() {
    for vanish in [drop, loopback::reset] {
        let (near, far) = pair().await;
        vanish(far);
        let mut console = Console::scripted("one\ntwo\nthree\n");
        echo_robust::client::converse(near, &mut console).await.unwrap();
        let printed = console.printed();
        assert!(printed.ends_with("connection closed\n"), "{printed}");
        assert_eq!(printed.matches("Message to send").count(), 1);
    }
}
