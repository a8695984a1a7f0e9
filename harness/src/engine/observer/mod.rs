//! The observer: what every thread of a program is doing, read from `/proc` and
//! sock_diag, so that "nothing more will come" is known and not guessed.
//!
//! The proof. A thread whose `schedstat` is the same in two readings and which is
//! asleep at the second slept all the time between them. Those spans share an
//! instant for all threads; at that instant nothing was under way to wake one:
//! wake-ups inside the kernel are synchronous, bytes of TCP connections are counted
//! at both ends, a terminal is flushed by polling it, timers are read from the
//! waiting calls. New threads are made only by running ones, and the set of threads
//! is the same before and after.

mod check;
mod clock;
mod decode;
mod files;
mod sockets;
mod tasks;
mod ticker;

pub(crate) use check::{Observer, Stillness};
pub(crate) use clock::Budget;
pub(crate) use decode::{Call, Deadline, FdKind, Wait};
pub(crate) use sockets::{LISTEN, Sockets};
pub(crate) use tasks::{kernel_tells, processes};
pub use ticker::Tickers;
