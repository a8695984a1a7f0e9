//! The `partial` pair.

use reference::Failure;
use reference::console::Console;
use reference::partial::{client, server};
use tokio::io::AsyncWriteExt;

use crate::loopback::{self, pair, rest};

#[tokio::test]
async fn the_server_sends_twenty_bytes_and_closes() {
    let server = loopback::start(server::serve).await;
    for _ in 0..3 {
        let mut stream = server.connect().await;
        assert_eq!(rest(&mut stream).await, b"This is IoT world!!!");
    }
    server.stop().await;
}

/// What the client prints when these pieces come, and then the end.
async fn collected(pieces: &[&[u8]]) -> (Result<(), Failure>, String) {
    let (near, mut far) = pair().await;
    far.set_nodelay(true).expect("a socket option");
    let speaking = async {
        for piece in pieces {
            far.write_all(piece).await.expect("a piece sent");
            tokio::task::yield_now().await;
        }
        far.shutdown().await.expect("an orderly end");
    };
    let mut console = Console::scripted("");
    let (_, outcome) = tokio::join!(speaking, client::converse(near, &mut console));
    (outcome, console.printed())
}

#[tokio::test]
async fn the_client_puts_the_message_together_from_any_pieces() {
    let bytes: Vec<&[u8]> = b"0123456789abcdefghij".chunks(1).collect();
    for pieces in [
        &[&b"0123456789abcdefghij"[..]][..],
        &[b"012", b"3456789", b"abcdefghij"],
        &[b"0123456789abcdefghij and more"],
        &bytes,
    ] {
        let (outcome, printed) = collected(pieces).await;
        outcome.unwrap();
        assert!(printed.ends_with("\n0123456789abcdefghij\n"), "{printed}");
    }
}

#[tokio::test]
async fn nineteen_bytes_are_not_a_message() {
    let (outcome, printed) = collected(&[b"0123456789abcdefghi"]).await;
    assert!(matches!(outcome, Err(Failure::CutShort { .. })));
    assert!(!printed.contains("0123456789"), "{printed}");
}
