//! The `number` pair.

use reference::console::Console;
use reference::number::{client, server};
use tokio::io::AsyncReadExt;

use crate::loopback::{self, exchange, pair, rest};

#[tokio::test]
async fn answers_many_requests_on_one_connection() {
    let server = loopback::start(server::serve).await;
    let mut stream = server.connect().await;
    for _ in 0..50 {
        exchange(&mut stream, b"7", b"seven").await;
        exchange(&mut stream, b"11", b"Try again").await;
        exchange(&mut stream, &[0xFF, 0], b"Try again").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn serves_the_next_client_after_a_close_and_after_a_reset() {
    let server = loopback::start(server::serve).await;
    for _ in 0..2 {
        let mut leaving = server.connect().await;
        exchange(&mut leaving, b"1", b"one").await;
        drop(leaving);
        let mut vanishing = server.connect().await;
        exchange(&mut vanishing, b"2\r\n", b"two").await;
        loopback::reset(vanishing);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_comes_too_early_is_served_later() {
    let server = loopback::start(server::serve).await;
    let mut first = server.connect().await;
    exchange(&mut first, b"1", b"one").await;
    let mut second = server.connect().await;
    drop(first);
    exchange(&mut second, b"10", b"ten").await;
    server.stop().await;
}

#[tokio::test]
async fn stops_although_a_client_is_silent() {
    let server = loopback::start(server::serve).await;
    let mut silent = server.connect().await;
    exchange(&mut silent, b"1", b"one").await;
    server.stop().await;
    assert!(rest(&mut silent).await.is_empty());
}

#[tokio::test]
async fn the_client_asks_until_q() {
    let server = loopback::start(server::serve).await;
    let mut console = Console::scripted("1\n11\n\nq\n2\n");
    client::converse(server.connect().await, &mut console).await.unwrap();
    let prompt = "Number to send (1~10): ";
    let expected =
        format!("{prompt}Received message: one\n{prompt}Received message: Try again\n{prompt}{prompt}");
    assert_eq!(console.printed(), expected);
    server.stop().await;
}

#[tokio::test]
async fn the_client_ends_after_one_more_question_when_the_server_is_gone() {
    let (near, mut far) = pair().await;
    let mut console = Console::scripted("1\n2\n3\n");
    let vanishing = async {
        // The whole question is read first, so that the drop is a close and not a reset.
        far.read_u8().await.unwrap();
        drop(far);
    };
    let (_, outcome) = tokio::join!(vanishing, client::converse(near, &mut console));
    outcome.unwrap();
    assert_eq!(console.printed().matches("Number to send").count(), 1);
}
