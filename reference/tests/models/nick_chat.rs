//! The `nick-chat` pair.

use std::cell::RefCell;

use reference::console::Console;
use reference::nick_chat::{client, server};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::loopback::{self, Server, exchange};

/// Somebody in the room, with what they see when they enter.
async fn enter(server: &Server, nick: &str) -> (TcpStream, String) {
    let mut stream = server.connect().await;
    exchange(&mut stream, nick.as_bytes(), b">>> You have joined the chatroom now.\n").await;
    let name = format!("{}({})", nick.trim_end(), stream.local_addr().expect("a port").port());
    (stream, name)
}

/// The next thing that somebody sees.
async fn sees(stream: &mut TcpStream, text: &str) {
    exchange(stream, b"", text.as_bytes()).await;
}

#[tokio::test]
async fn everybody_hears_what_the_others_do_and_nothing_of_their_own() {
    let server = loopback::start(server::serve).await;
    let (mut lion, lion_name) = enter(&server, "Lion").await;
    let (mut tiger, tiger_name) = enter(&server, "Tiger\n").await;
    sees(&mut lion, &format!("{tiger_name} has joined the chatroom!!\nNow participants: 2\n")).await;

    tiger.write_all(b"hi there").await.unwrap();
    sees(&mut lion, &format!("{tiger_name}: hi there\n")).await;
    lion.write_all("어서 와\n".as_bytes()).await.unwrap();
    // Had the tiger heard itself, its own words would stand before these.
    sees(&mut tiger, &format!("{lion_name}: 어서 와\n")).await;

    drop(tiger);
    sees(&mut lion, "User \"Tiger\" left chatroom.\n").await;
    let (rabbit, rabbit_name) = enter(&server, "Rabbit").await;
    sees(&mut lion, &format!("{rabbit_name} has joined the chatroom!!\nNow participants: 2\n")).await;
    loopback::reset(rabbit);
    sees(&mut lion, "User \"Rabbit\" left chatroom.\n").await;
    server.stop().await;
}

#[tokio::test]
async fn a_client_without_a_name_is_not_in_the_room() {
    let server = loopback::start(server::serve).await;
    let _nameless = server.connect().await;
    let (mut first, _) = enter(&server, "Same").await;
    let (_second, name) = enter(&server, "Same").await;
    sees(&mut first, &format!("{name} has joined the chatroom!!\nNow participants: 2\n")).await;
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_up_nobody() {
    let server = loopback::start(server::serve).await;
    let (_deaf, deaf_name) = enter(&server, "Deaf").await;
    let (mut speaker, speaker_name) = enter(&server, "Speaker").await;
    let (mut listener, listener_name) = enter(&server, "Listener").await;
    let joined = format!("{listener_name} has joined the chatroom!!\nNow participants: 3\n");
    sees(&mut speaker, &joined).await;
    assert_ne!(deaf_name, speaker_name);

    // Far more than the sockets' buffers hold.
    let message = "x".repeat(1000);
    for _ in 0..10_000 {
        speaker.write_all(format!("{message}\n").as_bytes()).await.unwrap();
        sees(&mut listener, &format!("{speaker_name}: {message}\n")).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn somebody_who_talks_without_a_break_does_not_drive_out_the_others() {
    let server = loopback::start(server::serve).await;
    let (mut speaker, name) = enter(&server, "S").await;
    let (mut listener, _) = enter(&server, "L").await;
    let count = 50_000;
    let talking = async { speaker.write_all("x\n".repeat(count).as_bytes()).await };
    let expected = format!("{name}: x\n").repeat(count);
    let (outcome, ()) = tokio::join!(talking, sees(&mut listener, &expected));
    outcome.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn the_client_shows_what_comes_and_leaves_with_quit() {
    let server = loopback::start(server::serve).await;
    let (mut friend, _) = enter(&server, "Friend").await;
    let stream = server.connect().await;
    let port = stream.local_addr().unwrap().port();
    let shown = RefCell::new(String::new());

    let console = Console::scripted("Lion\nhello\nquit\n");
    let chatting = client::converse(stream, console, |text| shown.borrow_mut().push_str(text));
    let watching = async {
        sees(&mut friend, &format!("Lion({port}) has joined the chatroom!!\nNow participants: 2\n")).await;
        sees(&mut friend, &format!("Lion({port}): hello\n")).await;
        sees(&mut friend, "User \"Lion\" left chatroom.\n").await;
    };
    let (outcome, ()) = tokio::join!(chatting, watching);
    outcome.unwrap();
    server.stop().await;
}
