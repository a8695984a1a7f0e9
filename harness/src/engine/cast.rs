//! Who plays: the student's program as the engine needs to know it.

use super::observer::Tickers;
use super::program::Launch;
use crate::spec::End;

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
    /// The model program of the same role, for answers that are compared with it.
    pub reference: Option<Box<Cast>>,
}
