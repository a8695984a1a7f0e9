//! Running one scenario: from a plan to a transcript.

use super::cast::Cast;
use super::error::EngineError;
use super::machine::Machine;
use super::scene::Scene;
use crate::plan::PlannedScenario;
use crate::transcript::{Actor, Ended, Event, Transcript};
use crate::units::Text;

/// Runs one scenario on the calling thread, which must not be the main one: it moves
/// between networks. Everything the program started has ended when it returns.
pub fn run(machine: &Machine, cast: &Cast, plan: &PlannedScenario) -> Transcript {
    match perform(machine, cast, plan) {
        Ok(transcript) => transcript,
        Err(EngineError::CannotRun(why)) => unplayed(plan, Ended::CannotRun(why)),
        Err(trouble) => unplayed(plan, Ended::Broken(describe(&trouble))),
    }
}

fn unplayed(plan: &PlannedScenario, ended: Ended) -> Transcript {
    Transcript { scenario: plan.scenario.id.clone(), seed: plan.seed, ended, ..Transcript::default() }
}

fn perform(machine: &Machine, cast: &Cast, plan: &PlannedScenario) -> Result<Transcript, EngineError> {
    let mut scene = Scene::open(machine, cast, plan)?;
    scene.play()?;
    scene.finish();
    if let Some(errno) = scene.program.not_executed {
        let cause = std::io::Error::from_raw_os_error(errno);
        scene.transcript.ended = Ended::CannotStart(cause.to_string());
    }
    if let Some(trouble) = scene.program.unfit.take() {
        scene.transcript.ended = Ended::CannotRun(no_surroundings(&trouble));
    } else if let Some(trouble) = scene.program.broken.take() {
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

/// The kernel refuses what the program was to find around it.
fn no_surroundings(trouble: &str) -> Text {
    Text::new(
        format!("the files or host names of this check cannot be set up here: {trouble}"),
        format!("이 검사의 파일이나 호스트 이름을 이 환경에서 준비할 수 없음: {trouble}"),
    )
}

fn describe(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", describe(cause)),
        None => error.to_string(),
    }
}
