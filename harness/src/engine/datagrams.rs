//! The harness's end of a UDP conversation: datagrams, each a message of its own.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

/// Largest datagram there can be, its header of 8 bytes counted (RFC 768).
pub(crate) const LARGEST: usize = 65_535;

/// How many unread datagrams of one peer are kept, and how many bytes in them.
const KEPT: usize = 4096;
const KEPT_BYTES: usize = 4 << 20;
/// So many are read in one go: a flood never ends.
pub(crate) const AT_ONCE: usize = 256;

/// A UDP socket of the harness and what has come to it from one program.
#[derive(Debug)]
pub(crate) struct Post {
    /// None once the harness has closed it.
    socket: Option<Arc<UdpSocket>>,
    /// Several peers share the socket: whoever reads it sorts the datagrams.
    shared: bool,
    /// Takes datagrams from the program's address only.
    connected: bool,
    unread: VecDeque<Vec<u8>>,
    /// Datagrams sent to the program.
    pub(crate) sent: usize,
    /// Datagrams that came.
    pub(crate) came: usize,
    /// Ports of datagrams that were not taken.
    pub(crate) strange_ports: Vec<u16>,
}

impl Post {
    /// A socket of its own, at `from` (the loopback address of `to` unless told).
    pub(crate) fn open(from: Option<Ipv4Addr>, to: SocketAddr, connected: bool) -> io::Result<Self> {
        let own: IpAddr = match to {
            SocketAddr::V4(_) => from.unwrap_or(Ipv4Addr::LOCALHOST).into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        let socket = bind(SocketAddr::new(own, 0))?;
        Ok(Self::over(Arc::new(socket), false, connected))
    }

    /// One of the peers that share a socket.
    pub(crate) fn sharing(socket: Arc<UdpSocket>) -> Self {
        Self::over(socket, true, false)
    }

    fn over(socket: Arc<UdpSocket>, shared: bool, connected: bool) -> Self {
        let (unread, strange_ports) = (VecDeque::new(), Vec::new());
        Self { socket: Some(socket), shared, connected, unread, sent: 0, came: 0, strange_ports }
    }

    /// The address of the socket.
    pub(crate) fn local(&self) -> io::Result<SocketAddr> {
        self.socket.as_ref().ok_or_else(|| io::Error::from(ErrorKind::NotConnected))?.local_addr()
    }

    /// The socket, if it is to be read here.
    pub(crate) fn own_socket(&self) -> Option<BorrowedFd<'_>> {
        self.socket.as_ref().filter(|_| !self.shared).map(AsFd::as_fd)
    }

    /// How many datagrams are unread.
    pub(crate) fn unread(&self) -> usize {
        self.unread.len()
    }

    /// The first unread datagram.
    pub(crate) fn first(&self) -> &[u8] {
        self.unread.front().map_or(&[], Vec::as_slice)
    }

    /// Takes the first unread datagram away.
    pub(crate) fn take(&mut self) {
        self.unread.pop_front();
    }

    /// A datagram has come.
    pub(crate) fn deliver(&mut self, bytes: Vec<u8>) {
        self.came += 1;
        let kept: usize = self.unread.iter().map(Vec::len).sum();
        if self.unread.len() < KEPT && kept < KEPT_BYTES {
            self.unread.push_back(bytes);
        }
    }

    /// Reads what has come from the program at `remote`; whether anything had.
    pub(crate) fn drain(&mut self, remote: SocketAddr) -> bool {
        let Some(socket) = self.socket.clone().filter(|_| !self.shared) else { return false };
        let mut any = false;
        for (bytes, from) in std::iter::from_fn(|| receive(&socket)).take(AT_ONCE) {
            any = true;
            if self.connected && from.port() != remote.port() {
                if self.strange_ports.len() < AT_ONCE {
                    self.strange_ports.push(from.port());
                }
            } else {
                self.deliver(bytes);
            }
        }
        any
    }

    /// Sends one datagram. False where the kernel takes none at the moment.
    pub(crate) fn send(&mut self, bytes: &[u8], to: SocketAddr) -> io::Result<bool> {
        let socket = self.socket.as_ref().ok_or_else(|| io::Error::from(ErrorKind::NotConnected))?;
        match socket.send_to(bytes, to) {
            Ok(_) => {
                self.sent += 1;
                Ok(true)
            }
            Err(trouble) if matches!(trouble.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                Ok(false)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Closes the socket: what comes now, nobody takes.
    pub(crate) fn close(&mut self) {
        self.socket = None;
    }
}

/// A non-blocking UDP socket at an address.
pub(crate) fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// The next datagram of a socket and its sender; an IPv4 sender is one on an IPv6 socket too.
pub(crate) fn receive(socket: &UdpSocket) -> Option<(Vec<u8>, SocketAddr)> {
    let mut buffer = [0_u8; LARGEST];
    loop {
        match socket.recv_from(&mut buffer) {
            Ok((length, from)) => {
                let from = SocketAddr::new(from.ip().to_canonical(), from.port());
                return Some((buffer[..length].to_vec(), from));
            }
            Err(trouble) if trouble.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(connected: bool) -> (UdpSocket, SocketAddr, Post) {
        let program = bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let at = program.local_addr().unwrap();
        (program, at, Post::open(None, at, connected).unwrap())
    }

    #[test]
    fn keeps_the_bounds_of_datagrams() {
        let (program, at, mut peer) = pair(false);
        assert!(peer.send(b"one", at).unwrap() && peer.send(b"", at).unwrap());
        let (first, from) = receive(&program).unwrap();
        assert_eq!((&first[..], from), (&b"one"[..], peer.local().unwrap()));
        assert_eq!(receive(&program).unwrap().0, b"");
        for bytes in [&b"two"[..], b"", b"three"] {
            program.send_to(bytes, from).unwrap();
        }
        assert!(peer.drain(at) && !peer.drain(at));
        assert_eq!((peer.unread(), peer.first(), peer.sent, peer.came), (3, &b"two"[..], 2, 3));
        peer.take();
        assert_eq!((peer.unread(), peer.first()), (2, &b""[..]));
        peer.take();
        assert_eq!(peer.first(), b"three");
    }

    #[test]
    fn a_connected_peer_takes_nothing_from_another_port() {
        for connected in [false, true] {
            let (_program, at, mut peer) = pair(connected);
            let stranger = bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
            stranger.send_to(b"psst", peer.local().unwrap()).unwrap();
            assert!(peer.drain(at));
            assert_eq!(peer.unread(), usize::from(!connected));
            let ports = if connected { vec![stranger.local_addr().unwrap().port()] } else { Vec::new() };
            assert_eq!(peer.strange_ports, ports);
        }
    }
}
