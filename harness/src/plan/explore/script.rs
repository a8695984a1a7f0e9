//! A session as the steps of a scenario, and as the text of one.

use serde_json::{Map, Value, json};

use super::session::{Grammar, Manner, Move, Session};
use super::toml;
use crate::spec::{CLIENT, Exchange, Leave, Serves, Template, Tier};
use crate::units::Text;

/// Keys of a step that hold the name of a connection.
const NAMES: [&str; 5] = ["connect", "to", "from", "stop-reading", "read-on"];
/// Keys whose texts are no templates.
const PLAIN: [&str; 5] = ["matches", "pattern", "hex", "capture", "unlike"];
const LETTERS: usize = 26;

/// A session as steps.
#[derive(Debug, Clone)]
pub struct Script {
    /// The step as a spec file has it, and the move it belongs to.
    steps: Vec<(usize, Value)>,
    /// What stands above the steps.
    head: Vec<(&'static str, Value)>,
}

/// How a scenario made of a session is called.
#[derive(Debug, Clone)]
pub struct Label {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Where to look when it fails.
    pub hint: Text,
}

/// Writes a session down as steps.
pub fn script(grammar: Grammar<'_>, session: &Session, label: &Label) -> Script {
    let mut scribe = Scribe { grammar, names: Vec::new(), steps: Vec::new(), at: 0 };
    for (index, m) in session.moves.iter().enumerate() {
        scribe.at = index;
        let last = index + 1 == session.moves.len();
        scribe.write(m, last);
    }
    let both = |text: &Text| json!({ "en": text.en, "ko": text.ko });
    let concept = session.concept(grammar).key();
    let mut head = vec![("id", json!(label.id)), ("title", both(&label.title)), ("concept", json!(concept))];
    if session.tier(grammar) == Tier::Robust {
        head.push(("tier", json!("robust")));
    }
    head.push(("hint", both(&label.hint)));
    if !grammar.exploration.files.is_null() {
        head.push(("files", grammar.exploration.files.clone()));
    }
    Script { steps: scribe.steps, head }
}

impl Script {
    /// The move that a step belongs to.
    pub fn move_of(&self, step: usize) -> Option<usize> {
        self.steps.get(step).map(|(index, _)| *index)
    }

    /// The scenario as it stands in a spec file.
    pub fn toml(&self) -> String {
        let mut text = "[[scenario]]\n".to_owned();
        for (key, value) in &self.head {
            text.push_str(&format!("{key} = {}\n", toml::inline(value)));
        }
        text.push_str("steps = [\n");
        for (_, step) in &self.steps {
            text.push_str(&format!("  {},\n", toml::inline(step)));
        }
        text.push_str("]\n");
        text
    }
}

/// The first message of an exchange, where it is text.
pub(super) fn first_message(exchange: &Exchange, values: &[(String, String)]) -> Option<String> {
    let step = exchange.steps.iter().find(|step| !step["send"].is_null())?;
    let text = Template(step["send"].as_str()?.to_owned());
    Some(filled(&text, values).0.replace("{{", "{"))
}

fn filled(text: &Template, values: &[(String, String)]) -> Template {
    text.filled(|name| values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
}

struct Scribe<'a> {
    grammar: Grammar<'a>,
    /// Clients in the order of their coming.
    names: Vec<usize>,
    steps: Vec<(usize, Value)>,
    /// The move at hand.
    at: usize,
}

impl Scribe<'_> {
    fn push(&mut self, step: Value) {
        self.steps.push((self.at, step));
    }

    /// a, b, …, z, a2, b2, …
    fn name(&self, client: usize) -> String {
        let place = self.names.iter().position(|known| *known == client).unwrap_or(client);
        let letter = char::from(b'a' + (place % LETTERS) as u8);
        let round = place / LETTERS + 1;
        if round == 1 { letter.to_string() } else { format!("{letter}{round}") }
    }

