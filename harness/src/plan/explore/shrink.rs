//! Making a session smaller while it still shows what it has shown: first moves are left out,
//! the larger groups before the smaller ones (delta debugging, Zeller and Hildebrandt 2002),
//! then what is left is made simpler.

use super::session::{Grammar, Manner, Move, Session};
use crate::spec::{Generator, Leave};

/// Says which of some sessions still shows the difference: the first of them, in order.
pub trait Trial {
    /// The index of the first session that does; nothing too where no more may be tried.
    fn first(&mut self, sessions: &[Session]) -> Option<usize>;
}

/// The smallest session that is found on the way from one that shows a difference.
pub fn shrink(grammar: Grammar<'_>, session: Session, trial: &mut dyn Trial) -> Session {
    let mut shrinker = Shrinker { grammar, session, trial };
    loop {
        let before = shrinker.session.clone();
        shrinker.without_moves();
        shrinker.with_fewer_clients();
        shrinker.simpler();
        if shrinker.session == before {
            return before;
        }
    }
}

struct Shrinker<'a> {
    grammar: Grammar<'a>,
    session: Session,
    trial: &'a mut dyn Trial,
}

impl Shrinker<'_> {
    /// Goes on with the first of these sessions that the grammar allows and that shows it.
    fn take(&mut self, candidates: Vec<Session>) -> bool {
        let sound = |candidate: &Session| *candidate != self.session && self.grammar.allows(candidate);
        let candidates: Vec<Session> = candidates.into_iter().filter(sound).collect();
        let found = if candidates.is_empty() { None } else { self.trial.first(&candidates) };
        let Some(found) = found.and_then(|index| candidates.into_iter().nth(index)) else { return false };
        self.session = found;
        true
    }

    /// Leaves out groups of moves, the larger before the smaller.
    fn without_moves(&mut self) {
        let mut size = self.session.moves.len().div_ceil(2);
        while size > 0 {
            let moves = &self.session.moves;
            let without = |start: usize| {
                let end = (start + size).min(moves.len());
                Session { moves: [&moves[..start], &moves[end..]].concat() }
            };
            // A client is left out with all it does, whatever stands between.
            let all = (0..moves.len()).step_by(size).map(without).chain(self.without_client(size));
            let candidates = all.collect();
            if !self.take(candidates) {
                size /= 2;
            }
            size = size.min(self.session.moves.len());
        }
    }

    fn without_client(&self, size: usize) -> Vec<Session> {
        let clients = self.session.moves.iter().filter(|m| matches!(m, Move::Come { .. }));
        let without = |client: usize| {
            let others = self.session.moves.iter().filter(|m| m.client() != client);
            Session { moves: others.cloned().collect() }
        };
        clients.map(|m| without(m.client())).filter(|_| size > 1).collect()
    }

    /// What two clients do is done by one.
    fn with_fewer_clients(&mut self) {
        while {
            let clients: Vec<usize> = self
                .session
                .moves
                .iter()
                .filter(|m| matches!(m, Move::Come { .. }))
                .map(Move::client)
                .collect();
            let candidates = clients.windows(2).map(|pair| self.merged(pair[0], pair[1])).collect();
            self.take(candidates)
        } {}
    }

    fn merged(&self, one: usize, other: usize) -> Session {
        let mut moves = Vec::new();
        for m in &self.session.moves {
            let comes = matches!(m, Move::Come { client } if *client == other);
            let goes = m.client() == one && matches!(m, Move::Go { .. });
            if !comes && !goes {
                let mut m = m.clone();
                if m.client() == other {
                    *m.client_mut() = one;
                }
                moves.push(m);
            }
        }
        Session { moves }
    }

    /// Makes what is asked simpler, move by move.
    fn simpler(&mut self) {
        let mut index = 0;
        while index < self.session.moves.len() {
            let variants = self.variants(&self.session.moves[index]);
            let with = |m: Move| {
                let mut session = self.session.clone();
                session.moves[index] = m;
                session
            };
            let candidates = variants.into_iter().map(with).collect();
            if !self.take(candidates) {
                index += 1;
            }
        }
    }

    /// Simpler moves in the place of one, the simplest first.
    fn variants(&self, m: &Move) -> Vec<Move> {
        match m {
            Move::Go { client, how: Leave::Reset } => {
                vec![Move::Go { client: *client, how: Leave::Close }]
            }
            Move::Ask { client, exchange, values, pieces, manner } => {
                let ask = |values: Vec<(String, String)>, pieces: Vec<usize>, manner| Move::Ask {
                    client: *client,
                    exchange: *exchange,
                    values,
                    pieces,
                    manner,
                };
                let mut variants = Vec::new();
                if *manner != Manner::Plain {
                    variants.push(ask(values.clone(), pieces.clone(), Manner::Plain));
                }
                if !pieces.is_empty() {
                    variants.push(ask(values.clone(), Vec::new(), *manner));
                    variants.push(ask(values.clone(), pieces[..1].to_vec(), *manner));
                    variants.push(ask(values.clone(), pieces[..pieces.len() - 1].to_vec(), *manner));
                }
                for values in self.simpler_values(*exchange, values) {
                    variants.push(ask(values, pieces.clone(), *manner));
                }
                variants.retain(|variant| variant != m);
                variants
            }
            Move::Come { .. } | Move::Go { .. } => Vec::new(),
        }
    }

    fn simpler_values(&self, exchange: usize, values: &[(String, String)]) -> Vec<Vec<(String, String)>> {
        let Some(exchange) = self.grammar.exchange(exchange) else { return Vec::new() };
        let mut found = Vec::new();
        for (index, (_, generator)) in exchange.draws.iter().enumerate() {
            let Some((_, value)) = values.get(index) else { continue };
            for simpler in simpler(generator, value) {
                let mut values = values.to_vec();
                values[index].1 = simpler;
                multiply(&exchange.draws, &mut values);
                found.push(values);
            }
        }
        found
    }
}

