//! Of several programs the one at fault is named.

use super::*;

/// A scene of server and client: what was typed at the client was carried on, what came back
/// is told here, and the client's console lacks the result.
fn fault_of(events: Vec<(usize, Actor, Event)>, client: ProgramState, server: ProgramState) -> Finding {
    let mut plan = plan("pair", vec![console(exactly("37"))]);
    let player = |name: &str| Player { name: name.to_owned(), role: name.to_owned(), later: false };
    plan.scenario.players = vec![player("server"), player("client")];
    plan.steps[0].player = 1;
    let heard = Heard { stop: Stop::Settled(client.clone()), sent: Vec::new(), ..talk(b"> ").heard };
    let mut all = vec![(1, Actor::Operator, Event::Typed("20 + 17".to_owned()))];
    all.extend(events);
    all.push((1, Actor::Program, Event::Heard(heard)));
    all.push((0, Actor::Program, Event::Settled(server)));
    all.push((1, Actor::Program, Event::Settled(client)));
    let entries = all.into_iter().map(|(player, actor, event)| Entry { player, ..entry(0, actor, event) });
    let mut transcript = transcript(entries.collect(), Ended::At { step: 0 });
    transcript.players = plan
        .scenario
        .players
        .iter()
        .map(|player| Played { name: player.name.clone(), ..Played::default() })
        .collect();
    judge(&plan, &transcript).finding.expect("a finding")
}

fn carried(from: usize, name: &str) -> (usize, Actor, Event) {
    (from, Actor::Wire(name.to_owned()), Event::Carried(b"20 + 17".to_vec()))
}

fn receives() -> ProgramState {
    ProgramState::Receiving { connection: Some("client>server".to_owned()), alone: true }
}

fn told(finding: &Finding) -> String {
    format!("{} {:?} | {}", finding.player.as_deref().unwrap_or_default(), finding.code, finding.program.en)
}

#[test]
fn the_one_who_owes_a_reply_is_at_fault() {
    let finding = fault_of(vec![carried(1, "client>server")], receives(), receives());
    assert_eq!(told(&finding), "server NoReply | server is blocked in recv on connection client>server");
}

#[test]
fn the_one_who_does_not_show_what_came_is_at_fault() {
    let both = vec![carried(1, "client>server"), carried(0, "server>client")];
    let finding = fault_of(both, ProgramState::ReadingInput, receives());
    assert_eq!(told(&finding), "client NotShown | client is waiting for input at its terminal");
}

#[test]
fn the_one_who_sends_nothing_is_at_fault() {
    let finding = fault_of(Vec::new(), ProgramState::ReadingInput, receives());
    assert_eq!(told(&finding), "client NotShown | client is waiting for input at its terminal");
}

#[test]
fn the_one_who_died_or_spins_is_at_fault() {
    let asked = || vec![carried(1, "client>server")];
    let finding = fault_of(
        asked(),
        ProgramState::Ended(ExitStatus::Code(1)),
        ProgramState::Ended(ExitStatus::Signal(11)),
    );
    assert_eq!(told(&finding), "server Crashed | server is killed by SIGSEGV");
    let finding = fault_of(asked(), receives(), ProgramState::Running { cpu_milliseconds: 1000 });
    assert_eq!(
        told(&finding),
        "server BusyLoop | server is running without a pause (1000 ms of processor time)"
    );
}
