//! Checks who plays in a scenario: that every player has a role, that a step about one
//! program of several says which, and that nobody is asked before being on stage.

use super::document::{At, Document};
use super::{
    Action, Carriage, Expect, Expectation, Fault, Impossible, Player, Problem, ProgramExpectation,
    RecordsExpectation, Role, Scenario, Source, Step, Wire,
};

/// What is wrong with the players of a scenario and with the steps that name them.
pub(super) fn check(document: &Document<'_>, at: &At<'_>, scenario: &Scenario, roles: &[Role]) -> Vec<Fault> {
    let players = &scenario.players;
    let mut stage = Stage { document, scenario, on: Vec::new(), faults: Vec::new() };
    stage.players(&at.key("players"), roles);
    stage.on = players.iter().filter(|player| !player.later).map(|player| player.name.as_str()).collect();
    if scenario.wire != Carriage::Whole && !scenario.is_ensemble() {
        stage.fault(&at.key("wire"), Impossible::OnePlayer("wire"));
    }
    if let Some(name) = &scenario.wire_to {
        stage.known(&at.key("wire-to"), name, false);
    }
    stage.steps(&at.key("steps"), &scenario.steps);
    stage.faults
}

struct Stage<'a, 't> {
    document: &'a Document<'t>,
    scenario: &'a Scenario,
    /// Names of those who are on stage.
    on: Vec<&'a str>,
    faults: Vec<Fault>,
}

impl<'a> Stage<'a, '_> {
    fn fault(&mut self, at: &At<'_>, problem: impl Into<Problem>) {
        self.faults.push(self.document.fault(at, problem));
    }

    fn players(&mut self, at: &At<'_>, roles: &[Role]) {
        let players = &self.scenario.players;
        for (index, player) in players.iter().enumerate() {
            let entry = at.entry(index);
            if !roles.iter().any(|role| role.name == player.role) {
                let known = roles.iter().map(|role| role.name.clone()).collect();
                let in_table = entry.key("role");
                let place = if self.document.get(&in_table).is_some() { &in_table } else { &entry };
                self.fault(place, Problem::Unknown { what: "role", name: player.role.clone(), known });
            }
            if players.iter().take(index).any(|other| other.name == player.name) {
                self.fault(&entry, Impossible::SameName(player.name.clone()));
            }
        }
        if players.first().is_some_and(|first| first.later) {
            self.fault(&at.entry(0), Impossible::NobodyFirst);
        }
    }

    fn steps(&mut self, at: &At<'_>, steps: &'a [Step]) {
        for (index, step) in steps.iter().enumerate() {
            self.step(&at.entry(index), step);
        }
    }

    fn step(&mut self, at: &At<'_>, step: &'a Step) {
        if let Some(name) = &step.at {
            self.known(&at.key("at"), name, true);
        } else if self.scenario.is_ensemble() && is_about_one(&step.action) {
            self.fault(at, Impossible::WhoseStep(step.action.key()));
        }
        match &step.action {
            Action::Start { player } => self.start(&at.key("start"), player),
            Action::Cut(wire) => self.wire(&at.key("cut"), wire),
            Action::Expect(Expect { from: Source::File(_), alternatives, .. }) => {
                for alternative in alternatives {
                    if let Expectation::Records(RecordsExpectation { agrees_with: Some(wire), .. }) =
                        &alternative.expectation
                    {
                        self.wire(&at.key("expect").key("records").key("agrees-with"), wire);
                    }
                }
            }
            Action::Expect(Expect { from: Source::Wire(wire), alternatives, .. }) => {
                self.wire(&at.key("from"), wire);
                let wrong = alternatives.iter().map(|a| &a.expectation).find(|e| e.needs_harness());
                if let Some(expectation) = wrong.map(|expectation| expectation.key()) {
                    let impossible = Impossible::WrongPlace { expectation, place: "the wire" };
                    self.fault(&at.key("expect"), impossible);
                }
            }
            Action::Connect(connect) => match &connect.to {
                Some(name) => self.known(&at.key("to"), name, true),
                None if self.scenario.is_ensemble() => self.fault(at, Impossible::WhoseStep("connect")),
                None => {}
            },
            Action::Accept { .. } if self.scenario.is_ensemble() => {
                self.fault(&at.key("accept"), Impossible::AcceptInEnsemble);
            }
            Action::Restart { .. } if self.scenario.is_ensemble() => {
                self.fault(&at.key("restart"), Impossible::AloneOnly("restart"));
            }
            Action::Each { steps, .. } => self.steps(&at.key("steps"), steps),
            _ => {}
        }
    }

    /// The name is a player's, and that one is on stage where it must be.
    fn known(&mut self, at: &At<'_>, name: &str, on_stage: bool) {
        let players = &self.scenario.players;
        if !players.iter().any(|player| player.name == name) {
            let known = players.iter().map(|player| player.name.clone()).collect();
            return self.fault(at, Problem::Unknown { what: "player", name: name.to_owned(), known });
        }
        if on_stage && !self.on.contains(&name) {
            self.fault(at, Impossible::NotStarted(name.to_owned()));
        }
    }

    fn start(&mut self, at: &At<'_>, name: &'a str) {
        self.known(at, name, false);
        let later = |player: &Player| player.name == name && player.later;
        let players = &self.scenario.players;
        let known = players.iter().any(|player| player.name == name);
        if known && (!players.iter().any(later) || self.on.contains(&name)) {
            self.fault(at, Impossible::StartedAlready(name.to_owned()));
        }
        self.on.push(name);
    }

    fn wire(&mut self, at: &At<'_>, wire: &Wire) {
        if wire.to.is_empty() || wire.from == wire.to {
            let (place, expected) = ("the wire".to_owned(), "two players, such as `alice>server`".to_owned());
            return self.fault(at, Problem::OutOfBounds { place, expected });
        }
        for name in [&wire.from, &wire.to] {
            self.known(at, name, false);
        }
    }
}

/// The step is about one program.
fn is_about_one(action: &Action) -> bool {
    match action {
        Action::Type { .. } | Action::Press(_) | Action::Freeze | Action::Thaw | Action::Kill => true,
        Action::Expect(expect) => matches!(expect.from, Source::Console | Source::File(_)),
        Action::ExpectProgram(expectation) => !matches!(expectation, ProgramExpectation::Address(_)),
        _ => false,
    }
}
