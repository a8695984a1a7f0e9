//! Programs that are wrong by default: silence, an echo, a constant. Which of them a check
//! would let pass, found out with the matcher and without a program.

use std::collections::BTreeMap;

use crate::matching::{Material, Progress, encode, examine_any};
use crate::plan::PlannedScenario;
use crate::spec::{Action, Expect, Expectation, Fixtures, Payload, ProgramExpectation, Source, Suspicion};

/// What a program does that does nothing right.
#[derive(Clone, Copy)]
enum Default<'a> {
    Silence,
    Echo,
    Constant(&'a str),
}

/// The wrong default that passes a check.
pub(super) fn that_passes(plan: &PlannedScenario) -> Option<Suspicion> {
    if passes(plan, Default::Silence) {
        return Some(Suspicion::SilencePasses);
    }
    if passes(plan, Default::Echo) {
        return Some(Suspicion::EchoPasses);
    }
    let constant = constant(plan)?;
    let distinct = sent(plan).collect::<std::collections::BTreeSet<_>>().len() > 1;
    (distinct && passes(plan, Default::Constant(&constant))).then_some(Suspicion::ConstantPasses(constant))
}

/// The first reply whose text the spec itself tells.
fn constant(plan: &PlannedScenario) -> Option<String> {
    let expects = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Expect(expect) if matches!(expect.from, Source::Connection(_)) => Some(expect),
        _ => None,
    });
    expects.flat_map(|expect| &expect.alternatives).find_map(|alternative| match &alternative.expectation {
        Expectation::Exactly { payload: Payload::Text(text), .. }
        | Expectation::Shows(text)
        | Expectation::Number(text) => Some(text.0.clone()),
        _ => None,
    })
}

fn sent(plan: &PlannedScenario) -> impl Iterator<Item = Vec<u8>> {
    plan.steps.iter().filter_map(|step| match &step.action {
        Action::Send(send) => Some(encode(&send.payload, &BTreeMap::new(), &Fixtures::new())),
        _ => None,
    })
}

/// Whether such a program fulfils every step.
fn passes(plan: &PlannedScenario, default: Default<'_>) -> bool {
    let mut unread: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    let mut last: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    let mut replied = false;
    for step in &plan.steps {
        match &step.action {
            Action::Send(send) => {
                let bytes = encode(&send.payload, &BTreeMap::new(), &Fixtures::new());
                let reply = match default {
                    Default::Silence => Vec::new(),
                    Default::Echo => bytes.clone(),
                    Default::Constant(text) => text.as_bytes().to_vec(),
                };
                unread.entry(&send.connection).or_default().extend(reply);
                last.insert(&send.connection, bytes);
            }
            Action::Expect(expect) => {
                let name = match &expect.from {
                    Source::Connection(name) => name.as_str(),
                    _ => "",
                };
                let bytes = unread.remove(name).unwrap_or_default();
                replied |= !bytes.is_empty();
                if !fulfils(expect, &bytes, last.get(name).map_or(&[], Vec::as_slice)) {
                    return false;
                }
            }
            // Whether it listens where it should is what such a step asks.
            Action::ExpectProgram(expected) if !is_idle(*expected) => return false,
            // A client must come, and a terminal must be read.
            Action::Accept { .. } | Action::Type { .. } => return false,
            _ => {}
        }
    }
    replied || matches!(default, Default::Silence)
}

/// What holds of a program that waits.
fn is_idle(expected: ProgramExpectation) -> bool {
    matches!(expected, ProgramExpectation::Alive | ProgramExpectation::Calm | ProgramExpectation::EndsOrWaits)
}

fn fulfils(expect: &Expect, bytes: &[u8], sent: &[u8]) -> bool {
    // Where an echo is asked for an echo is no default, and the model's answer is not known here.
    let asked =
        |expectation: &Expectation| matches!(expectation, Expectation::Echo | Expectation::Reference(_));
    if expect.alternatives.iter().any(|alternative| asked(&alternative.expectation)) {
        return false;
    }
    let material = Material {
        bytes,
        fin: false,
        reset: false,
        settled: true,
        console: expect.from == Source::Console,
        sent,
        reference: None,
        clock: 0,
        datagrams: None,
        bindings: &BTreeMap::new(),
        files: &Fixtures::new(),
    };
    matches!(examine_any(&expect.alternatives, &material).0, Progress::Matched { .. })
}
