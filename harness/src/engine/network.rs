//! Private networks: one network namespace per program, made on the thread of its
//! scenario. The thread moves between them; a socket belongs to the namespace its
//! thread was in when it was made.

use std::fs::{self, File};
use std::os::fd::AsFd;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::error::{EngineError, Trying};
use super::sys;

/// The namespace of the calling thread. `/proc/self` would be the main thread's.
const OWN: &str = "/proc/thread-self/ns/net";

/// Settings of a network from which scenarios' networks are made: small tables of
/// their own, so that listing sockets takes microseconds (Linux 6.1).
const SEED_SETTINGS: [(&str, &str); 2] = [
    ("/proc/sys/net/ipv4/tcp_child_ehash_entries", "64"),
    ("/proc/sys/net/ipv4/udp_child_hash_entries", "128"),
];

/// Settings of every scenario's network.
const SETTINGS: [(&str, &str); 1] = [("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0")];

/// A network in which a program lives.
#[derive(Debug)]
pub(crate) enum Network {
    /// Its own namespace.
    Private(File),
    /// The machine's.
    Shared,
}

thread_local! {
    /// The network this thread makes others from.
    static SEED: std::cell::OnceCell<File> = const { std::cell::OnceCell::new() };
}

impl Network {
    /// Makes a private network, loopback up, and leaves the calling thread in it.
    pub(crate) fn create() -> Result<Self, EngineError> {
        SEED.with(|seed| {
            if let Some(file) = seed.get() {
                enter(file)
            } else {
                unshare()?;
                for (path, value) in SEED_SETTINGS {
                    // Missing before Linux 6.1: listing sockets is slower then, no more.
                    let _ = fs::write(path, value);
                }
                let file = File::open(OWN).trying("open the thread's network namespace")?;
                let _ = seed.set(file);
                Ok(())
            }
        })?;
        unshare()?;
        sys::loopback_up().trying("bring the loopback device up")?;
        // Only programs with hard-coded addresses need it.
        let _ = sys::local_everywhere();
        for (path, value) in SETTINGS {
            // Where /proc/sys is read-only (containers) low ports need root.
            let _ = fs::write(path, value);
        }
        Ok(Self::Private(File::open(OWN).trying("open the thread's network namespace")?))
    }

    /// Moves the calling thread into this network.
    pub(crate) fn enter(&self) -> Result<(), EngineError> {
        match self {
            Self::Private(file) => enter(file),
            Self::Shared => Ok(()),
        }
    }
}

/// A TCP port that nobody uses now.
pub fn free_port() -> Option<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).ok()?;
    listener.local_addr().ok().map(|at| at.port())
}

fn enter(file: &File) -> Result<(), EngineError> {
    move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
        .trying("enter a network namespace")
}

fn unshare() -> Result<(), EngineError> {
    sys::unshare_network().trying("make a network namespace")
}
