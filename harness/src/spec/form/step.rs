//! One step of a scenario: a verb and what may stand beside it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use schemars::JsonSchema;
use serde::Deserialize;

use super::expectation::ExpectForm;
use super::name::{CONNECTION, CONNECTION_WORDS, VALUE, VALUE_WORDS, Yes};
use super::payload::{PayloadForm, PiecesForm, Scalar};
use super::scenario::GeneratorForm;
use super::verbs::{Grammar, add_grammar};
use crate::spec::{ExitExpectation, Key};
use crate::units::Text;

/// One step: exactly one verb.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "step", transform = step_grammar)]
pub(in crate::spec) struct StepForm {
    /// A client of the harness connects; the name of the connection.
    #[schemars(regex(pattern = CONNECTION), extend("errorMessage" = CONNECTION_WORDS))]
    pub(in crate::spec) connect: Option<String>,
    /// Address it comes from; 127.0.0.1 unless told.
    pub(in crate::spec) from_address: Option<Ipv4Addr>,
    /// What becomes of a greeting before the first request.
    pub(in crate::spec) greeting: Option<Greeting>,
    /// A program that closes after its reply, or goes to its next client, is asked on a new
    /// connection; one that connects anew for every request keeps the connection's name until
    /// the harness ends it.
    #[serde(default)]
    pub(in crate::spec) reopen: bool,
    /// The program may refuse.
    #[serde(default)]
    pub(in crate::spec) optional: bool,
    /// The UDP peer takes datagrams from the program's port and from no other.
    #[serde(default)]
    pub(in crate::spec) connected: bool,
    /// The program connects to the harness; the name of the connection.
    #[schemars(regex(pattern = CONNECTION), extend("errorMessage" = CONNECTION_WORDS))]
    pub(in crate::spec) accept: Option<String>,
    /// The harness sends this.
    pub(in crate::spec) send: Option<PayloadForm>,
    /// On this connection; where several programs play: to this player.
    pub(in crate::spec) to: Option<String>,
    /// In these segments; in one unless told.
    pub(in crate::spec) pieces: Option<PiecesForm>,
    /// Goes on once the program has taken every byte, so that what is sent next is not
    /// read together with it.
    #[serde(default)]
    pub(in crate::spec) consumed: bool,
    /// A line end is added where the program ended its own last message with one.
    pub(in crate::spec) line_end: Option<LineEnd>,
    /// A connection that the program has ended is no failure.
    #[serde(default)]
    pub(in crate::spec) may_fail: bool,
    /// The datagram leaves from another port than the one the program has sent to.
    #[serde(default)]
    pub(in crate::spec) other_port: bool,
    /// The harness ends its direction of this connection and goes on reading.
    pub(in crate::spec) half_close: Option<String>,
    /// The harness closes this connection after reading what came.
    pub(in crate::spec) close: Option<String>,
    /// The harness resets this connection.
    pub(in crate::spec) reset: Option<String>,
    /// The harness no longer reads this connection.
    pub(in crate::spec) stop_reading: Option<String>,
    /// The harness reads this connection again.
    pub(in crate::spec) read_on: Option<String>,
    /// A line typed at the program's terminal once it waits for one.
    pub(in crate::spec) r#type: Option<String>,
    /// The line is typed only if the program waits for one; what it showed before stays unread.
    #[serde(default)]
    pub(in crate::spec) if_asked: bool,
    /// A key pressed at the program's terminal.
    pub(in crate::spec) press: Option<Key>,
    /// The program is stopped: what follows happens before it can run again.
    pub(in crate::spec) freeze: Option<Yes>,
    /// It goes on.
    pub(in crate::spec) thaw: Option<Yes>,
    /// This player, which comes later, is started.
    pub(in crate::spec) start: Option<String>,
    /// All processes of the program are killed.
    pub(in crate::spec) kill: Option<Yes>,
    /// The wire between these two programs vanishes, as `alice>server`: both are reset.
    pub(in crate::spec) cut: Option<String>,
    /// Whom the step is about, where several programs play: the player's name.
    pub(in crate::spec) at: Option<String>,
    /// The program is started again, in a folder as it was at first.
    pub(in crate::spec) restart: Option<Yes>,
    /// In the network it had: what its connections left may still hold its port.
    #[serde(default)]
    pub(in crate::spec) same_network: bool,
    /// Waits until the program waits.
    pub(in crate::spec) settle: Option<Yes>,
    /// Waits until the clock's second has changed.
    pub(in crate::spec) next_second: Option<Yes>,
    /// Something must be seen.
    pub(in crate::spec) expect: Option<ExpectForm>,
    /// On this connection, on the `console`, in a file the program writes, `file:NAME`, or on
    /// the wire between two programs, `alice>server`: what alice has sent to server.
    pub(in crate::spec) from: Option<String>,
    /// Name under which the text seen is kept for later steps.
    #[schemars(regex(pattern = VALUE), extend("errorMessage" = VALUE_WORDS))]
    pub(in crate::spec) capture: Option<String>,
    /// A program that waits for a line end is given one, with a note.
    #[serde(default)]
    pub(in crate::spec) nudge: bool,
    /// The requirement in words; made from the expectation unless told.
    pub(in crate::spec) requirement: Option<Text>,
    /// The program runs.
    pub(in crate::spec) expect_alive: Option<Yes>,
    /// The program does not spin: it comes to wait for something.
    pub(in crate::spec) expect_calm: Option<Yes>,
    /// The program ends.
    pub(in crate::spec) expect_exit: Option<ExitExpectation>,
    /// The program uses this port.
    #[schemars(range(min = 1))]
    pub(in crate::spec) expect_port: Option<u16>,
    /// The program connects to a port at which another program of the scene listens.
    pub(in crate::spec) expect_peer_port: Option<Yes>,
    /// The program connects to this address.
    pub(in crate::spec) expect_address: Option<std::net::IpAddr>,
    /// The program ends or waits for its next client.
    pub(in crate::spec) expect_ends_or_waits: Option<Yes>,
    /// The steps once for each row; the columns are `{names}`.
    #[schemars(length(min = 1))]
    pub(in crate::spec) each: Option<Vec<RowForm>>,
    /// The steps so many times, values drawn anew.
    #[schemars(range(min = 1, max = 10000))]
    pub(in crate::spec) times: Option<usize>,
    /// What is drawn in each round.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": VALUE, "errorMessage": VALUE_WORDS }))]
    pub(in crate::spec) draw: BTreeMap<String, GeneratorForm>,
    /// The steps of a block.
    #[schemars(length(min = 1))]
    pub(in crate::spec) steps: Option<Vec<StepForm>>,
}

