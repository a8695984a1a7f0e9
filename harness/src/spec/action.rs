//! What a step of a scenario does, and what it may expect. One verb per step.

use serde::{Deserialize, Serialize};

use super::{
    ByteOrder, HttpRequest, HttpResponse, NumbersExpectation, Payload, PictureExpectation, Pieces,
    RecordsExpectation, Step, Wire,
};
use crate::units::Text;

/// Text with `{names}` in braces, filled in from drawn values and table columns
/// when a scenario is planned, and from `{port}`, `{host}`, `{a.ip}`, `{a.port}`
/// and captures while it runs. `{{` is a brace.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Template(pub String);

/// The verb of a step.
#[derive(Debug, Clone)]
pub enum Action {
    /// A client of the harness connects to the program.
    Connect(Connect),
    /// The program connects to the harness. It may do so only after something was
    /// typed: the step then goes on and the connection is awaited where it is used.
    Accept {
        /// Name of the connection.
        connection: String,
        /// A program that connects anew for every request keeps the name, whether it closed
        /// the connection before or forgot it. Once the harness has ended the connection it
        /// listens no more: a server that is gone refuses.
        reopen: bool,
    },
    /// The harness sends bytes.
    Send(Send),
    /// The harness ends its direction (FIN) and goes on reading.
    HalfClose {
        /// Name of the connection.
        connection: String,
    },
    /// The harness closes after reading what came (FIN).
    Close {
        /// Name of the connection.
        connection: String,
    },
    /// The harness resets the connection (RST).
    Reset {
        /// Name of the connection.
        connection: String,
    },
    /// The harness no longer reads: the program's send window fills.
    StopReading {
        /// Name of the connection.
        connection: String,
    },
    /// The harness reads again and takes all that has waited: a slow reader.
    ReadOn {
        /// Name of the connection.
        connection: String,
    },
    /// A line is typed at the program's terminal, once the program waits for it.
    Type {
        /// The line without its end.
        line: Template,
        /// Only if the program waits for one; what it showed before stays unread.
        if_asked: bool,
    },
    /// A key is pressed at the program's terminal.
    Press(Key),
    /// All processes of the program are stopped (SIGSTOP): what follows happens
    /// before it can run again.
    Freeze,
    /// They go on (SIGCONT).
    Thaw,
    /// A player that comes later is started.
    Start {
        /// Its name.
        player: String,
    },
    /// All processes of the program are killed (SIGKILL).
    Kill,
    /// The wire between two programs vanishes: both sides are reset.
    Cut(Wire),
    /// The program is ended, if it has not ended, and started again, in a folder as it was
    /// at first. What its console showed before is not looked at any more.
    Restart {
        /// In the network it had, where the ends of its connections may still hold its port
        /// (TIME_WAIT); otherwise a server gets a new one.
        same_network: bool,
    },
    /// Waits until the program waits for its peer, its terminal or nothing.
    Settle,
    /// Waits until the clock's second has changed.
    NextSecond,
    /// Something must be seen on a connection or on the console.
    Expect(Expect),
    /// Something must hold for the program itself.
    ExpectProgram(ProgramExpectation),
    /// Steps repeated: once per row of a table, or a number of times with values
    /// drawn anew.
    Each {
        /// Rows: name and value of every column.
        rows: Rows,
        /// The steps.
        steps: Vec<Step>,
    },
}

/// How often the steps of a block run, and with what values.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Once per row; the columns are `{names}`.
    Table(Vec<Vec<(String, String)>>),
    /// So many times; the names are drawn anew each time.
    Times {
        /// Number of rounds.
        times: usize,
        /// What is drawn in each round.
        draws: Vec<(String, Generator)>,
    },
}

/// A client of the harness connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connect {
    /// Name of the connection.
    pub connection: String,
    /// The player it goes to; the first one unless told.
    pub to: Option<String>,
    /// Address it comes from; 127.0.0.1 unless told.
    pub from: Option<std::net::Ipv4Addr>,
    /// Whatever the program says before the first request is read and put aside.
    pub skip_greeting: bool,
    /// A program that closes after its reply, or goes to its next client, is asked on a
    /// new connection, and one that then ended well is started again (noted).
    pub reopen: bool,
    /// The program may refuse: the step then does nothing.
    pub optional: bool,
    /// A UDP peer that takes datagrams from the address it sends to and from no other, as
    /// one that has called connect(2) does (udp(7)).
    pub connected: bool,
}

/// Bytes leave the harness.
#[derive(Debug, Clone)]
pub struct Send {
    /// Name of the connection.
    pub connection: String,
    /// What is sent.
    pub payload: Payload,
    /// In how many segments.
    pub pieces: Pieces,
    /// The step is over once the program has taken every byte.
    pub consumed: bool,
    /// A line end is added where the program ended its own last message with one.
    pub line_end_as_received: bool,
    /// A connection that the program has closed or reset is no failure.
    pub may_fail: bool,
    /// The datagram leaves from another port than the one the program has sent to.
    pub other_port: bool,
}

/// A key of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// Enter.
    Enter,
    /// Interrupt (0x03).
    CtrlC,
    /// End of input (0x04).
    CtrlD,
}

