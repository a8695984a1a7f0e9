//! What can be wrong with a spec. Every fault of a folder is collected before any
//! is reported; `caret` prints them. Nothing here is about a student's program.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use super::{Suspicion, caret};

/// All faults of the specs that were loaded, in order of file and line.
#[derive(Debug, Clone, Default)]
pub struct SpecErrors {
    faults: Vec<Fault>,
    /// Text of every file that a fault points into.
    texts: BTreeMap<String, String>,
}

/// One fault and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The file, as it was found from the current folder.
    pub file: String,
    /// Bytes of the file; none when the file as a whole is meant.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub problem: Box<Problem>,
}

impl SpecErrors {
    /// The faults in order of file and place, each said once.
    pub fn new(mut faults: Vec<Fault>, texts: BTreeMap<String, String>) -> Self {
        faults.sort_by_key(|fault| (fault.file.clone(), fault.span.as_ref().map_or(0, |span| span.start)));
        faults.dedup();
        Self { faults, texts }
    }

    /// Adds the faults of another folder behind these.
    pub fn extend(&mut self, other: SpecErrors) {
        self.faults.extend(other.faults);
        self.texts.extend(other.texts);
    }

    /// The faults.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// Every fault with its line and a caret, for a terminal that shows colours or not.
    pub fn render(&self, coloured: bool) -> String {
        let blocks = self.faults.iter().map(|fault| caret::render(fault, self.text(fault), coloured));
        blocks.collect::<Vec<_>>().join("\n\n")
    }

    fn text(&self, fault: &Fault) -> &str {
        self.texts.get(&fault.file).map_or("", String::as_str)
    }
}

impl std::fmt::Display for SpecErrors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for SpecErrors {}

