//! A session: who comes, what they ask, how they leave; and whether the grammar allows it.

use std::collections::BTreeMap;

use crate::spec::{Concept, Exchange, Exploration, Leave, Liberties, Serves, Tier};

/// The grammar of the sessions of one search.
#[derive(Debug, Clone, Copy)]
pub struct Grammar<'a> {
    /// The exercise.
    pub exercise: &'a str,
    /// What the spec says.
    pub exploration: &'a Exploration,
    /// Whether clients do what lies beyond the handout.
    pub tier: Tier,
}

/// What clients do with a program, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session {
    /// One after another.
    pub moves: Vec<Move>,
}

/// One thing that a client does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// It connects.
    Come {
        /// Its number.
        client: usize,
    },
    /// It asks.
    Ask {
        /// Its number.
        client: usize,
        /// Which exchange of the grammar it is.
        exchange: usize,
        /// What was drawn for it.
        values: Vec<(String, String)>,
        /// Sizes of the segments of its first message; whole where there are none.
        pieces: Vec<usize>,
        /// How it asks.
        manner: Manner,
    },
    /// It leaves.
    Go {
        /// Its number.
        client: usize,
        /// How.
        how: Leave,
    },
}

/// How a client asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It awaits the reply.
    Plain,
    /// It ends its own direction with the request, and awaits the reply.
    HalfClosed,
    /// It leaves without the reply.
    Abandoned(Leave),
}

impl Move {
    /// Who does it.
    pub fn client(&self) -> usize {
        match self {
            Self::Come { client } | Self::Ask { client, .. } | Self::Go { client, .. } => *client,
        }
    }

    pub(super) fn client_mut(&mut self) -> &mut usize {
        match self {
            Self::Come { client } | Self::Ask { client, .. } | Self::Go { client, .. } => client,
        }
    }

    /// The client is gone after it.
    pub(super) fn leaves(&self) -> bool {
        matches!(self, Self::Go { .. } | Self::Ask { manner: Manner::Abandoned(_), .. })
    }
}

impl Session {
    /// Sessions one after another, as one.
    pub fn joined(sessions: impl IntoIterator<Item = Session>) -> Self {
        let mut whole = Self::default();
        let mut clients = 0;
        for mut session in sessions {
            session.moves.iter_mut().for_each(|m| *m.client_mut() += clients);
            clients = session.moves.iter().map(|m| m.client() + 1).max().unwrap_or(clients);
            whole.moves.extend(session.moves);
        }
        whole
    }

    /// The session up to and with a move.
    #[must_use]
    pub fn until(&self, last: usize) -> Self {
        Self { moves: self.moves.iter().take(last + 1).cloned().collect() }
    }

    /// The idea of the course it is about: the rarest thing that happens in it.
    pub fn concept(&self, grammar: Grammar<'_>) -> Concept {
        let any = |fits: &dyn Fn(&Move) -> bool| self.moves.iter().any(fits);
        let asks = |m: &Move| match m {
            Move::Ask { exchange, .. } => grammar.exploration.exchanges.get(*exchange).map(|e| e.concept),
            _ => None,
        };
        let clients = self.moves.iter().filter(|m| matches!(m, Move::Come { .. })).count();
        if any(&|m| matches!(m, Move::Ask { pieces, .. } if !pieces.is_empty())) {
            Concept::PartialRead
        } else if any(&|m| leaving(m) == Some(Leave::Reset)) {
            Concept::Reset
        } else if any(&|m| matches!(m, Move::Ask { manner, .. } if *manner != Manner::Plain)) {
            Concept::Eof
        } else if clients > 1 {
            let at_once = grammar.liberties().serves == Serves::AtOnce;
            if at_once { Concept::Concurrency } else { Concept::Lifecycle }
        } else {
            self.moves.iter().rev().find_map(asks).unwrap_or(Concept::Lifecycle)
        }
    }

    /// The tier it belongs to: within the handout where the grammar of that allows it.
    pub fn tier(&self, grammar: Grammar<'_>) -> Tier {
        let basic = Grammar { tier: Tier::Basic, ..grammar };
        if basic.allows(self) { Tier::Basic } else { Tier::Robust }
    }
}

fn leaving(m: &Move) -> Option<Leave> {
    match m {
        Move::Go { how, .. } | Move::Ask { manner: Manner::Abandoned(how), .. } => Some(*how),
        _ => None,
    }
}

/// A client that is there.
#[derive(Debug, Default)]
struct Guest {
    asked: usize,
    half_closed: bool,
}

impl<'a> Grammar<'a> {
    /// What the clients do.
    pub fn liberties(&self) -> &'a Liberties {
        self.exploration.liberties(self.tier)
    }

    pub(super) fn exchange(&self, index: usize) -> Option<&'a Exchange> {
        self.exploration.exchanges.get(index).filter(|exchange| exchange.tier <= self.tier)
    }

    /// Whether clients may do all this.
    pub fn allows(&self, session: &Session) -> bool {
        let liberties = self.liberties();
        let mut here: BTreeMap<usize, Guest> = BTreeMap::new();
        let mut order: Vec<usize> = Vec::new();
        let mut been: Vec<usize> = Vec::new();
        for m in &session.moves {
            let client = m.client();
            if matches!(m, Move::Come { .. }) {
                if been.contains(&client) || !self.may_come(been.len(), here.len()) {
                    return false;
                }
                been.push(client);
                order.push(client);
                here.insert(client, Guest::default());
                continue;
            }
            let turn = liberties.serves == Serves::AtOnce || order.first() == Some(&client);
            let Some(guest) = here.get_mut(&client).filter(|guest| turn && self.may(m, guest)) else {
                return false;
            };
            if let Move::Ask { manner, .. } = m {
                guest.asked += 1;
                guest.half_closed |= *manner == Manner::HalfClosed;
            }
            if m.leaves() {
                here.remove(&client);
                order.retain(|other| *other != client);
            }
        }
        !session.moves.is_empty()
    }

    fn may_come(&self, been: usize, here: usize) -> bool {
        let liberties = self.liberties();
        match liberties.serves {
            Serves::One => been == 0,
            Serves::InTurn => here == 0 || (liberties.queued && here == 1),
            Serves::AtOnce => here < liberties.connections.1,
        }
    }

    fn may(&self, m: &Move, guest: &Guest) -> bool {
        let liberties = self.liberties();
        match m {
            Move::Come { .. } => false,
            Move::Go { how, .. } => liberties.leave.contains(how) && guest.asked >= liberties.requests.0,
            Move::Ask { exchange, pieces, manner, .. } => {
                let manner = match manner {
                    Manner::Plain => true,
                    Manner::HalfClosed => liberties.half_close,
                    Manner::Abandoned(how) => liberties.abandon.contains(how),
                };
                let cut = pieces.is_empty() || liberties.segments;
                let more = guest.asked < liberties.requests.1 && !guest.half_closed;
                self.exchange(*exchange).is_some() && manner && cut && more
            }
        }
    }
}
