//! `nick-chat`: a chat room with nicknames. TCP port 8080.
//!
//! # Protocol
//!
//! All messages are text. The first one of a client is its nickname, all others are for the room.
//! What the server sends ends in a newline; from clients it takes messages with and without.
//!
//! | what happens        | who is told        | what                                             |
//! |---------------------|--------------------|--------------------------------------------------|
//! | somebody enters     | the one who enters | `>>> You have joined the chatroom now.`          |
//! |                     | all others         | `NICK(PORT) has joined the chatroom!!`, `Now participants: N` |
//! | somebody speaks     | all others         | `NICK(PORT): text`                               |
//! | somebody leaves     | all others         | `User "NICK" left chatroom.`                     |
//!
//! # Run it
//!
//! ```text
//! $ grader reference nick-chat server
//! >>> Server is up on PORT:8080
//! Lion(51675) has joined the chatroom!!
//! Now participants: 1
//! Tiger(51680) has joined the chatroom!!
//! Now participants: 2
//! chat received from Tiger(127.0.0.1:51680)
//!
//! $ grader reference nick-chat client          $ grader reference nick-chat client
//! Type your nickname>> Lion                    Type your nickname>> Tiger
//! >>> You have joined the chatroom now.        >>> You have joined the chatroom now.
//! Tiger(51680) has joined the chatroom!!       hi there
//! Now participants: 2                          quit
//! Tiger(51680): hi there                       Closed chatroom successfully.
//! User "Tiger" left chatroom.
//! ```
//!
//! Both take an address. `quit` ends the client.
//!
//! # Worth a look
//!
//! Lines come from the keyboard and from the network, in no order that anybody could foresee:
//! [`chat::talk`](crate::chat::talk) waits for both. In the server, [`chat::room`](crate::chat::room)
//! has a queue for everybody, so that nobody waits for somebody else.

pub mod client;
pub mod server;

/// The port of the report.
pub const PORT: u16 = 8080;

/// The line with which a user leaves.
pub const FAREWELL: &str = "quit";
