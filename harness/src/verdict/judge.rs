//! The walk over the steps: the first one that was not fulfilled makes the finding,
//! the least credit on the way the credit.

use std::collections::BTreeMap;

use super::blame::blame;
use super::scene::{Blame, FindingWords, Scene, finding};
use super::{Code, Finding, Outcome, Verdict, describe, foreign, limits, program, relay};
use crate::matching::{Known, Material, Progress, examine_any};
use crate::plan::PlannedScenario;
use crate::spec::{Action, Alternative, Expect, Source};
use crate::transcript::{Ended, Event, Heard, Transcript};
use crate::units::Text;

/// Judges what happened against what was planned.
pub fn judge(plan: &PlannedScenario, transcript: &Transcript) -> Verdict {
    let scene = Scene { plan, transcript, player: transcript.unready };
    match &transcript.ended {
        Ended::Broken(message) => Verdict::trouble(message),
        Ended::Hindered(message) => Verdict::hindered(message),
        Ended::CannotRun(why) => Verdict::cannot_run(why.clone()),
        Ended::CannotStart(said) => failed(scene, program::cannot_start(scene, said), Vec::new()),
        Ended::NotReady(stop) => failed(scene, program::not_ready(scene, stop), Vec::new()),
        Ended::Complete => walk(scene, None),
        Ended::At { step } => walk(scene, Some(*step)),
        Ended::Unreadable { step, why } => {
            failed(scene, program::spoilt_file(scene.at(*step), *step, why), Vec::new())
        }
    }
}

/// What a step came to.
pub(super) enum Met<'a> {
    /// There was nothing to fulfil.
    Nothing,
    /// Fulfilled by an alternative.
    By(Hit<'a>),
    /// Not fulfilled.
    Not(Box<Finding>),
    /// It left no record.
    Unrecorded,
}

/// What fulfilled an expectation.
pub(super) struct Hit<'a> {
    alternative: &'a Alternative,
    text: String,
    heard: &'a Heard,
}

/// What has been gathered on the way.
struct Gathered {
    bindings: BTreeMap<String, String>,
    notes: Vec<Text>,
    credit: f64,
    partly: Option<Finding>,
}

fn walk(scene: Scene<'_>, stopped: Option<usize>) -> Verdict {
    let transcript = scene.transcript;
    let mut gathered = Gathered {
        bindings: transcript.bindings.clone(),
        notes: transcript.notes.clone(),
        credit: 1.0,
        partly: None,
    };
    let taken = stopped.map_or(scene.plan.steps.len(), |step| step + 1);
    for index in 0..taken.min(scene.plan.steps.len()) {
        let scene = scene.at(index);
        match judge_step(scene, index, &gathered.bindings) {
            Met::Nothing => {}
            Met::Not(finding) => return failed(scene, *finding, gathered.notes),
            Met::By(hit) if hit.alternative.credit <= 0.0 => {
                let finding = partly_right(scene, index, &hit, &gathered.bindings);
                return failed(scene, Finding { code: Code::WrongReply, ..finding }, gathered.notes);
            }
            Met::By(hit) => gather(&mut gathered, scene, index, hit),
            Met::Unrecorded if stopped == Some(index) => {}
            Met::Unrecorded => {
                return Verdict::trouble(&format!(
                    "step {index} left no record, or the state of the program is unknown"
                ));
            }
        }
    }
    match stopped {
        // A connection that was optional and refused was waited for in vain.
        Some(step) if scene.is_about_absent(step) => passed(gathered),
        Some(step) => match program::blocked(scene.at(step), step) {
            Some(finding) => failed(scene, finding, gathered.notes),
            None => {
                Verdict::trouble(&format!("the run stopped at step {step} although nothing is wrong there"))
            }
        },
        None => passed(gathered),
    }
}

/// Keeps what a fulfilled step brings: its capture, its remark, its credit.
fn gather(gathered: &mut Gathered, scene: Scene<'_>, index: usize, hit: Hit<'_>) {
    if let Action::Expect(Expect { capture: Some(name), .. }) = &scene.plan.steps[index].action {
        gathered.bindings.insert(name.clone(), hit.text.clone());
    }
    if hit.alternative.credit < gathered.credit {
        gathered.credit = hit.alternative.credit;
        gathered.partly = Some(partly_right(scene, index, &hit, &gathered.bindings));
    } else if let Some(note) = hit.alternative.note.as_ref().filter(|note| !gathered.notes.contains(note)) {
        gathered.notes.push(note.clone());
    }
}

fn passed(gathered: Gathered) -> Verdict {
    let outcome = if gathered.partly.is_some() { Outcome::Partial } else { Outcome::Pass };
    Verdict { outcome, credit: gathered.credit, finding: gathered.partly, notes: gathered.notes }
}

