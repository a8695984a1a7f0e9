//! Running one scenario: from a plan to a transcript.

use std::collections::BTreeMap;

use super::cast::Cast;
use super::error::EngineError;
use super::machine::Machine;
use super::scene::Scene;
use crate::plan::PlannedScenario;
use crate::transcript::{Actor, Ended, Event, Transcript};

/// Runs one scenario on the calling thread, which must not be the main one: it moves
/// between networks. Everything the program started has ended when it returns.
pub fn run(machine: &Machine, cast: &Cast, plan: &PlannedScenario) -> Transcript {
    match perform(machine, cast, plan) {
        Ok(transcript) => transcript,
        Err(trouble) => Transcript {
            scenario: plan.scenario.id.clone(),
            seed: plan.seed,
            bindings: BTreeMap::new(),
            ended: Ended::Broken(describe(&trouble)),
            ..Transcript::default()
        },
    }
}

fn perform(machine: &Machine, cast: &Cast, plan: &PlannedScenario) -> Result<Transcript, EngineError> {
    let mut scene = Scene::open(machine, cast, plan)?;
    scene.play()?;
    scene.finish();
    if let Some(errno) = scene.program.not_executed {
        let cause = std::io::Error::from_raw_os_error(errno);
        scene.transcript.ended = Ended::CannotStart(cause.to_string());
    }
    if let Some(trouble) = scene.program.broken.take() {
        scene.transcript.ended = Ended::Broken(trouble);
    }
    let mut transcript = std::mem::take(&mut scene.transcript);
    transcript.console = std::mem::take(&mut scene.program.shown.bytes);
    transcript.wall = scene.began.elapsed();
    Ok(transcript)
}

impl Scene<'_> {
    /// Takes the program's last words and its end, and ends it.
    fn finish(&mut self) {
        self.pump();
        if let Some(shown) = self.last_scene {
            self.program.end();
            self.program.shown.bytes.truncate(shown);
            return;
        }
        if let Some(status) = self.program.ended {
            self.record(Actor::Program, Event::Exited(status));
        }
        self.program.end();
        self.program.streams.drain(&mut self.program.shown);
    }
}

fn describe(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", describe(cause)),
        None => error.to_string(),
    }
}
