//! The list of all model programs, and how one of them is run.

use std::pin::Pin;

use crate::arguments::Arguments;
use crate::{Failure, console};
use crate::{browser, cmd_echo, echo, echo_robust, file, hello, hw2, hw3, hw4, module, number};
use crate::{hw5, nick_chat, oneline, p2p_chat, partial, room_chat, stream, time, udp};

/// What a program's main function gives back: a future of its success or failure.
///
/// Every `async fn` returns a type of its own that has no name. The box hides it, so that all
/// programs fit into one list.
type Running = Pin<Box<dyn Future<Output = Result<(), Failure>>>>;

/// A model program that can be run by name.
pub struct Program {
    /// The exercise it solves, such as `hw3`.
    pub exercise: &'static str,
    /// Its part in the exercise, mostly `server` or `client`.
    pub role: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Its main function.
    run: fn(Arguments) -> Running,
}

impl Program {
    /// Runs the program with its command-line arguments (without program name) on a fresh tokio
    /// current-thread runtime; returns its exit status (0 = well).
    ///
    /// A thread that waits for the terminal may still be there afterwards. The caller should end
    /// the process with the status, which ends that thread too.
    pub fn run(&self, arguments: &[String]) -> u8 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let outcome = match runtime {
            Ok(runtime) => {
                let outcome = runtime.block_on((self.run)(Arguments::new(arguments.to_vec())));
                runtime.shutdown_background();
                outcome
            }
            Err(error) => Err(Failure::Io(error)),
        };
        match outcome {
            Ok(()) => 0,
            Err(failure) => {
                console::complain(&failure);
                failure.status()
            }
        }
    }
}

/// One line of the list below.
macro_rules! program {
    ($exercise:literal, $role:literal, $main:path, $about:literal) => {
        Program {
            exercise: $exercise,
            role: $role,
            about: $about,
            run: |arguments| Box::pin($main(arguments)),
        }
    };
}

/// The list itself.
#[rustfmt::skip]
static PROGRAMS: &[Program] = &[
    program!("hello", "server", hello::server::main, "greets each client by its address"),
    program!("hello", "client", hello::client::main, "prints the greeting"),
    program!("hw2", "server", hw2::server::main, "takes a name, gives a student number in four bytes"),
    program!("hw2", "client", hw2::client::main, "gives a name, prints the student number"),
    program!("browser", "client", browser::client::main, "shows a page as it comes"),
    program!("echo", "server", echo::server::main, "sends every message back"),
    program!("echo", "client", echo::client::main, "sends what is typed, prints what comes back"),
    program!("time", "server", time::server::main, "tells the local time"),
    program!("time", "client", time::client::main, "asks for the time"),
    program!("echo-robust", "server", echo_robust::server::main, "echoes, whatever end a connection takes"),
    program!("echo-robust", "client", echo_robust::client::main, "counts its bytes, notices a lost connection"),
    program!("number", "server", number::server::main, "turns 1 to 10 into words"),
    program!("number", "client", number::client::main, "asks for number words"),
    program!("hw3", "server", hw3::server::main, "calculates"),
    program!("hw3", "client", hw3::client::main, "sends expressions, prints results"),
    program!("hw4", "server", hw4::server::main, "a web server for three files"),
    program!("module", "module", module::greeter::main, "greets one client and ends"),
    program!("module", "echo", module::echo::main, "echoes, built on a reusable server type"),
    program!("oneline", "server", oneline::server::main, "echoes, its socket made in one call"),
    program!("oneline", "client", oneline::client::main, "talks to an echo server, connected in one call"),
    program!("cmd-echo", "server", cmd_echo::server::main, "echoes on the port of its first argument"),
    program!("cmd-echo", "client", cmd_echo::client::main, "talks to the echo server at -s HOST -p PORT"),
    program!("partial", "server", partial::server::main, "sends a message of 20 bytes"),
    program!("partial", "client", partial::client::main, "collects 20 bytes, four at a time"),
    program!("stream", "server", stream::server::main, "sends a film, frame by frame"),
    program!("stream", "client", stream::client::main, "shows the film"),
    program!("file", "server", file::server::main, "gives out the files of its folder"),
    program!("file", "client", file::client::main, "fetches a file"),
    program!("hw5", "device1", hw5::device1::main, "measures temperature, humidity, illuminance"),
    program!("hw5", "device2", hw5::device2::main, "measures heart rate, steps, calories"),
    program!("hw5", "user", hw5::user::main, "collects what the devices measure"),
    program!("p2p-chat", "server", p2p_chat::server::main, "replies to one person, turn by turn"),
    program!("p2p-chat", "client", p2p_chat::client::main, "talks to one person, turn by turn"),
    program!("nick-chat", "server", nick_chat::server::main, "a chat room with nicknames"),
    program!("nick-chat", "client", nick_chat::client::main, "a place in that room"),
    program!("udp", "server", udp::server::main, "confirms every datagram"),
    program!("udp", "client", udp::client::main, "sends a datagram, prints the reply"),
    program!("room-chat", "server", room_chat::server::main, "a chat room that counts its people"),
    program!("room-chat", "client", room_chat::client::main, "a place in that room"),
];

/// Every model program, in the order of the course.
pub fn programs() -> &'static [Program] {
    PROGRAMS
}

/// Finds one by exercise and role.
pub fn find(exercise: &str, role: &str) -> Option<&'static Program> {
    programs().iter().find(|program| program.exercise == exercise && program.role == role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_is_found_by_its_name_and_only_once() {
        for program in programs() {
            let found = find(program.exercise, program.role).unwrap();
            assert!(std::ptr::eq(found, program), "{} {}", program.exercise, program.role);
        }
        assert!(find("hello", "waiter").is_none());
    }

    #[test]
    fn a_wrong_command_line_is_told_apart_from_other_failures() {
        let client = find("hello", "client").unwrap();
        assert_eq!(client.run(&["localhost".to_owned(), "abc".to_owned()]), 2);
    }
}
