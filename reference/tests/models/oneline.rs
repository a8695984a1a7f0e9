//! The `oneline` pair.

use reference::console::Console;
use reference::oneline::{client, server};

use crate::loopback::{self, pair};

#[tokio::test]
async fn both_halves_fit_together() {
    let server = loopback::start(server::serve).await;
    let mut console = Console::scripted("Hi!\n");
    client::converse(server.connect().await, &mut console).await.unwrap();
    assert!(console.printed().contains("Received message: Hi!\n"));
    server.stop().await;
}

#[tokio::test]
async fn the_client_ends_when_the_server_closes() {
    let (near, mut far) = pair().await;
    let closing = async {
        loopback::exchange(&mut far, b"", b"Hi!").await;
        drop(far);
    };
    let mut console = Console::scripted("Hi!\nStill there?\n");
    let (_, outcome) = tokio::join!(closing, client::converse(near, &mut console));
    outcome.unwrap();
    assert_eq!(console.printed().matches("Message to send").count(), 1);
}
