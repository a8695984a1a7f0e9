//! What the program's calls of `bind`, `listen` and `connect` tell, at the call; of a
//! program that sends datagrams, or plays with others, also those of `sendto`, `sendmsg` and
//! `sendmmsg`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::os::fd::{AsFd, OwnedFd};

use super::sys::{self, Notification, Notifier};

/// A call, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// A stream socket listens now, at this address.
    Listens(SocketAddr),
    /// A stream socket is about to connect there; the call waits for our answer.
    Connects(SocketAddr),
    /// A datagram socket is bound now, at an address with a port of the program's choice.
    Binds(SocketAddr),
    /// A datagram socket is about to send there, or (`connect`) keeps the addresses in mind;
    /// the call waits for our answer.
    Sends {
        /// Where.
        to: Vec<SocketAddr>,
        /// Datagrams leave with this call.
        sends: bool,
    },
    /// A stream socket is about to send to its peer; the call waits for our answer.
    Writes(Ends),
    /// A call that no socket program needs; it was refused.
    Refused(&'static str),
    /// A signal to a process, as the program numbers it; the call waits for our answer.
    Signals(i32),
    /// Another call, already answered.
    Handled,
}

/// The two ends of a connection, as a program sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ends {
    /// Its own.
    pub(crate) local: SocketAddr,
    /// Its peer's.
    pub(crate) remote: SocketAddr,
}

/// Takes one waiting call. `listen`, and `bind` of a datagram socket, are done here on a
/// copy of the program's socket, so that the program listens before anybody hears of it;
/// `connect` and the calls that send must be answered with `Notifier::proceed`. Whether
/// calls that send are about `datagrams`, or about streams.
pub(crate) fn take(notifier: &Notifier, datagrams: bool) -> Option<(Notification, Told)> {
    let notification = notifier.receive()?;
    let told = match notification.call {
        libc::SYS_listen => listen(notifier, &notification),
        libc::SYS_connect => connect(&notification),
        libc::SYS_bind => bind(notifier, &notification),
        libc::SYS_write | libc::SYS_writev => writes(&notification),
        libc::SYS_sendto | libc::SYS_sendmsg if !datagrams => writes(&notification),
        libc::SYS_sendto => sends(named(&notification, notification.arguments[4], notification.arguments[5])),
        libc::SYS_sendmsg => sends(message(&notification, 0)),
        libc::SYS_sendmmsg => messages(&notification),
        libc::SYS_kill => Some(Told::Signals(notification.arguments[0] as i32)),
        call => sys::refusal(call, notification.arguments[0]).map(|(name, errno)| {
            notifier.done(&notification, errno);
            Told::Refused(name)
        }),
    };
    let told = told.unwrap_or_else(|| {
        notifier.proceed(&notification);
        Told::Handled
    });
    Some((notification, told))
}

fn listen(notifier: &Notifier, notification: &Notification) -> Option<Told> {
    let socket = copy(notification)?;
    let (kind, _) = sys::socket_facts(&socket).ok()?;
    let result = rustix::net::listen(&socket, notification.arguments[1] as i32);
    let address = rustix::net::getsockname(&socket).ok().and_then(|any| SocketAddr::try_from(any).ok());
    drop(socket);
    notifier.done(notification, result.err().map_or(0, rustix::io::Errno::raw_os_error));
    match (result, address) {
        (Ok(()), Some(address)) if kind == libc::SOCK_STREAM => {
            Some(Told::Listens(SocketAddr::new(address.ip().to_canonical(), address.port())))
        }
        _ => Some(Told::Handled),
    }
}

fn connect(notification: &Notification) -> Option<Told> {
    let address = named(notification, notification.arguments[1], notification.arguments[2])?;
    let socket = copy(notification)?;
    let (kind, _) = sys::socket_facts(&socket).ok()?;
    match kind {
        libc::SOCK_STREAM => Some(Told::Connects(address)),
        libc::SOCK_DGRAM => Some(Told::Sends { to: vec![address], sends: false }),
        _ => None,
    }
}

