//! The server of `room-chat`: shows and passes on who comes, who goes, and what is said.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::words;
use crate::arguments::Arguments;
use crate::chat::conversation::{self, Framing, Incoming};
use crate::chat::room::{Entrance, Room};
use crate::console::announce;
use crate::{Failure, console, network};

/// The program: listens where it is told and serves until Ctrl+C.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    let address = arguments.required_address("room-chat server HOST PORT")?;
    let interrupted = console::interrupted()?;
    let listener = network::listen(&address).await?;
    announce(format_args!("Chat Server started on port {}.", address.port));
    serve(listener, interrupted).await;
    // The terminal shows `^C` at the beginning of the line.
    announce("\nexit");
    Ok(())
}

/// Serves everybody at once until `shutdown` is ready. Then all connections are closed.
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

/// One client. That it was lost is no news: the others are told that it has left, and so are we.
async fn serve_one(mut stream: TcpStream, peer: SocketAddr, room: Arc<Room>) {
    if chat(&mut stream, peer, &room).await.is_ok() {
        network::hang_up(stream).await;
    }
}

/// Lets the client into the room, and out of it again.
async fn chat(stream: &mut TcpStream, peer: SocketAddr, room: &Room) -> io::Result<()> {
    let mut seat = room.enter(|count| {
        let news = words::entered(peer, count);
        announce(&news);
        Entrance { welcome: line(words::connected(count)), news: line(news) }
    });
    // What the client says is shown here, then sent to everybody: to itself in other words than to
    // the others.
    let hear = |seat: u64, message: &str| {
        let said = words::said(peer, message);
        announce(&said);
        room.tell(seat, line(words::own(message)));
        room.tell_others(seat, line(said));
    };
    // Both ends are ours, so they can agree: a message ends with its newline, and not before.
    let mut incoming = Incoming::new(Framing::Lines);
    let outcome = conversation::hold(stream, &mut incoming, &mut seat, hear).await;

    // Here everybody comes by who was in the room, however the conversation ended.
    room.leave(seat, |count| {
        let news = words::left(peer, count);
        announce(&news);
        line(news)
    });
    outcome
}

/// The newline is what tells one message from the next on the way.
fn line(mut text: String) -> String {
    text.push('\n');
    text
}
