//! One connection between two programs: two connections of the harness, end to end. What
//! comes at one end is handed over at the other, in both directions: bytes, FIN and RST.

use rustix::event::{PollFd, PollFlags};

use crate::engine::connection::Connection;

/// So many bytes that nobody takes are held before the harness stops reading, as full
/// buffers would stop the sender.
const HELD: usize = 256 << 10;

/// A connection between two programs.
#[derive(Debug)]
pub(crate) struct Wire {
    /// The end at the program that connected.
    near: Connection,
    /// The end at the program that serves.
    far: Connection,
    onward: Lane,
    back: Lane,
    /// Nothing moves any more.
    over: bool,
}

/// What is under way in one direction.
#[derive(Debug, Default)]
struct Lane {
    /// Bytes that were taken and not handed over.
    held: Vec<u8>,
    /// Its end was taken.
    fin: bool,
    /// A reset was taken.
    reset: bool,
    /// Its end was handed over.
    ended: bool,
    /// Bytes are handed over one by one.
    bytewise: bool,
}

/// What was taken from a program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// Bytes.
    Bytes(Vec<u8>),
    /// The end of its direction.
    Fin,
    /// A reset.
    Reset,
}

/// A direction of a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// From the program that connected.
    Onward,
    /// To it.
    Back,
}

impl Direction {
    /// Both.
    pub(crate) const BOTH: [Self; 2] = [Self::Onward, Self::Back];
}

impl Wire {
    /// Joins two connections; whether bytes go on, and back, one by one.
    pub(crate) fn new(near: Connection, far: Connection, bytewise: [bool; 2]) -> Self {
        let [onward, back] = bytewise.map(|bytewise| Lane { bytewise, ..Lane::default() });
        Self { near, far, onward, back, over: false }
    }

    /// Index of the player that connected.
    pub(crate) fn client(&self) -> usize {
        self.near.player
    }

    /// Index of the player that serves.
    pub(crate) fn server(&self) -> usize {
        self.far.player
    }

    /// The harness's end at a player, if it has one.
    pub(crate) fn end_at(&self, player: usize) -> Option<&Connection> {
        [&self.near, &self.far].into_iter().find(|end| end.player == player)
    }

    /// Whether it still carries anything.
    pub(crate) fn is_open(&self) -> bool {
        !self.over
    }

    /// Where a direction begins, what is under way in it, and where it ends.
    fn lane(&mut self, direction: Direction) -> (&mut Connection, &mut Lane, &mut Connection) {
        match direction {
            Direction::Onward => (&mut self.near, &mut self.onward, &mut self.far),
            Direction::Back => (&mut self.far, &mut self.back, &mut self.near),
        }
    }

    /// Takes what a program has sent in its direction.
    pub(crate) fn take(&mut self, direction: Direction) -> Vec<News> {
        let mut news = Vec::new();
        if self.over {
            return news;
        }
        let (source, lane, _) = self.lane(direction);
        source.reading = lane.held.len() < HELD;
        source.drain();
        source.notice_reset();
        if !source.unread.is_empty() {
            lane.held.extend_from_slice(&source.unread);
            news.push(News::Bytes(std::mem::take(&mut source.unread)));
        }
        if source.fin && !lane.fin {
            lane.fin = true;
            news.push(News::Fin);
        }
        if source.reset && !lane.reset {
            lane.reset = true;
            news.push(News::Reset);
        }
        news
    }

    /// Hands over what was taken, as far as the other program's buffers have room.
    /// Whether anything moved.
    pub(crate) fn hand_over(&mut self, direction: Direction) -> bool {
        if self.over {
            return false;
        }
        let (_, lane, sink) = self.lane(direction);
        let mut moved = !lane.bytewise && lane.deliver(sink, usize::MAX);
        if sink.reset && !lane.reset {
            // Told as what the other program did, before anything else happens.
            return moved;
        }
        if lane.reset && (lane.held.is_empty() || sink.reset) {
            self.cut();
            return true;
        }
        if lane.fin && lane.held.is_empty() && !lane.ended {
            lane.ended = true;
            sink.half_close();
            moved = true;
        }
        if self.onward.ended && self.back.ended {
            self.near.close();
            self.far.close();
            self.over = true;
        }
        moved
    }

    /// Hands over the next byte; to be called when the one before has been consumed.
    pub(crate) fn hand_over_byte(&mut self, direction: Direction) -> bool {
        let (_, lane, sink) = self.lane(direction);
        lane.deliver(sink, 1)
    }

    /// Bytes of a direction wait to be handed over.
    pub(crate) fn holds(&self, direction: Direction) -> bool {
        !self.over && !self.under_way(direction).held.is_empty()
    }

    /// Bytes of a direction are handed over one by one.
    pub(crate) fn is_bytewise(&self, direction: Direction) -> bool {
        self.under_way(direction).bytewise
    }

    /// Index of the player to whom a direction leads.
    pub(crate) fn receiver(&self, direction: Direction) -> usize {
        if direction == Direction::Onward { self.server() } else { self.client() }
    }

    fn under_way(&self, direction: Direction) -> &Lane {
        if direction == Direction::Onward { &self.onward } else { &self.back }
    }

    /// Resets both ends.
    pub(crate) fn cut(&mut self) {
        self.near.abort();
        self.far.abort();
        self.over = true;
    }

    /// What to poll: news from both ends, and room where bytes wait for it.
    pub(crate) fn add_polled<'f>(&'f self, fds: &mut Vec<PollFd<'f>>) {
        if self.over {
            return;
        }
        let lanes = [(&self.near, &self.onward, &self.back), (&self.far, &self.back, &self.onward)];
        for (end, from_it, to_it) in lanes.into_iter().filter(|(end, ..)| !end.reset) {
            let mut flags = PollFlags::empty();
            flags.set(PollFlags::IN, end.is_readable() && from_it.held.len() < HELD);
            flags.set(PollFlags::OUT, !to_it.bytewise && !to_it.held.is_empty());
            fds.extend(end.stream_fd().map(|fd| PollFd::from_borrowed_fd(fd, flags)));
        }
    }
}

impl Lane {
    /// Hands over up to `most` bytes; whether any moved.
    fn deliver(&mut self, sink: &mut Connection, most: usize) -> bool {
        let length = self.held.len().min(most);
        if length == 0 {
            return false;
        }
        match sink.write(&self.held[..length]) {
            Some(written) => {
                self.held.drain(..written);
                // A program that has closed its socket answers with a reset, within the call.
                sink.notice_reset();
                written > 0
            }
            // Nobody takes them any more: `write` has noticed the reset.
            None => {
                self.held.clear();
                true
            }
        }
    }
}
