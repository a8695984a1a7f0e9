//! The canonical text of a transcript: the same on every machine, under every load
//! and for every segmentation. Adjacent bytes of a connection are one message, what
//! the program shows stands in a block at the end, what changes from run to run is
//! replaced by its name.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::redact::Redaction;
use super::{Actor, Event, ExitStatus, Heard, ProgramState, Transcript};
use crate::units::{Plain, printable};

/// So many bytes of a message are written out.
const SHOWN: usize = 160;
/// So many lines of a console are written out, half from its start and half from its end.
const LINES: usize = 120;
/// So many equal lines in a row are a loop, whose number of rounds depends on the machine.
const LOOP: usize = 8;
/// Width of the column that tells who.
const WHO: usize = 10;

/// One line of the canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanonicalLine {
    /// The planned step under which it happened.
    pub step: Option<usize>,
    /// The line.
    pub text: String,
}

/// Writes a transcript in its canonical form.
pub fn canonical(transcript: &Transcript) -> String {
    let mut text = format!("# {}, seed {}\n", transcript.scenario, transcript.seed);
    for line in canonical_lines(transcript) {
        text.push_str(&line.text);
        text.push('\n');
    }
    text
}

/// The lines of the canonical form, each with its step.
pub fn canonical_lines(transcript: &Transcript) -> Vec<CanonicalLine> {
    let redaction = Redaction::of(transcript);
    let mut story = Story { datagrams: transcript.datagrams, ..Story::default() };
    for entry in &transcript.entries {
        story.name = transcript.name(entry.player).map(str::to_owned);
        story.player = entry.player;
        story.tell(entry.step, &entry.actor, &entry.event);
    }
    let mut lines: Vec<CanonicalLine> = story.parts.iter().map(|part| part.write(&redaction)).collect();
    for player in 0..transcript.players.len() {
        let shown = console(transcript.console(player), &redaction);
        if !shown.is_empty() {
            lines.push(CanonicalLine { step: None, text: console_title(transcript, player) });
            let line = |line| CanonicalLine { step: None, text: format!("  {line}") };
            lines.extend(shown.into_iter().map(line));
        }
    }
    lines
}

/// The line above what a program showed.
pub fn console_title(transcript: &Transcript, player: usize) -> String {
    transcript.name(player).map_or_else(|| "console".to_owned(), |name| format!("console of {name}"))
}

/// What happened, in parts that become lines.
#[derive(Default)]
struct Story {
    parts: Vec<Part>,
    /// Datagrams travel: each is a message of its own.
    datagrams: bool,
    /// Connections whose end has been told.
    ended: BTreeSet<String>,
    /// Players whose end has been told.
    exited: BTreeSet<usize>,
    /// Name of the player of the entry at hand, where several play.
    name: Option<String>,
    /// Its index.
    player: usize,
}

/// What becomes one line.
struct Part {
    step: Option<usize>,
    who: String,
    what: What,
}

enum What {
    Bytes(Vec<u8>),
    Words(String),
}

impl Part {
    fn write(&self, redaction: &Redaction) -> CanonicalLine {
        let what = match &self.what {
            What::Bytes(bytes) => redaction.apply(&printable(bytes, SHOWN).to_string()),
            What::Words(words) => redaction.apply(words),
        };
        let pad = WHO.saturating_sub(self.who.chars().count()).max(1);
        CanonicalLine { step: self.step, text: format!("{}{}{what}", self.who, " ".repeat(pad)) }
    }
}

