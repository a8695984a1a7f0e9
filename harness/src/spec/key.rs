//! The words of the file format for steps and expectations: error messages, reports
//! and `grader show` all call them by the same names.

use super::{Action, Concept, Expectation, ProgramExpectation, Scenario};

impl Expectation {
    /// The key of the file format.
    pub fn key(&self) -> &'static str {
        match self {
            Expectation::Exactly { .. } => "exactly",
            Expectation::Echo => "echo",
            Expectation::Shows(_) => "shows",
            Expectation::Lacks(_) => "lacks",
            Expectation::Matches(_) => "matches",
            Expectation::Number(_) => "number",
            Expectation::Integer(_) => "integer",
            Expectation::Numbers(_) => "numbers",
            Expectation::Records(_) => "records",
            Expectation::Something => "something",
            Expectation::Nothing => "nothing",
            Expectation::Reference(_) => "reference",
            Expectation::CurrentTime { .. } => "current-time",
            Expectation::Unlike(_) => "unlike",
            Expectation::NoTrace => "no-trace",
            Expectation::Http(_) => "http",
            Expectation::HttpRequest(_) => "http-request",
            Expectation::Jpeg(_) => "jpeg",
            Expectation::Fin => "fin",
            Expectation::Reset => "reset",
            Expectation::End => "end",
            Expectation::Open => "open",
        }
    }

    /// Whether it is about what the harness itself has sent or asks.
    pub(super) fn needs_harness(&self) -> bool {
        matches!(self, Expectation::Echo | Expectation::Reference(_))
    }

    /// Whether it is about the connection itself or about bytes only a connection has.
    pub(super) fn needs_connection(&self) -> bool {
        use Expectation::{Echo, End, Fin, Http, HttpRequest, Integer, Open, Reference, Reset};
        matches!(self, Echo | Integer(_) | Reference(_) | Http(_) | HttpRequest(_) | Fin | Reset | End | Open)
    }

    /// Whether it is the end of the connection.
    pub(super) fn is_end(&self) -> bool {
        matches!(self, Expectation::Fin | Expectation::Reset | Expectation::End)
    }
}

impl Action {
    /// The verb of the file format.
    pub fn key(&self) -> &'static str {
        match self {
            Action::Connect(_) => "connect",
            Action::Accept { .. } => "accept",
            Action::Send(_) => "send",
            Action::HalfClose { .. } => "half-close",
            Action::Close { .. } => "close",
            Action::Reset { .. } => "reset",
            Action::StopReading { .. } => "stop-reading",
            Action::ReadOn { .. } => "read-on",
            Action::Type { .. } => "type",
            Action::Press(_) => "press",
            Action::Freeze => "freeze",
            Action::Thaw => "thaw",
            Action::Start { .. } => "start",
            Action::Kill => "kill",
            Action::Cut(_) => "cut",
            Action::Restart { .. } => "restart",
            Action::Settle => "settle",
            Action::NextSecond => "next-second",
            Action::Expect(_) => "expect",
            Action::ExpectProgram(ProgramExpectation::Alive) => "expect-alive",
            Action::ExpectProgram(ProgramExpectation::Calm) => "expect-calm",
            Action::ExpectProgram(ProgramExpectation::Exits(_)) => "expect-exit",
            Action::ExpectProgram(ProgramExpectation::Port(_)) => "expect-port",
            Action::ExpectProgram(ProgramExpectation::PeerPort) => "expect-peer-port",
            Action::ExpectProgram(ProgramExpectation::Address(_)) => "expect-address",
            Action::ExpectProgram(ProgramExpectation::EndsOrWaits) => "expect-ends-or-waits",
            Action::Each { rows: super::Rows::Table(_), .. } => "each",
            Action::Each { rows: super::Rows::Times { .. }, .. } => "times",
        }
    }
}

impl Concept {
    /// The tag of the file format: `request-reply`.
    pub fn key(self) -> &'static str {
        match self {
            Concept::Connect => "connect",
            Concept::RequestReply => "request-reply",
            Concept::Port => "port",
            Concept::Lifecycle => "lifecycle",
            Concept::Eof => "eof",
            Concept::Reset => "reset",
            Concept::CtrlC => "ctrl-c",
            Concept::PartialRead => "partial-read",
            Concept::PartialWrite => "partial-write",
            Concept::ByteOrder => "byte-order",
            Concept::Framing => "framing",
            Concept::Encoding => "encoding",
            Concept::Concurrency => "concurrency",
            Concept::NotFound => "not-found",
            Concept::BadInput => "bad-input",
            Concept::Binary => "binary",
            Concept::Arguments => "arguments",
            Concept::Files => "files",
            Concept::Datagram => "datagram",
            Concept::Broadcast => "broadcast",
        }
    }
}

impl Scenario {
    /// The id without exercise and role: `adds`.
    pub fn short_id(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or(&self.id)
    }
}
