//! Who plays: the student's program as the engine needs to know it.

use std::time::Duration;

use super::observer::Tickers;
use super::program::Launch;
use crate::spec::End;

/// Processor time of a start: large libraries take their time.
pub const START: Duration = Duration::from_secs(4);
/// The same for one that is known to compute without end before it is ready.
pub const START_AGAIN: Duration = Duration::from_millis(250);

/// The program of one role, ready to be started for any scenario of that role.
#[derive(Debug, Clone)]
pub struct Cast {
    /// How it is started. Arguments may hold `{host}` and `{port}`.
    pub launch: Launch,
    /// Which end of the connection it is.
    pub end: End,
    /// The port given to a program that asks for one, and preferred where it listens on several.
    pub port: u16,
    /// What is typed before it is ready, in order: answers to its questions: `{host}`, `{port}`.
    pub prologue: Vec<String>,
    /// Its known tickers.
    pub tickers: Tickers,
    /// Processor time after which a start gets nowhere: `START`, or `START_AGAIN` for a program
    /// that came to nothing when it was seen first.
    pub start: Duration,
    /// The model program of the same role, for answers that are compared with it.
    pub reference: Option<Box<Cast>>,
}
