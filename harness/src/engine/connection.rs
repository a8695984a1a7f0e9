//! The harness's end of a conversation: a TCP connection, or a UDP peer.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType};

use super::datagrams::Post;
use super::sys;
use crate::spec::Expect;

/// How many unread bytes of one connection are kept before the harness stops reading: more than
/// any exercise moves.
const KEPT: usize = 16 << 20;
/// So much of a flood is looked at.
const LOOKED_AT: usize = 1 << 20;

/// What carries the bytes.
#[derive(Debug)]
enum Wire {
    Stream(TcpStream),
    Datagrams(Post),
}

/// The harness's end of a connection, or a UDP peer; non-blocking, named by the spec.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Name in the spec.
    pub(crate) name: String,
    /// Index of the player at the other end.
    pub(crate) player: usize,
    wire: Wire,
    /// Our address.
    pub(crate) local: SocketAddr,
    /// The program's address.
    pub(crate) remote: SocketAddr,
    /// Bytes that came and that no expectation has taken; of datagrams the first.
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
    /// It has answered only when it was given a line end.
    pub(crate) reads_lines: bool,
    /// The last bytes that came.
    pub(crate) last_line: Vec<u8>,
    /// What it says is nobody's concern: an expectation has taken its beginning, whatever it
    /// was, and nothing has been sent since.
    pub(crate) unjudged: bool,
}

/// What became of an attempt to connect.
pub(crate) enum Attempt {
    /// Open.
    Open(Box<Connection>),
    /// Refused or reset at once.
    Refused,
}

impl Connection {
    /// Connects to `to`, from `from` (127.0.0.1 unless told) and from `port` where it is free.
    pub(crate) fn open(
        name: &str,
        from: Option<Ipv4Addr>,
        port: Option<u16>,
        to: SocketAddr,
    ) -> io::Result<Attempt> {
        let family = if to.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
        let socket = rustix::net::socket_with(
            family,
            SocketType::STREAM,
            SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
            None,
        )?;
        let from = if to.is_ipv4() {
            Some(IpAddr::V4(from.unwrap_or(Ipv4Addr::LOCALHOST)))
        } else {
            to.ip().is_loopback().then_some(to.ip())
        };
        if let Some(from) = from {
            let bind = |port| rustix::net::bind(&socket, &SocketAddr::new(from, port));
            if port.is_none_or(|port| bind(port).is_err()) {
                bind(0)?;
            }
        }
        Self::connect(name, socket, to)
    }

    /// Connects to `to` from another's very address and port; from another port where that
    /// one is taken.
    pub(crate) fn open_as(from: SocketAddr, to: SocketAddr) -> io::Result<Attempt> {
        let ip = match (from.is_ipv4(), to) {
            (ours, SocketAddr::V4(_)) if !ours => IpAddr::V4(Ipv4Addr::LOCALHOST),
            (true, SocketAddr::V6(_)) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            _ => from.ip(),
        };
        let family = if to.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        for port in [from.port(), 0] {
            let socket = rustix::net::socket_with(family, SocketType::STREAM, flags, None)?;
            rustix::net::sockopt::set_socket_reuseaddr(&socket, true)?;
            if rustix::net::bind(&socket, &SocketAddr::new(ip, port)).is_ok()
                && let Ok(attempt) = Self::connect("", socket, to)
            {
                return Ok(attempt);
            }
        }
        Err(ErrorKind::AddrInUse.into())
    }

    fn connect(name: &str, socket: OwnedFd, to: SocketAddr) -> io::Result<Attempt> {
        match rustix::net::connect(&socket, &to) {
            Ok(()) => {}
            Err(Errno::INPROGRESS) if await_handshake(&socket) => {}
            Err(Errno::CONNREFUSED | Errno::CONNRESET) => return Ok(Attempt::Refused),
            Err(Errno::INPROGRESS) => return Ok(Attempt::Refused),
            Err(trouble) => return Err(trouble.into()),
        }
        Ok(Attempt::Open(Box::new(Self::adopt(name, TcpStream::from(socket), to)?)))
    }

