//! The `hw3` pair.

use reference::console::Console;
use reference::hw3::{client, server};

use crate::loopback::{self, exchange, pair};

#[tokio::test]
async fn calculates_on_one_connection_and_goes_on_after_a_mistake() {
    let server = loopback::start(server::serve).await;
    let mut stream = server.connect().await;
    for (request, reply) in [
        ("20 + 17", "37"),
        ("  3*  4 \n", "12"),
        ("7 / 2", "3.5"),
        ("1 / 0", "error: division by zero"),
        ("abc", "error: not of the form `20 + 17`"),
        ("   ", "error: not of the form `20 + 17`"),
        ("-5 + 3", "-2"),
    ] {
        exchange(&mut stream, request.as_bytes(), reply.as_bytes()).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_silent_client_holds_up_nobody_and_a_reset_ends_only_its_own_conversation() {
    let server = loopback::start(server::serve).await;
    let _silent = server.connect().await;
    let mut vanishing = server.connect().await;
    exchange(&mut vanishing, b"1+1", b"2").await;
    loopback::reset(vanishing);
    let mut stream = server.connect().await;
    exchange(&mut stream, b"2+3", b"5").await;
    server.stop().await;
}

#[tokio::test]
async fn the_client_prints_results_until_q() {
    let server = loopback::start(server::serve).await;
    let mut console = Console::scripted("20 + 17\n1/0\nq\n");
    client::converse(server.connect().await, &mut console).await.unwrap();
    let prompt = "Expression (q to quit): ";
    let expected = format!("{prompt}Result: 37\n{prompt}Result: error: division by zero\n{prompt}");
    assert_eq!(console.printed(), expected);
    server.stop().await;
}

#[tokio::test]
async fn the_client_ends_after_one_more_expression_when_the_server_was_reset() {
    let (near, far) = pair().await;
    loopback::reset(far);
    let mut console = Console::scripted("1+1\n2+2\n");
    client::converse(near, &mut console).await.unwrap();
    assert_eq!(console.printed().matches("Expression").count(), 1);
}
