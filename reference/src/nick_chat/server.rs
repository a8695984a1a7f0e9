//! The server of `nick-chat`: passes on what is said.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::PORT;
use crate::arguments::Arguments;
use crate::chat::conversation::{self, Framing, Incoming};
use crate::chat::room::{Entrance, Room};
use crate::console::announce;
use crate::{Failure, console, network};

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.server_address(PORT)?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    announce(format_args!(">>> Server is up on PORT:{}", address.port));
    serve(listener, interrupted).await;
    Ok(())
}

/// Serves everybody at once until `shutdown` is ready.
pub async fn serve(listener: TcpListener, shutdown: impl Future) {
    tokio::select! {
        () = serve_everyone(&listener) => {}
        _ = shutdown => {}
    }
}

/// The server's loop: accepts, and leaves the talking to a new task. All tasks share the room.
async fn serve_everyone(listener: &TcpListener) {
    let room = Arc::new(Room::default());
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            (stream, peer) = network::accept(listener) => {
                conversations.spawn(serve_one(stream, peer, Arc::clone(&room)));
            }
            Some(_) = conversations.join_next() => {}
        }
    }
}

/// One client, from its nickname to its end.
async fn serve_one(mut stream: TcpStream, peer: SocketAddr, room: Arc<Room>) {
    match chat(&mut stream, peer, &room).await {
        Ok(()) => network::hang_up(stream).await,
        Err(error) => announce(format_args!("{peer} was lost: {error}")),
    }
}

/// Waits for the nickname, then lets the client into the room.
async fn chat(stream: &mut TcpStream, peer: SocketAddr, room: &Room) -> io::Result<()> {
    let mut incoming = Incoming::new(Framing::Anything);
    // Until it has a name, a client is not in the room: nobody hears of it, and nobody waits for it.
    let Some(mut messages) = incoming.messages(stream).await? else {
        return Ok(());
    };
    // There is at least one message. If there are more, they came in one piece with the name.
    let nick = messages.remove(0);
    let port = peer.port();

    let mut seat = room.enter(|count| {
        let news = format!("{nick}({port}) has joined the chatroom!!\nNow participants: {count}\n");
        announce(news.trim_end());
        Entrance { welcome: ">>> You have joined the chatroom now.\n".to_owned(), news }
    });
    let hear = |seat: u64, message: &str| {
        announce(format_args!("chat received from {nick}({peer})"));
        room.tell_others(seat, format!("{nick}({port}): {message}\n"));
    };
    // Words that came in one piece with the nickname are words like any other.
    for message in &messages {
        hear(seat.number(), message);
    }
    let outcome = conversation::hold(stream, &mut incoming, &mut seat, hear).await;

    // Here everybody comes by who was in the room, however the conversation ended.
    room.leave(seat, |count| {
        let news = format!("User \"{nick}\" left chatroom.\n");
        announce(format_args!("{news}Now participants: {count}"));
        news
    });
    outcome
}
