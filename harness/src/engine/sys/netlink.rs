//! The kernel's own list of sockets (sock_diag(7)) and the set-up of a network
//! namespace (rtnetlink(7)).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;

use rustix::net::netlink;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};

use crate::spec::Transport;

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const DONE: u16 = 3;
const ERROR: u16 = 2;
const REQUEST: u16 = 1;
const ACKNOWLEDGE: u16 = 4;
const DUMP: u16 = 0x300;
const INFORMATION: u16 = 2;
const MESSAGE: usize = 72;
/// States as in `tcp_states.h`.
const LISTEN: u32 = 10;
const BOUND: u32 = 13;

/// One socket of the network namespace, as the kernel shows it.
#[derive(Debug, Clone)]
pub(crate) struct Diag {
    /// State as in `tcp_states.h`: 1 established, 2 SYN sent, 7 closed, 8 close-wait, 10 listen, …
    pub(crate) state: u8,
    /// Running timer: 1 retransmission, 4 zero-window probe.
    pub(crate) timer: u8,
    /// Milliseconds until it fires.
    pub(crate) expires: u32,
    /// Its own end; an IPv4 address stays one on an IPv6 socket.
    pub(crate) local: SocketAddr,
    /// The other end.
    pub(crate) remote: SocketAddr,
    /// Unread bytes; for a listener the connections not yet accepted.
    pub(crate) receive_queue: u32,
    /// Inode: the number in `/proc/PID/fd`.
    pub(crate) inode: u32,
    /// Bytes the program has written: sent once or waiting to be sent.
    pub(crate) written: u64,
    /// Bytes that have arrived.
    pub(crate) received: u64,
    /// It is a UDP socket: its receive queue counts memory, so that an empty datagram shows.
    pub(crate) udp: bool,
}

/// A sock_diag socket, bound to the network namespace it was made in.
#[derive(Debug)]
pub(crate) struct DiagSocket {
    fd: OwnedFd,
    udp: bool,
}

impl DiagSocket {
    /// Opens one in the calling thread's network namespace, for UDP sockets too where they matter.
    pub(crate) fn open(transport: Transport) -> io::Result<Self> {
        Ok(Self { fd: open(Some(netlink::SOCK_DIAG))?, udp: transport == Transport::Udp })
    }

    /// Every TCP socket of the namespace, both families, and every UDP socket where they matter.
    pub(crate) fn tcp(&self) -> io::Result<Vec<Diag>> {
        self.list(u32::MAX)
    }

    /// The same without the listening and the merely bound ones. Those stand in tables of the
    /// whole machine, and walking through them takes ten times as long (`inet_diag.c`).
    pub(crate) fn connections(&self) -> io::Result<Vec<Diag>> {
        self.list(!(1 << LISTEN | 1 << BOUND))
    }

    /// The listening ones.
    pub(crate) fn listeners(&self) -> io::Result<Vec<Diag>> {
        self.list(1 << LISTEN)
    }

    /// Those whose state has its bit in `states`.
    fn list(&self, states: u32) -> io::Result<Vec<Diag>> {
        let mut found = Vec::new();
        for family in [libc::AF_INET, libc::AF_INET6] {
            self.dump(family as u8, libc::IPPROTO_TCP, states, &mut found)?;
            // No UDP socket listens.
            if self.udp && states != 1 << LISTEN {
                self.dump(family as u8, libc::IPPROTO_UDP, states, &mut found)?;
            }
        }
        Ok(found)
    }

    fn dump(&self, family: u8, protocol: i32, states: u32, found: &mut Vec<Diag>) -> io::Result<()> {
        let udp = protocol == libc::IPPROTO_UDP;
        let mut body = vec![family, protocol as u8, 1 << (INFORMATION - 1), 0];
        body.extend_from_slice(&states.to_ne_bytes());
        body.resize(56, 0);
        send(&self.fd, SOCK_DIAG_BY_FAMILY, DUMP, &body)?;
        let mut buffer = vec![0_u8; 32 * 1024];
        loop {
            let length = rustix::net::recv(&self.fd, &mut buffer[..], RecvFlags::empty())?.0;
            for (kind, body) in Messages(&buffer[..length]) {
                match kind {
                    DONE => return Ok(()),
                    ERROR => return Err(netlink_error(body)),
                    _ => found.extend(parse(body).map(|diag| Diag { udp, ..diag })),
                }
            }
        }
    }
}

/// Brings the loopback device of the calling thread's network namespace up
/// (127.0.0.1/8 and ::1 appear by themselves).
pub(crate) fn loopback_up() -> io::Result<()> {
    let fd = open(None)?;
    let mut body = vec![0_u8; 16];
    body[4..8].copy_from_slice(&1_i32.to_ne_bytes());
    let up = (libc::IFF_UP as u32).to_ne_bytes();
    body[8..12].copy_from_slice(&up);
    body[12..16].copy_from_slice(&up);
    request(&fd, libc::RTM_NEWLINK, 0, &body)
}