/// A failure, unless the program could never have run on this machine.
fn failed(scene: Scene<'_>, finding: Finding, notes: Vec<Text>) -> Verdict {
    if let Some(why) = foreign::cannot_run(scene.console()) {
        return Verdict::cannot_run(why);
    }
    if scene.transcript.clock_set {
        return Verdict::hindered("the clock of this machine was set while the check ran");
    }
    let finding = limits::ended_for(scene, finding);
    Verdict { outcome: Outcome::Fail, credit: 0.0, finding: Some(finding), notes }
}

fn partly_right(
    scene: Scene<'_>,
    index: usize,
    hit: &Hit<'_>,
    bindings: &BTreeMap<String, String>,
) -> Finding {
    let blame = Blame::new(Code::PartlyRight, hit.alternative.note.clone());
    match &scene.plan.steps[index].action {
        Action::Expect(expect) => {
            finding(blame, Some(index), expect_words(scene, index, (expect, hit.heard), bindings))
        }
        _ => finding(blame, Some(index), program_words(scene, index, Text::default())),
    }
}

fn judge_step<'a>(scene: Scene<'a>, index: usize, bindings: &BTreeMap<String, String>) -> Met<'a> {
    match &scene.plan.steps[index].action {
        Action::Expect(expect) => judge_expect(scene, index, expect, bindings),
        Action::ExpectProgram(expectation) => program::judge_program(scene, index, *expectation),
        Action::Connect(connect) if !connect.optional && scene.happened(index, &Event::Refused) => {
            Met::Not(Box::new(program::refused(scene, index)))
        }
        Action::Send(send) if !send.may_fail && scene.happened(index, &Event::SendFailed) => {
            if scene.is_absent(&send.connection) {
                return Met::Nothing;
            }
            Met::Not(Box::new(program::send_failed(scene, index)))
        }
        _ => Met::Nothing,
    }
}

fn judge_expect<'a>(
    scene: Scene<'a>,
    index: usize,
    expect: &'a Expect,
    bindings: &BTreeMap<String, String>,
) -> Met<'a> {
    if let Source::Connection(name) = &expect.from
        && scene.is_absent(name)
    {
        return Met::Nothing;
    }
    let Some(heard) = scene.heard(index) else { return Met::Unrecorded };
    let material = Material {
        bytes: &heard.bytes,
        fin: heard.fin,
        reset: heard.reset,
        settled: true,
        console: expect.from == Source::Console,
        sent: &heard.sent,
        reference: heard.reference.as_deref(),
        datagrams: heard.datagrams.as_ref().map(|datagrams| datagrams.unread),
        clock: heard.clock,
        bindings,
        files: &scene.transcript.files,
    };
    let (progress, which) = examine_any(&expect.alternatives, &material);
    match (progress, expect.alternatives.get(which)) {
        (Progress::Matched { text, .. }, Some(alternative)) if !heard.missing => {
            Met::By(Hit { alternative, text, heard })
        }
        _ => {
            if let Some(other) = relay::at_fault(scene, index, (expect, heard)) {
                let words = expect_words(scene, index, (expect, heard), bindings);
                return Met::Not(Box::new(relay::finding_of(other, index, words)));
            }
            let blame = blame(scene, index, (expect, heard), bindings);
            if blame.code == Code::GraderTrouble {
                return Met::Unrecorded;
            }
            let words = expect_words(scene, index, (expect, heard), bindings);
            Met::Not(Box::new(finding(blame, Some(index), words)))
        }
    }
}

fn expect_words(
    scene: Scene<'_>,
    index: usize,
    what: (&Expect, &Heard),
    bindings: &BTreeMap<String, String>,
) -> FindingWords {
    let (expect, heard) = what;
    FindingWords {
        after: describe::done_before(scene, index),
        expected: describe::expected(expect, heard, Known { bindings, files: &scene.transcript.files }),
        received: unreadable(scene, expect).unwrap_or_else(|| describe::received(expect, heard)),
        program: if heard.missing {
            scene.doing(&scene.state(index))
        } else {
            scene.doing(heard.stop.state())
        },
        player: scene.name(),
    }
}

/// Why the file cannot be read that an expectation is about, where something is at its place.
fn unreadable(scene: Scene<'_>, expect: &Expect) -> Option<Text> {
    let Source::File(name) = &expect.from else { return None };
    scene.transcript.unreadable.get(name).cloned()
}

/// The words of a finding about the program as a whole.
pub(super) fn program_words(scene: Scene<'_>, index: usize, expected: Text) -> FindingWords {
    let state = scene.state(index);
    FindingWords {
        after: describe::done_before(scene, index),
        expected,
        received: scene.was(&state),
        program: scene.doing(&state),
        player: scene.name(),
    }
}
