//! Checks the `{names}` of a scenario: every one is drawn, a column, a setting, a
//! capture or known while the scenario runs, where it is used.

use super::document::{At, Document};
use super::{
    Action, Body, Expect, Expectation, Fault, FileContent, Generator, HttpResponse, Impossible, Part,
    Payload, Picture, Problem, RecordsExpectation, Rows, Scenario, Setting, Step, Template,
};
use crate::units::Text;

/// Adds every name of a scenario that nothing has to the faults. The connections of `open` are
/// there from the beginning.
pub(super) fn check(
    document: &Document<'_>,
    at: &At<'_>,
    scenario: &Scenario,
    (settings, open): (&[Setting], &[&str]),
) -> Vec<Fault> {
    let mut names =
        Names { document, settings, known: vec!["port".into(), "host".into()], faults: Vec::new() };
    if scenario.is_ensemble() {
        scenario.players.iter().for_each(|player| names.opened(&player.name));
    }
    open.iter().for_each(|connection| names.opened(connection));
    names.draws(&at.key("draw"), &scenario.draws);
    names.files(&at.key("files"), &scenario.files);
    names.steps(&at.key("steps"), &scenario.steps);
    names.faults
}

struct Names<'a, 't> {
    document: &'a Document<'t>,
    settings: &'a [Setting],
    known: Vec<String>,
    faults: Vec<Fault>,
}

impl Names<'_, '_> {
    fn steps(&mut self, at: &At<'_>, steps: &[Step]) {
        for (index, step) in steps.iter().enumerate() {
            self.action(&at.entry(index), &step.action);
        }
    }

    /// Files are made before anything is captured.
    fn files(&mut self, at: &At<'_>, files: &[(String, FileContent)]) {
        for (name, content) in files {
            if let FileContent::Text(text) = content {
                self.template(&at.key(name).key("text"), text, false);
            }
        }
    }

    fn action(&mut self, at: &At<'_>, action: &Action) {
        match action {
            Action::Connect(connect) => self.opened(&connect.connection),
            Action::Accept { connection, .. } => self.opened(connection),
            Action::Send(send) => self.payload(&at.key("send"), &send.payload),
            Action::Type { line, .. } => self.template(&at.key("type"), line, false),
            Action::Expect(expect) => self.expect(at, expect),
            Action::Each { rows, steps } => {
                let outside = self.known.len();
                self.known.push("round".to_owned());
                self.rows(at, rows);
                self.steps(&at.key("steps"), steps);
                self.known.truncate(outside);
            }
            _ => {}
        }
    }

    fn opened(&mut self, connection: &str) {
        self.known.extend([format!("{connection}.ip"), format!("{connection}.port")]);
    }

    fn expect(&mut self, at: &At<'_>, expect: &Expect) {
        let expect_at = at.key("expect");
        let any_at = expect_at.key("any");
        self.any(&expect_at, &any_at);
        for (index, alternative) in expect.alternatives.iter().enumerate() {
            let entry_at = any_at.entry(index);
            let table_at = if self.document.get(&any_at).is_some() { &entry_at } else { &expect_at };
            self.expectation(table_at, &alternative.expectation);
            self.words(&table_at.key("note"), alternative.note.as_ref());
        }
        self.words(&at.key("requirement"), expect.requirement.as_ref());
        self.known.extend(expect.capture.clone());
    }

    /// `any` holds plain alternatives, each with its own credit and note.
    fn any(&mut self, expect: &At<'_>, any: &At<'_>) {
        if self.document.get(any).is_none() {
            return;
        }
        for key in ["credit", "note"] {
            if self.document.get(&expect.key(key)).is_some() {
                let fault = self.document.key_fault(&expect.key(key), Impossible::BesideAny(key));
                self.faults.push(fault);
            }
        }
        for index in 0..self.document.len(any) {
            let entry = any.entry(index);
            if self.document.get(&entry.key("any")).is_some() {
                self.faults.push(self.document.key_fault(&entry.key("any"), Impossible::AnyInAny));
            }
        }
    }

    fn expectation(&mut self, table: &At<'_>, expectation: &Expectation) {
        let at = table.key(expectation.key());
        match expectation {
            Expectation::Exactly { payload, .. } => self.payload(&at, payload),
            Expectation::Shows(text) | Expectation::Lacks(text) | Expectation::Number(text) => {
                self.template(&at, text, false);
            }
            Expectation::Integer(integer) => {
                if let Some(value) = &integer.value {
                    self.template(&at.key("value"), value, true);
                }
                if let Some((least, most)) = integer.plausible.filter(|(least, most)| least > most) {
                    let problem = Problem::EmptyRange(least.to_string(), most.to_string());
                    self.faults.push(self.document.fault(&at.key("plausible"), problem));
                }
            }
            Expectation::Records(records) => self.parts(&at, records),
            Expectation::Http(response) => self.http(&at, response),
            Expectation::HttpRequest(request) => {
                if let Some(target) = &request.target {
                    self.template(&at.key("target"), target, false);
                }
            }
            Expectation::Jpeg(expected) => {
                if let Some(bytes) = &expected.bytes {
                    self.template(&at.key("bytes"), bytes, false);
                }
                self.picture(&at, &expected.like);
            }
            Expectation::Unlike(capture) if !self.known.contains(capture) => {
                let problem =
                    Problem::Unknown { what: "capture", name: capture.clone(), known: self.known.clone() };
                self.faults.push(self.document.fault(&at, problem));
            }
            _ => {}
        }
    }

