//! What must hold for the program itself: ready, alive, calm, ended, on its port.

use std::net::IpAddr;

use super::judge::{Met, program_words};
use super::scene::{Blame, FindingWords, Scene, finding};
use super::{Code, Finding, datagrams, describe, likeness, relay, words};
use crate::spec::{Action, Concept, ExitExpectation, ProgramExpectation};
use crate::transcript::{Actor, Event, ExitStatus, ProgramState, Stop};
use crate::units::Text;

/// Status by which a shell tells that a program could not be executed.
const NOT_EXECUTABLE: [i32; 2] = [126, 127];

/// The program never came to listen or to connect.
pub(super) fn not_ready(scene: Scene<'_>, stop: &Stop) -> Finding {
    let state = stop.state();
    let client = scene.is_client();
    let never = datagrams::never_ready(scene);
    let blame = match state {
        _ if datagrams::uses_stream(scene) => datagrams::speaks_tcp(),
        ProgramState::NotStarted => Blame::new(Code::CannotStart, None),
        ProgramState::Ended(ExitStatus::Code(code)) if NOT_EXECUTABLE.contains(code) => {
            Blame::new(Code::CannotStart, describe::last_line(scene.console()))
        }
        ProgramState::Ended(status) => scene
            .died(Some(*status))
            .unwrap_or_else(|| Blame::new(Code::EndedBeforeReady, describe::last_line(scene.console()))),
        _ if matches!(stop, Stop::Busy(_)) => Blame::new(Code::BusyLoop, Some(words::computes())),
        ProgramState::ReadingInput => Blame::new(never, Some(words::asks_first())),
        ProgramState::AwaitingDatagram if client => Blame::new(never, Some(datagrams::words::awaits_first())),
        _ => scene.died(None).unwrap_or(Blame::new(never, None)),
    };
    let expected = comes_to(scene);
    let words = FindingWords {
        after: describe::done_before(scene, scene.plan.steps.len()),
        expected,
        received: scene.was(state),
        program: scene.doing(state),
        player: scene.name(),
    };
    finding(blame, None, words)
}

/// What makes the program ready: it listens or connects, binds or sends.
fn comes_to(scene: Scene<'_>) -> Text {
    match (scene.transcript.datagrams, scene.is_client()) {
        (false, false) => words::listens(),
        (false, true) => words::connects(),
        (true, false) => datagrams::words::binds(),
        (true, true) => datagrams::words::sends(),
    }
}

/// The program does not build or cannot be executed: the compiler's or the kernel's words.
pub(super) fn cannot_start(scene: Scene<'_>, said: &str) -> Finding {
    let state = ProgramState::NotStarted;
    let words = FindingWords {
        after: None,
        expected: comes_to(scene),
        received: scene.was(&state),
        program: scene.doing(&state),
        player: scene.name(),
    };
    finding(Blame::new(Code::CannotStart, Some(Text::same(said.trim_end()))), None, words)
}

/// A file of the program's folder that the check speaks of cannot be read.
pub(super) fn spoilt_file(scene: Scene<'_>, index: usize, why: &Text) -> Finding {
    let blame = scene.death(index).unwrap_or(Blame::new(Code::WrittenWrongly, None));
    let words = program_words(scene, index, words::leaves_file());
    finding(blame, Some(index), FindingWords { received: why.clone(), ..words })
}

/// The program refused a connection.
pub(super) fn refused(scene: Scene<'_>, index: usize) -> Finding {
    let blame = gone(scene, index).unwrap_or(Blame::new(Code::Refused, None));
    let words = program_words(scene, index, words::takes_connection());
    finding(blame, Some(index), FindingWords { received: words::refused(), ..words })
}

/// The program's side no longer takes bytes.
pub(super) fn send_failed(scene: Scene<'_>, index: usize) -> Finding {
    let blame = gone(scene, index).unwrap_or(Blame::new(Code::ClosedEarly, None));
    let words = program_words(scene, index, words::takes_bytes());
    finding(blame, Some(index), FindingWords { received: words::send_failed(), ..words })
}

/// The run stopped at a step that is no expectation: what was in its way, if that was
/// the program.
pub(super) fn blocked(scene: Scene<'_>, index: usize) -> Option<Finding> {
    let action = &scene.plan.steps.get(index)?.action;
    let state = scene.state(index);
    let missing = match action {
        Action::Type { .. } | Action::Press(_) => (Code::NeverAsks, words::asks()),
        Action::Accept { .. } => (datagrams::never_ready(scene), comes_to(scene)),
        Action::Connect(_) if scene.happened(index, &Event::Opened) => return None,
        Action::Connect(_) => (Code::Refused, words::takes_connection()),
        Action::Send(_) => (Code::NoReply, words::reads_what_is_sent()),
        Action::Start { .. } => (Code::NeverConnects, words::connects()),
        Action::Kill | Action::Cut(_) => return None,
        Action::Settle | Action::Freeze | Action::Thaw | Action::Restart { .. } | Action::NextSecond => {
            (Code::BusyLoop, words::comes_to_wait())
        }
        Action::HalfClose { .. }
        | Action::Close { .. }
        | Action::Reset { .. }
        | Action::StopReading { .. }
        | Action::ReadOn { .. } => (Code::ClosedEarly, words::keeps_connection()),
        Action::Expect(_) | Action::ExpectProgram(_) | Action::Each { .. } => return None,
    };
    let (code, expected) = missing;
    if let Some(other) = relay::keeps_waiting(scene, index) {
        return Some(relay::finding_of(other, index, program_words(scene, index, expected)));
    }
    let blame = match state {
        ProgramState::Running { .. } => Blame::new(Code::BusyLoop, Some(words::computes())),
        _ if code == Code::BusyLoop => gone(scene, index)?,
        _ => gone(scene, index).unwrap_or(Blame::new(code, None)),
    };
    Some(finding(blame, Some(index), program_words(scene, index, expected)))
}

