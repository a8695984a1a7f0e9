//! Running one scenario: from a plan to a transcript.

use super::cast::Cast;
use super::error::EngineError;
use super::machine::Machine;
use super::meeting::await_free_port;
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
    let mut scene = play(machine, cast, plan)?;
    if !machine.secluded && scene.found_port_taken() && await_free_port(&scene.diag, cast.port) {
        // Only a connection of an earlier program stood in its way, and has gone now.
        scene = play(machine, cast, plan)?;
    }
    if let Some(errno) = scene.program.not_executed {
        let cause = std::io::Error::from_raw_os_error(errno);
        scene.transcript.ended = Ended::CannotStart(cause.to_string());
    }
    if !machine.secluded && scene.found_port_taken() {
        scene.transcript.ended = Ended::CannotRun(Text::new(
            "its port is in use on this machine, and it cannot have a private network here",
            "이 컴퓨터에서 포트가 이미 사용 중이며, 여기서는 전용 네트워크를 만들 수 없음",
        ));
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

fn play<'a>(
    machine: &'a Machine,
    cast: &'a Cast,
    plan: &'a PlannedScenario,
) -> Result<Scene<'a>, EngineError> {
    let mut scene = Scene::open(machine, cast, plan)?;
    scene.play()?;
    scene.finish();
    Ok(scene)
}

impl Scene<'_> {
    /// The program never listened because somebody else has its port.
    fn found_port_taken(&self) -> bool {
        const WORDS: [&str; 3] = ["Address already in use", "EADDRINUSE", "AddrInUse"];
        let shown = String::from_utf8_lossy(&self.program.shown.bytes);
        matches!(self.transcript.ended, Ended::NotReady(_)) && WORDS.iter().any(|word| shown.contains(word))
    }

    /// Takes the program's last words and its end, and ends it.
    fn finish(&mut self) {
        if self.last_scene.is_none() && self.transcript.ended == Ended::Complete {
            // So that the record ends where the program's part does, not where we stopped looking.
            self.settle();
        }
        self.pump();
        let shown = self.last_scene.unwrap_or(self.program.shown.bytes.len());
        if let (Some(status), None) = (self.program.ended, self.last_scene) {
            self.record(Actor::Program, Event::Exited(status));
        }
        // Its sockets vanish with ours: none is left in TIME_WAIT on a shared network.
        let open =
            self.connections.iter_mut().chain(&mut self.arrived).filter(|connection| !connection.closed);
        open.for_each(super::connection::Connection::abort);
        self.program.end();
        self.program.shown.bytes.truncate(shown);
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