/// What is wrong at one place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Problem {
    /// The folder or a file in it cannot be read.
    #[error("cannot read `{}`: {cause}", path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// The system's words.
        cause: String,
    },
    /// The text is not TOML.
    #[error("not valid TOML: {0}")]
    Syntax(String),
    /// A key that this table does not have.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key as written.
        key: String,
        /// Every key the table has.
        known: Vec<String>,
    },
    /// A value of another type than the key takes.
    #[error("{place} must be {expected}, not {found}")]
    WrongType {
        /// The key or entry.
        place: String,
        /// What it takes.
        expected: String,
        /// What stands there.
        found: &'static str,
    },
    /// A key that must be there.
    #[error("missing key `{key}`")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// A word that is none of those the key takes.
    #[error("{place} cannot be `{word}`")]
    UnknownWord {
        /// The key or entry.
        place: String,
        /// The word as written.
        word: String,
        /// The words it takes.
        known: Vec<String>,
    },
    /// A number, list or text outside its bounds, or badly formed text.
    #[error("{place} must be {expected}")]
    OutOfBounds {
        /// The key or entry.
        place: String,
        /// The bounds in words.
        expected: String,
    },
    /// A regular expression that does not compile.
    #[error("this regular expression does not compile: {0}")]
    Regex(String),
    /// A table of which one key says what it is, without that key.
    #[error("this {what} says nothing: it has no verb")]
    NoVerb {
        /// Step, expectation, payload or generator.
        what: String,
        /// The verbs.
        known: Vec<String>,
    },
    /// Two such keys.
    #[error("two verbs in one {what}: `{first}` and `{second}`")]
    TwoVerbs {
        /// Step, expectation, payload or generator.
        what: String,
        /// The one that stands first.
        first: String,
        /// The other.
        second: String,
    },
    /// A key beside a verb that does not take it.
    #[error("`{key}` cannot stand beside `{verb}`")]
    StrayKey {
        /// The key.
        key: String,
        /// The verb it stands beside.
        verb: String,
        /// The verbs that take it.
        owners: Vec<String>,
    },
    /// A verb that needs another key beside it.
    #[error("`{verb}` needs `{key}` beside it")]
    Incomplete {
        /// The verb.
        verb: String,
        /// What it needs.
        key: String,
    },
    /// A name that is given twice.
    #[error("the {what} `{name}` is there twice")]
    Duplicate {
        /// Kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
        /// Line of the first.
        first: usize,
    },
    /// A name that the language keeps for itself.
    #[error("`{0}` has a meaning of its own")]
    Reserved(String),
    /// A name that nothing has.
    #[error("no {what} is called `{name}`")]
    Unknown {
        /// Kind of thing.
        what: &'static str,
        /// The name as written.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A step that cannot be done or seen where it stands.
    #[error(transparent)]
    Impossible(#[from] Impossible),
    /// Nothing is wrong, but the check shows less than it seems to.
    #[error(transparent)]
    Suspect(#[from] Suspicion),
    /// A role or scene of the exercise without a file of scenarios.
    #[error("the {what} `{name}` has no file `{name}.toml`")]
    MissingFile {
        /// Role or scene.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A brace that opens no name.
    #[error("a brace opens no name: {0}")]
    Brace(String),
    /// A setting without a value where one is needed.
    #[error("the setting `{0}` has no default, so it may be unset here")]
    UnsetSetting(String),
    /// Points for a remark.
    #[error("a noted check has no points")]
    NotedPoints,
    /// A product of something that is no integer.
    #[error("`{0}` is not an integer drawn before")]
    NotAFactor(String),
    /// A range that ends before it begins.
    #[error("the range ends before it begins: {0} to {1}")]
    EmptyRange(String, String),
    /// The table passed every rule and was still not understood: a defect of the loader.
    #[error("this table is not understood: {0}")]
    NotUnderstood(String),
}

/// A step that cannot be done or seen where it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// The program listens, so it does not connect.
    #[error("a server does not connect to the harness")]
    AcceptFromServer,
    /// The program connects, so it does not listen.
    #[error("a client does not listen")]
    ConnectToClient,
    /// Nobody listens in this scenario.
    #[error("nobody listens in this scenario, so nothing can be accepted")]
    NobodyListens,
    /// Only a client meets a harness that listens or does not.
    #[error("`listening` is about what a client connects to, and the program is a server")]
    ListeningForServer,
    /// Only a client has an address it connects to.
    #[error("`expect-address` is about what a client connects to, and the program is a server")]
    AddressOfServer,
    /// Only in company is there another program.
    #[error("`expect-peer-port` is about another program of the scene, and there is none")]
    NoPeer,
    /// Datagrams have no connection, no order and no end.
    #[error("`{0}` is about connections, and this role's transport is UDP")]
    NotWithDatagrams(&'static str),
    /// Only datagrams have these.
    #[error("`{0}` is about datagrams, and this role's transport is TCP")]
    OnlyDatagrams(&'static str),
    /// A search asks servers that play alone.
    #[error("a search asks a server: this is no file of one")]
    NotExplorable,
    /// Clients come and leave by other means than steps.
    #[error(
        "`{0}` cannot stand here: how clients come and leave is told by `open`, `leave` and `abandon`, and blocks are none of a search"
    )]
    InExchange(&'static str),
    /// More clients than are served.
    #[error("several clients want a program that serves them: `serves` is `one`")]
    OneClient,
    /// The harness has closed or reset the connection.
    #[error("the harness has {how} `{connection}` in line {line}")]
    Over {
        /// Name of the connection.
        connection: String,
        /// `closed` or `reset`.
        how: &'static str,
        /// Where.
        line: usize,
    },
    /// The harness has ended its own direction.
    #[error("nothing can be sent on `{connection}` after its half-close in line {line}")]
    HalfClosed {
        /// Name of the connection.
        connection: String,
        /// Where.
        line: usize,
    },
    /// The program is known to have ended the connection.
    #[error("`{connection}` was expected to end in line {line}, so nothing more comes from it or goes to it")]
    Ended {
        /// Name of the connection.
        connection: String,
        /// Where.
        line: usize,
    },
    /// The harness reads all the time.
    #[error("the harness reads `{connection}` already")]
    NotStopped {
        /// Name of the connection.
        connection: String,
    },
    /// The harness has stopped reading.
    #[error("nothing is read from `{connection}` any more since line {line}")]
    NotRead {
        /// Name of the connection.
        connection: String,
        /// Where.
        line: usize,
    },
    /// The program is frozen.
    #[error("the program is frozen since line {line}, so this cannot happen")]
    Frozen {
        /// Where.
        line: usize,
    },
    /// The program stays frozen.
    #[error("the program is frozen here and never thawed")]
    NeverThawed,
    /// The program is not frozen.
    #[error("the program is not frozen here")]
    NotFrozen,
    /// The program has ended.
    #[error("the program was expected to exit in line {line}")]
    Exited {
        /// Where.
        line: usize,
    },
    /// There is no terminal.
    #[error("ctrl-c needs a terminal, and this scenario gives the program pipes")]
    NoTerminal,
    /// An expectation about a connection on the console, or the other way round.
    #[error("`{expectation}` is nothing that {place} can show")]
    WrongPlace {
        /// Key of the expectation.
        expectation: &'static str,
        /// The console or a connection.
        place: &'static str,
    },
    /// Nothing was sent that could come back.
    #[error("nothing was sent on `{connection}` before that could come back")]
    NothingSent {
        /// Name of the connection.
        connection: String,
    },
    /// A key for several programs where one plays.
    #[error("`{0}` is about several programs, and one plays here")]
    OnePlayer(&'static str),
    /// A step for one program where several play.
    #[error("`{0}` is for a program that plays alone")]
    AloneOnly(&'static str),
    /// Two players with one name.
    #[error("two players are called `{0}`")]
    SameName(String),
    /// The first player comes later.
    #[error("the first player cannot come later: somebody must be there")]
    NobodyFirst,
    /// A step about one program of several.
    #[error("`{0}` must say whom it is about: several programs play here")]
    WhoseStep(&'static str),
    /// The player is not there yet.
    #[error("`{0}` comes later and has not been started here")]
    NotStarted(String),
    /// The player is there.
    #[error("`{0}` is on stage already")]
    StartedAlready(String),
    /// Programs that play together are connected with each other.
    #[error("the programs connect to each other here, not to the harness")]
    AcceptInEnsemble,
    /// Credit or note for several alternatives at once.
    #[error("`{0}` cannot stand beside `any`: every alternative has its own")]
    BesideAny(&'static str),
    /// Alternatives among alternatives.
    #[error("`any` cannot stand inside `any`")]
    AnyInAny,
}
