//! Servers on free ports, connected pairs, and the three ways to leave.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A server that runs in a task of the test.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Sending here, or dropping it, is its signal to stop.
    stop: oneshot::Sender<()>,
    /// Ends when the server ends.
    task: JoinHandle<()>,
}

/// Binds a free port and starts the server on it.
pub(crate) async fn start<F>(serve: impl FnOnce(TcpListener, oneshot::Receiver<()>) -> F) -> Server
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its number");
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(serve(listener, stopped));
    Server { address, stop, task }
}

impl Server {
    /// A new client of this server.
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// Waits until the server has ended by itself.
    pub(crate) async fn ended(self) {
        self.task.await.expect("an end without panic");
    }

    /// Gives the signal to stop and waits until the server has ended.
    pub(crate) async fn stop(self) {
        self.stop.send(()).expect("a server that still runs");
        self.task.await.expect("an end without panic");
    }
}

/// Two ends of one connection: the client's and the server's.
pub(crate) async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its number");
    let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
    (client.expect("a connection"), server.expect("a client").0)
}

/// Sends a message and waits for a reply of the same length as the expected one.
pub(crate) async fn exchange(stream: &mut TcpStream, message: &[u8], expected: &[u8]) {
    stream.write_all(message).await.expect("a message sent");
    let mut reply = vec![0; expected.len()];
    stream.read_exact(&mut reply).await.expect("a whole reply");
    assert_eq!(String::from_utf8_lossy(&reply), String::from_utf8_lossy(expected));
}

/// Everything up to the end of the stream. A reset is no end: it fails here.
pub(crate) async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("an orderly end");
    bytes
}

/// Leaves without a word: the other end gets a reset (RST) instead of an end (FIN).
pub(crate) fn reset(stream: TcpStream) {
    stream.set_zero_linger().expect("a socket option");
}
