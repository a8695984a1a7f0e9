//! Several programs on stage: who is brought on when, and whose turn it is.

use super::error::EngineError;
use super::observer::{Budget, Stillness};
use super::player::Player;
use super::scene::Scene;
use super::steps::{Goes, START};
use super::wait::{LINGER_AT_MOST, Look};
use crate::plan::PlannedStep;
use crate::spec::Action;
use crate::transcript::{Actor, Ended, Event, ProgramState, Stop};
use crate::units::Text;

impl Scene<'_> {
    /// Starts everybody who is there from the beginning, each when the one before is ready.
    pub(crate) fn bring_everybody_on(&mut self) -> Result<Goes, EngineError> {
        if !self.machine.secluded || !self.machine.tells_calls {
            self.transcript.ended = Ended::CannotRun(no_relay());
            return Ok(Goes::NoFurther);
        }
        if self.await_ready() == Goes::NoFurther {
            return Ok(Goes::NoFurther);
        }
        let plan = self.plan;
        for (part, player) in plan.scenario.players.iter().enumerate().skip(1) {
            if !player.later && self.bring_on(part)? == Goes::NoFurther {
                return Ok(Goes::NoFurther);
            }
        }
        self.everybody_is_there = true;
        self.settle();
        self.write_wires_down();
        Ok(Goes::On)
    }

    /// Starts a player and waits until it is ready.
    pub(crate) fn bring_on(&mut self, part: usize) -> Result<Goes, EngineError> {
        let serving = self.players.iter().filter(|player| !player.serving.is_empty());
        let name = |player: &Player<'_>| self.plan.scenario.players[player.part].name.clone();
        let servers = serving.map(|player| (name(player), player.port())).collect();
        let player = Player::start(self.machine, self.casts[part], self.plan, (part, servers))?;
        self.players.push(player);
        self.lead = self.players.len() - 1;
        self.record(Actor::Program, Event::Started);
        Ok(self.await_ready())
    }

    /// Waits until a player listens, connects, or waits at its terminal.
    fn await_ready(&mut self) -> Goes {
        let stop = self.wait(START, &mut |scene, still| {
            let player = scene.player();
            let asks = still.is_some() && player.reads_input() && player.next_answer().is_none();
            if asks || !player.held.is_empty() {
                return Look::Done;
            }
            if player.is_ready() { Look::Likely } else { Look::NotYet }
        });
        if self.player().program.untold {
            self.transcript.ended = Ended::CannotRun(no_relay());
            return Goes::NoFurther;
        }
        let asks = matches!(stop, Stop::Satisfied(_)) && self.player().reads_input();
        if self.player().is_ready() || asks {
            return Goes::On;
        }
        self.transcript.unready = self.player().part;
        self.transcript.ended = Ended::NotReady(stop);
        Goes::NoFurther
    }

    /// Turns to the player whom a step is about.
    pub(crate) fn turn_to(&mut self, step: &PlannedStep) {
        let connection = match &step.action {
            Action::Send(send) => Some(&send.connection),
            Action::HalfClose { connection }
            | Action::Close { connection }
            | Action::Reset { connection }
            | Action::StopReading { connection }
            | Action::ReadOn { connection } => Some(connection),
            _ => None,
        };
        let owner = connection.and_then(|name| self.connection(name)).map(|connection| connection.player);
        let on_stage = || self.players.iter().position(|player| player.part == step.player);
        self.lead = owner.or_else(on_stage).unwrap_or_default();
    }

    /// A step of several programs ends when all are still: what it has set in motion belongs
    /// to it, on whatever machine. Where it failed, everybody's state tells why.
    pub(crate) fn end_step(&mut self, goes: Goes) {
        if self.spinning.is_none() {
            self.settle();
        }
        self.write_wires_down();
        if goes == Goes::NoFurther {
            for index in 0..self.players.len() {
                let spins = self.spinning.as_ref().filter(|(spinning, _)| *spinning == index);
                let state = match spins {
                    Some((_, running)) => running.clone(),
                    None => self.state_of_player(&self.players[index]),
                };
                self.record_of(index, Actor::Program, Event::Settled(state));
            }
        }
    }

    /// Waits until it is the player's turn to be typed at: it waits for its terminal, and
    /// nobody else is about to do anything.
    pub(crate) fn await_turn(&mut self) -> bool {
        let mut lingering: Option<Budget> = None;
        let patience = self.plan.scenario.patience;
        let stop = self.wait(patience, &mut |scene, still| {
            let asks = still.is_some() && scene.reads_input() && !scene.player().has_questions();
            match still {
                Some(still @ Stillness::Timer(_)) if asks => {
                    // Some wake up again and again and do nothing.
                    let long = scene.lingered(&mut lingering, still, LINGER_AT_MOST);
                    if long { Look::Done } else { Look::NotYet }
                }
                _ if asks => Look::Done,
                _ => Look::NotYet,
            }
        });
        // One with timers of its own may look at its terminal now and then.
        matches!(stop, Stop::Satisfied(_) | Stop::Asleep(_))
            && !matches!(self.state(), ProgramState::Ended(_))
    }

    /// Kills every process of the player.
    pub(crate) fn kill(&mut self) {
        self.settle();
        self.player().program.signal_all(rustix::process::Signal::KILL);
        self.record(Actor::Program, Event::Killed);
        self.settle();
    }
}

/// Programs that play together need networks of their own, and a harness that is told where
/// they connect.
fn no_relay() -> Text {
    Text::new(
        "programs that play together need private networks, and this machine refuses them",
        "여러 프로그램을 함께 실행하려면 전용 네트워크가 필요한데 이 환경은 허용하지 않음",
    )
}