impl Story {
    fn tell(&mut self, step: Option<usize>, actor: &Actor, event: &Event) {
        match (actor, event) {
            (Actor::Connection(name), Event::Sent(bytes)) => self.bytes(step, format!("{name} →"), bytes),
            (Actor::Connection(name), Event::SentFromOtherPort(bytes)) => {
                self.bytes(step, format!("{name} (other port) →"), bytes);
            }
            (Actor::Connection(name), Event::Heard(heard)) => self.heard(step, name, heard),
            (Actor::Wire(name), Event::Carried(bytes)) => self.bytes(step, name.clone(), bytes),
            (Actor::Wire(name), Event::Heard(heard)) => self.carried(step, name, heard),
            (Actor::File(name), Event::Heard(heard)) => self.written(step, name, heard),
            (_, Event::Heard(heard)) => self.shown(step, heard),
            (_, Event::Exited(status)) => self.exit(step, *status),
            (_, Event::Observed(ProgramState::Ended(status))) => self.exit(step, *status),
            _ => {
                let words = if self.datagrams { words_of_datagrams(event) } else { words(event) };
                if let Some(words) = words {
                    let who = match (actor, event) {
                        (Actor::Connection(name), Event::HalfClosed | Event::Closed | Event::DidReset) => {
                            format!("{name} →")
                        }
                        (Actor::Connection(name), Event::Refused | Event::SendFailed) => format!("{name} ←"),
                        (Actor::Connection(name) | Actor::File(name) | Actor::Wire(name), _) => name.clone(),
                        (Actor::Program, _) => self.program(),
                        (Actor::Operator, _) => self.operator(),
                    };
                    self.words(step, who, words);
                }
            }
        }
        if let (Actor::Connection(name), Event::Opened) = (actor, event) {
            self.ended.remove(name);
        }
    }

    /// Bytes that follow bytes of the same direction are one message with them.
    fn bytes(&mut self, step: Option<usize>, who: String, bytes: &[u8]) {
        match self.parts.last_mut() {
            Some(Part { step: last, who: before, what: What::Bytes(message) })
                if *before == who && !self.datagrams =>
            {
                message.extend(bytes);
                *last = step;
            }
            _ => self.parts.push(Part { step, who, what: What::Bytes(bytes.to_vec()) }),
        }
    }

    fn words(&mut self, step: Option<usize>, who: String, words: impl Into<String>) {
        self.parts.push(Part { step, who, what: What::Words(words.into()) });
    }

    /// What a step took of a connection; what it could not use stands there too.
    fn heard(&mut self, step: Option<usize>, name: &str, heard: &Heard) {
        let who = format!("{name} ←");
        if heard.missing {
            return self.words(step, name.to_owned(), "never connects");
        }
        let came =
            if heard.used > 0 { &heard.bytes[..heard.used.min(heard.bytes.len())] } else { &heard.bytes };
        let empty = heard.datagrams.as_ref().is_some_and(|datagrams| datagrams.unread > 0);
        if !came.is_empty() || empty {
            self.bytes(step, who.clone(), came);
        }
        let over = heard.fin || heard.reset;
        if over && self.ended.insert(name.to_owned()) {
            self.words(step, who, if heard.fin { "FIN" } else { "RST" });
        } else if came.is_empty() && !over && !empty {
            self.words(step, who, "silence");
        }
    }

    /// The program of the entry at hand.
    fn program(&self) -> String {
        self.name.clone().unwrap_or_else(|| "program".to_owned())
    }

    /// The person at its terminal.
    fn operator(&self) -> String {
        self.name.as_ref().map_or_else(|| "operator".to_owned(), |name| format!("at {name}"))
    }

    /// What a step saw on the wire: its bytes are told where they were carried.
    fn carried(&mut self, step: Option<usize>, name: &str, heard: &Heard) {
        if heard.missing {
            self.words(step, name.to_owned(), "never connected");
        } else if heard.bytes.is_empty() && !heard.fin && !heard.reset {
            self.words(step, name.to_owned(), "silence");
        }
    }

    /// What a step read in a file.
    fn written(&mut self, step: Option<usize>, name: &str, heard: &Heard) {
        if heard.missing {
            return self.words(step, name.to_owned(), "is not there");
        }
        self.words(step, name.to_owned(), format!("holds {}", printable(&heard.bytes, SHOWN)));
    }

    /// What a step saw on the console: the last line of it.
    fn shown(&mut self, step: Option<usize>, heard: &Heard) {
        let came =
            if heard.used > 0 { &heard.bytes[..heard.used.min(heard.bytes.len())] } else { &heard.bytes };
        let text = Plain::read(came, true).text;
        let words = match text.lines().rev().find(|line| !line.trim().is_empty()) {
            Some(line) => format!("shows {}", printable(line.trim().as_bytes(), SHOWN)),
            None => "shows nothing".to_owned(),
        };
        let who = self.program();
        self.words(step, who, words);
    }

