//! What the wires have carried, per direction between two players: all their connections
//! together, in order. The record of a step tells one direction after the other: what
//! several programs do at a time has no order that could be told.

use std::collections::BTreeMap;

use super::wire::{Direction, News};
use crate::engine::scene::Scene;
use crate::matching::parted;
use crate::spec;
use crate::transcript::{Actor, Event};

/// Every direction by the indices of sender and receiver in the plan.
pub(crate) type Streams = BTreeMap<(usize, usize), Stream>;

/// One direction between two players.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    /// Everything that was sent.
    bytes: Vec<u8>,
    /// Where that of another step begins.
    starts: Vec<usize>,
    /// How much of it the expectations have taken.
    mark: usize,
    /// Its last connection has ended with a FIN.
    pub(crate) fin: bool,
    /// Its last connection was reset.
    pub(crate) reset: bool,
    /// What has happened since it was last written down.
    news: Vec<Event>,
}

impl Stream {
    /// What no expectation has taken.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.bytes[self.mark..]
    }

    /// Everything that was sent, or only what no expectation has taken, parted where one step
    /// ended and another began.
    pub(crate) fn parted(&self, unread: bool) -> Vec<u8> {
        let first = if unread { self.mark } else { 0 };
        let inner = self.starts.iter().copied().filter(move |start| *start > first);
        let starts = std::iter::once(first).chain(inner.clone());
        let ends = inner.chain([self.bytes.len()]);
        parted(starts.zip(ends).map(|(start, end)| &self.bytes[start..end]))
    }

    /// An expectation takes so many bytes.
    pub(crate) fn consume(&mut self, used: usize) {
        self.mark = (self.mark + used).min(self.bytes.len());
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Bytes(bytes) => {
                if !self.news.iter().any(|event| matches!(event, Event::Carried(_))) {
                    self.starts.push(self.bytes.len());
                }
                self.bytes.extend_from_slice(&bytes);
                match self.news.last_mut() {
                    Some(Event::Carried(before)) => before.extend(bytes),
                    _ => self.news.push(Event::Carried(bytes)),
                }
            }
            News::Fin => {
                self.fin = true;
                self.news.push(Event::CarriedFin);
            }
            News::Reset => {
                self.reset = true;
                self.news.push(Event::CarriedReset);
            }
        }
    }
}

impl Scene<'_> {
    /// A direction of the wire, if there ever was a connection between the two.
    pub(crate) fn stream(&mut self, wire: &spec::Wire) -> Option<&mut Stream> {
        self.streams.get_mut(&self.direction(wire))
    }

    /// Sender and receiver of a direction, by their indices in the plan.
    pub(crate) fn direction(&self, wire: &spec::Wire) -> (usize, usize) {
        let scenario = &self.plan.scenario;
        (scenario.player_at(Some(&wire.from)), scenario.player_at(Some(&wire.to)))
    }

    /// A connection between two players is open.
    pub(super) fn opened(&mut self, client: usize, server: usize) {
        let (client, server) = (self.players[client].part, self.players[server].part);
        for key in [(client, server), (server, client)] {
            let stream = self.streams.entry(key).or_default();
            (stream.fin, stream.reset) = (false, false);
        }
        if let Some(stream) = self.streams.get_mut(&(client, server)) {
            stream.news.push(Event::Opened);
        }
    }

    /// Notes what a program has sent.
    pub(super) fn note(&mut self, wire: usize, direction: Direction, news: Vec<News>) {
        let wire = &self.wires[wire];
        let (client, server) = (self.players[wire.client()].part, self.players[wire.server()].part);
        let key = if direction == Direction::Onward { (client, server) } else { (server, client) };
        let stream = self.streams.entry(key).or_default();
        news.into_iter().for_each(|news| stream.hear(news));
    }

    /// Resets every connection between two players.
    pub(crate) fn cut(&mut self, wire: &spec::Wire) {
        let key = self.direction(wire);
        let parts: Vec<usize> = self.players.iter().map(|player| player.part).collect();
        for wire in self.wires.iter_mut().filter(|wire| wire.is_open()) {
            let ends = (parts[wire.client()], parts[wire.server()]);
            if ends == key || ends == (key.1, key.0) {
                wire.cut();
            }
        }
        self.record(Actor::Wire(wire.to_string()), Event::Cut);
    }

    /// Writes down what the wires have carried under the current step: what the player of
    /// the step sent, then the others in the order of the plan.
    pub(crate) fn write_wires_down(&mut self) {
        let lead = self.player().part;
        let mut keys: Vec<(usize, usize)> = self.streams.keys().copied().collect();
        keys.sort_by_key(|(from, to)| (*from != lead, *from, *to));
        for key in keys {
            let news = self.streams.get_mut(&key).map(|stream| std::mem::take(&mut stream.news));
            let players = &self.plan.scenario.players;
            let name = format!("{}>{}", players[key.0].name, players[key.1].name);
            let at = self.began.elapsed();
            for event in news.into_iter().flatten() {
                self.transcript.entries.push(crate::transcript::Entry {
                    step: self.step,
                    player: key.0,
                    actor: Actor::Wire(name.clone()),
                    event,
                    at,
                });
            }
        }
    }
}
