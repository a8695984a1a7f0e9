//! Flattening: tables and repeated blocks become steps one after another, and every
//! `{name}` that is known before the run is filled in.

use std::collections::{BTreeMap, BTreeSet};

use super::dice::{Stream, draw, draw_bytes};
use super::{PlannedScenario, PlannedStep};
use crate::spec::{
    Action, Body, Expect, Expectation, FileContent, Generator, HttpResponse, IntegerExpectation, Part,
    Payload, Picture, Rows, Scenario, Send, Source, Step, Template,
};
use crate::units::Text;

/// Makes a scenario ready to run: no table, no drawn value, no setting is left in it.
///
/// A connection opened inside a block is another one in every round: round 3 of a
/// block calls its `a` `a-3`.
pub fn flatten(scenario: &Scenario, settings: &BTreeMap<String, String>, seed: u64) -> PlannedScenario {
    let mut plan = Plan { scenario, steps: Vec::new(), round: None };
    let stream = Stream::new(seed, &scenario.id);
    let captures = captures(&scenario.steps).cloned().collect();
    let mut scope = Scope { values: Vec::new(), connections: BTreeMap::new(), captures };
    scope.values.extend(settings.iter().map(|(key, value)| (key.clone(), value.clone())));
    scope.draw(&scenario.draws, &stream);
    plan.steps(&scenario.steps, &scope, &stream);
    let file = |(name, content): &(String, FileContent)| (name.clone(), scope.file(name, content, &stream));
    let files = scenario.files.iter().map(file).collect();
    PlannedScenario { scenario: scenario.clone(), seed, files, steps: plan.steps }
}

struct Plan<'a> {
    scenario: &'a Scenario,
    steps: Vec<PlannedStep>,
    round: Option<usize>,
}

impl Plan<'_> {
    fn steps(&mut self, steps: &[Step], scope: &Scope, stream: &Stream) {
        for (index, step) in steps.iter().enumerate() {
            if let Action::Each { rows, steps } = &step.action {
                self.block(rows, steps, scope, &stream.part(&index.to_string()));
            } else {
                let action = scope.action(&step.action);
                let player = self.scenario.player_at(whom(step));
                let place = step.place.clone();
                self.steps.push(PlannedStep { action, player, place, round: self.round });
            }
        }
    }

    fn block(&mut self, rows: &Rows, steps: &[Step], scope: &Scope, stream: &Stream) {
        let rounds = match rows {
            Rows::Table(table) => table.len(),
            Rows::Times { times, .. } => *times,
        };
        let outer = self.round;
        for round in 1..=rounds {
            self.round = Some(round);
            let stream = stream.part(&round.to_string());
            let mut scope = scope.clone();
            match rows {
                Rows::Table(table) => {
                    let filled = |(name, value): &(String, String)| (name.clone(), scope.text(value));
                    let row: Vec<_> = table[round - 1].iter().map(filled).collect();
                    scope.values.extend(row);
                }
                Rows::Times { draws, .. } => scope.draw(draws, &stream),
            }
            scope.values.push(("round".to_owned(), round.to_string()));
            scope.enter(steps, round);
            self.steps(steps, &scope, &stream);
        }
        self.round = outer;
    }
}

/// What is known at a step before the run.
#[derive(Clone)]
struct Scope {
    /// Values by name; the last of a name counts.
    values: Vec<(String, String)>,
    /// What connections of the round are called.
    connections: BTreeMap<String, String>,
    /// Names that the run fills.
    captures: BTreeSet<String>,
}

impl Scope {
    fn draw(&mut self, draws: &[(String, Generator)], stream: &Stream) {
        for (name, generator) in draws {
            let value = draw(generator, stream.part(name), &self.values);
            self.values.push((name.clone(), value));
        }
    }

    /// Gives the connections that these steps open their names of the round.
    fn enter(&mut self, steps: &[Step], round: usize) {
        let opened: BTreeSet<&String> = steps.iter().filter_map(|step| opened(&step.action)).collect();
        for name in opened {
            let outer = self.connections.get(name).unwrap_or(name);
            let named = format!("{outer}-{round}");
            self.connections.insert(name.clone(), named);
        }
    }

