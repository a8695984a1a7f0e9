//! The `p2p-chat` pair.

use std::net::SocketAddr;

use reference::console::Console;
use reference::network::Address;
use reference::p2p_chat::{client, server};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::loopback::{self, exchange};

/// Runs a server whose user types these lines, together with a client. Returns what it printed.
async fn with_server<F: Future<Output = ()>>(
    lines: &'static str,
    client: impl FnOnce(SocketAddr) -> F,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its number");
    let mut console = Console::scripted(lines);
    let never = std::future::pending::<()>();
    tokio::join!(server::serve(listener, never, &mut console), client(address));
    console.printed()
}

#[tokio::test]
async fn both_halves_fit_together() {
    let printed = with_server("Hi, client!\n반가워요\n\n", |address| async move {
        let address = Address { host: address.ip().to_string(), port: address.port() };
        let mut console = Console::scripted("Hi, server!\n안녕하세요\n#exit\n\n");
        client::converse(&address, &mut console).await.unwrap();
        let printed = console.printed();
        assert!(printed.contains("TCP Server said: Hi, client!\n"));
        assert!(printed.contains("TCP Server said: 반가워요\n"));
    })
    .await;
    assert!(printed.contains(" said: Hi, server!\n"));
    assert!(printed.contains(" said: 안녕하세요\n"));
    assert!(printed.ends_with("Client was disconnected from connection\nPress Enter to continue..."));
}

#[tokio::test]
async fn a_client_may_stay_connected_or_vanish_or_say_nothing() {
    let printed = with_server("one\ntwo\nlost\n\n", |address| async move {
        let mut staying = TcpStream::connect(address).await.unwrap();
        exchange(&mut staying, b"1", b"one").await;
        // In CP949, as old Korean programs write it.
        exchange(&mut staying, &[0xBE, 0xC8, 0xB3, 0xE7], b"two").await;
        drop(staying);
        drop(TcpStream::connect(address).await.unwrap());
        loopback::reset(TcpStream::connect(address).await.unwrap());
        let mut leaving = TcpStream::connect(address).await.unwrap();
        leaving.write_all(b"#exit").await.unwrap();
    })
    .await;
    assert!(printed.contains(" said: 안녕\n"));
    assert_eq!(printed.matches(" said: ").count(), 2);
}
