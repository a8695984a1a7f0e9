//! The same by the grader, through the library: many checks in one process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use grader::engine::{self, Cast, Launch, Machine, START, Tickers, places};
use grader::plan::{PlannedScenario, environment, flatten};
use grader::spec::{Console, End, load};
use grader::verdict::{Outcome, judge};

const EXERCISE: &str = r#"
order = 1
title = { en = "Cost", ko = "비용" }
about = { en = "Answers.", ko = "대답한다." }
protocol = { en = "20 + 17 is answered with 37.", ko = "20 + 17에 37로 답한다." }
sample = "$ ./server"

[roles.server]
end = "server"
port = 2500
port-fixed = true
"#;

const SERVER: &str = r#"
[[scenario]]
id = "answers"
title = { en = "Answers", ko = "대답한다" }
concept = "request-reply"
steps = [
  { connect = "a" },
  { send = "20 + 17", to = "a" },
  { expect = "37", from = "a" },
]
"#;

/// The check, ready to be run.
pub(crate) struct Check {
    plan: PlannedScenario,
    environment: Vec<(String, String)>,
    folder: PathBuf,
}

impl Check {
    /// Writes its spec and loads it as any other.
    pub(crate) fn load(workshop: &Path) -> Self {
        let folder = workshop.join("cost");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        for (name, text) in [("exercise.toml", EXERCISE), ("server.toml", SERVER)] {
            std::fs::write(folder.join(name), text).expect("a spec can be written");
        }
        let exercise = load(&folder).expect("the spec is right");
        let plan = flatten(&exercise.scenarios[0], &BTreeMap::new(), 7);
        Self { plan, environment: environment(&std::env::vars().collect()), folder: workshop.to_owned() }
    }

    /// One round with its verdict; the time it took.
    pub(crate) fn round(&self, machine: &Machine, command: &[String], passes: bool) -> Duration {
        let cast = self.cast(command);
        let expected = if passes { Outcome::Pass } else { Outcome::Fail };
        let begin = Instant::now();
        let transcript = engine::run(machine, &[&cast], &self.plan);
        let verdict = judge(&self.plan, &transcript);
        let took = begin.elapsed();
        assert_eq!(verdict.outcome, expected, "{:?} {transcript:?}", verdict.finding);
        took
    }

    fn cast(&self, command: &[String]) -> Cast {
        let mut command = command.to_vec();
        command.push("{port}".to_owned());
        Cast {
            launch: Launch {
                command: command.clone(),
                environment: self.environment.clone(),
                folder: self.folder.clone(),
                console: Console::Terminal,
                private_folder: true,
                fixtures: Default::default(),
                files: Vec::new(),
                names: Vec::new(),
                transport: Default::default(),
                in_company: false,
                places: places(&command, &self.environment, &self.folder),
                own: Vec::new(),
                hidden: [].into(),
                limits: Default::default(),
            },
            end: End::Server,
            port: 2500,
            prologue: Vec::new(),
            tickers: Tickers::default(),
            start: START,
            reference: None,
        }
    }
}