/// A row of a table: name and value of every column.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(title = "row", extend("propertyNames" = { "pattern": VALUE, "errorMessage": VALUE_WORDS }, "minProperties" = 1))]
pub(in crate::spec) struct RowForm(pub(in crate::spec) BTreeMap<String, Scalar>);

/// What becomes of a greeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::spec) enum Greeting {
    /// It is read and put aside.
    Skip,
}

/// What ends a message of the harness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::spec) enum LineEnd {
    /// What ended the program's own last message on the connection.
    AsReceived,
}

/// Verbs about one program, beside which stands whose it is.
const AT: &[&str] = &[
    "type",
    "press",
    "freeze",
    "thaw",
    "kill",
    "settle",
    "expect",
    "expect-alive",
    "expect-calm",
    "expect-exit",
    "expect-port",
    "expect-peer-port",
    "expect-address",
    "expect-ends-or-waits",
];

fn step_grammar(schema: &mut schemars::Schema) {
    let verbs = &[
        "connect",
        "accept",
        "send",
        "half-close",
        "close",
        "reset",
        "stop-reading",
        "read-on",
        "type",
        "press",
        "freeze",
        "thaw",
        "start",
        "kill",
        "cut",
        "restart",
        "settle",
        "next-second",
        "expect",
        "expect-alive",
        "expect-calm",
        "expect-exit",
        "expect-port",
        "expect-peer-port",
        "expect-address",
        "expect-ends-or-waits",
        "each",
        "times",
    ];
    let beside: &[(&str, &[&str])] = &[
        ("from-address", &["connect"]),
        ("greeting", &["connect"]),
        ("reopen", &["connect", "accept"]),
        ("optional", &["connect"]),
        ("connected", &["connect"]),
        ("to", &["send", "connect"]),
        ("at", AT),
        ("pieces", &["send"]),
        ("consumed", &["send"]),
        ("line-end", &["send"]),
        ("if-asked", &["type"]),
        ("same-network", &["restart"]),
        ("may-fail", &["send"]),
        ("other-port", &["send"]),
        ("from", &["expect"]),
        ("capture", &["expect"]),
        ("nudge", &["expect"]),
        ("requirement", &["expect"]),
        ("draw", &["times"]),
        ("steps", &["each", "times"]),
    ];
    let needs = &[("send", "to"), ("expect", "from"), ("each", "steps"), ("times", "steps")];
    add_grammar(schema, &Grammar { verbs, beside, needs });
}
