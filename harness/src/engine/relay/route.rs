//! Who is connected with whom.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::wire::{Direction, Wire};
use crate::engine::connection::{Attempt, Connection};
use crate::engine::observer::Sockets;
use crate::engine::player::Player;
use crate::engine::scene::Scene;
use crate::engine::steps::reachable;
use crate::engine::sys::Notification;
use crate::spec::Carriage;
use crate::transcript::{Actor, Event};

/// A call of connect that was let go on, or will be.
#[derive(Debug)]
pub(crate) struct Route {
    /// Where the program connects.
    at: SocketAddr,
    /// The player who serves it.
    server: usize,
    /// Its connection has come.
    taken: bool,
}

impl Scene<'_> {
    /// A program of several is about to connect: whoever serves there is to be found first.
    /// Where nobody does yet the call waits.
    pub(crate) fn connect_through(&mut self, client: usize, call: (Notification, SocketAddr)) {
        let (notification, at) = call;
        let calls_itself = self.players[client].listens().iter().any(|own| own.port() == at.port());
        if calls_itself {
            return self.let_go(client, &notification, at, true);
        }
        match self.server_for(client, at) {
            Some(server) => self.lead_to(server, client, &(notification, at)),
            None => self.players[client].held.push((notification, at)),
        }
    }

    /// Lets a call go on, to a player who serves.
    fn lead_to(&mut self, server: usize, client: usize, call: &(Notification, SocketAddr)) {
        let (notification, at) = call;
        let answered = self.players[client].listen_at(*at);
        if answered {
            self.players[client].routes.push(Route { at: *at, server, taken: false });
        }
        self.let_go(client, notification, *at, answered);
    }

    fn let_go(&mut self, client: usize, notification: &Notification, at: SocketAddr, answered: bool) {
        let player = &mut self.players[client];
        player.called.push(at);
        if let Some(notifier) = &player.program.notifier {
            notifier.proceed(notification);
        }
        let event = Event::Connects { ip: at.ip(), port: at.port(), answered };
        self.record_of(client, Actor::Program, event);
    }

    /// Lets a call that waits go on where somebody serves by now; whether one could. The next
    /// follows when this one is connected: whoever came first is first at the server, too.
    pub(crate) fn retry_held(&mut self) -> bool {
        let under_way = |player: &Player<'_>| {
            player.program.ended.is_none() && player.routes.iter().any(|route| !route.taken)
        };
        if self.players.iter().any(under_way) {
            return false;
        }
        for client in 0..self.players.len() {
            for index in 0..self.players[client].held.len() {
                let at = self.players[client].held[index].1;
                if let Some(server) = self.server_for(client, at) {
                    let call = self.players[client].held.remove(index);
                    self.lead_to(server, client, &call);
                    return true;
                }
            }
        }
        false
    }

    /// All are still, so nobody will listen where a call waits: where one player serves at all, at
    /// another port, it is meant. One call at a time, in the order of the players.
    pub(crate) fn lead_elsewhere(&mut self) -> bool {
        for client in 0..self.players.len() {
            let Some(server) = self.only_server(client) else { continue };
            let held = &mut self.players[client].held;
            if !held.is_empty() {
                let call = held.remove(0);
                self.lead_to(server, client, &call);
                return true;
            }
        }
        false
    }

    /// All are still and nobody will listen: the calls that wait are refused.
    pub(crate) fn refuse_held(&mut self) -> bool {
        let mut any = false;
        for client in 0..self.players.len() {
            for (notification, at) in std::mem::take(&mut self.players[client].held) {
                self.accept(client);
                self.players[client].listeners.retain(|(address, _)| *address != at);
                self.let_go(client, &notification, at, false);
                any = true;
            }
        }
        any
    }

    /// The others who serve, with where they listen.
    fn serving(&self, client: usize) -> Vec<(usize, Vec<SocketAddr>)> {
        let others = (0..self.players.len()).filter(|index| *index != client);
        let listens = others.map(|index| (index, self.players[index].listens()));
        listens.filter(|(_, listens)| !listens.is_empty()).collect()
    }

    /// The player who serves an address: one who listens at its port, each once in the order
    /// of connecting.
    fn server_for(&self, client: usize, at: SocketAddr) -> Option<usize> {
        let at_port: Vec<usize> = self
            .serving(client)
            .into_iter()
            .filter(|(_, listens)| listens.iter().any(|address| address.port() == at.port()))
            .map(|(index, _)| index)
            .collect();
        let routes = &self.players[client].routes;
        let known = routes.iter().find(|route| route.at == at && !at.ip().is_loopback());
        if let Some(known) = known.filter(|route| at_port.contains(&route.server)) {
            return Some(known.server);
        }
        let times = |server: &usize| routes.iter().filter(|route| route.server == *server).count();
        at_port.into_iter().min_by_key(times)
    }

    /// The only other one who serves at all.
    fn only_server(&self, client: usize) -> Option<usize> {
        match self.serving(client).as_slice() {
            [(only, _)] => Some(*only),
            _ => None,
        }
    }

    /// A program has connected to where the harness answers for another one.
    pub(crate) fn join(&mut self, client: usize, at: SocketAddr, mut near: Connection) {
        let routes = &mut self.players[client].routes;
        let route = routes.iter_mut().find(|route| route.at == at && !route.taken);
        let server = match route {
            Some(route) => {
                route.taken = true;
                Some(route.server)
            }
            None => self.server_for(client, at).or_else(|| self.only_server(client)),
        };
        let far = server.and_then(|server| Some((server, self.connect_on(near.remote, at, server)?)));
        let Some((server, mut far)) = far else { return near.abort() };
        (near.player, far.player) = (client, server);
        self.bind_ends(client, server, &far);
        self.opened(client, server);
        let bytewise = [server, client].map(|receiver| self.is_bytewise(receiver));
        self.wires.push(Wire::new(near, far, bytewise));
    }

    /// What goes to a player is handed over byte by byte.
    fn is_bytewise(&self, receiver: usize) -> bool {
        let scenario = &self.plan.scenario;
        let to_it = |name: &String| scenario.players[self.players[receiver].part].name == *name;
        scenario.wire == Carriage::Bytes && scenario.wire_to.as_ref().is_none_or(to_it)
    }

    /// Connects in the network of the one who serves.
    fn connect_on(&self, from: SocketAddr, at: SocketAddr, server: usize) -> Option<Connection> {
        let player = &self.players[server];
        let listens = player.listens();
        let at_port = || listens.iter().filter(|address| address.port() == at.port());
        let address = at_port().find(|a| a.is_ipv4()).or_else(|| at_port().next()).or(listens.first())?;
        player.network.enter().ok()?;
        match Connection::open_as(from, reachable(*address)).ok()? {
            Attempt::Open(connection) => Some(*connection),
            // A listener on `::` that takes no IPv4 clients.
            Attempt::Refused if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) => {
                let to = SocketAddr::new(Ipv6Addr::LOCALHOST.into(), address.port());
                match Connection::open_as(from, to).ok()? {
                    Attempt::Open(connection) => Some(*connection),
                    Attempt::Refused => None,
                }
            }
            Attempt::Refused => None,
        }
    }

    /// The source address of a connection, as the one who serves sees it.
    fn bind_ends(&mut self, client: usize, server: usize, far: &Connection) {
        for (index, address) in [(client, far.local), (server, far.remote)] {
            let name = &self.plan.scenario.players[self.players[index].part].name;
            let (ip, port) = (format!("{name}.ip"), format!("{name}.port"));
            self.bind(ip, address.ip().to_string());
            self.bind(port, address.port().to_string());
        }
    }

    /// Carries everything that can be carried now; whether anything moved.
    pub(crate) fn carry(&mut self) -> bool {
        let mut any = false;
        for index in 0..self.wires.len() {
            for direction in Direction::BOTH {
                let news = self.wires[index].take(direction);
                any |= !news.is_empty();
                self.note(index, direction, news);
            }
            for direction in Direction::BOTH {
                any |= self.wires[index].hand_over(direction);
            }
        }
        any
    }
}

impl Player<'_> {
    /// Where it listens now.
    fn listens(&self) -> Vec<SocketAddr> {
        if self.serving.is_empty() || self.program.ended.is_some() {
            return Vec::new();
        }
        let Ok(sockets) = Sockets::look(&self.diag, true) else { return Vec::new() };
        let listens = |at: &&SocketAddr| sockets.listening().any(|socket| socket.local == **at);
        self.serving.iter().filter(listens).copied().collect()
    }
}
