//! The `hw2` pair.

use reference::Failure;
use reference::console::Console;
use reference::hw2::{client, server};
use tokio::io::AsyncWriteExt;

use crate::loopback::{self, exchange, pair, rest};

const GREETING: &[u8] = b"Hello 127.0.0.1";

#[tokio::test]
async fn a_name_is_answered_with_four_bytes_in_network_order() {
    let server = loopback::start(|listener, stop| server::serve(listener, stop, 0x0102_03FF)).await;
    for name in ["Gildong Hong", "홍길동\n"] {
        let mut stream = server.connect().await;
        exchange(&mut stream, b"", GREETING).await;
        exchange(&mut stream, name.as_bytes(), &[1, 2, 3, 0xFF]).await;
        assert!(rest(&mut stream).await.is_empty());
    }
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_leaves_without_a_name_does_not_end_the_server() {
    let server = loopback::start(|listener, stop| server::serve(listener, stop, 7)).await;
    drop(server.connect().await);
    loopback::reset(server.connect().await);
    let mut stream = server.connect().await;
    exchange(&mut stream, b"", GREETING).await;
    exchange(&mut stream, b"A", &[0, 0, 0, 7]).await;
    server.stop().await;
}

/// What the client prints when the server sends these pieces, the first as greeting.
async fn dialogue(pieces: &[&[u8]]) -> (Result<(), Failure>, String) {
    let (near, mut far) = pair().await;
    far.set_nodelay(true).expect("a socket option");
    let mut console = Console::scripted("");
    let speaking = async {
        for piece in pieces {
            far.write_all(piece).await.expect("a piece sent");
            tokio::task::yield_now().await;
        }
        far.shutdown().await.expect("an orderly end");
    };
    let (_, outcome) = tokio::join!(speaking, client::converse(near, &mut console, "Hong"));
    (outcome, console.printed())
}

#[tokio::test]
async fn the_client_puts_the_number_together_from_any_pieces() {
    for pieces in [
        &[GREETING, &[0x01, 0x35, 0x24, 0xA1]][..],
        &[GREETING, &[0x01], &[0x35, 0x24, 0xA1]],
        &[GREETING, &[0x01, 0x35], &[0x24, 0xA1]],
        &[GREETING, &[0x01], &[0x35], &[0x24], &[0xA1]],
        &[b"Hello 127.0.0.1\n\x01\x35\x24\xA1"],
        &[b"Hel", b"lo 127.0.0.1\x01", b"\x35\x24\xA1"],
    ] {
        let (outcome, printed) = dialogue(pieces).await;
        outcome.unwrap();
        assert_eq!(printed, "Hello 127.0.0.1\n20260001\n", "{pieces:?}");
    }
}

#[tokio::test]
async fn the_client_reads_the_number_without_sign() {
    let (_, printed) = dialogue(&[GREETING, &[0xFF; 4]]).await;
    assert!(printed.ends_with("\n4294967295\n"));
}

#[tokio::test]
async fn the_client_ends_when_the_number_is_cut_short() {
    for pieces in [&[GREETING][..], &[GREETING, &[1, 2]], &[]] {
        let (outcome, _) = dialogue(pieces).await;
        assert!(matches!(outcome, Err(Failure::CutShort { .. })), "{pieces:?}");
    }
}

#[tokio::test]
async fn both_halves_fit_together() {
    let server = loopback::start(|listener, stop| server::serve(listener, stop, 20_260_001)).await;
    let mut console = Console::scripted("");
    client::converse(server.connect().await, &mut console, "홍길동").await.unwrap();
    assert_eq!(console.printed(), "Hello 127.0.0.1\n20260001\n");
    server.stop().await;
}
