//! Actors and events. A close, a reset, a silence and an exit are events as bytes are.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::deed::Deed;
use super::{ExitStatus, ProgramState};
use crate::units::Text;

/// Everything that happened in one scenario.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    /// Id of the scenario.
    pub scenario: String,
    /// The seed its values were drawn from.
    pub seed: u64,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// Names filled in while it ran: `a.ip`, `a.port`, `port`, captures.
    pub bindings: BTreeMap<String, String>,
    /// Files of the program's folder that steps compare with, as they were.
    pub files: BTreeMap<String, Arc<[u8]>>,
    /// Why files of the program's folder cannot be read, where something is at their place.
    pub unreadable: BTreeMap<String, Text>,
    /// Datagrams travel, and no stream of bytes.
    pub datagrams: bool,
    /// Remarks of the harness that are no failures: on another port, asked again
    /// on a new connection, a line end was sent to go on.
    pub notes: Vec<Text>,
    /// The programs on stage, in the order of the plan.
    pub players: Vec<Played>,
    /// Index of the player who was not ready, where one was not.
    pub unready: usize,
    /// Further values of names that were filled in more than once: ports of connections.
    pub earlier: Vec<(String, String)>,
    /// How the scene ended.
    pub ended: Ended,
    /// Wall time of the scene.
    pub wall: Duration,
    /// Whether waiting was by the kernel's word (true) or by time (false).
    pub witnessed: bool,
    /// The time of day was set meanwhile: what depends on it is not to be judged.
    pub clock_set: bool,
}

/// One program on stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Played {
    /// Its name: that of its role, unless several of one role play.
    pub name: String,
    /// Everything it showed, in order (capped).
    pub console: Vec<u8>,
    /// What it did beside its task.
    pub deeds: BTreeSet<Deed>,
}

impl Transcript {
    /// Everything a program showed.
    pub fn console(&self, player: usize) -> &[u8] {
        self.players.get(player).map_or(&[], |player| &player.console)
    }

    /// The player's name, where several play.
    pub fn name(&self, player: usize) -> Option<&str> {
        let several = self.players.len() > 1;
        self.players.get(player).filter(|_| several).map(|player| player.name.as_str())
    }
}

