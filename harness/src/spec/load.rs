//! `load`: a folder of TOML becomes a checked exercise, or every fault of the folder.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::document::{At, Document};
use super::meaning::{self, Head, Home};
use super::schema::{EXERCISE, SCENARIOS};
use super::shape::{self, Rule};
use super::{
    Exercise, Exploration, Fault, Player, Problem, Scenario, SpecErrors, SpecFiles, flow, grammar, names,
    players, transport,
};

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
        let (mut scenarios, mut explorations) = (Vec::new(), Vec::new());
        for name in self.files.texts.keys().filter(|name| *name != HEAD) {
            let role = name.trim_end_matches(".toml");
            let (found, explored) = self.scenario_file(role, head.as_ref());
            scenarios.extend(found);
            explorations.extend(explored);
        }
        let head = head?;
        self.strangers(&head);
        self.customary(&scenarios);
        let mut exercise = Exercise {
            id: self.files.id(),
            title: head.title,
            about: head.about,
            protocol: head.protocol,
            sample: head.sample,
            graded: head.graded,
            repeats: head.repeats,
            limits: head.limits,
            roles: head.roles,
            scenes: head.scenes,
            settings: head.settings,
            scenarios: Vec::new(),
            explorations: Vec::new(),
            fixtures: self.files.fixtures.clone(),
            folder: self.files.folder.clone(),
            hash: self.files.hash(),
        };
        // What several programs show together is judged first.
        let place = |scenario: &Scenario| exercise.parts().position(|part| part == scenario.role);
        scenarios.sort_by_key(place);
        exercise.scenarios = scenarios;
        let of_role =
            |explored: &Exploration| exercise.roles.iter().position(|role| role.name == explored.role);
        explorations.sort_by_key(of_role);
        exercise.explorations = explorations;
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

    /// The scenarios of one file, a role's or a scene's, and what a search may ask. Those with a fault are left out, and
    /// the fault is told.
    fn scenario_file(&mut self, role: &str, head: Option<&Head>) -> (Vec<Scenario>, Option<Exploration>) {
        let file = self.files.path(&format!("{role}.toml"));
        let text = &self.files.texts[&format!("{role}.toml")];
        let Some(document) = Document::parse(&file, text, &mut self.faults) else {
            return (Vec::new(), None);
        };
        let whole = Rule { root: &SCENARIOS, schema: &SCENARIOS };
        let sound = shape::check(&document, &At::Root, whole, &mut self.faults);
        let exercise = self.files.id();
        let players = players_of(role, head);
        let none = Value::Null;
        let head_form = head.map_or(&none, |head| &head.form);
        let home = Home {
            exercise: &exercise,
            role,
            players: &players,
            fixtures: &self.files.fixtures,
            // A scene of several programs depends on all their roles.
            role_form: head_form["roles"].get(role).unwrap_or(&head_form["roles"]),
            settings: &head_form["settings"],
        };
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
        let is_known = |head: &&Head| {
            head.scenes.iter().any(|scene| scene.name == role) || head.roles.iter().any(|r| r.name == role)
        };
        for (index, scenario) in &scenarios {
            let at = list.entry(*index);
            if let Some(head) = head.filter(is_known) {
                self.faults.extend(names::check(&document, &at, scenario, (&head.settings, &[])));
                self.faults.extend(players::check(&document, &at, scenario, &head.roles));
                self.faults.extend(flow::check(&document, &at, scenario, (&head.roles, &[])));
                if let Some(role) = head.roles.iter().find(|known| known.name == role) {
                    self.faults.extend(transport::check(&document, &at, scenario, role));
                }
            }
        }
        let part = role;
        let role = head.and_then(|head| head.roles.iter().find(|known| known.name == role));
        let names = role.map(|role| role.names.clone()).unwrap_or_default();
        let with_names = |(_, scenario): (usize, Scenario)| Scenario {
            names: names.iter().cloned().chain(scenario.names).collect(),
            ..scenario
        };
        let explored = head
            .filter(|_| sound)
            .and_then(|head| grammar::read(&document, part, (head, &self.files.fixtures), &mut self.faults));
        (scenarios.into_iter().map(with_names).collect(), explored)
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

    /// What is customary is shown by a check of a scene.
    fn customary(&mut self, scenarios: &[Scenario]) {
        let known: Vec<String> = scenarios.iter().filter(|s| s.is_ensemble()).map(short_path).collect();
        for scenario in scenarios {
            for wanted in scenario.customary.iter().map(|id| id.split_once('/').map_or("", |(_, id)| id)) {
                if !known.iter().any(|known| known == wanted) {
                    let (what, name) = ("check of a scene", wanted.to_owned());
                    let fault = self.place_fault(
                        scenario,
                        wanted,
                        Problem::Unknown { what, name, known: known.clone() },
                    );
                    self.faults.push(fault);
                }
            }
        }
    }

    /// A fault at words of a scenario whose document is no longer at hand.
    fn place_fault(&self, scenario: &Scenario, words: &str, problem: Problem) -> Fault {
        let name = format!("{}.toml", scenario.role);
        let text = self.files.texts.get(&name).map_or("", String::as_str);
        let start: usize = text.split_inclusive('\n').take(scenario.place.line - 1).map(str::len).sum();
        let quoted = format!("\"{words}\"");
        let span = text[start..].find(&quoted).map(|at| start + at..start + at + quoted.len());
        Fault { file: self.files.path(&name), span, problem: Box::new(problem) }
    }

    /// Every role and scene has a file, and every file a role or scene.
    fn strangers(&mut self, head: &Head) {
        // A program that means nothing alone is judged in its scenes only.
        let plays = |name: &str| head.scenes.iter().flat_map(|scene| &scene.players).any(|p| p.role == name);
        let alone = head.roles.iter().filter(|role| !plays(&role.name));
        let parts = alone.map(|role| ("role", &role.name));
        let parts = parts.chain(head.scenes.iter().map(|scene| ("scene", &scene.name)));
        for (what, name) in parts {
            if !self.files.texts.contains_key(&format!("{name}.toml")) {
                let problem = Problem::MissingFile { what, name: name.clone() };
                let file = self.files.path(HEAD);
                self.faults.push(Fault { file, span: None, problem: Box::new(problem) });
            }
        }
        for name in self.files.texts.keys().filter(|name| *name != HEAD) {
            let role = name.trim_end_matches(".toml");
            let roles = head.roles.iter().map(|role| role.name.clone());
            let known: Vec<String> =
                roles.chain(head.scenes.iter().map(|scene| scene.name.clone())).collect();
            if !known.iter().any(|known| known == role) {
                let what = if head.scenes.is_empty() { "role" } else { "role or scene" };
                let problem = Problem::Unknown { what, name: role.to_owned(), known };
                self.faults.push(Fault {
                    file: self.files.path(name),
                    span: None,
                    problem: Box::new(problem),
                });
            }
        }
    }
}

/// Who plays in the scenarios of a file: those of the scene, or the program of the role alone.
fn players_of(name: &str, head: Option<&Head>) -> Vec<Player> {
    let scene = head.and_then(|head| head.scenes.iter().find(|scene| scene.name == name));
    scene.map_or_else(
        || vec![Player { name: name.to_owned(), role: name.to_owned(), later: false }],
        |scene| scene.players.clone(),
    )
}

/// The id of a check without the exercise.
fn short_path(scenario: &Scenario) -> String {
    scenario.id.split_once('/').map_or(String::new(), |(_, path)| path.to_owned())
}
