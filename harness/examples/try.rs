#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]
use grader::engine::*;
use grader::plan::*;
use grader::spec::*;
use grader::units::Text;
use std::time::Duration;
fn step(action: Action) -> PlannedStep {
    PlannedStep { action, place: Place::default(), round: None }
}
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let machine = Machine::prepare(Seclusion::Auto).unwrap();
    println!(
        "secluded {} {:?} {:?} calls {}",
        machine.secluded, machine.refusal, machine.witness, machine.tells_calls
    );
    let scenario = Scenario {
        id: "x/server/adds".into(),
        role: "server".into(),
        title: Text::same("t"),
        tier: Tier::Basic,
        noted: false,
        concept: Concept::RequestReply,
        points: 1.0,
        hint: None,
        needs: vec![],
        console: Console::Terminal,
        environment: vec![],
        arguments: None,
        listening: true,
        draws: vec![],
        patience: Duration::from_secs(3),
        steps: vec![],
        place: Place::default(),
    };
    let exp = |v: &str| {
        Action::Expect(Expect {
            from: Source::Connection("a".into()),
            alternatives: vec![Alternative {
                expectation: Expectation::Number(Template(v.into())),
                credit: 1.0,
                note: None,
            }],
            capture: None,
            nudge: true,
            requirement: None,
        })
    };
    let send = |t: &str| {
        Action::Send(Send {
            connection: "a".into(),
            payload: Payload::Text(Template(t.into())),
            pieces: Pieces::Whole,
            may_fail: false,
        })
    };
    let plan = PlannedScenario {
        scenario,
        seed: 1,
        steps: vec![
            step(Action::Connect(Connect {
                connection: "a".into(),
                from: None,
                skip_greeting: true,
                reopen: true,
                optional: false,
            })),
            step(send("20 + 18")),
            step(exp("38")),
            step(send("7 * 6")),
            step(exp("42")),
            step(send("7 - 60")),
            step(exp("-53")),
        ],
    };
    let launch = Launch {
        command: args.clone(),
        environment: vec![
            ("PATH".into(), std::env::var("PATH").unwrap()),
            ("LANG".into(), "C.UTF-8".into()),
            ("TERM".into(), "dumb".into()),
        ],
        folder: std::env::current_dir().unwrap(),
        console: Console::Terminal,
        private_folder: true,
    };
    let cast = Cast {
        launch,
        end: End::Server,
        port: 3333,
        prologue: vec![],
        tickers: Tickers::default(),
        reference: None,
    };
    std::thread::spawn(move || {
        let mut blank = plan.clone();
        blank.steps.clear();
        println!("{:?}", audition(&machine, &cast, &blank));
        for i in 0..6 {
            let t = run(&machine, &cast, &plan);
            println!(
                "{:?} {:?} console {:?} notes {:?}",
                t.wall,
                t.ended,
                String::from_utf8_lossy(&t.console),
                t.notes.len()
            );
            if i == 0 {
                for e in &t.entries {
                    println!("  {:?} {:?} {:?}", e.at, e.step, e.event);
                }
            }
        }
    })
    .join()
    .unwrap();
}
