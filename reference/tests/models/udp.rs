//! The `udp` pair.

use reference::console::Console;
use reference::udp::{ANSWER, client, server};
use tokio::net::UdpSocket;
use tokio::sync::oneshot;

/// A socket on a free port.
async fn socket() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").await.expect("a free port")
}

#[tokio::test]
async fn every_datagram_is_confirmed_to_its_own_sender() {
    let socket_of_server = socket().await;
    let address = socket_of_server.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server::serve(socket_of_server, stopped));

    let senders = [socket().await, socket().await, socket().await];
    let large = vec![b'x'; 4096];
    for message in [&b"Hello, UDPServer!"[..], b"", &[0xFF, 0xFE], &large] {
        for sender in &senders {
            sender.send_to(message, address).await.unwrap();
        }
        for sender in senders.iter().rev() {
            let mut buffer = [0; 100];
            let (length, from) = sender.recv_from(&mut buffer).await.unwrap();
            assert_eq!((&buffer[..length], from), (ANSWER.as_bytes(), address));
        }
    }
    drop(stop);
    serving.await.unwrap();
}

#[tokio::test]
async fn the_client_takes_the_reply_of_its_server_and_of_nobody_else() {
    let server = socket().await;
    let stranger = socket().await;
    let answering = async {
        let mut buffer = [0; 100];
        let (length, client) = server.recv_from(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..length], b"Hello, UDPServer!");
        stranger.send_to(b"believe me", client).await.unwrap();
        server.send_to(b"received", client).await.unwrap();
    };
    let mut console = Console::scripted("");
    let address = server.local_addr().unwrap();
    let (_, outcome) = tokio::join!(answering, client::converse(address, &mut console));
    outcome.unwrap();
    assert_eq!(console.printed(), "[UDPServer said]: received\n");
}

#[tokio::test(start_paused = true)]
async fn the_client_does_not_wait_for_ever() {
    let silent = socket().await;
    let address = silent.local_addr().unwrap();
    let mut console = Console::scripted("");
    let outcome = client::converse(address, &mut console).await;
    assert_eq!(outcome.unwrap_err().to_string(), "no reply within 5 s");
}
