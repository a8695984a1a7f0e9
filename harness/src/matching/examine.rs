//! Examining what came against one expectation.

use std::collections::BTreeMap;

use super::template::encode;
use super::{http, integer, jpeg, moment, number, records, text, trace};
use crate::spec::{Alternative, Expectation, Fixtures, Payload};
use crate::units::Plain;

/// What an expectation has before it.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// Unread bytes of the connection; for the console, what it showed since the
    /// last step that looked at it, ANSI sequences still in.
    pub bytes: &'a [u8],
    /// The program has ended its direction (FIN).
    pub fin: bool,
    /// The program has reset the connection.
    pub reset: bool,
    /// Nothing more will come: what is here is all.
    pub settled: bool,
    /// The bytes are console output, not a connection's.
    pub console: bool,
    /// The bytes last sent on this connection.
    pub sent: &'a [u8],
    /// What is compared with: the model's answer, or what went over a wire.
    pub reference: Option<&'a [u8]>,
    /// Seconds since the Unix epoch.
    pub clock: i64,
    /// How many datagrams are unread, of which `bytes` is the first; none where a stream of
    /// bytes is read.
    pub datagrams: Option<usize>,
    /// Names filled in while the scenario runs.
    pub bindings: &'a BTreeMap<String, String>,
    /// Files of the program's folder that the scenario speaks of.
    pub files: &'a Fixtures,
}

/// How far an expectation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Satisfied by the first `used` bytes; more bytes may still spoil it.
    Matched {
        /// Bytes taken.
        used: usize,
        /// The text that matched, for captures.
        text: String,
    },
    /// Not yet; more may satisfy it.
    Open,
    /// Nothing that can still come would satisfy it.
    Missed,
}

impl Material<'_> {
    /// No more bytes will come; a datagram is whole when it is there.
    pub(super) fn is_over(&self) -> bool {
        self.settled || self.fin || self.reset || self.datagrams.is_some_and(|unread| unread > 0)
    }

    /// The bytes as a reader sees them.
    pub(super) fn plain(&self) -> Plain {
        Plain::read(self.bytes, self.console)
    }

    /// Nothing but blanks and line ends. A datagram is something even when it is empty.
    pub(super) fn is_blank(&self) -> bool {
        if let Some(unread) = self.datagrams {
            return unread == 0;
        }
        if self.console { self.plain().text.trim().is_empty() } else { self.bytes.trim_ascii().is_empty() }
    }

    /// Not satisfied: open while more bytes may come, else missed.
    pub(super) fn unsatisfied(&self) -> Progress {
        if self.is_over() { Progress::Missed } else { Progress::Open }
    }

    /// Satisfied by everything that is there.
    pub(super) fn matched_whole(&self) -> Progress {
        Progress::Matched { used: self.bytes.len(), text: self.plain().text.trim().to_owned() }
    }

    /// Satisfied without taking anything.
    fn matched_without_taking(&self) -> Progress {
        Progress::Matched { used: 0, text: String::new() }
    }
}

/// Examines the material against one expectation.
///
/// Expectations of an absence (`lacks`, `no-trace`, `nothing`, `open`) and integers,
/// which have no end of their own, are `Open` until the material is settled.
pub fn examine(expectation: &Expectation, material: &Material<'_>) -> Progress {
    if material.datagrams == Some(0) && !expectation.is_absence() {
        // Not even an empty one.
        return material.unsatisfied();
    }
    match expectation {
        Expectation::Exactly { payload, strict } => {
            let expected = encode(payload, material.bindings, material.files);
            let tolerant = !strict && matches!(payload, Payload::Text(_));
            text::exactly(&expected, tolerant, material)
        }
        Expectation::Echo => text::echo(material),
        Expectation::Shows(template) => text::shows(template, material),
        Expectation::Lacks(template) => text::lacks(template, material),
        Expectation::Matches(pattern) => text::matches(pattern, material),
        Expectation::Number(template) => number::number(template, material),
        Expectation::Integer(expected) => integer::integer(expected, material),
        Expectation::Numbers(expected) => records::numbers(expected, material),
        Expectation::Records(expected) => records::records(expected, material),
        Expectation::Something => something(material),
        Expectation::Nothing => nothing(material),
        Expectation::Reference(comparison) => number::reference(*comparison, material),
        Expectation::CurrentTime { within } => moment::current_time(*within, material),
        Expectation::Unlike(capture) => text::unlike(capture, material),
        Expectation::NoTrace => no_trace(material),
        Expectation::Http(expected) => http::response(expected, material),
        Expectation::HttpRequest(expected) => http::request(expected, material),
        Expectation::Jpeg(expected) => jpeg::jpeg(expected, material),
        Expectation::Fin => fin(material),
        Expectation::Reset => reset(material),
        Expectation::End => end(material),
        Expectation::Open => open(material),
    }
}

/// Examines the alternatives in order: the first that matches and its index, else
/// `Open` if any may still match.
pub fn examine_any(alternatives: &[Alternative], material: &Material<'_>) -> (Progress, usize) {
    let mut open = false;
    for (index, alternative) in alternatives.iter().enumerate() {
        match examine(&alternative.expectation, material) {
            matched @ Progress::Matched { .. } => return (matched, index),
            Progress::Open => open = true,
            Progress::Missed => {}
        }
    }
    (if open { Progress::Open } else { Progress::Missed }, 0)
}

pub(super) fn something(material: &Material<'_>) -> Progress {
    if material.is_blank() { material.unsatisfied() } else { material.matched_whole() }
}

fn nothing(material: &Material<'_>) -> Progress {
    if !material.is_blank() || (material.reset && !material.fin) {
        Progress::Missed
    } else if material.settled || material.fin {
        material.matched_whole()
    } else {
        Progress::Open
    }
}

fn no_trace(material: &Material<'_>) -> Progress {
    if trace::find_trace(&material.plain().text).is_some() {
        Progress::Missed
    } else if material.settled {
        material.matched_without_taking()
    } else {
        Progress::Open
    }
}

/// A FIN that came first counts, whatever the kernel said to later bytes.
fn fin(material: &Material<'_>) -> Progress {
    if !material.is_blank() {
        Progress::Missed
    } else if material.fin {
        material.matched_whole()
    } else {
        material.unsatisfied()
    }
}

fn reset(material: &Material<'_>) -> Progress {
    if material.reset {
        material.matched_whole()
    } else if material.settled {
        Progress::Missed
    } else {
        Progress::Open
    }
}

fn end(material: &Material<'_>) -> Progress {
    if material.fin || material.reset { material.matched_whole() } else { material.unsatisfied() }
}

fn open(material: &Material<'_>) -> Progress {
    if material.fin || material.reset {
        Progress::Missed
    } else if material.settled {
        material.matched_without_taking()
    } else {
        Progress::Open
    }
}
