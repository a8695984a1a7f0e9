//! Socket calls beside std's.

use std::io;
use std::os::fd::{AsFd, AsRawFd};

/// Resets a connection at once (RST), whoever else holds a copy of the descriptor:
/// connect(2) to AF_UNSPEC dissolves the association.
pub(crate) fn abort_connection(socket: impl AsFd) -> io::Result<()> {
    // SAFETY: all-zero is the AF_UNSPEC address.
    let nowhere: libc::sockaddr = unsafe { std::mem::zeroed() };
    // SAFETY: the address outlives the call.
    let result = unsafe {
        libc::connect(
            socket.as_fd().as_raw_fd(),
            std::ptr::from_ref(&nowhere),
            size_of::<libc::sockaddr>() as libc::socklen_t,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Acknowledges at once what has arrived (TCP_QUICKACK, tcp(7)); not permanent.
pub(crate) fn quick_ack(socket: impl AsFd) {
    let _ = rustix::net::sockopt::set_tcp_quickack(socket, true);
}

/// Type and protocol family of a socket: `(SOCK_STREAM, AF_INET)`.
pub(crate) fn socket_facts(socket: impl AsFd) -> io::Result<(i32, i32)> {
    let read = |name| {
        let mut value: libc::c_int = 0;
        let mut length = size_of::<libc::c_int>() as libc::socklen_t;
        // SAFETY: value and length outlive the call and fit each other.
        let result = unsafe {
            libc::getsockopt(
                socket.as_fd().as_raw_fd(),
                libc::SOL_SOCKET,
                name,
                std::ptr::from_mut(&mut value).cast(),
                &mut length,
            )
        };
        if result == 0 { Ok(value) } else { Err(io::Error::last_os_error()) }
    };
    Ok((read(libc::SO_TYPE)?, read(libc::SO_DOMAIN)?))
}