    fn exit(&mut self, step: Option<usize>, status: ExitStatus) {
        if self.exited.insert(self.player) {
            let who = self.program();
            self.words(step, who, status.describe().en);
        }
    }
}

/// An event in words; nothing where it depends on the machine or belongs to the harness.
fn words(event: &Event) -> Option<String> {
    let words = match event {
        Event::Listens { port } => format!("listens on {port}"),
        Event::Connects { ip, port, answered: true } => format!("connects to {}", place(*ip, *port)),
        Event::Connects { ip, port, answered: false } => {
            format!("connects to {}, where nobody listens", place(*ip, *port))
        }
        Event::UsesStream => "uses TCP".to_owned(),
        Event::Opened => "connected".to_owned(),
        Event::Refused => "refused".to_owned(),
        Event::SendFailed => "takes no more".to_owned(),
        Event::HalfClosed => "FIN, and reads on".to_owned(),
        Event::Closed | Event::CarriedFin => "FIN".to_owned(),
        Event::DidReset | Event::CarriedReset => "RST".to_owned(),
        Event::Cut => "is cut".to_owned(),
        Event::Killed => "is killed".to_owned(),
        Event::StoppedReading => "stops reading".to_owned(),
        Event::ReadsOn => "reads on".to_owned(),
        Event::Typed(line) => format!("types {}", printable(line.as_bytes(), SHOWN)),
        Event::Pressed(key) => format!("presses {key}"),
        Event::Froze => "is stopped".to_owned(),
        Event::Thawed => "goes on".to_owned(),
        Event::SecondPassed => "lets a second pass".to_owned(),
        Event::Observed(ProgramState::Running { .. }) => "runs without a pause".to_owned(),
        Event::Observed(_) => "still runs".to_owned(),
        Event::Restarted => "starts again".to_owned(),
        Event::SentElsewhere { port, .. } => format!("sends to port {port}"),
        Event::ReferenceAnswered(bytes) => format!("reference answers {}", printable(bytes, SHOWN)),
        Event::Started
        | Event::Settled(_)
        | Event::Sent(_)
        | Event::Carried(_)
        | Event::SentFromOtherPort(_)
        | Event::Heard(_)
        | Event::Exited(_) => return None,
    };
    Some(words)
}

/// The same where datagrams travel: nobody connects and nothing ends.
fn words_of_datagrams(event: &Event) -> Option<String> {
    match event {
        Event::Listens { port } => Some(format!("is bound to UDP port {port}")),
        Event::Connects { ip, port, answered: true } => Some(format!("sends to {}", place(*ip, *port))),
        Event::Connects { ip, port, answered: false } => {
            Some(format!("sends to {}, where nobody is", place(*ip, *port)))
        }
        Event::SentElsewhere { ip, port } => {
            Some(format!("sends to {}, where nobody is", SocketAddr::new(*ip, *port)))
        }
        Event::Opened => None,
        Event::Closed => Some("closes its socket".to_owned()),
        _ => words(event),
    }
}

/// The lines of a console: loops told once, the middle of a long one left out.
fn console(bytes: &[u8], redaction: &Redaction) -> Vec<String> {
    let text = Plain::read(bytes, true).text;
    let text = text.trim_end();
    let mut lines: Vec<String> = Vec::new();
    let mut all = text.lines().map(|line| redaction.apply(&escape(line.trim_end()))).peekable();
    while let Some(line) = all.next() {
        let mut count = 1;
        while all.next_if_eq(&line).is_some() {
            count += 1;
        }
        if count >= LOOP {
            lines.push(line);
            lines.push("… the same line again and again".to_owned());
        } else {
            lines.extend(std::iter::repeat_n(line, count));
        }
    }
    if lines.len() > LINES {
        lines.splice(LINES / 2..lines.len() - LINES / 2, ["… lines left out".to_owned()]);
    }
    lines
}

/// A line as `printable` writes it, without its quotes.
fn escape(line: &str) -> String {
    let quoted = printable(line.as_bytes(), usize::MAX).to_string();
    quoted.trim_matches('"').replace("\\\"", "\"")
}

/// Where a program connects: `localhost` goes without saying, in either family.
fn place(ip: IpAddr, port: u16) -> String {
    let local: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    if local.contains(&ip) { port.to_string() } else { SocketAddr::new(ip, port).to_string() }
}
