//! The room: who is there, and a queue of messages for each of them.
//!
//! Nobody in here touches a socket. To say something to somebody means to put it into their queue,
//! which takes no time. So a client that does not read its messages holds up nobody.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// How many messages may wait for a client. One that is further behind has to go: the alternative is
/// a queue that grows until the memory is full.
pub const LONGEST_QUEUE: usize = 16_384;

/// All that share the room. Every conversation has a reference to it.
#[derive(Default)]
pub struct Room {
    /// The lock is held for moments only, and never while waiting for anything. Therefore it can be
    /// the one of the standard library.
    places: Mutex<Places>,
}

/// What is behind the lock.
#[derive(Default)]
struct Places {
    /// The number of the next one to enter. Numbers are not used twice.
    next: u64,
    /// Those who are in the room, in the order in which they came.
    taken: BTreeMap<u64, Place>,
}

/// What the room knows of somebody in it.
struct Place {
    /// The near end of their queue.
    outbox: Sender<Arc<str>>,
    /// Tells them that they have to go.
    dismissal: Arc<Notify>,
}

/// What somebody in the room holds in their hands. It is given back by [`Room::leave`].
pub struct Seat {
    number: u64,
    /// The far end of the queue: what the others say.
    pub inbox: Receiver<Arc<str>>,
    /// Rings when the room has given this seat up.
    pub dismissal: Arc<Notify>,
}

/// What is said when somebody enters.
pub struct Entrance {
    /// To the one who enters.
    pub welcome: String,
    /// To all others.
    pub news: String,
}

impl Room {
    /// Enters. `words` is told how many there are now, the new one included.
    ///
    /// Counting, entering and telling happen under one lock. When two enter at once, everybody sees
    /// them enter in the same order, and the numbers are right.
    pub fn enter(&self, words: impl FnOnce(usize) -> Entrance) -> Seat {
        let (outbox, inbox) = mpsc::channel(LONGEST_QUEUE);
        let dismissal = Arc::new(Notify::new());
        let mut places = self.lock();
        let number = places.next;
        places.next += 1;

        let Entrance { welcome, news } = words(places.taken.len() + 1);
        places.tell_others(number, news);
        let place = Place { outbox, dismissal: Arc::clone(&dismissal) };
        places.taken.insert(number, place);
        places.tell(number, &welcome.into());
        Seat { number, inbox, dismissal }
    }

    /// Leaves. `words` is told how many remain, and what it says goes to them.
    pub fn leave(&self, seat: Seat, words: impl FnOnce(usize) -> String) {
        let mut places = self.lock();
        places.taken.remove(&seat.number);
        let news = words(places.taken.len());
        places.tell_others(seat.number, news);
    }

    /// Says something to everybody but the one who sits here.
    pub fn tell_others(&self, seat: u64, message: String) {
        self.lock().tell_others(seat, message);
    }

    /// Says something to the one who sits here.
    pub fn tell(&self, seat: u64, message: String) {
        self.lock().tell(seat, &message.into());
    }

    /// Takes the lock. A panic elsewhere while it was held would have left the room as it was.
    fn lock(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// By which number the room knows this seat.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl Places {
    /// Puts a message into all queues but one. The text is shared, not copied.
    fn tell_others(&mut self, but: u64, message: String) {
        let message: Arc<str> = message.into();
        let others: Vec<u64> = self.taken.keys().copied().filter(|number| *number != but).collect();
        for number in others {
            self.tell(number, &message);
        }
    }

    /// Puts a message into one queue. Whose queue is full has to go.
    fn tell(&mut self, number: u64, message: &Arc<str>) {
        let Some(place) = self.taken.get(&number) else {
            return;
        };
        if place.outbox.try_send(Arc::clone(message)).is_err() {
            place.dismissal.notify_one();
            self.taken.remove(&number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(room: &Room) -> Seat {
        room.enter(|count| Entrance { welcome: format!("welcome {count}"), news: format!("news {count}") })
    }

    fn heard(seat: &mut Seat) -> Vec<String> {
        std::iter::from_fn(|| seat.inbox.try_recv().ok().map(|message| message.to_string())).collect()
    }

    #[test]
    fn everybody_hears_what_is_meant_for_them() {
        let room = Room::default();
        let mut first = enter(&room);
        let mut second = enter(&room);
        room.tell_others(first.number(), "hello".to_owned());
        room.tell(first.number(), "sent".to_owned());
        assert_eq!(heard(&mut first), ["welcome 1", "news 2", "sent"]);
        assert_eq!(heard(&mut second), ["welcome 2", "hello"]);
        room.leave(second, |count| format!("left {count}"));
        assert_eq!(heard(&mut first), ["left 1"]);
    }

    #[tokio::test]
    async fn who_does_not_listen_has_to_go_and_nobody_else() {
        let room = Room::default();
        let deaf = enter(&room);
        let mut other = enter(&room);
        for _ in 0..LONGEST_QUEUE {
            room.tell(deaf.number(), "hear me".to_owned());
        }
        deaf.dismissal.notified().await;
        room.leave(deaf, |count| format!("left {count}"));
        assert_eq!(heard(&mut other), ["welcome 2", "left 1"]);
    }
}
