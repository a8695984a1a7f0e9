//! The bare cost: start, wait until it listens, connect, exchange, close, kill, reap. No
//! terminal, no network of its own, nobody watching.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::listening::Listeners;

/// One round; the time it took.
pub(crate) fn round(command: &[String]) -> Duration {
    let port = free_port();
    let listeners = Listeners::open().expect("the kernel tells of its sockets");
    let begin = Instant::now();
    let mut program = Command::new(&command[0])
        .args(&command[1..])
        .arg(port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    while !listeners.listens(port).expect("the kernel tells of its sockets") {
        assert!(begin.elapsed() < Duration::from_secs(30), "the program does not listen");
        // The finest pause there is: the wait must not be what is measured.
        std::thread::yield_now();
    }
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the program accepts");
    connection.set_nodelay(true).expect("a socket has options");
    connection.write_all(b"20 + 17").expect("the program reads");
    let mut reply = [0; 2];
    connection.read_exact(&mut reply).expect("the program replies");
    drop(connection);
    program.kill().expect("the program can be killed");
    program.wait().expect("the program can be reaped");
    let took = begin.elapsed();
    assert_eq!(&reply, b"37");
    took
}

/// A port nobody uses.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener.local_addr().expect("a socket has an address").port()
}
