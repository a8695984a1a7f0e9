//! Drawing sessions: the same seed and number give the same session on every machine.

use super::script::first_message;
use super::session::{Grammar, Manner, Move, Session};
use crate::plan::dice::{Dice, Stream, draw};
use crate::spec::{Generator, Leave, Serves};

/// Numbers that programs stumble over.
const EDGES: [i64; 12] = [0, 1, -1, 2, 9, 10, 11, 99, 100, 255, 256, 1000];

/// Draws the session of a number.
pub fn sow(grammar: Grammar<'_>, seed: u64, number: usize) -> Session {
    let place = format!("{}/{}/explore", grammar.exercise, grammar.exploration.role);
    let dice = Stream::new(seed, &place).part(&number.to_string()).dice();
    let mut sower = Sower { grammar, dice, moves: Vec::new() };
    let liberties = grammar.liberties();
    let (least, most) = liberties.connections;
    let clients = sower.between(least, most);
    match liberties.serves {
        Serves::One | Serves::InTurn => sower.in_turn(clients),
        Serves::AtOnce => sower.at_once(clients),
    }
    Session { moves: sower.moves }
}

struct Sower<'a> {
    grammar: Grammar<'a>,
    dice: Dice,
    moves: Vec<Move>,
}

impl Sower<'_> {
    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.dice.below((most.max(least) - least + 1) as u64) as usize
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.dice.below(times) == 0
    }

    /// One client after another; the next may come while one is served.
    fn in_turn(&mut self, clients: usize) {
        let (least, most) = self.grammar.liberties().requests;
        let mut come = 0;
        for client in 0..clients {
            if come == client {
                self.moves.push(Move::Come { client });
                come += 1;
            }
            let requests = self.between(least, most);
            let early = (self.grammar.liberties().queued && client + 1 < clients && self.one_in(2))
                .then(|| self.between(0, requests));
            for request in 0..=requests {
                if early == Some(request) {
                    self.moves.push(Move::Come { client: client + 1 });
                    come += 1;
                }
                if self.goes(client, request == requests) {
                    break;
                }
            }
            // One that left before its time took the next one's coming with it.
            if early.is_some() && come == client + 1 {
                self.moves.push(Move::Come { client: client + 1 });
                come += 1;
            }
        }
    }

    /// Several at once, whoever has the turn.
    fn at_once(&mut self, clients: usize) {
        let (least, most) = self.grammar.liberties().requests;
        let mut here: Vec<(usize, usize)> = Vec::new();
        let mut come = 0;
        while come < clients || !here.is_empty() {
            if come < clients && (here.is_empty() || self.one_in(2)) {
                self.moves.push(Move::Come { client: come });
                here.push((come, self.between(least, most)));
                come += 1;
                continue;
            }
            let turn = self.between(0, here.len() - 1);
            let (client, left) = here[turn];
            if self.goes(client, left == 0) {
                here.remove(turn);
            } else {
                here[turn].1 -= 1;
            }
        }
    }

    /// What a client does next; whether it is gone then.
    fn goes(&mut self, client: usize, done: bool) -> bool {
        if !done {
            let ask = self.ask(client);
            let leaves = ask.leaves();
            self.moves.push(ask);
            return leaves;
        }
        if self.grammar.liberties().half_close && self.one_in(3) {
            let last = self.moves.iter_mut().rev().find(|m| m.client() == client);
            if let Some(Move::Ask { manner: manner @ Manner::Plain, pieces, .. }) = last {
                *manner = Manner::HalfClosed;
                pieces.clear();
            }
        }
        let how = self.way(&self.grammar.liberties().leave.clone());
        self.moves.push(Move::Go { client, how });
        true
    }

    fn way(&mut self, ways: &[Leave]) -> Leave {
        let index = self.dice.below(ways.len() as u64) as usize;
        ways.get(index).copied().unwrap_or(Leave::Close)
    }

    fn ask(&mut self, client: usize) -> Move {
        let grammar = self.grammar;
        let all = 0..grammar.exploration.exchanges.len();
        let allowed: Vec<usize> = all.filter(|index| grammar.exchange(*index).is_some()).collect();
        let exchange = allowed[self.between(0, allowed.len().saturating_sub(1))];
        let mut values = Vec::new();
        for (name, generator) in &grammar.exploration.exchanges[exchange].draws {
            let value = self.value(generator, &values);
            values.push((name.clone(), value));
        }
        let liberties = grammar.liberties();
        let manner = if !liberties.abandon.is_empty() && self.one_in(6) {
            Manner::Abandoned(self.way(&liberties.abandon))
        } else {
            Manner::Plain
        };
        let pieces = if liberties.segments && manner == Manner::Plain && self.one_in(3) {
            let message = first_message(&grammar.exploration.exchanges[exchange], &values);
            self.cuts(&message.unwrap_or_default())
        } else {
            Vec::new()
        };
        Move::Ask { client, exchange, values, pieces, manner }
    }

    /// A value, now and then one at an edge of what may be drawn; a text is at most so long.
    fn value(&mut self, generator: &Generator, drawn: &[(String, String)]) -> String {
        let edge = self.one_in(4);
        let generator = match generator {
            Generator::Integer(first, last) if edge => {
                let inside = EDGES.iter().filter(|edge| (first..=last).contains(edge));
                let all: Vec<i64> = inside.copied().chain([*first, *last]).collect();
                let one = all[self.between(0, all.len() - 1)];
                Generator::Integer(one, one)
            }
            Generator::Word(most) => Generator::Word(self.between(1, *most)),
            Generator::Printable(most) => Generator::Printable(self.between(1, *most)),
            Generator::Korean(most) => Generator::Korean(self.between(1, *most)),
            other => other.clone(),
        };
        let stream = Stream::new(self.dice.next(), "value");
        draw(&generator, stream, drawn)
    }

    /// Sizes of up to four segments of a message; no letter is cut through.
    fn cuts(&mut self, message: &str) -> Vec<usize> {
        let mut places: Vec<usize> = message.char_indices().map(|(at, _)| at).skip(1).collect();
        if !places.is_empty() && places.len() < 40 && self.one_in(4) {
            places.push(message.len());
        } else {
            let wanted = self.between(1, 3).min(places.len());
            let mut chosen: Vec<usize> = Vec::new();
            for _ in 0..wanted {
                chosen.push(places[self.between(0, places.len() - 1)]);
            }
            chosen.sort_unstable();
            chosen.dedup();
            places = chosen;
        }
        let before = std::iter::once(0).chain(places.iter().copied());
        let mut sizes: Vec<usize> = places.iter().zip(before).map(|(at, before)| at - before).collect();
        if places.last() == Some(&message.len()) {
            sizes.pop();
        }
        sizes
    }
}
