//! The wire between programs that play together, as steps name it.

/// One direction of all connections between two programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// Name of the player that sends.
    pub from: String,
    /// Name of the one that receives.
    pub to: String,
}

impl Wire {
    /// Reads `alice>server`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('>')?;
        Some(Self { from: from.trim().to_owned(), to: to.trim().to_owned() })
    }
}

impl std::fmt::Display for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}>{}", self.from, self.to)
    }
}
