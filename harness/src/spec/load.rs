//! `load`: a folder of TOML becomes a checked exercise, or every fault of the folder.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{At, Document};
use super::meaning::{self, Head, Home};
use super::schema::{EXERCISE, SCENARIOS};
use super::shape::{self, Rule};
use super::{Exercise, Fault, Problem, Role, Scenario, SpecErrors, SpecFiles, flow, names};

/// The file that says what is asked.
const HEAD: &str = "exercise.toml";

/// Loads the exercise of a folder `specs/<id>`.
pub fn load(folder: &Path) -> Result<Exercise, SpecErrors> {
    let files = SpecFiles::read(folder).map_err(|fault| SpecErrors::new(vec![fault], BTreeMap::new()))?;
    load_one(&files).map(|(_, exercise)| exercise)
}

/// Loads every exercise under a folder of specs, in the order of the course.
pub fn load_all(root: &Path) -> Result<Vec<Exercise>, SpecErrors> {
    let fault = |fault| SpecErrors::new(vec![fault], BTreeMap::new());
    let entries = std::fs::read_dir(root).map_err(|error| {
        let problem = Problem::Unreadable { path: root.to_owned(), cause: error.to_string() };
        fault(Fault { file: root.display().to_string(), span: None, problem: Box::new(problem) })
    })?;
    let folders = entries.flatten().map(|entry| entry.path()).filter(|path| path.join(HEAD).is_file());
    let all: Result<Vec<_>, _> = folders.map(|folder| SpecFiles::read(&folder).map_err(fault)).collect();
    load_files(&all?)
}

/// Loads exercises from their texts, in the order of the course.
pub fn load_files(all: &[SpecFiles]) -> Result<Vec<Exercise>, SpecErrors> {
    let mut all: Vec<&SpecFiles> = all.iter().collect();
    all.sort_by(|a, b| a.folder.cmp(&b.folder));
    let mut errors = SpecErrors::default();
    let mut loaded = Vec::new();
    for files in all {
        match load_one(files) {
            Ok(exercise) => loaded.push(exercise),
            Err(more) => errors.extend(more),
        }
    }
    loaded.sort_by_key(|(order, _)| *order);
    if errors.is_empty() {
        Ok(loaded.into_iter().map(|(_, exercise)| exercise).collect())
    } else {
        Err(errors)
    }
}

/// Loads one exercise with its place in the course.
fn load_one(files: &SpecFiles) -> Result<(u32, Exercise), SpecErrors> {
    let mut loader = Loader { files, faults: Vec::new() };
    let exercise = loader.exercise();
    match exercise {
        Some(exercise) if loader.faults.is_empty() => Ok(exercise),
        _ => {
            let texts = files.texts.iter().map(|(name, text)| (files.path(name), text.clone())).collect();
            Err(SpecErrors::new(loader.faults, texts))
        }
    }
}

struct Loader<'a> {
    files: &'a SpecFiles,
    faults: Vec<Fault>,
}