/// Makes every IPv4 address one of this machine (`ip route add local default dev lo`):
/// a program with a hard-coded LAN address binds and connects as at home, and nothing leaves.
pub(crate) fn local_everywhere() -> io::Result<()> {
    const CREATE: u16 = 0x400;
    let fd = open(None)?;
    let mut body = vec![libc::AF_INET as u8, 0, 0, 0, libc::RT_TABLE_LOCAL, libc::RTPROT_STATIC];
    body.extend([libc::RT_SCOPE_HOST, libc::RTN_LOCAL]);
    body.extend([0; 4]);
    body.extend(8_u16.to_ne_bytes());
    body.extend(libc::RTA_OIF.to_ne_bytes());
    body.extend(1_i32.to_ne_bytes());
    request(&fd, libc::RTM_NEWROUTE, CREATE, &body)
}

/// A netlink socket; protocol 0, none, is NETLINK_ROUTE.
fn open(protocol: Option<rustix::net::Protocol>) -> io::Result<OwnedFd> {
    let fd =
        rustix::net::socket_with(AddressFamily::NETLINK, SocketType::DGRAM, SocketFlags::CLOEXEC, protocol)?;
    Ok(fd)
}

fn request(fd: &OwnedFd, kind: u16, flags: u16, body: &[u8]) -> io::Result<()> {
    send(fd, kind, flags | ACKNOWLEDGE, body)?;
    let mut buffer = [0_u8; 4096];
    let length = rustix::net::recv(fd, &mut buffer[..], RecvFlags::empty())?.0;
    match Messages(&buffer[..length]).next() {
        Some((ERROR, body)) if u32_at(body, 0) != 0 => Err(netlink_error(body)),
        _ => Ok(()),
    }
}

fn send(fd: &OwnedFd, kind: u16, flags: u16, body: &[u8]) -> io::Result<()> {
    let mut message = Vec::with_capacity(16 + body.len());
    message.extend(((16 + body.len()) as u32).to_ne_bytes());
    message.extend(kind.to_ne_bytes());
    message.extend((flags | REQUEST).to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    rustix::net::send(fd, &message, SendFlags::empty())?;
    Ok(())
}

/// The messages in a datagram: kind and body.
struct Messages<'a>(&'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.len() < 16 {
            return None;
        }
        let length = (u32_at(self.0, 0) as usize).clamp(16, self.0.len());
        let item = (u16_at(self.0, 4), &self.0[16..length]);
        self.0 = &self.0[length.next_multiple_of(4).min(self.0.len())..];
        Some(item)
    }
}

fn parse(body: &[u8]) -> Option<Diag> {
    if body.len() < MESSAGE {
        return None;
    }
    let (written, received) = information(&body[MESSAGE..]).unwrap_or((0, 0));
    Some(Diag {
        state: body[1],
        timer: body[2],
        expires: u32_at(body, 52),
        local: SocketAddr::new(address(body[0], &body[8..24]), be16_at(body, 4)),
        remote: SocketAddr::new(address(body[0], &body[24..40]), be16_at(body, 6)),
        receive_queue: u32_at(body, 56),
        inode: u32_at(body, 68),
        written,
        received,
        udp: false,
    })
}

/// `written` and `received` out of `struct tcp_info` (linux/tcp.h).
fn information(mut attributes: &[u8]) -> Option<(u64, u64)> {
    while attributes.len() >= 4 {
        let length = (u16_at(attributes, 0) as usize).clamp(4, attributes.len());
        if u16_at(attributes, 2) == INFORMATION && length >= 4 + 216 {
            let info = &attributes[4..length];
            let (received, unsent) = (u64_at(info, 128), u64::from(u32_at(info, 144)));
            let (sent, again) = (u64_at(info, 200), u64_at(info, 208));
            return Some((sent.saturating_sub(again) + unsent, received));
        }
        attributes = &attributes[length.next_multiple_of(4).min(attributes.len())..];
    }
    None
}

fn address(family: u8, bytes: &[u8]) -> IpAddr {
    if i32::from(family) == libc::AF_INET {
        return IpAddr::V4(Ipv4Addr::new(bytes[0], bytes[1], bytes[2], bytes[3]));
    }
    let mut octets = [0; 16];
    octets.copy_from_slice(&bytes[..16]);
    Ipv6Addr::from(octets).to_canonical()
}

fn netlink_error(body: &[u8]) -> io::Error {
    io::Error::from_raw_os_error(-(u32_at(body, 0) as i32))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_ne_bytes([bytes[at], bytes[at + 1]])
}

fn be16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_ne_bytes([b[0], b[1], b[2], b[3]]))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
