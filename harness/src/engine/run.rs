//! Running one scenario: from a plan to a transcript.

use std::num::NonZeroU64;

use super::cast::Cast;
use super::error::EngineError;
use super::machine::Machine;
use super::meeting::await_free_port;
use super::player::Player;
use super::scene::Scene;
use super::time_of_day::Reading;
use super::turn::await_turn;
use crate::plan::PlannedScenario;
use crate::transcript::{Actor, Ended, Event, Transcript};
use crate::units::Text;

/// Runs one scenario on the calling thread, which must not be the main one: it moves
/// between networks. Everything the program started has been killed when it returns, and is
/// gone when the machine is dropped.
pub fn run(machine: &Machine, casts: &[&Cast], plan: &PlannedScenario) -> Transcript {
    // Its pauses are of microseconds; the kernel would round them up to 50 (prctl(2)).
    let _ = rustix::thread::set_current_timer_slack(NonZeroU64::new(1));
    match perform(machine, casts, plan) {
        Ok(transcript) => transcript,
        Err(EngineError::CannotRun(why)) => unplayed(plan, Ended::CannotRun(why)),
        Err(trouble @ EngineError::System { .. }) => unplayed(plan, Ended::Hindered(describe(&trouble))),
        Err(trouble) => unplayed(plan, Ended::Broken(describe(&trouble))),
    }
}

fn unplayed(plan: &PlannedScenario, ended: Ended) -> Transcript {
    Transcript { scenario: plan.scenario.id.clone(), seed: plan.seed, ended, ..Transcript::default() }
}

fn perform(machine: &Machine, casts: &[&Cast], plan: &PlannedScenario) -> Result<Transcript, EngineError> {
    let _turn = if machine.secluded { None } else { await_turn() };
    let mut scene = play(machine, casts, plan)?;
    let player = scene.player();
    if !machine.secluded && scene.found_port_taken() && await_free_port(&player.diag, player.cast.port) {
        // Only a connection of an earlier program stood in its way, and has gone now.
        scene = play(machine, casts, plan)?;
    }
    let not_executed = |player: &Player<'_>| Some((player.program.not_executed?, player.part));
    if let Some((errno, part)) = scene.players.iter().find_map(not_executed) {
        let cause = std::io::Error::from_raw_os_error(errno);
        scene.transcript.unready = part;
        scene.transcript.ended = Ended::CannotStart(cause.to_string());
    }
    if !machine.secluded && scene.found_port_taken() {
        scene.transcript.ended = Ended::CannotRun(Text::new(
            "its port is in use on this machine, and it cannot have a private network here",
            "이 컴퓨터에서 포트가 이미 사용 중이며, 여기서는 전용 네트워크를 만들 수 없음",
        ));
    }
    for player in &mut scene.players {
        if let Some(trouble) = player.program.unfit.take() {
            scene.transcript.ended = Ended::CannotRun(no_surroundings(&trouble));
        } else if let Some(trouble) = player.program.broken.take() {
            scene.transcript.ended = Ended::Hindered(trouble);
        }
        let shown = std::mem::take(&mut player.program.shown.bytes);
        scene.transcript.players[player.part].console = shown;
    }
    let mut transcript = std::mem::take(&mut scene.transcript);
    transcript.wall = scene.began.elapsed();
    transcript.clock_set = Reading::now().was_set_since(&scene.began_clock);
    Ok(transcript)
}

fn play<'a>(
    machine: &'a Machine,
    casts: &[&'a Cast],
    plan: &'a PlannedScenario,
) -> Result<Scene<'a>, EngineError> {
    let mut scene = Scene::open(machine, casts.to_vec(), plan)?;
    scene.play()?;
    scene.finish();
    Ok(scene)
}

impl Scene<'_> {
    /// The program never listened because somebody else has its port.
    fn found_port_taken(&self) -> bool {
        const WORDS: [&str; 3] = ["Address already in use", "EADDRINUSE", "AddrInUse"];
        let shown = String::from_utf8_lossy(&self.player().program.shown.bytes);
        matches!(self.transcript.ended, Ended::NotReady(_)) && WORDS.iter().any(|word| shown.contains(word))
    }

    /// Takes the program's last words and its end, and ends it.
    fn finish(&mut self) {
        if self.last_scene.is_none() && self.transcript.ended == Ended::Complete && !self.still {
            // So that the record ends where the program's part does, not where we stopped looking.
            self.settle();
        }
        self.pump();
        self.write_wires_down();
        self.take_conduct();
        for index in 0..self.players.len() {
            if let (Some(status), None) = (self.players[index].program.ended, self.last_scene) {
                self.record_of(index, Actor::Program, Event::Exited(status));
            }
        }
        // Its sockets vanish with ours: none is left in TIME_WAIT on a shared network.
        let open =
            self.connections.iter_mut().chain(&mut self.arrived).filter(|connection| !connection.closed);
        open.for_each(super::connection::Connection::abort);
        for player in &mut self.players {
            // What is shown from here on is not the scene's any more.
            let shown = self.last_scene.unwrap_or(player.program.shown.bytes.len());
            player.program.end();
            player.program.shown.bytes.truncate(shown);
        }
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
