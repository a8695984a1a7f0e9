//! The `cmd-echo` pair.

use reference::cmd_echo::{client, server};
use reference::console::Console;
use reference::find;

use crate::loopback::{self, pair};

#[tokio::test]
async fn q_ends_the_client() {
    let server = loopback::start(server::serve).await;
    let mut console = Console::scripted("Who are you?\nq\nnever sent\n");
    client::converse(server.connect().await, &mut console).await.unwrap();
    let expected = "Message to send: Received message: Who are you?\nMessage to send: ";
    assert_eq!(console.printed(), expected);
    server.stop().await;
}

#[tokio::test]
async fn the_client_ends_when_the_server_is_gone() {
    for vanish in [drop, loopback::reset] {
        let (near, far) = pair().await;
        vanish(far);
        let mut console = Console::scripted("one\ntwo\n");
        client::converse(near, &mut console).await.unwrap();
        assert_eq!(console.printed().matches("Message to send").count(), 1);
    }
}

#[test]
fn a_port_in_use_and_a_wrong_port_are_told_by_the_exit_status() {
    let taken = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let server = find("cmd-echo", "server").unwrap();
    assert_eq!(server.run(&[port]), 1);
    assert_eq!(server.run(&["70000".to_owned()]), 2);
    let client = find("cmd-echo", "client").unwrap();
    assert_eq!(client.run(&["-p".to_owned(), "abc".to_owned()]), 2);
}