    fn connection(&self, name: &str) -> String {
        self.connections.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    /// The value of a name, or the new name of `{a.ip}` inside a block.
    fn value(&self, name: &str) -> Option<String> {
        self.values.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn comes_with_the_run(&self, name: &str) -> bool {
        name.contains('.') || matches!(name, "port" | "host") || self.captures.contains(name)
    }

    fn template(&self, template: &Template) -> Template {
        let filled = template.filled(|name| self.value(name));
        let Ok(parts) = filled.parts() else { return filled };
        let renamed = parts.iter().map(|part| match part {
            Part::Text(text) => (*text).to_owned(),
            Part::Brace => "{{".to_owned(),
            Part::Name(name) => match name.split_once('.') {
                Some((connection, what)) => format!("{{{}.{what}}}", self.connection(connection)),
                None => format!("{{{name}}}"),
            },
        });
        Template(renamed.collect())
    }

    /// A column's text with the values around it; its braces are those of a value.
    fn text(&self, text: &str) -> String {
        self.template(&Template(text.to_owned())).0.replace("{{", "{")
    }

    fn words(&self, text: &Text) -> Text {
        Text::new(self.text(&text.en), self.text(&text.ko))
    }

    fn file(&self, name: &str, content: &FileContent, stream: &Stream) -> FileContent {
        match content {
            FileContent::Text(text) => FileContent::Text(self.template(text)),
            FileContent::Random(length) => {
                FileContent::Bytes(draw_bytes(*length, stream.part("file").part(name)).into())
            }
            FileContent::Bytes(_) | FileContent::Absent => content.clone(),
        }
    }

    fn payload(&self, payload: &Payload) -> Payload {
        match payload {
            Payload::Text(text) => Payload::Text(self.template(text)),
            Payload::Bytes(bytes) => Payload::Bytes(bytes.clone()),
            Payload::File(name) => Payload::File(self.template(name)),
            Payload::Picture(picture) => Payload::Picture(self.picture(picture)),
            Payload::Integer { value, width, order } => {
                Payload::Integer { value: self.template(value), width: *width, order: *order }
            }
        }
    }

    fn picture(&self, picture: &Picture) -> Picture {
        Picture { file: self.template(&picture.file), number: self.template(&picture.number) }
    }

    fn action(&self, action: &Action) -> Action {
        let mut action = action.clone();
        match &mut action {
            Action::Connect(connect) => connect.connection = self.connection(&connect.connection),
            Action::Accept { connection, .. }
            | Action::HalfClose { connection }
            | Action::Close { connection }
            | Action::Reset { connection }
            | Action::StopReading { connection }
            | Action::ReadOn { connection } => *connection = self.connection(connection),
            Action::Send(Send { connection, payload, .. }) => {
                *connection = self.connection(connection);
                *payload = self.payload(payload);
            }
            Action::Type { line, .. } => *line = self.template(line),
            Action::Expect(expect) => self.expect(expect),
            Action::Press(_)
            | Action::Freeze
            | Action::Thaw
            | Action::Start { .. }
            | Action::Kill
            | Action::Cut(_)
            | Action::Restart { .. }
            | Action::Settle
            | Action::NextSecond
            | Action::ExpectProgram(_)
            | Action::Each { .. } => {}
        }
        action
    }

    fn expect(&self, expect: &mut Expect) {
        if let Source::Connection(connection) = &mut expect.from {
            *connection = self.connection(connection);
        }
        expect.requirement = expect.requirement.as_ref().map(|words| self.words(words));
        for alternative in &mut expect.alternatives {
            alternative.note = alternative.note.as_ref().map(|words| self.words(words));
            match &mut alternative.expectation {
                Expectation::Exactly { payload, .. } => *payload = self.payload(payload),
                Expectation::Shows(text) | Expectation::Lacks(text) | Expectation::Number(text) => {
                    *text = self.template(text);
                }
                Expectation::Integer(integer) => self.integer(integer),
                Expectation::Http(response) => self.http(response),
                Expectation::Jpeg(jpeg) => {
                    jpeg.bytes = jpeg.bytes.as_ref().map(|bytes| self.template(bytes));
                    jpeg.like = self.picture(&jpeg.like);
                }
                Expectation::HttpRequest(request) => {
                    request.target = request.target.as_ref().map(|target| self.template(target));
                }
                _ => {}
            }
        }
    }

    fn http(&self, response: &mut HttpResponse) {
        for (_, value) in &mut response.header {
            *value = self.template(value);
        }
        match &mut response.body {
            Some(Body::File(text) | Body::Contains(text)) => *text = self.template(text),
            Some(Body::Exactly(payload)) => *payload = self.payload(payload),
            None => {}
        }
    }

    /// A value that names a setting which is not set is not known.
    fn integer(&self, integer: &mut IntegerExpectation) {
        let value = integer.value.take().map(|value| self.template(&value));
        let unset = |part: &Part<'_>| matches!(part, Part::Name(name) if !self.comes_with_the_run(name));
        integer.value = value.filter(|value| value.parts().is_ok_and(|parts| !parts.iter().any(unset)));
    }
}

/// Name of the player whom a step is about: on the wire the one that sends.
fn whom(step: &Step) -> Option<&str> {
    match &step.action {
        Action::Connect(connect) => connect.to.as_deref(),
        Action::Start { player } => Some(player),
        Action::Cut(wire) => Some(&wire.from),
        Action::Expect(Expect { from: Source::Wire(wire), .. }) => Some(&wire.from),
        _ => step.at.as_deref(),
    }
}

fn opened(action: &Action) -> Option<&String> {
    match action {
        Action::Connect(connect) => Some(&connect.connection),
        Action::Accept { connection, .. } => Some(connection),
        _ => None,
    }
}

/// Names under which these steps keep what they see.
fn captures(steps: &[Step]) -> Box<dyn Iterator<Item = &String> + '_> {
    Box::new(steps.iter().flat_map(|step| match &step.action {
        Action::Expect(expect) => Box::new(expect.capture.iter()),
        Action::Each { steps, .. } => captures(steps),
        _ => Box::new(std::iter::empty()),
    }))
}
