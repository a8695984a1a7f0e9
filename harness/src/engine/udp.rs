//! Where the program and the harness meet over UDP: who is bound and who sends first, and
//! which peer a datagram belongs to. There is no handshake (RFC 768): a server is known by
//! its bound port, a client by its first datagram.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::OwnedFd;
use std::sync::Arc;

use super::cast::Cast;
use super::connection::Connection;
use super::datagrams::{AT_ONCE, bind, receive};
use super::error::{EngineError, Trying};
use super::machine::Machine;
use super::observer::Sockets;
use super::player::{Player, Receiver};
use super::scene::Scene;
use super::steps::Goes;
use super::wait::Look;
use crate::plan::PlannedScenario;
use crate::spec::{Connect, End, Send, Source, Transport};
use crate::transcript::{Actor, Datagrams, Event};

/// Where the C library's resolver asks for names (RFC 1035): no program of a student is there.
const DOMAIN: u16 = 53;

/// Ports that the kernel gives to sockets which ask for none (`ip_local_port_range`, ip(7)).
const EPHEMERAL: std::ops::RangeInclusive<u16> = 32_768..=60_999;

/// What goes nowhere is told up to here.
const TOLD: usize = 4096;

impl Scene<'_> {
    /// It is only to be seen what the program is.
    fn is_audition(&self) -> bool {
        self.plan.steps.is_empty()
    }

    /// A program has bound a UDP socket to a port of its choice.
    pub(crate) fn now_bound(&mut self, player: usize, address: SocketAddr) {
        let bound = &self.players[player];
        if bound.is_udp() && (bound.cast.end == End::Server || self.is_audition()) {
            self.now_serves(player, address);
        }
    }

    /// A program is about to send datagrams there: the harness must be there before they
    /// leave. `connect` alone sends nothing, and the C library calls it to compare addresses.
    pub(crate) fn about_to_send(&mut self, player: usize, address: SocketAddr, sends: bool) {
        let known = self.connections.iter().chain(&self.arrived).any(|peer| peer.local == address);
        let cast = self.players[player].cast;
        if known || (address.port() == DOMAIN && cast.port != DOMAIN) {
            return;
        }
        if cast.end == End::Server && !self.is_audition() {
            if sends && self.transcript.entries.len() < TOLD {
                let (ip, port) = (address.ip(), address.port());
                self.record_of(player, Actor::Program, Event::SentElsewhere { ip, port });
            }
            return;
        }
        let there = self.plan.scenario.listening && !self.left;
        let answered = there && self.players[player].receive_at(address);
        if sends {
            self.note_call(player, address, answered);
        }
    }

    fn note_call(&mut self, player: usize, address: SocketAddr, answered: bool) {
        if !self.players[player].called.contains(&address) {
            self.players[player].called.push(address);
            let (ip, port) = (address.ip(), address.port());
            self.record_of(player, Actor::Program, Event::Connects { ip, port, answered });
        }
    }

    /// Sorts the datagrams of a client to its peers, one for each address it sends from.
    pub(crate) fn take_datagrams(&mut self, player: usize) -> bool {
        let mut any = false;
        for index in 0..self.players[player].receivers.len() {
            let Receiver { at, socket } = self.players[player].receivers[index].clone();
            for (bytes, from) in std::iter::from_fn(|| receive(&socket)).take(AT_ONCE) {
                any = true;
                self.note_call(player, at, true);
                self.deliver(at, &socket, from, bytes);
            }
        }
        any | self.name_arrivals()
    }

    fn deliver(&mut self, at: SocketAddr, socket: &Arc<UdpSocket>, from: SocketAddr, bytes: Vec<u8>) {
        let own =
            |peer: &&mut Connection| peer.remote == from && peer.local.port() == at.port() && !peer.closed;
        if let Some(peer) = self.connections.iter_mut().rev().chain(&mut self.arrived).find(own) {
            return peer.deliver(bytes);
        }
        if self.arrived.len() >= AT_ONCE {
            return;
        }
        let mut peer = Connection::answering(socket.clone(), at, from);
        peer.deliver(bytes);
        self.arrived.push_back(peer);
    }

    /// A UDP peer of the harness: it has a socket, and nothing is sent by that.
    pub(crate) fn open_peer(&mut self, connect: &Connect, to: SocketAddr) -> Result<Goes, EngineError> {
        let Connect { connection, from, connected, .. } = connect;
        let peer = Connection::peer(connection, *from, to, *connected).trying("open a UDP socket")?;
        self.enter(peer);
        Ok(Goes::On)
    }

    /// Sends one datagram to the program.
    pub(crate) fn send_datagram(&mut self, send: &Send, bytes: &[u8]) -> Result<Goes, EngineError> {
        let actor = Actor::Connection(send.connection.clone());
        if send.other_port {
            self.player().network.enter()?;
            self.record(actor, Event::SentFromOtherPort(bytes.to_vec()));
            let Some(peer) = self.connection(&send.connection) else { return Ok(Goes::NoFurther) };
            let other = SocketAddr::new(peer.local.ip(), 0);
            let sent = bind(other).and_then(|socket| socket.send_to(bytes, peer.remote));
            sent.trying("send a datagram from another port")?;
            return Ok(Goes::On);
        }
        self.record(actor, Event::Sent(bytes.to_vec()));
        let mut trouble = None;
        let name = send.connection.clone();
        self.wait(self.plan.scenario.patience, &mut |scene, _| {
            let Some(peer) = scene.connection(&name) else { return Look::Done };
            match peer.send_datagram(bytes) {
                Ok(false) => Look::NotYet,
                Ok(true) => Look::Done,
                Err(error) => {
                    trouble = Some(error);
                    Look::Done
                }
            }
        });
        trouble.map_or(Ok(Goes::On), |error| Err(error).trying("send a datagram"))
    }

    /// What there is to tell of datagrams when something was heard.
    pub(crate) fn datagrams_at(&mut self, from: &Source) -> Option<Datagrams> {
        let Source::Connection(name) = from else { return None };
        let own = self.connection(name)?.post()?;
        let (unread, strange_ports) = (own.unread(), own.strange_ports.clone());
        let others = || self.connections.iter().filter(|peer| peer.name != *name);
        let named = |wanted: fn(usize, usize) -> bool| {
            let counted = others().filter_map(|peer| Some((peer.post()?, &peer.name)));
            let fitting = counted.filter(|(post, _)| wanted(post.sent, post.came));
            fitting.map(|(_, name)| name.clone()).collect()
        };
        Some(Datagrams {
            unread,
            astray: named(|sent, came| came > sent),
            owed: named(|sent, came| came < sent),
            strange_ports,
        })
    }

    /// Bound sockets of a program in the kernel's list, where calls cannot be told.
    pub(crate) fn bound_sockets(&self, player: &Player<'_>) -> Vec<SocketAddr> {
        let secluded = self.machine.secluded;
        let Ok(sockets) = Sockets::look(&player.diag, secluded) else { return Vec::new() };
        let wanted = |at: SocketAddr| {
            let chosen = secluded && at.port() != 0 && !EPHEMERAL.contains(&at.port());
            at.port() == player.cast.port || chosen
        };
        let ours = |at: SocketAddr| {
            player.receivers.iter().any(|receiver| receiver.at == at)
                || self.connections.iter().any(|peer| peer.local == at)
        };
        sockets.bound().map(|socket| socket.local).filter(|at| wanted(*at) && !ours(*at)).collect()
    }
}

