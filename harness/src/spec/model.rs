//! The checked model of an exercise: what a spec file means, once every name in
//! it is known to exist and every step to be possible. Loading makes it, planning
//! and judging read it; nothing here runs anything.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Action, Exploration, FileContent, Fixtures, Generator};
use crate::units::{Limits, Text};

/// One exercise of the course: what is asked, by whom, and how it is checked.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// Permanent name: the folder under `specs/`.
    pub id: String,
    /// Title for lists.
    pub title: Text,
    /// The handout in prose.
    pub about: Text,
    /// What travels on the wire, in prose.
    pub protocol: Text,
    /// A session at the terminals, as the handout shows it.
    pub sample: String,
    /// Which tiers make the score and the exit status.
    pub graded: Vec<Tier>,
    /// Which run counts where checks are run several times.
    pub repeats: Counting,
    /// How much a program may use.
    pub limits: Limits,
    /// The programs a student hands in.
    pub roles: Vec<Role>,
    /// Scenes in which several of them play together.
    pub scenes: Vec<Ensemble>,
    /// What `--set KEY=VALUE` may set.
    pub settings: Vec<Setting>,
    /// Every check, in the order in which they are reported.
    pub scenarios: Vec<Scenario>,
    /// What a search may ask, of each role of which the spec says so.
    pub explorations: Vec<Exploration>,
    /// Files that programs find in their folder where they have none of their own.
    pub fixtures: Fixtures,
    /// The folder the spec was read from.
    pub folder: PathBuf,
    /// Digest of the spec's files: provenance of reports.
    pub hash: String,
}

/// One program of an exercise.
#[derive(Debug, Clone)]
pub struct Role {
    /// Name: `server`, `client`, `device1`, …
    pub name: String,
    /// Which end of the connection it is.
    pub end: End,
    /// What carries its bytes.
    pub transport: Transport,
    /// The port the handout names, or the customary one where it leaves it open.
    pub port: u16,
    /// The handout fixes the port; another one loses the check `port` and nothing else.
    pub port_fixed: bool,
    /// What the program asks for at its terminal before it connects or listens
    /// (the echo client asks for the port), in order.
    pub asks: Vec<Ask>,
    /// Host names that lead the program to the harness.
    pub names: Vec<String>,
}

/// Programs that play together, with the harness as the wire between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ensemble {
    /// Name: `pair`, `trio`; the checks of such a scene are reported under it.
    pub name: String,
    /// Who plays, in the order in which they are started.
    pub players: Vec<Player>,
}

/// One program on stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Player {
    /// Its name: that of its role, unless several of one role play.
    pub name: String,
    /// Whose program it is.
    pub role: String,
    /// It is started by a step, and not before the first.
    pub later: bool,
}

/// How the wire between programs carries bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Carriage {
    /// As they came.
    #[default]
    Whole,
    /// Byte by byte: each is consumed before the next is handed over.
    Bytes,
}

/// Which end of the connection a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It listens.
    Server,
    /// It connects.
    Client,
}

/// What carries the bytes of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// Connections: a stream of bytes each.
    #[default]
    Tcp,
    /// Datagrams: each is one message, and there is no connection. A server is one that binds
    /// a port and waits, a client one that sends first.
    Udp,
}

/// What a program asks for at its terminal before it is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// The address or name of the server.
    Host,
    /// The port number.
    Port,
}

/// A value that the person who grades may set.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Key of `--set KEY=VALUE`.
    pub key: String,
    /// What it is for.
    pub about: Text,
    /// Its value when nothing is set; a scenario that uses an unset setting
    /// without a default falls back to what its spec says.
    pub default: Option<String>,
}

/// Whether a check makes the score or lies beyond the handout.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// What the handout asks.
    Basic,
    /// Beyond the handout.
    Robust,
}

/// Which of several runs of a check counts (`grader run --repeat`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// The worst: a program must always be right.
    #[default]
    Worst,
    /// The best: being right once is enough.
    Best,
    /// What came most often.
    Most,
}

/// The ideas of the course that a check can be about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Concept {
    /// Opening a connection.
    Connect,
    /// A request and its reply.
    RequestReply,
    /// Which port a program uses.
    Port,
    /// Serving the next client, ending when told.
    Lifecycle,
    /// The peer closes: FIN, a read of nothing.
    Eof,
    /// The peer vanishes: RST.
    Reset,
    /// A real Ctrl+C at the terminal.
    CtrlC,
    /// One message may arrive in several reads.
    PartialRead,
    /// One write may send only a part.
    PartialWrite,
    /// Network byte order.
    ByteOrder,
    /// Where a message ends.
    Framing,
    /// Text as bytes.
    Encoding,
    /// Several clients at once.
    Concurrency,
    /// What is not there.
    NotFound,
    /// Input nobody should send.
    BadInput,
    /// Bytes that are not text.
    Binary,
    /// Command-line arguments.
    Arguments,
    /// Reading and writing files.
    Files,
    /// UDP.
    Datagram,
    /// One message to everybody else.
    Broadcast,
}