    fn write(&mut self, m: &Move, last: bool) {
        match m {
            Move::Come { client } => {
                self.names.push(*client);
                let open = self.grammar.liberties().open.clone();
                open.iter().for_each(|step| self.step(*client, step, &[]));
            }
            Move::Go { client, how } => {
                if *how == Leave::Reset {
                    // So that the program is seen to wait: when it hears of it is no chance.
                    self.push(json!({ "settle": true }));
                }
                self.push(json!({ how.verb(): self.name(*client) }));
                self.left(last);
            }
            Move::Ask { client, exchange, values, pieces, manner } => {
                let Some(exchange) = self.grammar.exploration.exchanges.get(*exchange) else { return };
                let steps = with_pieces(exchange, values, pieces);
                let first = steps.iter().position(|step| !step["send"].is_null());
                match (manner, first) {
                    (Manner::HalfClosed, Some(first)) => self.half_closed(*client, &steps, values, first),
                    (Manner::Abandoned(how), Some(first)) => {
                        self.frozen(*client, &steps[..=first], values, how.verb());
                        self.left(last);
                    }
                    _ => steps.iter().for_each(|step| self.step(*client, step, values)),
                }
            }
        }
    }

    /// The last message and the end of the client's direction reach the program together.
    fn half_closed(&mut self, client: usize, steps: &[Value], values: &[(String, String)], first: usize) {
        let last = steps.iter().rposition(|step| !step["send"].is_null()).unwrap_or(first);
        steps[..last].iter().for_each(|step| self.step(client, step, values));
        self.frozen(client, &steps[last..=last], values, "half-close");
        steps[last + 1..].iter().for_each(|step| self.step(client, step, values));
    }

    /// The last of these steps and what follows happen before the program can run again.
    fn frozen(&mut self, client: usize, steps: &[Value], values: &[(String, String)], verb: &str) {
        let (before, message) = steps.split_at(steps.len().saturating_sub(1));
        before.iter().for_each(|step| self.step(client, step, values));
        self.push(json!({ "freeze": true }));
        message.iter().for_each(|step| self.step(client, step, values));
        self.push(json!({ verb: self.name(client) }));
        self.push(json!({ "thaw": true }));
    }

    /// What is looked at when a client has left, and time for the program to be ready again.
    fn left(&mut self, last: bool) {
        let steps = self.grammar.liberties().left.clone();
        // One that serves several at once is ready all the time.
        let in_turn = self.grammar.liberties().serves != Serves::AtOnce;
        if steps.is_empty() && !last && in_turn {
            self.push(json!({ "settle": true }));
        }
        steps.into_iter().for_each(|step| self.push(step));
    }

    /// A step of the grammar with this client and these values in it.
    fn step(&mut self, client: usize, step: &Value, values: &[(String, String)]) {
        let name = self.name(client);
        let Some(table) = step.as_object() else { return };
        let mut written = Map::new();
        for (key, value) in table {
            let is_name = NAMES.contains(&key.as_str()) && value.as_str() == Some(CLIENT);
            let value = if is_name { json!(name) } else { fill(key, value, &name, values) };
            written.insert(key.clone(), value);
        }
        self.push(Value::Object(written));
    }
}

/// The steps of an exchange, its first message in these segments as far as it goes.
fn with_pieces(exchange: &Exchange, values: &[(String, String)], pieces: &[usize]) -> Vec<Value> {
    let mut steps = exchange.steps.clone();
    let length = first_message(exchange, values).map_or(0, |message| message.len());
    let mut sum = 0;
    let sizes: Vec<usize> = pieces
        .iter()
        .copied()
        .take_while(|size| {
            sum += size;
            sum < length
        })
        .collect();
    if let (false, Some(step)) = (sizes.is_empty(), steps.iter_mut().find(|step| !step["send"].is_null())) {
        step["pieces"] = json!(sizes);
    }
    steps
}

/// A value of a step with the names in its texts filled in.
fn fill(key: &str, value: &Value, client: &str, values: &[(String, String)]) -> Value {
    match value {
        Value::String(text) if !PLAIN.contains(&key) => {
            let renamed = text.replace(&format!("{{{CLIENT}."), &format!("{{{client}."));
            json!(filled(&Template(renamed), values).0)
        }
        Value::Array(list) => list.iter().map(|entry| fill(key, entry, client, values)).collect(),
        Value::Object(table) => {
            let entries = table.iter().map(|(key, value)| (key.clone(), fill(key, value, client, values)));
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}