/// Products follow their factors.
fn multiply(draws: &[(String, Generator)], values: &mut [(String, String)]) {
    for (index, (_, generator)) in draws.iter().enumerate() {
        let Generator::Product(first, second) = generator else { continue };
        let factor = |name: &String| {
            let found = values.iter().find(|(known, _)| known == name);
            found.and_then(|(_, value)| value.parse::<i128>().ok()).unwrap_or_default()
        };
        let product = factor(first) * factor(second);
        if let Some(value) = values.get_mut(index) {
            value.1 = product.to_string();
        }
    }
}

/// Simpler values that a generator may draw, the simplest first.
pub(super) fn simpler(generator: &Generator, value: &str) -> Vec<String> {
    let letters: Vec<char> = value.chars().collect();
    let mut found: Vec<String> = match generator {
        Generator::Integer(first, last) => {
            let Ok(value) = value.parse::<i64>() else { return Vec::new() };
            let distance = i128::from(value) - i128::from(0.clamp(*first, *last));
            halves(distance).map(|part| (i128::from(value) - part).to_string()).collect()
        }
        Generator::OneOf(choices) => choices.iter().take_while(|choice| *choice != value).cloned().collect(),
        Generator::Word(_) => shorter(&letters, 'a'),
        Generator::Printable(_) => shorter(&letters, 'a'),
        Generator::Korean(_) => shorter(&letters, '가'),
        Generator::Product(..) => Vec::new(),
    };
    found.retain(|simpler| simpler != value && !simpler.is_empty());
    found.dedup();
    found
}

/// All of a distance, its half, the half of that, … down to one.
fn halves(distance: i128) -> impl Iterator<Item = i128> {
    std::iter::successors(Some(distance), |part| Some(part / 2)).take_while(|part| *part != 0)
}

/// Shorter texts that begin and end with no blank, and the plainest of the same length.
fn shorter(letters: &[char], plainest: char) -> Vec<String> {
    let length = letters.len();
    let fronts = halves(length as i128 - 1).map(|part| &letters[..length - part as usize]);
    let backs = [&letters[length / 2..], &letters[1.min(length)..]];
    let texts = fronts.chain(backs).map(|part| part.iter().collect());
    let plain: String = letters.iter().map(|_| plainest).collect();
    let mut found: Vec<String> = texts.chain([plain]).collect();
    found.retain(|text: &String| text.trim() == text);
    found
}
