//! Golden texts of every outcome and every kind of failure, in both languages.

use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::spec::{
    Carriage, Concept, Console, Counting, End, Exercise, Fixtures, Place, Role, Scenario, Tier, Transport,
};
use crate::transcript::{Actor, Deed, Entry, Event, Heard, Played, ProgramState, Stop, Transcript};
use crate::units::{Language, Limit, Limits, Text};
use crate::verdict::{Code, Finding, Outcome, Repeats, Verdict};

fn exercise() -> Exercise {
    Exercise {
        id: "sum".to_owned(),
        title: Text::new("TCP calculator", "TCP 계산기"),
        about: Text::default(),
        protocol: Text::default(),
        sample: String::new(),
        graded: vec![Tier::Basic],
        repeats: Counting::Worst,
        limits: Limits::default(),
        roles: vec![Role {
            name: "server".to_owned(),
            end: End::Server,
            transport: Transport::Tcp,
            port: 3333,
            port_fixed: false,
            asks: Vec::new(),
            names: Vec::new(),
        }],
        scenes: Vec::new(),
        settings: Vec::new(),
        explorations: Vec::new(),
        scenarios: Vec::new(),
        fixtures: Fixtures::new(),
        folder: PathBuf::new(),
        hash: "9f86d0".to_owned(),
    }
}

fn facts() -> RunFacts {
    let target =
        TargetReport { role: "server".to_owned(), command: "./student_bin".to_owned(), port: Some(3333) };
    RunFacts {
        seed: 7,
        sandbox: Sandbox::Full,
        targets: vec![target],
        graded: vec![Tier::Basic],
        remarks: Vec::new(),
    }
}

fn scenario(name: &str, tier: Tier, points: f64) -> Scenario {
    Scenario {
        id: format!("sum/server/{name}"),
        role: "server".to_owned(),
        players: Vec::new(),
        wire: Carriage::Whole,
        wire_to: None,
        customary: Vec::new(),
        title: Text::new("Adds two integers", "두 정수를 더한다"),
        tier,
        noted: false,
        concept: Concept::RequestReply,
        points,
        hint: None,
        needs: Vec::new(),
        console: Console::Terminal,
        environment: Vec::new(),
        arguments: None,
        files: Vec::new(),
        names: Vec::new(),
        listening: true,
        port: None,
        taken: Vec::new(),
        draws: Vec::new(),
        patience: Duration::from_secs(3),
        steps: Vec::new(),
        place: Place::default(),
        hash: String::new(),
    }
}

fn verdict(outcome: Outcome, credit: f64, finding: Option<Finding>) -> Verdict {
    Verdict { outcome, credit, finding, notes: Vec::new() }
}

fn finding(code: Code) -> Finding {
    Finding {
        code,
        step: Some(2),
        after: Some(Text::new("sent \"20 + 17\" on connection a", "연결 a에서 \"20 + 17\" 전송")),
        expected: Text::new("the number 37", "숫자 37"),
        received: Text::same("\"38\""),
        program: Text::new("blocked in recv on connection a", "연결 a의 recv에서 대기 중"),
        player: None,
        cause: Some(Text::new("a cause that the bytes tell", "바이트가 알려 주는 원인")),
    }
}

fn transcript() -> Transcript {
    let entry = |step, actor, event| Entry { step: Some(step), player: 0, actor, event, at: Duration::ZERO };
    let peer = || Actor::Connection("a".to_owned());
    let heard = Heard {
        bytes: b"38".to_vec(),
        used: 0,
        fin: false,
        reset: false,
        stop: Stop::Settled(ProgramState::Accepting),
        sent: Vec::new(),
        reference: None,
        clock: 0,
        missing: false,
        datagrams: None,
    };
    Transcript {
        scenario: "sum/server/adds".to_owned(),
        seed: 7,
        entries: vec![
            entry(0, Actor::Program, Event::Listens { port: 3333 }),
            entry(0, peer(), Event::Opened),
            entry(1, peer(), Event::Sent(b"20 + 17".to_vec())),
            entry(2, peer(), Event::Heard(heard)),
        ],
        players: vec![Played {
            name: "server".to_owned(),
            console: b"listening\nTraceback (most recent call last):\nValueError: \x1b[31mbad\n".to_vec(),
            ..Played::default()
        }],
        wall: Duration::from_micros(12_345),
        ..Transcript::default()
    }
}

fn result(scenario: Scenario, verdict: Verdict) -> CheckResult {
    let name = scenario.id.rsplit('/').next().unwrap_or_default();
    let rerun = format!("grader run sum --only {name} --seed 7 --target ./student_bin");
    CheckResult { scenario, verdict, repeats: Repeats { count: 1, lost: 0 }, transcript: transcript(), rerun }
}