/// A UDP socket waits for datagrams from the call of bind(2) on: the kernel queues them.
fn bind(notifier: &Notifier, notification: &Notification) -> Option<Told> {
    let wanted = written(notification, notification.arguments[1], notification.arguments[2])?;
    let socket = copy(notification)?;
    let (kind, _) = sys::socket_facts(&socket).ok()?;
    if kind != libc::SOCK_DGRAM {
        return None;
    }
    let result = rustix::net::bind(&socket, &wanted);
    let only_v6 = rustix::net::sockopt::ipv6_v6only(&socket).unwrap_or(false);
    drop(socket);
    notifier.done(notification, result.err().map_or(0, rustix::io::Errno::raw_os_error));
    if result.is_err() || wanted.port() == 0 {
        return Some(Told::Handled);
    }
    let ip = match wanted.ip() {
        // `::` that takes no IPv4 datagrams is reached over IPv6.
        ip if ip.is_unspecified() && ip.is_ipv6() && only_v6 => Ipv6Addr::LOCALHOST.into(),
        ip => ip.to_canonical(),
    };
    Some(Told::Binds(SocketAddr::new(ip, wanted.port())))
}

fn writes(notification: &Notification) -> Option<Told> {
    let socket = copy(notification)?;
    let (local, remote) = (rustix::net::getsockname(&socket).ok()?, rustix::net::getpeername(&socket).ok()??);
    let end = |any| {
        let address = SocketAddr::try_from(any).ok()?;
        Some(SocketAddr::new(address.ip().to_canonical(), address.port()))
    };
    Some(Told::Writes(Ends { local: end(local)?, remote: end(remote)? }))
}

fn sends(to: Option<SocketAddr>) -> Option<Told> {
    to.map(|to| Told::Sends { to: vec![to], sends: true })
}

/// The address that a message header names (`struct msghdr`, recvmsg(2)); `offset` bytes
/// behind the call's second argument.
fn message(notification: &Notification, offset: u64) -> Option<SocketAddr> {
    let header = notification.arguments[1] + offset;
    let bytes = sys::read_memory(notification.thread, header, 12).ok()?;
    let address = u64::from_ne_bytes(bytes.get(..8)?.try_into().ok()?);
    let length = u32::from_ne_bytes(bytes.get(8..12)?.try_into().ok()?);
    named(notification, address, u64::from(length))
}

/// The addresses of several messages (`struct mmsghdr`, sendmmsg(2)).
fn messages(notification: &Notification) -> Option<Told> {
    let count = notification.arguments[2].min(MESSAGES);
    let headers = (0..count).map(|index| index * MESSAGE_HEADER);
    let mut to: Vec<SocketAddr> = headers.filter_map(|offset| message(notification, offset)).collect();
    to.dedup();
    (!to.is_empty()).then_some(Told::Sends { to, sends: true })
}

/// Most messages that one call sends (UIO_MAXIOV).
const MESSAGES: u64 = 1024;
/// Size of `struct mmsghdr` on 64-bit systems.
const MESSAGE_HEADER: u64 = 64;

/// A copy of the socket the call is about.
fn copy(notification: &Notification) -> Option<OwnedFd> {
    let process = sys::open_pidfd(notification.thread)
        .or_else(|_| sys::open_pidfd(leader(notification.thread)))
        .ok()?;
    sys::take_fd(process.as_fd(), notification.arguments[0] as i32).ok()
}

/// The process a thread belongs to.
fn leader(thread: i32) -> i32 {
    std::fs::read_to_string(format!("/proc/{thread}/status"))
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("Tgid:")?.trim().parse().ok())
        .unwrap_or(thread)
}

/// The address at a place of the program's memory; an IPv4 address in IPv6 is one all the same.
fn named(notification: &Notification, at: u64, length: u64) -> Option<SocketAddr> {
    let address = written(notification, at, length)?;
    Some(SocketAddr::new(address.ip().to_canonical(), address.port()))
}

fn written(notification: &Notification, at: u64, length: u64) -> Option<SocketAddr> {
    if at == 0 {
        return None;
    }
    parse(&sys::read_memory(notification.thread, at, (length as usize).min(128)).ok()?)
}

/// An Internet address as the program wrote it (`struct sockaddr`, ip(7), ipv6(7)).
fn parse(bytes: &[u8]) -> Option<SocketAddr> {
    let family = u16::from_ne_bytes([*bytes.first()?, *bytes.get(1)?]);
    let port = u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]);
    match i32::from(family) {
        libc::AF_INET => {
            let ip: IpAddr = Ipv4Addr::from(<[u8; 4]>::try_from(bytes.get(4..8)?).ok()?).into();
            Some(SocketAddr::new(ip, port))
        }
        libc::AF_INET6 => {
            let ip = Ipv6Addr::from(<[u8; 16]>::try_from(bytes.get(8..24)?).ok()?);
            let scope = u32::from_ne_bytes(bytes.get(24..28)?.try_into().ok()?);
            Some(SocketAddrV6::new(ip, port, 0, scope).into())
        }
        _ => None,
    }
}