/// The program is no more: it died, or simply ended.
pub(super) fn gone(scene: Scene<'_>, index: usize) -> Option<Blame> {
    let exit = scene.exit(index)?;
    Some(scene.died(Some(exit)).unwrap_or_else(|| ended(scene, index)))
}

/// The program has ended by itself and shows no exception.
pub(super) fn ended(scene: Scene<'_>, index: usize) -> Blame {
    if scene.transcript.datagrams && !scene.is_client() {
        return datagrams::ended(scene, index);
    }
    let concept = scene.plan.scenario.concept;
    if !scene.is_client() && scene.had_reset(index) {
        return Blame::new(Code::EndedAtReset, Some(likeness::own::ended_at_reset()));
    }
    let served = scene.served(index);
    let is_next = scene.is_further_client(index, &served) && !scene.was_restarted(index);
    if !scene.is_client() && served.len() == 1 && is_next && concept == Concept::Lifecycle {
        return Blame::new(Code::ServesOneClientOnly, Some(words::ended_after_client()));
    }
    // A client that is told to end, or asked whether it does, may end.
    let is_parting = scene.is_parting(index) && !scene.was_restarted(index);
    let may_end = is_parting || scene.is_client() && concept == Concept::Lifecycle;
    if served.len() == 1 && scene.exchanges(index) == 1 && !may_end {
        return Blame::new(Code::OneMessageOnly, Some(likeness::own::one_message()));
    }
    Blame::new(Code::EndedTooEarly, None)
}

