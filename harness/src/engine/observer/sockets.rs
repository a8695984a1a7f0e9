//! The sockets of the networks a program lives in: queues, and bytes under way. Of
//! datagrams none are under way: over loopback the kernel puts them into the receiver's
//! queue before the call that sends returns.

use std::collections::HashMap;
use std::net::SocketAddr;

use crate::engine::sys::{Diag, DiagSocket};

/// TCP states (linux/tcp_states.h).
const ESTABLISHED: u8 = 1;
const SYN_SENT: u8 = 2;
const SYN_RECEIVED: u8 = 3;
const FIN_WAIT_1: u8 = 4;
const FIN_WAIT_2: u8 = 5;
const CLOSE_WAIT: u8 = 8;
const LAST_ACK: u8 = 9;
/// A listening socket.
pub(crate) const LISTEN: u8 = 10;
const CLOSING: u8 = 11;

/// The timer of a sender whose peer has closed its window.
const ZERO_WINDOW: u8 = 4;

/// One look at all sockets.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    all: Vec<Diag>,
    /// Sockets that threads wait on and that are none of these: other protocols.
    foreign: Vec<u32>,
    /// The network is the program's own: every connection has both its ends here.
    complete: bool,
}

impl Sockets {
    /// Looks.
    pub(crate) fn look(diag: &DiagSocket, complete: bool) -> std::io::Result<Self> {
        Ok(Self { all: diag.tcp()?, foreign: Vec::new(), complete })
    }

    /// Looks again. Connections are listed anew; listeners, whose list is dear, only where a
    /// thread waits on a socket not met before. `waited` are the sockets that threads wait on.
    pub(crate) fn look_again(
        &mut self,
        diag: &DiagSocket,
        complete: bool,
        waited: &[u32],
    ) -> std::io::Result<()> {
        let mut listeners = std::mem::take(&mut self.all);
        listeners.retain(|socket| socket.state == LISTEN);
        self.complete = complete;
        self.all = diag.connections()?;
        let met = |inode: &u32| {
            self.foreign.contains(inode)
                || self.all.iter().chain(&listeners).any(|socket| socket.inode == *inode)
        };
        if waited.iter().all(met) {
            for listener in &mut listeners {
                listener.receive_queue = not_accepted(&self.all, listener.local.port());
            }
        } else {
            listeners = diag.listeners()?;
        }
        self.all.append(&mut listeners);
        let foreign = waited.iter().filter(|inode| self.by_inode(**inode).is_none());
        self.foreign = foreign.copied().collect();
        Ok(())
    }

    /// The program listens anew: a socket known as foreign may have become a listener.
    pub(crate) fn forget_listeners(&mut self) {
        self.foreign.clear();
        self.all.retain(|socket| socket.state != LISTEN);
    }

    /// A connection whose program is gone still holds this port.
    pub(crate) fn lingers_at(&self, port: u16) -> bool {
        self.all.iter().any(|s| s.local.port() == port && s.inode == 0 && s.state != LISTEN && !s.udp)
    }

    /// The socket with an inode.
    pub(crate) fn by_inode(&self, inode: u32) -> Option<&Diag> {
        self.all.iter().find(|socket| socket.inode == inode)
    }

    /// UDP sockets that are bound and not connected.
    pub(crate) fn bound(&self) -> impl Iterator<Item = &Diag> {
        self.all.iter().filter(|socket| socket.udp && socket.state != ESTABLISHED)
    }

    /// Listening sockets.
    pub(crate) fn listening(&self) -> impl Iterator<Item = &Diag> {
        self.all.iter().filter(|socket| socket.state == LISTEN)
    }

    /// The end of a connection whose own address is `local` and whose peer is `remote`.
    pub(crate) fn end(&self, local: SocketAddr, remote: SocketAddr) -> Option<&Diag> {
        self.all.iter().find(|s| s.state != LISTEN && s.local == local && s.remote == remote)
    }