/// A report with every outcome in it.
fn mixed() -> Report {
    let pass = || verdict(Outcome::Pass, 1.0, None);
    let fail = |code| verdict(Outcome::Fail, 0.0, Some(finding(code)));
    let basic = |name, verdict| result(scenario(name, Tier::Basic, 4.0), verdict);
    let robust = |name, verdict| result(scenario(name, Tier::Robust, 2.5), verdict);
    let note = Text::new("closes after each reply: was asked again", "응답마다 연결을 닫음: 다시 요청함");
    let mut results = vec![
        basic("adds", pass()),
        basic("subtracts", Verdict { notes: vec![note.clone()], ..pass() }),
        basic("multiplies", fail(Code::WrongReply)),
        basic("rounds", verdict(Outcome::Partial, 0.5, Some(finding(Code::PartlyRight)))),
        basic("many", Verdict { notes: vec![note], ..pass() }),
        basic("blanks", Verdict::not_reached("sum/server/adds")),
        basic("korean", Verdict::cannot_run(Text::new("no python3 on this machine", "python3이 없음"))),
        basic("broken", Verdict::trouble("cannot make a network: \x1b[2J permission denied")),
        robust("survives-reset", fail(Code::Traceback)),
        robust("large", pass()),
        robust("no-eval", fail(Code::Traceback)),
    ];
    results[2].scenario.hint =
        Some(Text::new("Look at how the operator is found.", "연산자를 찾는 방법을 보세요."));
    let mut noted = robust("eof-loop", fail(Code::BusyLoop));
    noted.scenario.noted = true;
    results.push(noted);
    assemble(&exercise(), facts(), &results)
}

fn plain(language: Language) -> TerminalOptions {
    TerminalOptions { colour: false, language, width: 90 }
}

#[test]
fn runs_that_differ_are_told() {
    let lost = |lost| Repeats { count: 20, lost };
    let fail = || verdict(Outcome::Fail, 0.0, Some(finding(Code::NoReply)));
    let check =
        |name, verdict, repeats| CheckResult { repeats, ..result(scenario(name, Tier::Basic, 4.0), verdict) };
    let results = [
        check("sometimes", fail(), lost(3)),
        check("always", fail(), lost(20)),
        check("forgiven", verdict(Outcome::Pass, 1.0, None), lost(1)),
        check("never", verdict(Outcome::Pass, 1.0, None), lost(0)),
    ];
    let report = assemble(&exercise(), facts(), &results);
    insta::assert_snapshot!(render_terminal(&report, plain(Language::English)));
    insta::assert_snapshot!(
        "runs_that_differ_are_told_ko",
        render_terminal(&report, plain(Language::Korean))
    );
    let json: serde_json::Value = serde_json::from_str(&render_json(&report)).unwrap();
    assert_eq!(json["checks"][0]["runs"], serde_json::json!({ "count": 20, "lost": 3 }));
    assert_eq!(json["score"], 8);
}

#[test]
fn every_outcome_in_english() {
    insta::assert_snapshot!(render_terminal(&mixed(), plain(Language::English)));
}

#[test]
fn every_outcome_in_korean() {
    insta::assert_snapshot!(render_terminal(&mixed(), plain(Language::Korean)));
}

#[test]
fn colours() {
    let options = TerminalOptions { colour: true, ..plain(Language::English) };
    let text = render_terminal(&mixed(), options);
    assert!(!text.contains("\x1b[2J"), "only the report's own sequences");
    insta::assert_snapshot!(text.replace('\x1b', "␛"));
}

/// Every code in its own check, with a cause of its own so that none is folded.
fn every_code() -> Report {
    let results: Vec<CheckResult> = Code::ALL
        .iter()
        .enumerate()
        .map(|(index, &code)| {
            let cause = Some(Text::same(format!("cause {index}")));
            let verdict = verdict(Outcome::Fail, 0.0, Some(Finding { cause, ..finding(code) }));
            result(scenario(&format!("check-{index}"), Tier::Basic, 1.0), verdict)
        })
        .collect();
    assemble(&exercise(), facts(), &results)
}

#[test]
fn every_code_in_both_languages() {
    let report = every_code();
    insta::assert_snapshot!("every_code_en", render_terminal(&report, plain(Language::English)));
    insta::assert_snapshot!("every_code_ko", render_terminal(&report, plain(Language::Korean)));
}

#[test]
fn equal_failures_are_told_once() {
    let verdict = || {
        let finding = Finding { step: None, after: None, cause: None, ..finding(Code::NeverListens) };
        verdict(Outcome::Fail, 0.0, Some(finding))
    };
    let names = [
        "adds",
        "subtracts",
        "multiplies",
        "divides",
        "rounds",
        "blanks",
        "negative-results",
        "many",
        "random",
    ];
    let results: Vec<CheckResult> =
        names.iter().map(|name| result(scenario(name, Tier::Basic, 4.0), verdict())).collect();
    let report = assemble(&exercise(), facts(), &results);
    let options = TerminalOptions { width: 60, ..plain(Language::English) };
    insta::assert_snapshot!(render_terminal(&report, options));
}

