//! The web server of `hw4`.

use std::fs;
use std::path::PathBuf;

use reference::hw4::server;
use tokio::io::AsyncWriteExt;

use crate::loopback::{self, Server, rest};

/// A server with a page and a picture, and no icon.
async fn start(name: &str) -> Server {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("index.html"), "<p>안녕</p>\n").expect("a page");
    fs::write(folder.join("iot.png"), vec![0x89; 4 << 20]).expect("a picture");
    loopback::start(|listener, stop| server::serve(listener, stop, folder)).await
}

/// The response to these pieces of a request: header and body.
async fn fetch(server: &Server, pieces: &[&str]) -> (String, Vec<u8>) {
    let mut stream = server.connect().await;
    for piece in pieces {
        stream.write_all(piece.as_bytes()).await.expect("a piece sent");
        tokio::task::yield_now().await;
    }
    let response = rest(&mut stream).await;
    let end = response.windows(4).position(|window| window == b"\r\n\r\n").expect("an empty line");
    (String::from_utf8_lossy(&response[..end]).into_owned(), response[end + 4..].to_vec())
}

#[tokio::test]
async fn the_page_is_sent_in_euc_kr_and_says_so() {
    let server = start("page").await;
    let long = format!("GET /index.html HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", "c".repeat(600));
    for request in
        [&["GET /index.html HTTP/1.1\r\n\r\n"][..], &[&long], &["GET /index", ".html HTTP/1.1\r\n", "\r\n"]]
    {
        let (header, body) = fetch(&server, request).await;
        assert!(header.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=euc-kr"));
        assert_eq!(body, b"<p>\xBE\xC8\xB3\xE7</p>\n");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_large_picture_comes_whole() {
    let server = start("picture").await;
    let (header, body) = fetch(&server, &["GET /iot.png HTTP/1.1\r\n\r\n"]).await;
    assert!(header.contains("\r\nContent-Type: image/png\r\n"));
    assert!(body == vec![0x89; 4 << 20]);
    server.stop().await;
}

#[tokio::test]
async fn everything_else_is_refused_in_words() {
    let server = start("refused").await;
    for (request, status, words) in [
        ("GET /aaaaa HTTP/1.1", "404", "Not Found"),
        ("GET /favicon.ico HTTP/1.1", "404", "Not Found"),
        ("GET /../hw4.rs HTTP/1.1", "404", "Not Found"),
        ("POST /index.html HTTP/1.1", "405", "Method Not Allowed"),
        ("hello", "400", "Bad Request"),
    ] {
        let (header, body) = fetch(&server, &[request, "\r\n\r\n"]).await;
        assert!(header.starts_with(&format!("HTTP/1.1 {status} {words}\r\n")), "{header}");
        let page = format!("<HTML><HEAD><TITLE>{words}</TITLE></HEAD><BODY>{words}</BODY></HTML>");
        assert_eq!(String::from_utf8_lossy(&body), page);
    }
    server.stop().await;
}

#[tokio::test]
async fn clients_that_ask_nothing_or_vanish_hold_up_nobody() {
    let server = start("vanish").await;
    let _silent = server.connect().await;
    drop(server.connect().await);
    let mut vanishing = server.connect().await;
    vanishing.write_all(b"GET /iot.png HTTP/1.1\r\n\r\n").await.unwrap();
    vanishing.readable().await.unwrap();
    loopback::reset(vanishing);
    let (header, _) = fetch(&server, &["GET /index.html HTTP/1.1\r\n\r\n"]).await;
    assert!(header.starts_with("HTTP/1.1 200 OK"));
    server.stop().await;
}
