//! Pacing: TCP has no messages, but programs that have learnt nothing yet of framing work on
//! a quiet network where every call of `send` is read before the next one comes. The relay
//! is such a network, on whatever machine: a call that sends waits until what was sent before
//! on its connection has been read, or until nobody would read it. Where a check is about
//! segmentation the bytes are handed over one by one instead.

use std::time::Duration;

use super::wire::Direction;
use crate::engine::calls::Ends;
use crate::engine::observer::{Sockets, Stillness};
use crate::engine::scene::Scene;
use crate::engine::wait::LINGER;

/// How often it is looked whether a reader has read; nothing else tells.
const LOOK: Duration = Duration::from_micros(100);

impl Scene<'_> {
    /// Lets every call that sends go on whose connection carries nothing more in its direction;
    /// all of them when somebody computes too long to be waited for. Whether any could.
    pub(crate) fn let_senders_go(&mut self) -> bool {
        if !self.holds_senders() {
            return false;
        }
        let mut pacing = self.pacing.take();
        let long = self.lingered(&mut pacing, Stillness::Busy, LINGER);
        let mut any = false;
        for index in 0..self.players.len() {
            for (notification, ends) in std::mem::take(&mut self.players[index].paced) {
                if !long && !self.has_been_read(index, ends) {
                    self.players[index].paced.push((notification, ends));
                } else if let Some(notifier) = &self.players[index].program.notifier {
                    notifier.proceed(&notification);
                    any = true;
                }
            }
        }
        self.pacing = pacing.filter(|_| !any);
        any
    }

    /// All are still: what was sent before will not be read now. Lets one call go on.
    pub(crate) fn release_sender(&mut self) -> bool {
        let Some(player) = self.players.iter_mut().find(|player| !player.paced.is_empty()) else {
            return false;
        };
        let (notification, _) = player.paced.remove(0);
        if let Some(notifier) = &player.program.notifier {
            notifier.proceed(&notification);
        }
        self.pacing = None;
        true
    }

    /// How long to sleep at most.
    pub(crate) fn paced(&self, limit: Duration) -> Duration {
        if self.holds_senders() { limit.min(LOOK) } else { limit }
    }

    fn holds_senders(&self) -> bool {
        self.players.iter().any(|player| !player.paced.is_empty())
    }

    /// Everything that a player has sent on a connection was read at its other end.
    fn has_been_read(&self, sender: usize, ends: Ends) -> bool {
        let is_its = |wire: &super::Wire| {
            wire.is_open()
                && wire.end_at(sender).is_some_and(|end| end.remote == ends.local && end.local == ends.remote)
        };
        let Some(index) = self.wires.iter().position(is_its) else { return true };
        let wire = &self.wires[index];
        let direction = if wire.client() == sender { Direction::Onward } else { Direction::Back };
        if wire.is_bytewise(direction) {
            return true;
        }
        let receiver = wire.receiver(direction);
        let Ok(sockets) = Sockets::look(&self.players[receiver].diag, true) else { return true };
        !wire.holds(direction) && self.is_read(index, direction, &sockets)
    }

    /// All are still: hands over the next byte of every direction whose receiver has read
    /// the one before.
    pub(crate) fn release_bytes(&mut self) -> bool {
        let mut any = false;
        for index in 0..self.wires.len() {
            for direction in Direction::BOTH {
                let wire = &self.wires[index];
                let observer = &self.players[wire.receiver(direction)].observer;
                let read = observer
                    .as_ref()
                    .is_some_and(|observer| self.is_read(index, direction, &observer.view.sockets));
                if read && wire.is_bytewise(direction) && wire.holds(direction) {
                    any |= self.wires[index].hand_over_byte(direction);
                }
            }
        }
        any
    }

    fn is_read(&self, wire: usize, direction: Direction, sockets: &Sockets) -> bool {
        let wire = &self.wires[wire];
        wire.end_at(wire.receiver(direction)).is_none_or(|end| sockets.is_read(end.local, end.remote))
    }
}
