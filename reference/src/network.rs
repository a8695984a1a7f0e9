//! What every TCP program does with its sockets: listen, accept, connect, and close in good order.

use std::fmt;
use std::io::{self, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::Failure;
use crate::console;

/// How long a server waits before it tries to accept again when the machine has run short of
/// something, such as file descriptors. Without the pause it would fail again at once, for ever.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How much unread input is thrown away at the end of a connection, at most.
const DISCARD_LIMIT: u64 = 1 << 20;

/// A host, by name or number, and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `localhost`, `127.0.0.1`, `::1`, and so on.
    pub host: String,
    /// The port number. For a server, 0 means any free one.
    pub port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            // An IPv6 address is full of colons: brackets keep the port apart.
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl Address {
    /// Looks the host up. One name may stand for several addresses, `localhost` often does.
    ///
    /// The call waits for the answer. That is fine here, because it happens once, before there is
    /// anything else to do.
    pub fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        Ok((self.host.as_str(), self.port).to_socket_addrs()?.collect())
    }

    /// The first of the addresses.
    pub fn resolve_one(&self) -> io::Result<SocketAddr> {
        let first = self.resolve()?.first().copied();
        first.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the host has no address"))
    }
}

/// Binds a socket to the address and listens on it.
///
/// This is `socket`, `bind` and `listen` in one call. Tokio also sets `SO_REUSEADDR`, so that a
/// server that was stopped can be started again at once on the same port.
pub async fn listen(address: &Address) -> Result<TcpListener, Failure> {
    let failed = |source| Failure::Listen { address: address.clone(), source };
    let candidates = address.resolve().map_err(failed)?;
    TcpListener::bind(&candidates[..]).await.map_err(failed)
}

/// Connects to the first of the host's addresses that answers.
pub async fn connect(address: &Address) -> Result<TcpStream, Failure> {
    let failed = |source| Failure::Connect { address: address.clone(), source };
    let candidates = address.resolve().map_err(failed)?;
    let stream = TcpStream::connect(&candidates[..]).await.map_err(failed)?;
    send_at_once(&stream);
    Ok(stream)
}

/// Waits for the next client, whatever happens.
///
/// A client may give up between its knock at the door and our answer. That is its own affair: the
/// server goes on with the next one. This is why there is no `Result` here.
pub async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                send_at_once(&stream);
                return (stream, peer);
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                console::announce(format_args!("cannot accept a client: {error}"));
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Closes a connection so that the other end sees an orderly end of the stream.
///
/// Dropping the stream would do in most cases. But when bytes are left that nobody has read, the
/// kernel answers the close with a reset (RST), and a reset may destroy what we sent last before
/// the other end has read it. So we say goodbye first (FIN), then throw away what has come in.
pub async fn hang_up(mut stream: TcpStream) {
    // The other end may be gone already. Then there is nobody to say goodbye to.
    let _ = stream.shutdown().await;
    if let Ok(stream) = stream.into_std() {
        // The socket is still in non-blocking mode: the copy ends as soon as nothing is left.
        let _ = io::copy(&mut stream.take(DISCARD_LIMIT), &mut io::sink());
    }
}

/// Switches off Nagle's algorithm, which holds back a small message until the one before it has
/// been confirmed. In a dialogue every message is small, and somebody is waiting for it.
fn send_at_once(stream: &TcpStream) {
    // Failure only means that the connection is gone, and the first read will tell.
    let _ = stream.set_nodelay(true);
}