impl Loader<'_> {
    fn exercise(&mut self) -> Option<(u32, Exercise)> {
        let head = self.head();
        let mut scenarios = Vec::new();
        for name in self.files.texts.keys().filter(|name| *name != HEAD) {
            let role = name.trim_end_matches(".toml");
            scenarios.extend(self.role_file(role, head.as_ref()));
        }
        let head = head?;
        self.strangers(&head);
        let place = |scenario: &Scenario| head.roles.iter().position(|role| role.name == scenario.role);
        scenarios.sort_by_key(place);
        let exercise = Exercise {
            id: self.files.id(),
            title: head.title,
            about: head.about,
            protocol: head.protocol,
            sample: head.sample,
            graded: head.graded,
            roles: head.roles,
            settings: head.settings,
            scenarios,
            fixtures: self.files.fixtures.clone(),
            folder: self.files.folder.clone(),
            hash: self.files.hash(),
        };
        Some((head.order, exercise))
    }

    fn head(&mut self) -> Option<Head> {
        let file = self.files.path(HEAD);
        let Some(text) = self.files.texts.get(HEAD) else {
            let path = self.files.folder.join(HEAD);
            let problem = Problem::Unreadable { path, cause: "there is no such file".to_owned() };
            self.faults.push(Fault { file, span: None, problem: Box::new(problem) });
            return None;
        };
        let document = Document::parse(&file, text, &mut self.faults)?;
        let rule = Rule { root: &EXERCISE, schema: &EXERCISE };
        if !shape::check(&document, &At::Root, rule, &mut self.faults) {
            return None;
        }
        meaning::head(&document).map_err(|fault| self.faults.push(fault)).ok()
    }

    /// The scenarios of one role's file. Those with a fault are left out, and the
    /// fault is told.
    fn role_file(&mut self, role: &str, head: Option<&Head>) -> Vec<Scenario> {
        let file = self.files.path(&format!("{role}.toml"));
        let text = &self.files.texts[&format!("{role}.toml")];
        let Some(document) = Document::parse(&file, text, &mut self.faults) else { return Vec::new() };
        let whole = Rule { root: &SCENARIOS, schema: &SCENARIOS };
        shape::check(&document, &At::Root, whole, &mut self.faults);
        let exercise = self.files.id();
        let home = Home { exercise: &exercise, role, fixtures: &self.files.fixtures };
        let list = At::Root.key("scenario");
        let mut scenarios = Vec::new();
        for index in 0..document.len(&list) {
            let at = list.entry(index);
            // The shape of the file is checked above; here only whether this one is sound.
            let one = Rule { root: &SCENARIOS, schema: &SCENARIOS["$defs"]["ScenarioForm"] };
            if !shape::check(&document, &at, one, &mut Vec::new()) {
                continue;
            }
            match meaning::scenario(&document, &at, home) {
                Ok(scenario) => scenarios.push((index, scenario)),
                Err(fault) => self.faults.push(fault),
            }
        }
        self.ids(&document, &list);
        let role = head.and_then(|head| head.roles.iter().find(|known| known.name == role));
        for (index, scenario) in &scenarios {
            let at = list.entry(*index);
            if let (Some(head), Some(role)) = (head, role) {
                self.faults.extend(names::check(&document, &at, scenario, &head.settings));
                self.faults.extend(flow::check(&document, &at, scenario, role));
            }
        }
        let names = role.map(|role| role.names.clone()).unwrap_or_default();
        let with_names = |(_, scenario): (usize, Scenario)| Scenario {
            names: names.iter().cloned().chain(scenario.names).collect(),
            ..scenario
        };
        scenarios.into_iter().map(with_names).collect()
    }

    /// Ids are given once, what a check needs is there, and a remark has no points.
    fn ids(&mut self, document: &Document<'_>, list: &At<'_>) {
        let entries: Vec<At<'_>> = (0..document.len(list)).map(|index| list.entry(index)).collect();
        let ids: Vec<&str> =
            entries.iter().map(|at| document.text(&at.key("id")).unwrap_or_default()).collect();
        for (index, at) in entries.iter().enumerate() {
            let id = ids[index];
            let first = ids.iter().position(|other| *other == id).unwrap_or(index);
            if first < index && !id.is_empty() {
                let first = document.line(&entries[first].key("id"));
                let problem = Problem::Duplicate { what: "id", name: id.to_owned(), first };
                self.faults.push(document.fault(&at.key("id"), problem));
            }
            let needs = at.key("needs");
            for need in 0..document.len(&needs) {
                let need = needs.entry(need);
                let Some(name) = document.text(&need) else { continue };
                if name == id || !ids.contains(&name) {
                    let known = ids.iter().filter(|other| **other != id).map(|id| (*id).to_owned()).collect();
                    let problem =
                        Problem::Unknown { what: "other check of this role", name: name.to_owned(), known };
                    self.faults.push(document.fault(&need, problem));
                }
            }
            let noted = document.get(&at.key("noted")).and_then(|value| value.get_ref().as_bool());
            if noted == Some(true) && document.get(&at.key("points")).is_some() {
                self.faults.push(document.key_fault(&at.key("points"), Problem::NotedPoints));
            }
        }
    }

    /// Every role has a file, and every file a role.
    fn strangers(&mut self, head: &Head) {
        let missing = |role: &&Role| !self.files.texts.contains_key(&format!("{}.toml", role.name));
        let missing: Vec<&Role> = head.roles.iter().filter(missing).collect();
        for role in missing {
            let problem = Problem::MissingFile { role: role.name.clone() };
            self.faults.push(Fault { file: self.files.path(HEAD), span: None, problem: Box::new(problem) });
        }
        for name in self.files.texts.keys().filter(|name| *name != HEAD) {
            let role = name.trim_end_matches(".toml");
            if !head.roles.iter().any(|known| known.name == role) {
                let known = head.roles.iter().map(|role| role.name.clone()).collect();
                let problem = Problem::Unknown { what: "role", name: role.to_owned(), known };
                self.faults.push(Fault {
                    file: self.files.path(name),
                    span: None,
                    problem: Box::new(problem),
                });
            }
        }
    }
}