/// Judges what is expected of the program itself.
pub(super) fn judge_program(scene: Scene<'_>, index: usize, expectation: ProgramExpectation) -> Met<'_> {
    if let ProgramExpectation::Port(port) = expectation {
        return judge_port(scene, index, port);
    }
    if expectation == ProgramExpectation::PeerPort {
        return judge_peer_port(scene, index);
    }
    if let ProgramExpectation::Address(ip) = expectation {
        return judge_address(scene, index, ip);
    }
    let state = scene.state(index);
    // The kernel tells the state of every program: without it nothing can be said.
    if state == ProgramState::Unknown && (scene.transcript.witnessed || scene.under(index).next().is_none()) {
        return Met::Unrecorded;
    }
    let (expected, blame) = match expectation {
        ProgramExpectation::Alive => (words::stays_alive(), gone(scene, index)),
        ProgramExpectation::Calm => (words::comes_to_wait(), spins(scene, index, &state)),
        ProgramExpectation::EndsOrWaits => {
            let crashed = match state {
                ProgramState::Ended(ExitStatus::Signal(_)) => gone(scene, index),
                _ => None,
            };
            (words::ends_or_waits(), crashed.or_else(|| spins(scene, index, &state)))
        }
        ProgramExpectation::Exits(how) => (words::exits(how), judge_exit(scene, index, how)),
        ProgramExpectation::Port(_) | ProgramExpectation::PeerPort | ProgramExpectation::Address(_) => {
            (Text::default(), None)
        }
    };
    match blame {
        Some(blame) => Met::Not(Box::new(finding(blame, Some(index), program_words(scene, index, expected)))),
        None => Met::Nothing,
    }
}

fn spins(scene: Scene<'_>, index: usize, state: &ProgramState) -> Option<Blame> {
    matches!(state, ProgramState::Running { .. }).then(|| busy(scene, index))
}

/// The program spins; where it has done nothing else since a connection is over, that is why.
pub(super) fn busy(scene: Scene<'_>, index: usize) -> Blame {
    let until = scene.transcript.entries.iter().filter(|entry| entry.step.is_some_and(|step| step <= index));
    let since_end = until.fold(false, |over, entry| match &entry.event {
        Event::Closed | Event::HalfClosed | Event::DidReset => true,
        // What others end comes to it through the wire.
        Event::CarriedFin | Event::CarriedReset | Event::Cut => over || is_to(scene, &entry.actor),
        Event::Heard(heard) if heard.used > 0 && matches!(entry.actor, Actor::Connection(_)) => false,
        _ => over,
    });
    if since_end {
        Blame::new(Code::BusyLoopAtEof, Some(words::ignores_the_end()))
    } else {
        Blame::new(Code::BusyLoop, Some(words::computes()))
    }
}

/// The wire leads to the player in question, or away from it where it is cut.
fn is_to(scene: Scene<'_>, actor: &Actor) -> bool {
    let Actor::Wire(wire) = actor else { return false };
    let name = scene.name();
    wire.split_once('>').is_some_and(|(_, to)| name.as_deref() == Some(to))
}

fn judge_exit(scene: Scene<'_>, index: usize, how: ExitExpectation) -> Option<Blame> {
    let state = scene.state(index);
    let Some(status) = scene.exit(index) else {
        return Some(spins(scene, index, &state).unwrap_or_else(|| {
            let cause = matches!(state, ProgramState::ReadingInput).then(words::waits_for_input);
            Blame::new(Code::StillRunning, cause)
        }));
    };
    let said = !scene.console().trim_ascii().is_empty();
    let right = match (how, status) {
        (ExitExpectation::Any, _) => true,
        (ExitExpectation::Success, status) => status.is_success(),
        (ExitExpectation::FailureOrMessage, ExitStatus::Code(code)) => code != 0 || said,
        (ExitExpectation::Failure, ExitStatus::Code(code)) => code != 0,
        (ExitExpectation::Failure | ExitExpectation::FailureOrMessage, ExitStatus::Signal(_)) => false,
    };
    if right { None } else { Some(scene.died(Some(status)).unwrap_or(Blame::new(Code::WrongExit, None))) }
}

/// The port on which the program listens, or to which it connects.
fn judge_port(scene: Scene<'_>, index: usize, port: u16) -> Met<'_> {
    let used: Vec<u16> = scene
        .transcript
        .entries
        .iter()
        .filter(|entry| entry.player == scene.player)
        .filter_map(|entry| match entry.event {
            Event::Listens { port } | Event::Connects { port, .. } => Some(port),
            _ => None,
        })
        .collect();
    if used.contains(&port) {
        return Met::Nothing;
    }
    let client = scene.is_client();
    let blame = match used.first() {
        Some(used) => {
            let swapped = (used.swap_bytes() == port).then(words::port_swapped);
            Blame::new(Code::WrongPort, swapped)
        }
        None if datagrams::uses_stream(scene) => datagrams::speaks_tcp(),
        None => gone(scene, index).unwrap_or(Blame::new(datagrams::never_ready(scene), None)),
    };
    let at_port = if scene.transcript.datagrams { datagrams::words::port } else { words::port };
    let words = program_words(scene, index, at_port(port, client));
    // Where it uses another one, that is what it does.
    let (received, program) = match used.first() {
        Some(&used) => (at_port(used, client), at_port(used, client)),
        None => (words.received.clone(), words.program.clone()),
    };
    let words = FindingWords { after: None, received, program, ..words };
    Met::Not(Box::new(finding(blame, Some(index), words)))
}

/// The port to which a program connects is one at which another program of the scene listens.
fn judge_peer_port(scene: Scene<'_>, index: usize) -> Met<'_> {
    let entries = || scene.transcript.entries.iter();
    let others = entries().filter(|entry| entry.player != scene.player);
    let listens: Vec<(usize, u16)> = others
        .filter_map(|entry| match entry.event {
            Event::Listens { port } => Some((entry.player, port)),
            _ => None,
        })
        .collect();
    let connects = |port: u16| {
        entries().any(|entry| {
            entry.player == scene.player
                && matches!(entry.event, Event::Connects { port: to, .. } if to == port)
        })
    };
    match listens.first() {
        Some(_) if listens.iter().any(|&(_, port)| connects(port)) => Met::Nothing,
        Some(&(_, port)) => judge_port(scene, index, port),
        None => {
            let blame = gone(scene, index).unwrap_or(Blame::new(Code::NeverListens, None));
            Met::Not(Box::new(finding(blame, Some(index), program_words(scene, index, words::listens()))))
        }
    }
}

/// The address to which a client connects.
fn judge_address(scene: Scene<'_>, index: usize, ip: IpAddr) -> Met<'_> {
    let mut used = scene.transcript.entries.iter().filter_map(|entry| match entry.event {
        Event::Connects { ip, .. } => Some(ip),
        _ => None,
    });
    let Some(first) = used.next() else {
        let never = if scene.transcript.datagrams { Code::NeverSends } else { Code::NeverConnects };
        let blame = gone(scene, index).unwrap_or(Blame::new(never, None));
        return Met::Not(Box::new(finding(
            blame,
            Some(index),
            program_words(scene, index, words::address(ip)),
        )));
    };
    if first == ip || used.any(|used| used == ip) {
        return Met::Nothing;
    }
    let words = program_words(scene, index, words::address(ip));
    let words = FindingWords {
        after: None,
        program: words::address(first),
        received: words::address(first),
        ..words
    };
    Met::Not(Box::new(finding(Blame::new(Code::WrongAddress, None), Some(index), words)))
}
