//! What the program's calls of `bind`, `listen` and `connect` tell, at the call.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsFd, OwnedFd};

use super::sys::{self, Notification, Notifier};

/// A call, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// A stream socket listens now, at this address.
    Listens(SocketAddr),
    /// A stream socket is about to connect there; the call waits for our answer.
    Connects(SocketAddr),
    /// Another call, already answered.
    Handled,
}

/// Takes one waiting call. `listen` is done here on a copy of the program's socket, so
/// that the program listens before anybody hears of it; `connect` must be answered with
/// `Notifier::proceed`.
pub(crate) fn take(notifier: &Notifier) -> Option<(Notification, Told)> {
    let notification = notifier.receive()?;
    let told = match notification.call {
        libc::SYS_listen => listen(notifier, &notification),
        libc::SYS_connect => connect(&notification),
        _ => None,
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
    let length = (notification.arguments[2] as usize).min(128);
    let bytes = sys::read_memory(notification.thread, notification.arguments[1], length).ok()?;
    let address = parse(&bytes)?;
    let socket = copy(notification)?;
    let (kind, _) = sys::socket_facts(&socket).ok()?;
    (kind == libc::SOCK_STREAM).then_some(Told::Connects(address))
}

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

/// An Internet address as the program wrote it (`struct sockaddr`, ip(7), ipv6(7)).
fn parse(bytes: &[u8]) -> Option<SocketAddr> {
    let family = u16::from_ne_bytes([*bytes.first()?, *bytes.get(1)?]);
    let port = u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]);
    let ip: IpAddr = match i32::from(family) {
        libc::AF_INET => Ipv4Addr::from(<[u8; 4]>::try_from(bytes.get(4..8)?).ok()?).into(),
        libc::AF_INET6 => Ipv6Addr::from(<[u8; 16]>::try_from(bytes.get(8..24)?).ok()?).to_canonical(),
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}