    /// Takes over an open stream to `remote`, which may have reset it already.
    pub(crate) fn adopt(name: &str, stream: TcpStream, remote: SocketAddr) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        // Our own requests must not wait for an acknowledgement, nor the program's for ours.
        stream.set_nodelay(true)?;
        sys::quick_ack(&stream);
        let local = stream.local_addr()?;
        Ok(Self::over(name, Wire::Stream(stream), local, remote))
    }

    /// A UDP peer that sends to `to`.
    pub(crate) fn peer(
        name: &str,
        from: Option<Ipv4Addr>,
        to: SocketAddr,
        connected: bool,
    ) -> io::Result<Self> {
        let post = Post::open(from, to, connected)?;
        let local = post.local()?;
        Ok(Self::over(name, Wire::Datagrams(post), local, to))
    }

    /// A UDP peer, not yet named, to which a program at `remote` has sent a datagram.
    pub(crate) fn answering(socket: Arc<UdpSocket>, local: SocketAddr, remote: SocketAddr) -> Self {
        Self::over("", Wire::Datagrams(Post::sharing(socket)), local, remote)
    }

    fn over(name: &str, wire: Wire, local: SocketAddr, remote: SocketAddr) -> Self {
        Self {
            name: name.to_owned(),
            player: 0,
            wire,
            local: plain(local),
            remote: plain(remote),
            unread: Vec::new(),
            sent: Vec::new(),
            fin: false,
            reset: false,
            reading: true,
            closed: false,
            answered: false,
            reads_lines: false,
            unjudged: false,
            last_line: Vec::new(),
        }
    }

    /// The datagrams, where it is a UDP peer.
    pub(crate) fn post(&self) -> Option<&Post> {
        match &self.wire {
            Wire::Stream(_) => None,
            Wire::Datagrams(post) => Some(post),
        }
    }

    /// How many datagrams are unread, where it is a UDP peer.
    pub(crate) fn datagrams(&self) -> Option<usize> {
        self.post().map(Post::unread)
    }

    /// A datagram has come that another socket's reader sorted here.
    pub(crate) fn deliver(&mut self, bytes: Vec<u8>) {
        if let Wire::Datagrams(post) = &mut self.wire {
            post.deliver(bytes);
            self.unread = post.first().to_vec();
        }
    }

    /// Sends one datagram; false where the kernel takes none at the moment.
    pub(crate) fn send_datagram(&mut self, bytes: &[u8]) -> io::Result<bool> {
        match &mut self.wire {
            Wire::Stream(_) => Ok(true),
            Wire::Datagrams(post) => post.send(bytes, self.remote),
        }
    }

    /// What an expectation has before it. An answer may come in pieces with pauses between
    /// them: where its content does not count, its end is looked for behind all of them.
    pub(crate) fn unread_for(&self, expect: &Expect) -> &[u8] {
        if self.unjudged && expect.awaits_end() {
            &[]
        } else if self.unread.len() >= KEPT {
            &self.unread[..LOOKED_AT]
        } else {
            &self.unread
        }
    }

    /// Takes what an expectation took: so many bytes of a stream, or a datagram.
    pub(crate) fn take(&mut self, used: usize) {
        match &mut self.wire {
            Wire::Stream(_) => drop(self.unread.drain(..used.min(self.unread.len()))),
            Wire::Datagrams(post) => {
                post.take();
                self.unread = post.first().to_vec();
            }
        }
    }

    /// Reads what has arrived; whether anything happened.
    pub(crate) fn drain(&mut self) -> bool {
        if !self.is_readable() {
            return false;
        }
        let stream = match &mut self.wire {
            Wire::Stream(stream) => stream,
            Wire::Datagrams(post) => {
                let any = post.drain(self.remote);
                self.unread = post.first().to_vec();
                return any;
            }
        };
        let mut buffer = [0_u8; 64 * 1024];
        let mut any = false;
        while self.unread.len() < KEPT {
            match stream.read(&mut buffer) {
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
            sys::quick_ack(stream);
        }
        any
    }

    /// Whether something may still arrive that the harness wants to read.
    pub(crate) fn is_readable(&self) -> bool {
        self.reading && !self.closed && !self.fin && !self.reset
    }

    /// The stream's descriptor, where it is one.
    pub(crate) fn stream_fd(&self) -> Option<BorrowedFd<'_>> {
        match &self.wire {
            Wire::Stream(stream) => Some(stream.as_fd()),
            Wire::Datagrams(_) => None,
        }
    }

    /// What tells that something has arrived which the harness wants to read.
    pub(crate) fn reader(&self) -> Option<BorrowedFd<'_>> {
        match &self.wire {
            Wire::Stream(stream) => self.is_readable().then(|| stream.as_fd()),
            Wire::Datagrams(post) => post.own_socket(),
        }
    }

    /// Sends as much as the program's side takes now; the number of bytes, or none when it
    /// takes no more for ever.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Option<usize> {
        let Wire::Stream(stream) = &mut self.wire else { return Some(0) };
        match stream.write(bytes) {
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

    /// The program has reset a connection whose end it had told before.
    pub(crate) fn notice_reset(&mut self) {
        if let Wire::Stream(stream) = &self.wire
            && self.fin
            && !self.reset
            && !self.closed
        {
            let mut fds = [PollFd::new(stream, PollFlags::empty())];
            let _ = poll(&mut fds, Some(&Timespec::default()));
            self.reset = fds[0].revents().contains(PollFlags::ERR);
        }
    }

    /// Ends our direction (FIN).
    pub(crate) fn half_close(&mut self) {
        if let Wire::Stream(stream) = &self.wire {
            let _ = stream.shutdown(std::net::Shutdown::Write);
        }
    }

    /// Reads what has come, so that a close means FIN and not RST, and closes. A UDP peer
    /// closes its socket.
    pub(crate) fn close(&mut self) {
        self.drain();
        match &mut self.wire {
            Wire::Stream(stream) => drop(stream.shutdown(std::net::Shutdown::Both)),
            Wire::Datagrams(post) => post.close(),
        }
        self.closed = true;
    }

    /// Resets the connection (RST).
    pub(crate) fn abort(&mut self) {
        match &mut self.wire {
            Wire::Stream(stream) => drop(sys::abort_connection(&*stream)),
            Wire::Datagrams(post) => post.close(),
        }
        self.closed = true;
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