/// Something must be seen.
#[derive(Debug, Clone)]
pub struct Expect {
    /// Where.
    pub from: Source,
    /// What is right, and what else is accepted with less credit; first match counts.
    pub alternatives: Vec<Alternative>,
    /// Name under which the matched text is kept for later steps.
    pub capture: Option<String>,
    /// Where the program waits for more although it has the whole message that was sent
    /// last, on whichever connection, a line end is sent there and the check goes on,
    /// with a note (programs that read lines).
    pub nudge: bool,
    /// The requirement in words; made from the expectation where it is missing.
    pub requirement: Option<Text>,
}

impl Expect {
    /// Whatever comes will do.
    pub fn takes_anything(&self) -> bool {
        self.alternatives.iter().any(|alternative| matches!(alternative.expectation, Expectation::Something))
    }

    /// Only the end of the connection counts.
    pub fn awaits_end(&self) -> bool {
        self.alternatives.iter().all(|alternative| alternative.expectation.is_end())
    }
}

/// One acceptable thing to see.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// What.
    pub expectation: Expectation,
    /// Share of the points, 1 for right.
    pub credit: f64,
    /// Why it is not the whole credit, or a remark.
    pub note: Option<Text>,
}

/// Where something is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// On a connection of the harness.
    Connection(String),
    /// On what the program shows: terminal or pipes, both streams.
    Console,
    /// In a file that the program writes, by its name below the program's folder.
    File(String),
    /// On the wire: what one program has sent to another.
    Wire(Wire),
}

/// What must be seen.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// This text and nothing else but blanks and line ends around it
    /// (with `strict`: not even those).
    Exactly {
        /// The text or bytes.
        payload: Payload,
        /// No tolerated line end.
        strict: bool,
    },
    /// The bytes the harness sent last on this connection, unchanged.
    Echo,
    /// This text as a whole word (or words) anywhere.
    Shows(Template),
    /// A text that must not appear.
    Lacks(Template),
    /// A regular expression that must match somewhere.
    Matches(String),
    /// This number, however it is written: `4`, `4.0`, `result: 4.0`.
    Number(Template),
    /// An integer in binary.
    Integer(IntegerExpectation),
    /// Numbers in whatever form.
    Numbers(NumbersExpectation),
    /// Lines with named values in them.
    Records(RecordsExpectation),
    /// Whatever it is, something.
    Something,
    /// Nothing more until the program waits; the connection stays as it is.
    Nothing,
    /// The same answer as the model program gives to the same bytes.
    Reference(Comparison),
    /// The present time as C's `ctime` writes it, in the program's zone.
    CurrentTime {
        /// Largest difference in seconds.
        within: u32,
    },
    /// Text that differs from what a capture holds.
    Unlike(String),
    /// No trace of an exception or of a crash.
    NoTrace,
    /// An HTTP response.
    Http(HttpResponse),
    /// An HTTP request.
    HttpRequest(HttpRequest),
    /// A picture.
    Jpeg(PictureExpectation),
    /// The program ends its direction (FIN); what came before must be read or blank, or the
    /// rest of something whose content is nobody's concern.
    Fin,
    /// The program resets (RST).
    Reset,
    /// The connection ends, one way or the other.
    End,
    /// The connection stays open while the program waits.
    Open,
}

impl Expectation {
    /// It holds when something does not come: only stillness can show that.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Lacks(_) | Self::NoTrace | Self::Nothing | Self::Open)
    }
}

/// How an answer is compared with the model's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// As a number.
    Number,
    /// As text, blanks and line ends around it apart.
    Text,
}

/// An integer in binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegerExpectation {
    /// Widths in bytes that are right.
    pub widths: Vec<u8>,
    /// Which byte first.
    pub order: ByteOrder,
    /// The value, where it is known (a setting that is unset counts as unknown).
    pub value: Option<Template>,
    /// A range in which the value is plausible.
    pub plausible: Option<(u64, u64)>,
    /// Bytes after a plausible or known value are no matter here.
    pub more: bool,
}

/// Something must hold for the program itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramExpectation {
    /// It runs.
    Alive,
    /// It does not spin: it comes to wait for something.
    Calm,
    /// It ends.
    Exits(ExitExpectation),
    /// It uses the port of the handout.
    Port(u16),
    /// It connects to a port at which another program of the scene listens.
    PeerPort,
    /// A client connects to this address.
    Address(std::net::IpAddr),
    /// It ends, or waits for its next client: either is right, but not dying of a
    /// signal and not spinning.
    EndsOrWaits,
}

/// How a program must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExitExpectation {
    /// However it likes.
    Any,
    /// With status 0.
    Success,
    /// With a status other than 0.
    Failure,
    /// With a status other than 0, or after having said something.
    FailureOrMessage,
}

/// A value drawn from the seed.
#[derive(Debug, Clone, PartialEq)]
pub enum Generator {
    /// An integer from the first to the last, both included.
    Integer(i64, i64),
    /// One of these.
    OneOf(Vec<String>),
    /// A word of so many small letters.
    Word(usize),
    /// Printable ASCII text of so many characters, neither beginning nor ending with a blank.
    Printable(usize),
    /// Letters of the Korean alphabet, so many syllables.
    Korean(usize),
    /// The product of two earlier values.
    Product(String, String),
}