#[test]
fn all_is_well() {
    let pass = |name, tier| result(scenario(name, tier, 4.0), verdict(Outcome::Pass, 1.0, None));
    let report = assemble(&exercise(), facts(), &[pass("adds", Tier::Basic), pass("large", Tier::Robust)]);
    insta::assert_snapshot!(render_terminal(&report, plain(Language::English)));
    assert_eq!(exit_status(&report), 0);
}

#[test]
fn json_keeps_its_contract() {
    let report = Report { grader: "0.0.0", ..mixed() };
    insta::assert_snapshot!(render_json(&report));
}

#[test]
fn what_was_not_graded_costs_nothing() {
    let report = mixed();
    // 3 passed of 4 points, 1 half, 1 lost; three were not graded.
    assert_eq!((report.score.value(), report.max_score.value()), (14.0, 20.0));
    assert_eq!(report.tiers.robust, TierPoints(Points::new(2.5), Points::new(7.5)));
}

#[test]
fn exit_status_tells_failures_from_trouble() {
    let fail = || verdict(Outcome::Fail, 0.0, Some(finding(Code::NoReply)));
    let skip = || Verdict::cannot_run(Text::same("x"));
    let pass = || verdict(Outcome::Pass, 1.0, None);
    let partial = || verdict(Outcome::Partial, 0.5, Some(finding(Code::PartlyRight)));
    let table = [
        (vec![(Tier::Basic, pass())], 0),
        (vec![(Tier::Basic, pass()), (Tier::Robust, fail())], 0),
        (vec![(Tier::Basic, pass()), (Tier::Robust, Verdict::trouble("x"))], 0),
        (vec![(Tier::Basic, fail()), (Tier::Basic, skip())], 1),
        (vec![(Tier::Basic, partial())], 1),
        (vec![(Tier::Basic, pass()), (Tier::Basic, skip())], 4),
        (vec![(Tier::Basic, fail()), (Tier::Basic, Verdict::trouble("x"))], 70),
        (vec![], 0),
    ];
    for (verdicts, status) in table {
        let results: Vec<CheckResult> =
            verdicts.into_iter().map(|(tier, verdict)| result(scenario("a", tier, 1.0), verdict)).collect();
        assert_eq!(exit_status(&assemble(&exercise(), facts(), &results)), status);
    }
    let mut noted = result(scenario("a", Tier::Basic, 1.0), fail());
    noted.scenario.noted = true;
    assert_eq!(exit_status(&assemble(&exercise(), facts(), &[noted])), 0);
}

#[test]
fn points_are_plain_numbers() {
    for (points, text) in [(50.0, "50"), (42.5, "42.5"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (2.0 / 3.0, "0.67")]
    {
        assert_eq!(serde_json::to_string(&Points::new(points)).unwrap(), text);
        assert_eq!(Points::new(points).to_string(), text);
    }
}

#[test]
fn progress_lines_stay_in_column() {
    assert_eq!(progress(7, 15, "sum/server/adds"), "[ 7/15] sum/server/adds");
}

#[test]
fn what_programs_did_beside_their_tasks_is_told() {
    let mut result = result(scenario("adds", Tier::Basic, 4.0), verdict(Outcome::Pass, 1.0, None));
    result.transcript.players[0].deeds = [
        Deed::Exceeded(Limit::Memory, 1 << 30),
        Deed::Exceeded(Limit::Processes, 256),
        Deed::Exceeded(Limit::Disk, 64 << 20),
        Deed::Exceeded(Limit::Files, 16_384),
        Deed::Exceeded(Limit::File, 64 << 20),
        Deed::Exceeded(Limit::Open, 1024),
        Deed::Exceeded(Limit::Output, 8 << 20),
        Deed::Exceeded(Limit::Cpu, 60),
        Deed::Called("ptrace".to_owned()),
        Deed::SignalledAll,
        Deed::Connected("93.184.216.34:80".parse().unwrap()),
        Deed::LookedInto("/etc/shadow".into()),
        Deed::LeftRunning(1),
        Deed::LeftRunning(2),
    ]
    .into();
    let report = assemble(&exercise(), facts(), &[result]);
    let pages =
        [Language::English, Language::Korean].map(|language| render_terminal(&report, plain(language)));
    let conduct = serde_json::to_string_pretty(&report.checks[0].conduct).unwrap();
    insta::assert_snapshot!(format!("{}\n{conduct}\n", pages.join("\n")));
}
