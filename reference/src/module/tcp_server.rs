//! The reusable part: a socket that listens, and hands out one client after another.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};

use crate::network::Address;
use crate::{Failure, network};

/// A server that is ready for clients from the moment it exists.
#[derive(Debug)]
pub struct TcpServer {
    /// The listening socket. Nobody outside needs to see it.
    listener: TcpListener,
}

impl TcpServer {
    /// Takes the address and listens there. When it is taken already, there is no server: a value
    /// of this type that does not listen cannot exist.
    pub async fn bind(address: &Address) -> Result<Self, Failure> {
        network::listen(address).await.map(Self::from)
    }

    /// Waits for the next client. Returns the connection and the client's address.
    pub async fn accept(&self) -> (TcpStream, SocketAddr) {
        network::accept(&self.listener).await
    }
}

impl From<TcpListener> for TcpServer {
    /// Makes a server of a socket that listens already.
    fn from(listener: TcpListener) -> Self {
        Self { listener }
    }
}
