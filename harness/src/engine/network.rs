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
    /// A network made before it is needed.
    static SPARE: std::cell::Cell<Option<File>> = const { std::cell::Cell::new(None) };
}

impl Network {
    /// A private network, loopback up; the calling thread is left in it.
    pub(crate) fn create() -> Result<Self, EngineError> {
        if let Some(file) = SPARE.take() {
            enter(&file)?;
            return Ok(Self::Private(file));
        }
        make().map(Self::Private)
    }

    /// Makes the network of the thread's next scenario while the program of this one starts:
    /// the time is there anyway. The calling thread is left in this network.
    pub(crate) fn provide_next(&self) -> Result<(), EngineError> {
        if matches!(self, Self::Shared) {
            return Ok(());
        }
        SPARE.set(Some(make()?));
        self.enter()
    }

    /// Gives programs that connect from here, where the calling thread is, ports of their own:
    /// what several networks have in common, each connection can then keep its own port.
    pub(crate) fn use_ports(&self, first: u16, last: u16) {
        if matches!(self, Self::Private(_)) {
            // Where /proc/sys is read-only ports may coincide, and rarely do.
            let _ = fs::write("/proc/sys/net/ipv4/ip_local_port_range", format!("{first} {last}"));
        }
    }

    /// Keeps these ports from sockets that ask for none, here, where the calling thread is. A UDP
    /// client whose own port were by chance the one it sends to would hear itself, and nobody
    /// else (ip(7), ip_local_reserved_ports).
    pub(crate) fn reserve(&self, ports: [u16; 2]) {
        if matches!(self, Self::Private(_)) {
            // Where /proc/sys is read-only it happens once in 28 thousand times.
            let [one, other] = ports;
            let _ = fs::write("/proc/sys/net/ipv4/ip_local_reserved_ports", format!("{one},{other}"));
        }
    }

    /// Moves the calling thread into this network.
    pub(crate) fn enter(&self) -> Result<(), EngineError> {
        match self {
            Self::Private(file) => enter(file),
            Self::Shared => Ok(()),
        }
    }
}

/// Makes a network, loopback up, and leaves the calling thread in it.
fn make() -> Result<File, EngineError> {
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
    File::open(OWN).trying("open the thread's network namespace")
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