impl Concept {
    /// Every idea, in the order of their declaration.
    pub const ALL: [Self; 20] = [
        Self::Connect,
        Self::RequestReply,
        Self::Port,
        Self::Lifecycle,
        Self::Eof,
        Self::Reset,
        Self::CtrlC,
        Self::PartialRead,
        Self::PartialWrite,
        Self::ByteOrder,
        Self::Framing,
        Self::Encoding,
        Self::Concurrency,
        Self::NotFound,
        Self::BadInput,
        Self::Binary,
        Self::Arguments,
        Self::Files,
        Self::Datagram,
        Self::Broadcast,
    ];
}

/// One check: a small scene with the program, and what must be seen in it.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Permanent path: `sum/server/adds`.
    pub id: String,
    /// The role whose program is on stage, or the scene in which several are.
    pub role: String,
    /// The programs on stage, in the order in which they are started.
    pub players: Vec<Player>,
    /// How the wire between several programs carries bytes.
    pub wire: Carriage,
    /// The player to whom it does so; everybody unless told.
    pub wire_to: Option<String>,
    /// Checks of a scene that show the same end to end: where they pass, what this check asks
    /// beyond them is a form that is customary and not asked for.
    pub customary: Vec<String>,
    /// What the program must do, as a sentence.
    pub title: Text,
    /// Graded or beyond the handout.
    pub tier: Tier,
    /// A remark only: no points, never a failure of the run.
    pub noted: bool,
    /// The idea it is about.
    pub concept: Concept,
    /// Points of this check; 0 for a remark.
    pub points: f64,
    /// What to look at when it fails; one sentence.
    pub hint: Option<Text>,
    /// Checks of the same role without which this one means nothing.
    pub needs: Vec<String>,
    /// The program's terminal, or pipes.
    pub console: Console,
    /// Variables of the program's environment.
    pub environment: Vec<(String, String)>,
    /// Arguments put behind the command line of the program.
    pub arguments: Option<Vec<String>>,
    /// Files laid over those of the program's folder, by name.
    pub files: Vec<(String, FileContent)>,
    /// Host names that lead the program to the harness.
    pub names: Vec<String>,
    /// For clients: whether anybody listens where the program connects.
    pub listening: bool,
    /// The port given to a program that asks for one, in place of the role's.
    pub port: Option<u16>,
    /// Ports at which another program listens already.
    pub taken: Vec<u16>,
    /// Values drawn from the seed, in order.
    pub draws: Vec<(String, Generator)>,
    /// Longest time the program may do nothing although something is awaited.
    pub patience: Duration,
    /// What happens.
    pub steps: Vec<Step>,
    /// Where the scenario stands: file and line, for findings and errors.
    pub place: Place,
    /// Digest of everything that can change what happens in it, wording and points apart:
    /// provenance of its snapshot.
    pub hash: String,
}

/// What the program's standard streams are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Console {
    /// A real terminal: output comes unbuffered, Ctrl+C is the real one.
    #[default]
    Terminal,
    /// Pipes.
    Pipes,
}

/// One step of a scenario.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is done or awaited.
    pub action: Action,
    /// Name of the player whom it is about; the first one unless told.
    pub at: Option<String>,
    /// The line of the spec file.
    pub place: Place,
}

/// A place in a spec file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The file, relative to the folder of specs.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

impl Exercise {
    /// The names under which checks are reported: scenes first, then roles.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let scenes = self.scenes.iter().map(|scene| scene.name.as_str());
        scenes.chain(self.roles.iter().map(|role| role.name.as_str()))
    }
}

impl Scenario {
    /// Longest time a program may do nothing, unless a scenario says otherwise.
    pub const PATIENCE: Duration = Duration::from_secs(3);

    /// A scenario of one program in which nothing happens.
    pub fn bare(id: &str, role: &str) -> Self {
        Self {
            id: id.to_owned(),
            role: role.to_owned(),
            players: vec![Player { name: role.to_owned(), role: role.to_owned(), later: false }],
            wire: Carriage::Whole,
            wire_to: None,
            customary: Vec::new(),
            title: Text::same(id),
            tier: Tier::Basic,
            noted: true,
            concept: Concept::Connect,
            points: 0.0,
            hint: None,
            needs: Vec::new(),
            console: Console::Terminal,
            environment: Vec::new(),
            arguments: None,
            files: Vec::new(),
            names: Vec::new(),
            listening: true,
            port: None,
            taken: Vec::new(),
            draws: Vec::new(),
            patience: Self::PATIENCE,
            steps: Vec::new(),
            place: Place::default(),
            hash: String::new(),
        }
    }

    /// Several programs are on stage.
    pub fn is_ensemble(&self) -> bool {
        self.players.len() > 1
    }

    /// Index of the player whom a step is about.
    pub fn player_at(&self, name: Option<&str>) -> usize {
        let named = name.and_then(|name| self.players.iter().position(|player| player.name == name));
        named.unwrap_or_default()
    }
}