    /// What has a range is a group of the pattern, and so is the time that is looked at.
    fn parts(&mut self, at: &At<'_>, records: &RecordsExpectation) {
        let Ok(pattern) = regex::Regex::new(&records.pattern) else { return };
        let known: Vec<String> = pattern.capture_names().flatten().map(str::to_owned).collect();
        let ranges = records.ranges.iter().map(|(name, _)| (at.key("ranges"), name.as_str()));
        let time = records.time_within.map(|_| (at.key("time-within"), "time"));
        for (at, name) in ranges.chain(time) {
            if !known.iter().any(|known| known == name) {
                let what = "named group of the pattern";
                let problem = Problem::Unknown { what, name: name.to_owned(), known: known.clone() };
                self.faults.push(self.document.fault(&at, problem));
            }
        }
    }

    fn http(&mut self, at: &At<'_>, response: &HttpResponse) {
        for (name, value) in &response.header {
            self.template(&at.key("header").key(name), value, false);
        }
        let at = at.key("body");
        match &response.body {
            Some(Body::File(name)) => self.template(&at.key("file"), name, false),
            Some(Body::Contains(text)) => self.template(&at.key("contains"), text, false),
            Some(Body::Exactly(payload)) => self.payload(&at.key("exactly"), payload),
            None => {}
        }
    }

    fn payload(&mut self, at: &At<'_>, payload: &Payload) {
        match payload {
            Payload::Text(text) => self.template(at, text, false),
            Payload::Integer { value, .. } => self.template(&at.key("integer"), value, false),
            Payload::File(name) => self.template(&at.key("file"), name, false),
            Payload::Picture(picture) => self.picture(at, picture),
            Payload::Bytes(_) => {}
        }
    }

    fn picture(&mut self, at: &At<'_>, picture: &Picture) {
        self.template(&at.key("file"), &picture.file, false);
        self.template(&at.key("picture"), &picture.number, false);
    }

    fn words(&mut self, at: &At<'_>, words: Option<&Text>) {
        if let Some(Text { en, ko }) = words {
            self.template(&at.key("en"), &Template(en.clone()), false);
            self.template(&at.key("ko"), &Template(ko.clone()), false);
        }
    }

    /// Every name of a template; a setting may be unset only where `unset_is_fine`.
    fn template(&mut self, at: &At<'_>, template: &Template, unset_is_fine: bool) {
        let parts = match template.parts() {
            Ok(parts) => parts,
            Err(rest) => {
                let fault = self.document.fault_within(at, rest, Problem::Brace(rest.to_owned()));
                return self.faults.push(fault);
            }
        };
        for part in parts {
            let Part::Name(name) = part else { continue };
            if self.known.iter().any(|known| known == name) {
                continue;
            }
            let problem = match self.settings.iter().find(|setting| setting.key == name) {
                Some(setting) if setting.default.is_some() || unset_is_fine => continue,
                Some(_) => Problem::UnsetSetting(name.to_owned()),
                None => {
                    let settings = self.settings.iter().map(|setting| setting.key.clone());
                    let known = self.known.iter().cloned().chain(settings).collect();
                    Problem::Unknown { what: "value", name: name.to_owned(), known }
                }
            };
            self.faults.push(self.document.fault_within(at, &format!("{{{name}}}"), problem));
        }
    }

    fn rows(&mut self, at: &At<'_>, rows: &Rows) {
        match rows {
            Rows::Times { draws, .. } => self.draws(&at.key("draw"), draws),
            Rows::Table(table) => {
                let at = at.key("each");
                let columns: Vec<&String> = table.iter().flatten().map(|(name, _)| name).collect();
                for (index, row) in table.iter().enumerate() {
                    let missing = columns.iter().find(|column| !row.iter().any(|(name, _)| name == **column));
                    if let Some(column) = missing {
                        let problem = Problem::MissingKey { key: (*column).clone() };
                        self.faults.push(self.document.fault(&at.entry(index), problem));
                    }
                }
                self.known.extend(columns.into_iter().cloned());
            }
        }
    }

    fn draws(&mut self, at: &At<'_>, draws: &[(String, Generator)]) {
        let mut integers: Vec<&str> = Vec::new();
        for (name, generator) in draws {
            let at = at.key(name);
            match generator {
                Generator::Integer(first, last) if first > last => {
                    let problem = Problem::EmptyRange(first.to_string(), last.to_string());
                    self.faults.push(self.document.fault(&at.key("integer"), problem));
                }
                Generator::Product(first, second) => {
                    for factor in [first, second] {
                        if !integers.contains(&factor.as_str()) {
                            let problem = Problem::NotAFactor(factor.clone());
                            self.faults.push(self.document.fault(&at.key("product"), problem));
                        }
                    }
                }
                _ => {}
            }
            if matches!(generator, Generator::Integer(..) | Generator::Product(..)) {
                integers.push(name);
            }
            self.known.push(name.clone());
        }
    }
}
