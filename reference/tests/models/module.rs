//! The two programs of `module`.

use reference::module::{echo, greeter};

use crate::loopback::{self, exchange, rest};

#[tokio::test]
async fn greets_one_client_and_ends() {
    let server = loopback::start(greeter::serve).await;
    let mut stream = server.connect().await;
    assert_eq!(rest(&mut stream).await, b"Hello Client");
    server.ended().await;
}

#[tokio::test]
async fn ends_without_a_client_when_told() {
    loopback::start(greeter::serve).await.stop().await;
}

#[tokio::test]
async fn echoes_on_the_reusable_server() {
    let server = loopback::start(echo::serve).await;
    for message in ["Do you understand me?", "네!"] {
        let mut stream = server.connect().await;
        exchange(&mut stream, message.as_bytes(), message.as_bytes()).await;
    }
    server.stop().await;
}