    /// Whether everything that was sent from `local` to `remote` has been read there.
    pub(crate) fn is_read(&self, local: SocketAddr, remote: SocketAddr) -> bool {
        let Some(reader) = self.end(remote, local) else { return true };
        let under_way = self.end(local, remote).is_some_and(|sender| unarrived(sender, reader));
        reader.receive_queue == 0 && !under_way
    }

    /// Whether anything is under way between two ends: bytes written and not arrived,
    /// a FIN not seen, a connection half made. A sender before a closed window is not:
    /// nothing moves until the reader reads.
    pub(crate) fn in_flight(&self) -> bool {
        let ends: HashMap<(SocketAddr, SocketAddr), &Diag> = self
            .all
            .iter()
            .filter(|s| s.state != LISTEN && !s.udp)
            .map(|s| ((s.local, s.remote), s))
            .collect();
        ends.values().any(|socket| {
            let peer = ends.get(&(socket.remote, socket.local)).copied();
            self.on_its_way(socket, peer)
        })
    }

    fn on_its_way(&self, socket: &Diag, peer: Option<&Diag>) -> bool {
        match socket.state {
            SYN_RECEIVED => true,
            // A SYN that is sent again later waits for a full backlog, not for the network.
            SYN_SENT => !(socket.timer == 1 && socket.expires >= 50) && self.complete,
            _ => match peer {
                None => socket.state == ESTABLISHED && self.complete,
                Some(peer) => unarrived(socket, peer) || fin_unseen(socket, peer),
            },
        }
    }

    /// The time until a connection attempt before a full backlog is made again, in ms.
    pub(crate) fn connect_retry(&self, inode: u32) -> Option<u32> {
        self.by_inode(inode).filter(|s| s.state == SYN_SENT && s.timer == 1).map(|s| s.expires)
    }

    /// Whether a thread that waits for input of this socket must have been woken.
    pub(crate) fn wakes(&self, inode: u32) -> bool {
        self.by_inode(inode).is_some_and(|socket| {
            socket.receive_queue > 0
                || (!socket.udp
                    && socket.state != LISTEN
                    && !matches!(socket.state, ESTABLISHED | SYN_SENT | FIN_WAIT_1 | FIN_WAIT_2))
        })
    }
}

/// Connections that wait at this port to be accepted: they have no inode yet, while one that
/// its program has closed is in a later state.
fn not_accepted(connections: &[Diag], port: u16) -> u32 {
    let waits = |socket: &&Diag| {
        socket.inode == 0 && socket.local.port() == port && matches!(socket.state, ESTABLISHED | CLOSE_WAIT)
    };
    connections.iter().filter(waits).count() as u32
}

fn unarrived(socket: &Diag, peer: &Diag) -> bool {
    let open =
        |s: &Diag| matches!(s.state, ESTABLISHED | FIN_WAIT_1 | FIN_WAIT_2 | CLOSE_WAIT | LAST_ACK | CLOSING);
    // A closed socket that only waits for our FIN has no counters, and takes nothing more.
    let forgotten = peer.inode == 0 && peer.state == FIN_WAIT_2;
    !forgotten
        && open(socket)
        && open(peer)
        && socket.inode != 0
        && socket.timer != ZERO_WINDOW
        && socket.written > peer.received
        || orphan_unsent(socket, peer)
}

/// A closed socket (inode 0) that still has bytes to deliver.
fn orphan_unsent(socket: &Diag, peer: &Diag) -> bool {
    socket.inode == 0
        && matches!(socket.state, FIN_WAIT_1 | CLOSING | LAST_ACK)
        && socket.timer != ZERO_WINDOW
        && socket.written > peer.received
}

fn fin_unseen(socket: &Diag, peer: &Diag) -> bool {
    matches!(socket.state, FIN_WAIT_1 | LAST_ACK | CLOSING)
        && socket.timer != ZERO_WINDOW
        && matches!(peer.state, ESTABLISHED | FIN_WAIT_1)
}
