//! Whether somebody listens on a port, asked of the kernel (sock_diag(7), one exact
//! look-up): no connection is made, which the program would take for a client.

use std::io;
use std::os::fd::OwnedFd;

use rustix::net::netlink::SOCK_DIAG;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};

const SOCK_DIAG_BY_FAMILY: u16 = 20;
const LISTEN: u8 = 10;

/// The kernel's list of sockets.
pub(crate) struct Listeners(OwnedFd);

impl Listeners {
    /// Opens it for the network of this process.
    pub(crate) fn open() -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC;
        let fd = rustix::net::socket_with(AddressFamily::NETLINK, SocketType::DGRAM, flags, Some(SOCK_DIAG))?;
        Ok(Self(fd))
    }

    /// Whether a TCP socket over IPv4 listens on the port.
    pub(crate) fn listens(&self, port: u16) -> io::Result<bool> {
        // struct nlmsghdr, then struct inet_diag_req_v2 (linux/inet_diag.h).
        let mut message = Vec::with_capacity(72);
        message.extend(72_u32.to_ne_bytes());
        message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
        message.extend(1_u16.to_ne_bytes());
        message.extend([0; 8]);
        message.extend([libc::AF_INET as u8, libc::IPPROTO_TCP as u8, 0, 0]);
        message.extend(u32::MAX.to_ne_bytes());
        message.extend(port.to_be_bytes());
        message.resize(64, 0);
        // Any cookie.
        message.extend([0xff; 8]);
        rustix::net::send(&self.0, &message, SendFlags::empty())?;
        let mut buffer = [0_u8; 1024];
        let length = rustix::net::recv(&self.0, &mut buffer[..], RecvFlags::empty())?.0;
        let kind = u16::from_ne_bytes([buffer[4], buffer[5]]);
        Ok(length > 17 && kind == SOCK_DIAG_BY_FAMILY && buffer[17] == LISTEN)
    }
}
