//! What a search may ask of a program: the grammar of a session. Steps are kept as they are
//! written, so that a session can be written down again as a scenario of a spec file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Concept, Generator, Tier};

/// Name of the client in the steps of a grammar.
pub const CLIENT: &str = "a";

/// What a search may ask of the program of a role.
#[derive(Debug, Clone)]
pub struct Exploration {
    /// The role.
    pub role: String,
    /// What the clients of a session do within the handout.
    pub basic: Liberties,
    /// What they do beyond it.
    pub robust: Liberties,
    /// Files laid over those of the program, as written.
    pub files: Value,
    /// What a client may ask.
    pub exchanges: Vec<Exchange>,
}

/// What the clients of a session do.
#[derive(Debug, Clone, PartialEq)]
pub struct Liberties {
    /// Which clients the program serves.
    pub serves: Serves,
    /// Fewest and most clients of a session.
    pub connections: (usize, usize),
    /// Fewest and most requests of a client.
    pub requests: (usize, usize),
    /// A client may come while another one is served.
    pub queued: bool,
    /// The steps with which a client comes.
    pub open: Vec<Value>,
    /// How it leaves once it has its replies.
    pub leave: Vec<Leave>,
    /// How it leaves in the middle of a request.
    pub abandon: Vec<Leave>,
    /// It may end its own direction with its last request.
    pub half_close: bool,
    /// A request may come in several segments.
    pub segments: bool,
    /// What must be seen each time a client has left.
    pub left: Vec<Value>,
}

/// One thing that a client may ask.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Whether the handout asks for it.
    pub tier: Tier,
    /// The idea it is about.
    pub concept: Concept,
    /// What is drawn, in order.
    pub draws: Vec<(String, Generator)>,
    /// The steps.
    pub steps: Vec<Value>,
}

/// Which clients a program serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Serves {
    /// One, and may then end.
    #[default]
    One,
    /// The next when one has left.
    InTurn,
    /// Several at once.
    AtOnce,
}

/// How a client leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Leave {
    /// It closes (FIN).
    Close,
    /// It resets (RST).
    Reset,
}

impl Leave {
    /// The verb of the step.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Close => "close",
            Self::Reset => "reset",
        }
    }
}

impl Exploration {
    /// What the clients do in a search of this tier.
    pub fn liberties(&self, tier: Tier) -> &Liberties {
        match tier {
            Tier::Basic => &self.basic,
            Tier::Robust => &self.robust,
        }
    }
}
