//! Glances: how often what flows is looked at while something is awaited. Looking costs as
//! much as has come; the end of a flow is always seen.

use super::wait::Look;

/// More than this is not examined anew for every segment.
const MUCH: usize = 256 << 10;

/// What was seen at the last look, and of how much. While much flows it is looked at again when
/// an eighth has been added, or when it flows no more: a program that sends without end costs
/// no more than it sends.
#[derive(Default)]
pub(super) struct Glance {
    examined: usize,
    arrived: usize,
    look: Option<Look>,
}

impl Glance {
    /// The last look, where a new one is not worth it yet.
    pub(super) fn suffices(&mut self, amount: usize) -> Option<Look> {
        let flows = amount != self.arrived;
        self.arrived = amount;
        let added_little = amount > MUCH && amount < self.examined + self.examined / 8;
        self.look.filter(|_| flows && added_little)
    }

    /// Keeps a look at so much.
    pub(super) fn keep(&mut self, amount: usize, look: Look) -> Look {
        self.examined = amount;
        self.look = Some(look);
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_at_little_every_time() {
        let mut glance = Glance::default();
        for amount in [0, 10, 20, 20, MUCH] {
            assert_eq!(glance.suffices(amount), None);
            glance.keep(amount, Look::NotYet);
        }
    }

    #[test]
    fn looks_at_much_when_it_has_grown_or_flows_no_more() {
        let mut glance = Glance::default();
        glance.keep(8 * MUCH, Look::Likely);
        assert_eq!(glance.suffices(8 * MUCH + 1), Some(Look::Likely));
        assert_eq!(glance.suffices(8 * MUCH + 2), Some(Look::Likely));
        assert_eq!(glance.suffices(8 * MUCH + 2), None);
        assert_eq!(glance.suffices(9 * MUCH), None);
    }
}