impl Player<'_> {
    /// Opens a socket at an address the program sends to; whether one is there.
    fn receive_at(&mut self, address: SocketAddr) -> bool {
        let here = |receiver: &Receiver| receiver.at.port() == address.port() && receiver.takes(address.ip());
        if self.receivers.iter().any(here) {
            return true;
        }
        let socket = self.network.enter().ok().and_then(|()| bind(address).ok());
        let fine = socket.is_some();
        self.receivers.extend(socket.map(|socket| Receiver { at: address, socket: Arc::new(socket) }));
        fine
    }
}

impl Receiver {
    /// Whether datagrams to this address come here.
    fn takes(&self, ip: IpAddr) -> bool {
        self.at.ip() == ip || (self.at.ip().is_unspecified() && self.at.is_ipv4() == ip.is_ipv4())
    }
}

/// Where calls cannot be told, the harness is at the expected port from the start.
pub(crate) fn early_receivers(machine: &Machine, cast: &Cast, plan: &PlannedScenario) -> Vec<Receiver> {
    let udp = cast.launch.transport == Transport::Udp;
    let needed = udp && !machine.tells_calls && plan.scenario.listening && cast.end == End::Client;
    let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    let at = addresses.into_iter().filter(|_| needed).map(|ip| SocketAddr::new(ip, cast.port));
    at.filter_map(|at| Some(Receiver { at, socket: Arc::new(bind(at).ok()?) })).collect()
}

/// Takes a UDP port for another program.
pub(crate) fn take_port(port: u16) -> Option<OwnedFd> {
    let any = |ip: IpAddr| bind(SocketAddr::new(ip, port)).ok();
    any(Ipv6Addr::UNSPECIFIED.into()).or_else(|| any(Ipv4Addr::UNSPECIFIED.into())).map(OwnedFd::from)
}
