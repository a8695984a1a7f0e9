//! What is wrong with the program itself.

use super::*;

#[test]
fn names_why_a_program_never_was_ready() {
    let ends = |code| Stop::Settled(ProgramState::Ended(ExitStatus::Code(code)));
    let table = [
        ("server", Stop::Settled(ProgramState::ReadingInput), "", Code::NeverListens),
        ("client", Stop::Settled(ProgramState::ReadingInput), "", Code::NeverConnects),
        ("server", Stop::Settled(ProgramState::NotStarted), "", Code::CannotStart),
        ("server", ends(127), "sh: not found\n", Code::CannotStart),
        ("server", ends(1), "usage: server PORT\n", Code::EndedBeforeReady),
        ("server", ends(1), TRACE, Code::Traceback),
        ("server", Stop::Settled(ProgramState::Ended(ExitStatus::Signal(libc::SIGSEGV))), "", Code::Crashed),
        ("server", Stop::Busy(ProgramState::Running { cpu_milliseconds: 1 }), "", Code::BusyLoop),
        ("server", ends(1), "ModuleNotFoundError: No module named 'msvcrt'\n", Code::CannotRunHere),
    ];
    for (role, stop, console, code) in table {
        let mut transcript = transcript(Vec::new(), Ended::NotReady(stop));
        transcript.players = shown(console);
        let verdict = judge(&plan(role, Vec::new()), &transcript);
        assert_eq!(verdict.finding.unwrap().code, code);
        let skipped = code == Code::CannotRunHere;
        assert_eq!(verdict.outcome, if skipped { Outcome::Skip } else { Outcome::Fail });
    }
}

fn judge_program(expectation: ProgramExpectation, events: Vec<Event>, console: &str) -> Option<Code> {
    let plan = plan("server", vec![connect(), Action::ExpectProgram(expectation)]);
    let entries = events.into_iter().map(|event| entry(1, Actor::Program, event)).collect();
    let mut transcript = transcript(entries, Ended::Complete);
    transcript.players = shown(console);
    judge(&plan, &transcript).finding.map(|finding| finding.code)
}

#[test]
fn judges_the_program_itself() {
    use ProgramExpectation::{Address, Alive, Calm, EndsOrWaits, Exits, Port};
    let exited = |code| vec![Event::Exited(ExitStatus::Code(code))];
    let waits = || vec![Event::Observed(ProgramState::Accepting)];
    let runs = || vec![Event::Observed(ProgramState::Running { cpu_milliseconds: 700 })];
    let killed = || vec![Event::Exited(ExitStatus::Signal(libc::SIGSEGV))];
    let ip = |last| std::net::IpAddr::from([127, 0, 0, last]);
    let connects = |last| vec![Event::Connects { ip: ip(last), port: 9000, answered: true }];
    let message = ExitExpectation::FailureOrMessage;
    let table = [
        (Alive, waits(), "", None),
        (Alive, exited(0), "", Some(Code::EndedTooEarly)),
        (Alive, exited(1), TRACE, Some(Code::Traceback)),
        (Calm, waits(), "", None),
        (Calm, runs(), "", Some(Code::BusyLoop)),
        (EndsOrWaits, exited(0), "", None),
        (EndsOrWaits, waits(), "", None),
        (EndsOrWaits, killed(), "", Some(Code::Crashed)),
        (EndsOrWaits, runs(), "", Some(Code::BusyLoop)),
        (Exits(ExitExpectation::Any), exited(3), "", None),
        (Exits(ExitExpectation::Any), waits(), "", Some(Code::StillRunning)),
        (Exits(ExitExpectation::Success), exited(0), "", None),
        (Exits(ExitExpectation::Success), exited(3), "", Some(Code::WrongExit)),
        (Exits(ExitExpectation::Failure), exited(2), "", None),
        (Exits(ExitExpectation::Failure), exited(0), "bad port", Some(Code::WrongExit)),
        (Exits(ExitExpectation::Failure), exited(1), TRACE, None),
        (Exits(ExitExpectation::Failure), killed(), "", Some(Code::Crashed)),
        (Exits(ExitExpectation::Failure), waits(), "", Some(Code::StillRunning)),
        (Exits(message), exited(0), "", Some(Code::WrongExit)),
        (Exits(message), exited(0), "no server", None),
        (Exits(message), exited(1), "", None),
        (Port(9000), vec![Event::Listens { port: 9000 }], "", None),
        (Port(9000), vec![Event::Listens { port: 9001 }], "", Some(Code::WrongPort)),
        (Port(9000), vec![Event::Listens { port: 9000u16.swap_bytes() }], "", Some(Code::WrongPort)),
        (Port(9000), waits(), "", Some(Code::NeverListens)),
        (Address(ip(2)), connects(2), "", None),
        (Address(ip(2)), connects(1), "", Some(Code::WrongAddress)),
        (Address(ip(2)), waits(), "", Some(Code::NeverConnects)),
        (Address(ip(2)), exited(2), TRACE, Some(Code::Traceback)),
    ];
    for (expectation, events, console, code) in table {
        assert_eq!(judge_program(expectation, events.clone(), console), code, "{expectation:?} {events:?}");
    }
}

#[test]
fn other_steps_can_fail_too() {
    let line = Action::Type { line: template("q"), if_asked: false };
    let settled = |state| vec![entry(0, Actor::Program, Event::Settled(state))];
    let running = ProgramState::Running { cpu_milliseconds: 9 };
    let table = [
        (connect(), vec![entry(0, peer(), Event::Refused)], Code::Refused),
        (send("x"), vec![entry(0, peer(), Event::SendFailed)], Code::ClosedEarly),
        (line, settled(ProgramState::Accepting), Code::NeverAsks),
        (Action::Settle, settled(running), Code::BusyLoop),
        (Action::Accept { connection: "a".to_owned(), reopen: false }, Vec::new(), Code::NeverConnects),
    ];
    for (action, entries, code) in table {
        let verdict = judge(&plan("server", vec![action]), &transcript(entries, Ended::At { step: 0 }));
        assert_eq!(verdict.finding.unwrap().code, code);
        assert_eq!(verdict.outcome, Outcome::Fail);
    }
}

#[test]
fn an_unknown_state_is_the_graders_trouble_where_the_kernel_tells() {
    let exits = ProgramExpectation::Exits(ExitExpectation::Any);
    let plan = plan("client", vec![Action::ExpectProgram(exits)]);
    let entries = vec![entry(0, Actor::Program, Event::Observed(ProgramState::Unknown))];
    let mut transcript = transcript(entries, Ended::Complete);
    assert_eq!(judge(&plan, &transcript).outcome, Outcome::Error);
    transcript.witnessed = false;
    assert_eq!(judge(&plan, &transcript).finding.unwrap().code, Code::StillRunning);
}
