//! What is inside `create_server` and `create_connection`.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// A socket of the family that fits the address: IPv4 or IPv6.
fn socket_for(address: SocketAddr) -> io::Result<TcpSocket> {
    match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }
}

/// Creates a listening socket. `backlog` is how many clients may wait to be accepted.
pub fn create_server(address: SocketAddr, backlog: u32) -> io::Result<TcpListener> {
    // 1. A socket. It is neither a server's nor a client's yet.
    let socket = socket_for(address)?;
    // 2. Allows to take the port again right after a server on it has ended. Otherwise the kernel
    //    keeps it closed for a minute as long as old connections have not died down.
    socket.set_reuseaddr(true)?;
    // 3. The address that clients will ask for.
    socket.bind(address)?;
    // 4. From here on clients can connect, even before anybody calls `accept`.
    socket.listen(backlog)
}

/// Creates a connected socket. A name may stand for several addresses: the first one that answers
/// is taken.
pub async fn create_connection(candidates: &[SocketAddr]) -> io::Result<TcpStream> {
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for &address in candidates {
        // A socket whose connect has failed is of no more use. Every attempt has its own.
        match socket_for(address)?.connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_address_that_answers_is_taken() {
        let silent = create_server("127.0.0.1:0".parse().unwrap(), 1).unwrap();
        let nobody = silent.local_addr().unwrap();
        drop(silent);
        let server = create_server("127.0.0.1:0".parse().unwrap(), 1).unwrap();
        let somebody = server.local_addr().unwrap();

        let stream = create_connection(&[nobody, somebody]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), somebody);
        assert!(create_connection(&[nobody]).await.is_err());
        assert!(create_connection(&[]).await.is_err());
    }
}
