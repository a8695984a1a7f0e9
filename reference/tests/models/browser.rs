//! The `browser`.

use reference::browser::client;
use reference::console::Console;
use tokio::io::AsyncWriteExt;

use crate::loopback::{exchange, pair, rest};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn prints_a_page_of_any_encoding_up_to_the_end_of_the_connection() {
    let (near, mut far) = pair().await;
    let serving = async {
        exchange(&mut far, b"", REQUEST).await;
        for piece in [&b"HTTP/1.1 200 OK\r\n\r\n"[..], b"<p>", &[0xB0, 0xA1], b"</p>"] {
            far.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
        drop(far);
    };
    let mut console = Console::scripted("");
    let (_, outcome) = tokio::join!(serving, client::converse(near, &mut console, "example.org"));
    outcome.unwrap();
    let printed = console.printed();
    assert!(printed.starts_with("HTTP/1.1 200 OK\r\n"), "{printed}");
    assert!(printed.ends_with("</p>\n"), "{printed}");
}

#[tokio::test]
async fn does_not_wait_for_the_end_when_the_header_tells_the_length() {
    let (near, mut far) = pair().await;
    let serving = async {
        exchange(&mut far, b"", REQUEST).await;
        far.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").await.unwrap();
        // The browser closes first.
        assert!(rest(&mut far).await.is_empty());
    };
    let mut console = Console::scripted("");
    let (_, outcome) = tokio::join!(serving, client::converse(near, &mut console, "example.org"));
    outcome.unwrap();
    assert!(console.printed().ends_with("\r\n\r\nhi\n"));
}

#[tokio::test]
async fn ends_when_the_server_closes_at_once() {
    let (near, far) = pair().await;
    drop(far);
    let mut console = Console::scripted("");
    // The close may be seen by the write or by the read. Either way it is the end.
    let _ = client::converse(near, &mut console, "example.org").await;
}
