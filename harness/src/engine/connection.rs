//! The harness's end of a TCP connection.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType};

use super::sys;

/// How many unread bytes of one connection are kept before the harness stops reading.
const KEPT: usize = 64 << 20;

/// The harness's end of a connection, non-blocking; named by the spec.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Name in the spec.
    pub(crate) name: String,
    stream: TcpStream,
    /// Our address.
    pub(crate) local: SocketAddr,
    /// The program's address.
    pub(crate) remote: SocketAddr,
    /// Bytes that came and that no expectation has taken.
    pub(crate) unread: Vec<u8>,
    /// The bytes sent last.
    pub(crate) sent: Vec<u8>,
    /// The program has ended its direction.
    pub(crate) fin: bool,
    /// The program has reset the connection.
    pub(crate) reset: bool,
    /// The harness reads.
    pub(crate) reading: bool,
    /// The harness has closed or reset it.
    pub(crate) closed: bool,
    /// The program has answered on it at least once.
    pub(crate) answered: bool,
    /// The last bytes that came.
    pub(crate) last_line: Vec<u8>,
}

/// What became of an attempt to connect.
pub(crate) enum Attempt {
    /// Open.
    Open(Connection),
    /// Refused or reset at once.
    Refused,
}

impl Connection {
    /// Connects to `to`, from `from` (127.0.0.1 unless told).
    pub(crate) fn open(name: &str, from: Option<Ipv4Addr>, to: SocketAddr) -> io::Result<Attempt> {
        let family = if to.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
        let socket = rustix::net::socket_with(
            family,
            SocketType::STREAM,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            None,
        )?;
        if to.is_ipv4() {
            let from = SocketAddr::new(IpAddr::V4(from.unwrap_or(Ipv4Addr::LOCALHOST)), 0);
            rustix::net::bind(&socket, &from)?;
        }
        match rustix::net::connect(&socket, &to) {
            Ok(()) => {}
            Err(Errno::INPROGRESS) if await_handshake(&socket) => {}
            Err(Errno::CONNREFUSED | Errno::CONNRESET) => return Ok(Attempt::Refused),
            Err(Errno::INPROGRESS) => return Ok(Attempt::Refused),
            Err(trouble) => return Err(trouble.into()),
        }
        Ok(Attempt::Open(Self::adopt(name, TcpStream::from(socket), to)?))
    }

    /// Takes over an open stream to `remote`, which may have reset it already.
    pub(crate) fn adopt(name: &str, stream: TcpStream, remote: SocketAddr) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        // Our own requests must not wait for an acknowledgement, nor the program's for ours.
        stream.set_nodelay(true)?;
        sys::quick_ack(&stream);
        let (local, remote) = (plain(stream.local_addr()?), plain(remote));
        Ok(Self {
            name: name.to_owned(),
            stream,
            local,
            remote,
            unread: Vec::new(),
            sent: Vec::new(),
            fin: false,
            reset: false,
            reading: true,
            closed: false,
            answered: false,
            last_line: Vec::new(),
        })
    }

    /// Reads what has arrived; whether anything happened.
    pub(crate) fn drain(&mut self) -> bool {
        if !self.is_readable() {
            return false;
        }
        let mut buffer = [0_u8; 64 * 1024];
        let mut any = false;
        while self.unread.len() < KEPT {
            match self.stream.read(&mut buffer) {
                Ok(0) => {
                    self.fin = true;
                    return true;
                }
                Ok(length) => {
                    self.unread.extend_from_slice(&buffer[..length]);
                    self.last_line = buffer[length.saturating_sub(2)..length].to_vec();
                    any = true;
                }
                Err(trouble) if trouble.kind() == ErrorKind::WouldBlock => break,
                Err(trouble) if trouble.kind() == ErrorKind::Interrupted => {}
                Err(_) => {
                    self.reset = true;
                    return true;
                }
            }
        }
        if any {
            sys::quick_ack(&self.stream);
        }
        any
    }

    /// Whether something may still arrive that the harness wants to read.
    pub(crate) fn is_readable(&self) -> bool {
        self.reading && !self.closed && !self.fin && !self.reset
    }

    /// Sends as much as the program's side takes now; the number of bytes, or none when it
    /// takes no more for ever.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Option<usize> {
        match self.stream.write(bytes) {
            Ok(length) => Some(length),
            Err(trouble) if matches!(trouble.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                Some(0)
            }
            Err(_) => {
                self.drain();
                self.reset = true;
                None
            }
        }
    }

    /// Ends our direction (FIN).
    pub(crate) fn half_close(&mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Write);
    }

    /// Reads what has come, so that a close means FIN and not RST, and closes.
    pub(crate) fn close(&mut self) {
        self.drain();
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        self.closed = true;
    }

    /// Resets the connection (RST).
    pub(crate) fn abort(&mut self) {
        let _ = sys::abort_connection(&self.stream);
        self.closed = true;
    }
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

/// An IPv4 address that travels on an IPv6 socket is one all the same.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// Over loopback the handshake ends within the call, unless the listener's backlog is
/// full: then the SYN is sent again after 1 s (RFC 6298), and after 3 s.
fn await_handshake(socket: &impl AsFd) -> bool {
    let mut fds = [PollFd::new(socket, PollFlags::OUT)];
    let limit = Timespec { tv_sec: 4, tv_nsec: 0 };
    let _ = poll(&mut fds, Some(&limit));
    rustix::net::sockopt::socket_error(socket).is_ok_and(|result| result.is_ok())
        && rustix::net::getpeername(socket).is_ok()
}