/// How the scene ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Ended {
    /// Every step was taken.
    #[default]
    Complete,
    /// A step could not be fulfilled; those after it were not taken.
    At {
        /// Index of the planned step.
        step: usize,
    },
    /// A step speaks of a file of the program's folder that cannot be read.
    Unreadable {
        /// Index of the planned step.
        step: usize,
        /// Which one, and why.
        why: Text,
    },
    /// The program never listened, never connected or could not be started.
    NotReady(Stop),
    /// The program could not be started at all: it does not build, or cannot be executed;
    /// in the words of compiler or kernel.
    CannotStart(String),
    /// This machine lacks something the program or the check needs.
    CannotRun(Text),
    /// The grader's own trouble, in English.
    Broken(String),
    /// The machine could not do its part: no memory, no descriptors, no time; the message is English.
    Hindered(String),
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Index of the planned step under which it happened; none before the first.
    pub step: Option<usize>,
    /// Index of the player it concerns, in the order of the plan.
    pub player: usize,
    /// Who did it.
    pub actor: Actor,
    /// What.
    pub event: Event,
    /// Since the program was started.
    pub at: Duration,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The student's program.
    Program,
    /// The harness's end of a connection, by its name.
    Connection(String),
    /// A file that the program writes.
    File(String),
    /// The wire from one program to another, by their names: `alice>server`.
    Wire(String),
    /// The person at the terminal, played by the harness.
    Operator,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The program was started.
    Started,
    /// The program listens; where datagrams travel: it has bound a port.
    Listens {
        /// On which port.
        port: u16,
    },
    /// The program tries to connect; where datagrams travel: it sends one.
    Connects {
        /// To which address.
        ip: IpAddr,
        /// To which port.
        port: u16,
        /// Whether somebody listens there.
        answered: bool,
    },
    /// The program listens or connects over TCP where datagrams are to travel.
    UsesStream,
    /// A connection between harness and program is open.
    Opened,
    /// The program refused the connection.
    Refused,
    /// The harness sent bytes.
    Sent(Vec<u8>),
    /// The harness sent a datagram from another port than the one the program has sent to.
    SentFromOtherPort(Vec<u8>),
    /// The program sent a datagram where no peer of the harness is.
    SentElsewhere {
        /// To which address.
        ip: IpAddr,
        /// To which port.
        port: u16,
    },
    /// The program's side no longer takes bytes.
    SendFailed,
    /// One program sent bytes to the other; the wire carries them.
    Carried(Vec<u8>),
    /// One program ended its direction (FIN).
    CarriedFin,
    /// One program reset the connection.
    CarriedReset,
    /// The harness cut the wire: both programs are reset.
    Cut,
    /// The harness killed the program.
    Killed,
    /// The harness closed its direction (FIN).
    HalfClosed,
    /// The harness closed.
    Closed,
    /// The harness reset the connection.
    DidReset,
    /// The harness stopped reading.
    StoppedReading,
    /// The harness reads again.
    ReadsOn,
    /// A line was typed, without its end.
    Typed(String),
    /// A key was pressed.
    Pressed(&'static str),
    /// The program was stopped by the harness.
    Froze,
    /// And went on.
    Thawed,
    /// The program waits.
    Settled(ProgramState),
    /// The harness let the clock's second pass.
    SecondPassed,
    /// What an expectation had before it when waiting ended.
    Heard(Heard),
    /// The state of the program when a step asked for it.
    Observed(ProgramState),
    /// The model program's answer to the same bytes.
    ReferenceAnswered(Vec<u8>),
    /// The program was started again.
    Restarted,
    /// The program ended.
    Exited(ExitStatus),
}

/// What an expectation had before it when waiting ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// Unread bytes of the connection, or what the console showed since the last step.
    pub bytes: Vec<u8>,
    /// How many of them the expectation took.
    pub used: usize,
    /// The program has ended its direction (FIN).
    pub fin: bool,
    /// The program has reset the connection.
    pub reset: bool,
    /// Why waiting ended.
    pub stop: Stop,
    /// The bytes last sent on this connection: what an echo is compared with.
    pub sent: Vec<u8>,
    /// The model's answer, where the expectation compares with it.
    pub reference: Option<Vec<u8>>,
    /// Seconds since the Unix epoch when it was heard.
    pub clock: i64,
    /// The harness never had this connection, as the program did not connect; or there
    /// is no such file.
    pub missing: bool,
    /// What there is to tell of datagrams, where they travel.
    pub datagrams: Option<Datagrams>,
}

/// Where datagrams are and are not: a datagram goes to one peer or to another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Datagrams {
    /// How many are unread here, of which `bytes` is the first.
    pub unread: usize,
    /// Other peers that got more datagrams than they sent.
    pub astray: Vec<String>,
    /// Other peers that got fewer datagrams than they sent.
    pub owed: Vec<String>,
    /// Ports of the program from which datagrams came that this peer does not take.
    pub strange_ports: Vec<u16>,
}

/// Why waiting ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// It was seen.
    Satisfied(ProgramState),
    /// It can no longer come: the program waits for something else, has closed or ended.
    Settled(ProgramState),
    /// The program has a timer that fires only after the patience of the check.
    Asleep(ProgramState),
    /// The program computes without getting anywhere.
    Busy(ProgramState),
}

impl Stop {
    /// What the program was doing when waiting ended.
    pub fn state(&self) -> &ProgramState {
        match self {
            Self::Satisfied(state) | Self::Settled(state) | Self::Asleep(state) | Self::Busy(state) => state,
        }
    }
}
