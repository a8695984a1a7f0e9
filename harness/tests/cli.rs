//! The command line as a user and a CI meet it: exit statuses, the report's contract, runs
//! on machines that refuse namespaces, and that nothing of a student's is left behind.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use predicates::prelude::*;
use predicates::str::{contains, is_match};
use serde_json::Value;
use support::{Graded, grade, grader, is_installed, repository, sample, tell, text};

/// Programs that share the machine's own network take turns.
static NETWORK: Mutex<()> = Mutex::new(());

fn own_network() -> MutexGuard<'static, ()> {
    NETWORK.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn ends_with_2_and_help_where_the_command_line_is_wrong() {
    let right = format!("server={}", sample("hw3/server/right/parses-with-a-regex.py"));
    let wrong: [(&[&str], &str); 13] = [
        (&[], "Usage: grader"),
        (&["runn", "hw3"], "a similar subcommand exists: 'run'"),
        (&["run"], "EXERCISE"),
        (&["run", "hw3", "--traget", "x"], "--target"),
        (&["run", "hw3", "--seed", "seven", "--target", &right], "--seed"),
        (&["run", "hw3", "--jobs", "0", "--target", &right], "--jobs"),
        (&["run", "hw3", "--tier", "gold", "--target", &right], "basic, robust"),
        (&["run", "hw3", "--set", "novalue", "--target", &right], "KEY=VALUE"),
        (&["run", "hw3", "--only", "nothing", "--target", &right], "nothing"),
        (&["run", "hw3", "--report", "xml=-", "--target", &right], "no report format is called `xml`"),
        (&["run", "hw3", "--target", "srever=./x"], "no role `srever`"),
        (&["run", "hw3", "--target", "server=./not-there"], "not-there"),
        (&["run", "hw3", "--lang", "fr", "--target", &right], "en, ko"),
    ];
    for (line, told) in wrong {
        let help = contains("help").or(contains("Usage"));
        grader().args(line).assert().code(2).stdout("").stderr(contains(told).and(help));
    }
}

#[test]
fn suggests_the_exercise_that_was_meant() {
    let nearest = contains("no exercise is called `ecoh`").and(contains("did you mean `echo`?"));
    grader().args(["run", "ecoh", "--target", "x"]).assert().code(2).stderr(nearest);
}

#[test]
fn ends_with_3_and_a_caret_where_a_spec_is_wrong() {
    let specs = tempfile::tempdir().unwrap();
    copy_folder(&repository().join("specs/hw3"), &specs.path().join("hw3"));
    let server = specs.path().join("hw3/server.toml");
    let text = fs::read_to_string(&server).unwrap();
    fs::write(&server, text.replacen("concept = ", "concpet = ", 1)).unwrap();
    let line = 1 + text.lines().position(|line| line.starts_with("concept = ")).unwrap();

    let caret = is_match(format!(r"server\.toml:{line}:1")).unwrap().and(is_match(r"\^{3,}").unwrap());
    let told = caret.and(contains("concpet")).and(contains("did you mean `concept`?"));
    let target = format!("server={}", sample("hw3/server/right/parses-with-a-regex.py"));
    let folder = specs.path().to_string_lossy();
    let line = ["--specs", &folder, "run", "hw3", "--target", &target];
    grader().args(line).assert().code(3).stdout("").stderr(told);
    grader().args(["check", &folder]).assert().code(3);
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read").flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a file can be copied");
        }
    }
}

#[test]
fn ends_with_4_where_a_report_cannot_be_written() {
    let target = format!("server={}", sample("hw3/server/right/parses-with-a-regex.py"));
    let line = ["run", "hw3", "--only", "adds", "--target", &target, "--report", "json=/not/there.json"];
    grader().args(line).assert().code(4).stderr(contains("cannot write the report `/not/there.json`"));
}

/// A command that runs the grader where the kernel refuses namespaces: in a user namespace
/// whose limits are zero. Nothing where this machine cannot make one to begin with.
fn without_namespaces() -> Option<Command> {
    let limits = "for kind in net pid mnt user; do echo 0 > /proc/sys/user/max_${kind}_namespaces; done";
    let works = Command::new("unshare").args(["-Ur", "sh", "-c", limits]).stderr(Stdio::null()).status();
    if !works.is_ok_and(|status| status.success()) {
        tell("SKIPPED: no user namespace can be made here to refuse namespaces in");
        return None;
    }
    let mut command = Command::new("unshare");
    let script = format!("{limits}; exec \"$@\"");
    command.args(["-Ur", "sh", "-c", &script, "sh", env!("CARGO_BIN_EXE_grader")]);
    command.current_dir(repository()).env("LANG", "C.UTF-8").env_remove("LC_ALL");
    Some(command)
}

#[test]
fn ends_with_4_and_what_to_do_where_required_namespaces_are_refused() {
    let Some(mut grader) = without_namespaces() else { return };
    let target = format!("server={}", sample("hw3/server/right/parses-with-a-regex.py"));
    let output = grader.args(["run", "hw3", "--sandbox", "require", "--target", &target]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("help:") && said.contains("max_net_namespaces"), "{said}");
    assert!(output.stdout.is_empty(), "no score is printed for what was not graded");
}

/// A shell's limit before the grader: the hard one, or the soft one only.
fn with_open_files(limit: &str) -> Graded {
    let grader = grader().get_program().to_string_lossy().into_owned();
    let target = sample("hello/server/right/greets-and-closes.py");
    let line = format!("ulimit {limit}; exec {grader} run hello --target server={target} --report json=-");
    let mut shell = Command::new("sh");
    Graded::new(&shell.current_dir(repository()).args(["-c", &line]).output().expect("a shell"))
}

#[test]
fn few_open_files_are_the_machines_fault() {
    let few = with_open_files("-n 40");
    assert_eq!(few.exit, 4, "{}", few.said);
    assert!(few.said.contains("only 40 files") && few.said.contains("ulimit -n"), "{}", few.said);
    // What may be raised is raised.
    let raised = with_open_files("-Sn 40");
    assert_eq!(raised.exit, 0, "{:?} {}", raised.verdicts(), raised.said);
}

#[test]
fn grades_alike_where_namespaces_are_refused() {
    let _turn = own_network();
    for path in [
        "hw3/server/right/parses-with-a-regex.py",
        "hw3/server/wrong/requires-blanks.py",
        "hw3/server/right/forks-per-client.c",
        "hw3/server/right/ReadsWholeLines.java",
        "hw3/server/right/counts-with-bigint.js",
        "hw3/client/right/prompts-and-prints.py",
        "hw3/client/wrong/prints-what-was-typed.py",
        "hello/server/right/greets-and-closes.py",
        "hello/server/wrong/serves-one-client.py",
    ] {
        let needed = [(".py", "python3"), (".c", "cc"), (".java", "javac"), (".js", "node")];
        let missing = needed.iter().find(|(ending, tool)| path.ends_with(ending) && !is_installed(tool));
        if let Some((_, tool)) = missing {
            tell(&format!("SKIPPED {path}: no {tool}"));
            continue;
        }
        let Some(mut bare) = without_namespaces() else { return };
        let mut parts = path.split('/');
        let (exercise, role) = (parts.next().unwrap(), parts.next().unwrap());
        let target = format!("{role}={}", sample(path));
        bare.args(["run", exercise, "--target", &target, "--seed", "7", "--report", "json=-"]);
        let bare = Graded::new(&bare.output().unwrap());
        let usual = grade(exercise, &target, &[]);
        assert_eq!(bare.report["sandbox"], "bare", "{path}: {}", bare.said);
        assert_eq!(bare.verdicts(), usual.verdicts(), "{path}");
        assert_eq!(bare.exit, usual.exit, "{path}");
    }
}

/// Looks around, and tells on its console what it could do.
const LOOKS: &str = r#"
import os, socket, sys
def tries(name, action):
    try:
        action()
        print(name, "could")
    except OSError as trouble:
        print(name, "refused")
tries("password", lambda: open("/etc/shadow").read())
tries("specs", lambda: os.listdir(sys.argv[1][1:]))
tries("others", lambda: open(sys.argv[2][1:]).read())
tries("outside", lambda: open(sys.argv[2][1:] + ".new", "w"))
tries("own", lambda: open("own.txt", "w"))
tries("first", lambda: os.kill(1, 0))
tries("above", lambda: os.kill(os.getppid(), 9))
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 9000))
listener.listen()
while True:
    listener.accept()[0].close()
"#;

#[test]
fn walls_hold_where_namespaces_are_refused() {
    let _turn = own_network();
    let Some(mut bare) = without_namespaces() else { return };
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let file = folder.path().join("looks.py");
    fs::write(&file, LOOKS).unwrap();
    let specs = repository().join("specs");
    let (file, specs, other) = (file.display(), specs.display(), other.path().display());
    let target = format!("server=python3 {file} x{specs} x{other}");
    bare.args(["run", "hello", "--only", "greets", "--target", &target, "--report", "json=-"]);
    let graded = Graded::new(&bare.output().unwrap());
    let transcript = text(&graded.checks()[0]["transcript"]);
    for (what, allowed) in [
        ("password", false),
        ("specs", false),
        ("others", false),
        ("outside", false),
        ("own", true),
        ("first", false),
        ("above", false),
    ] {
        let word = if allowed { "could" } else { "refused" };
        assert!(transcript.contains(&format!("{what} {word}")), "{what} should be {word}\n{transcript}");
    }
    assert!(!folder.path().join("own.txt").exists(), "what it writes goes to a copy of its folder");
}

#[test]
fn grades_alike_for_an_ordinary_user() {
    let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    let changes = Command::new("setpriv").args(nobody).arg("true").stderr(Stdio::null()).status();
    if !changes.is_ok_and(|status| status.success()) {
        tell("SKIPPED: only root can become another user, with setpriv");
        return;
    }
    // An ordinary user cannot look into the folders of root.
    let folder = tempfile::Builder::new().permissions(open_to_all()).tempdir().unwrap();
    let program = folder.path().join("grader");
    fs::copy(env!("CARGO_BIN_EXE_grader"), &program).unwrap();
    for path in [
        "hw3/server/right/parses-with-a-regex.py",
        "hw3/server/right/forks-per-client.c",
        "hw3/server/wrong/requires-blanks.py",
        "hw3/client/wrong/keeps-running-after-q.js",
        "hello/server/right/greets-and-closes.py",
    ] {
        let mut parts = path.split('/');
        let (exercise, role) = (parts.next().unwrap(), parts.next().unwrap());
        let file = folder.path().join(path.rsplit('/').next().unwrap());
        fs::copy(sample(path), &file).unwrap();
        let target = format!("{role}={}", file.display());
        let line = ["run", exercise, "--target", &target, "--seed", "7", "--report", "json=-"];
        let run = |command: &mut Command| {
            command.args(line).current_dir(folder.path()).env("PATH", "/usr/local/bin:/usr/bin:/bin");
            Graded::new(&command.env("HOME", "/nonexistent").output().unwrap())
        };
        let root = run(&mut Command::new(&program));
        let user = run(Command::new("setpriv").args(nobody).arg(&program));
        assert_eq!(user.verdicts(), root.verdicts(), "{path}: {}", user.said);
        assert_eq!(user.exit, root.exit, "{path}: {}", user.said);
        assert_eq!(user.report["sandbox"], root.report["sandbox"], "{path}");
        assert!(!root.verdicts().is_empty(), "{path}: {}", root.said);
    }
}

fn open_to_all() -> fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o755)
}

/// A server with a family: a child, one in a session of its own, a daemon. None listens to
/// polite signals, and none ever answers.
const FAMILY: &str = r#"
import os, signal, socket, sys, time

def live():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(0.1)

if os.fork() == 0:
    live()
if os.fork() == 0:
    os.setsid()
    live()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        live()
    os._exit(0)
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", int(sys.argv[1])))
listener.listen()
kept = listener.accept()
live()
"#;

/// Processes of the machine with this word in their command lines.
fn processes(word: &str) -> Vec<(i32, Vec<String>)> {
    let pids = fs::read_dir("/proc").expect("/proc is there").flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_string_lossy().parse::<i32>().ok());
    let command = |pid: i32| {
        let bytes = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let words = String::from_utf8_lossy(&bytes).split('\0').map(str::to_owned).collect::<Vec<_>>();
        Some((pid, words))
    };
    pids.filter_map(command).filter(|(_, words)| words.iter().any(|part| part.contains(word))).collect()
}

/// Processes of the student's program: the word is an argument of theirs, while the
/// grader has it inside the target.
fn of_student(word: &str) -> usize {
    processes(word).iter().filter(|(_, words)| words.iter().any(|part| part == word)).count()
}

/// Processes of the student's program that have no socket yet. Once one listens it is soon
/// graded and killed, and what was killed may be going yet when the next check begins.
fn before_listening(word: &str) -> usize {
    let has_none = |pid: &i32| {
        let files: Vec<_> = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten().collect();
        let is_socket = |file: &fs::DirEntry| {
            fs::read_link(file.path()).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"))
        };
        !files.is_empty() && !files.iter().any(is_socket)
    };
    let found = processes(word);
    let students = found.iter().filter(|(_, words)| words.iter().any(|part| part == word));
    students.filter(|(pid, _)| has_none(pid)).count()
}

/// Waits until something holds; false when it does not within ten seconds.
fn comes_true(holds: impl Fn() -> bool) -> bool {
    let begin = Instant::now();
    while !holds() {
        if begin.elapsed() > Duration::from_secs(10) {
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
    true
}

/// A run of the family in the midst of a check; its processes are known by the word.
fn family_at_home((way, mut grader): (&str, Command), folder: &Path, word: &str) -> Child {
    let file = folder.join("family.py");
    fs::write(&file, FAMILY).expect("a file can be written");
    let target = format!("server=python3 {} {{port}} {word}", file.display());
    grader.args(["run", "hw3", "--only", "adds", "--target", &target]);
    grader.args(["--sandbox", if way == "off" { "off" } else { "auto" }]);
    let run = grader.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the grader starts");
    assert!(comes_true(|| of_student(word) >= 4), "the family has come: {:?}", processes(word));
    run
}

/// With private networks, without by wish, and without because the kernel refuses them.
fn ways_to_run() -> Vec<(&'static str, Command)> {
    let plain = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
        command.current_dir(repository());
        command
    };
    let mut ways = vec![("auto", plain()), ("off", plain())];
    ways.extend(without_namespaces().map(|command| ("refused", command)));
    ways
}

#[test]
fn leaves_no_process_behind_however_it_ends() {
    let _turn = own_network();
    let folder = tempfile::tempdir().unwrap();
    for signal in ["KILL", "TERM", "INT", "HUP"] {
        for (way, command) in ways_to_run() {
            let word = format!("family-{way}-{signal}-{}", std::process::id());
            let mut run = family_at_home((way, command), folder.path(), &word);
            let pid = run.id().to_string();
            let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap();
            assert!(sent.success());
            run.wait().unwrap();
            assert!(
                comes_true(|| processes(&word).is_empty()),
                "{way}, after SIG{signal} there are left: {:?}",
                processes(&word)
            );
        }
    }
}

#[test]
fn leaves_no_process_behind_when_it_has_graded() {
    let _turn = own_network();
    let folder = tempfile::tempdir().unwrap();
    for (way, command) in ways_to_run() {
        let word = format!("family-{way}-graded-{}", std::process::id());
        let mut run = family_at_home((way, command), folder.path(), &word);
        assert_eq!(run.wait().unwrap().code(), Some(1), "{way}: the family answers nothing");
        assert_eq!(processes(&word), [], "{way}: all have ended when the grader has");
    }
}

#[test]
fn runs_checks_side_by_side_and_no_more_than_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("late.py");
    let text = fs::read_to_string(sample("hello/server/right/greets-and-closes.py")).unwrap();
    fs::write(&file, format!("import time\ntime.sleep(0.4)\n{text}")).unwrap();
    for jobs in ["1", "3"] {
        let word = format!("late-{jobs}-{}", std::process::id());
        let target = format!("server=python3 {} {word}", file.display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
        command.args(["run", "hello", "--jobs", jobs, "--target", &target, "--report", "json=-"]);
        let run = command.current_dir(repository()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut run = run.spawn().unwrap();
        let mut most = 0;
        while run.try_wait().unwrap().is_none() {
            most = most.max(before_listening(&word));
            thread::sleep(Duration::from_millis(2));
        }
        let graded = Graded::new(&run.wait_with_output().unwrap());
        assert_eq!(graded.exit, 0, "{:?} {}", graded.verdicts(), graded.said);
        assert_eq!(most.to_string(), jobs, "programs at a time, each on its own port 9000");
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map_or_else(Vec::new, |object| object.keys().map(String::as_str).collect())
}

#[test]
fn reports_to_machines_as_the_contract_says() {
    let graded = grade("hw3", &format!("server={}", sample("hw3/server/wrong/requires-blanks.py")), &[]);
    let report = &graded.report;
    let top = "schema grader exercise seed spec_hash sandbox targets score max_score tiers graded checks";
    assert_eq!(keys(report).join(" "), top);
    assert_eq!(report["schema"], "grader/report/v1");
    assert_eq!(report["seed"], 7);
    assert_eq!(keys(&report["targets"][0]).join(" "), "role command port");
    assert_eq!(keys(&report["tiers"]).join(" "), "basic robust");
    assert_eq!(report["graded"], serde_json::json!(["basic"]));
    for check in graded.checks() {
        let fields = "id role tier concept title outcome points earned finding wall_ms transcript rerun";
        assert_eq!(keys(check).join(" "), fields);
        assert_eq!(keys(&check["title"]).join(" "), "en ko");
        let finding = &check["finding"];
        assert_eq!(finding.is_null(), check["outcome"] == "pass", "{check}");
        if !finding.is_null() {
            assert_eq!(keys(finding).join(" "), "code expected received program text");
            assert_eq!(keys(&finding["text"]).join(" "), "en ko");
        }
        assert!(text(&check["id"]).starts_with("hw3/server/"));
        assert!(text(&check["rerun"]).starts_with("grader run hw3 --only hw3/server/"));
    }
    let sum = |field: &str| -> f64 {
        let counted = graded.checks().iter().filter(|check| check["tier"] == "basic");
        counted.filter_map(|check| check[field].as_f64()).sum()
    };
    assert_eq!(report["score"].as_f64(), Some(sum("earned")));
    assert_eq!(report["max_score"].as_f64(), Some(sum("points")));
}

#[test]
fn writes_the_report_beside_what_people_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let target = format!("server={}", sample("hw3/server/right/parses-with-a-regex.py"));
    let to = format!("json={}", path.display());
    let run = grader().args(["run", "hw3", "--only", "adds", "--target", &target, "--report", &to]).assert();
    run.code(0).stdout(contains("score"));
    let report: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!(report["checks"][0]["id"], "hw3/server/adds");
}

#[test]
fn runs_only_what_is_asked_for() {
    let target = format!("server={}", sample("hw3/server/right/parses-with-a-regex.py"));
    let ids = |only: &[&str]| -> Vec<String> {
        grade("hw3", &target, only).verdicts().into_iter().map(|(id, ..)| id).collect()
    };
    assert_eq!(ids(&["--only", "adds"]), ["hw3/server/adds"]);
    assert_eq!(
        ids(&["--only", "hw3/server/divides", "--only", "adds"]),
        ["hw3/server/adds", "hw3/server/divides"]
    );
    assert_eq!(ids(&["--only", "hw3/server"]), ids(&[]));
}

#[test]
fn the_robust_tier_counts_where_it_is_asked_for() {
    let target = format!("server={}", sample("hw3/server/wrong/reads-on-after-close.py"));
    let handout = grade("hw3", &target, &[]);
    let beyond = grade("hw3", &target, &["--tier", "robust"]);
    assert_eq!((handout.exit, beyond.exit), (0, 1), "{:?}", beyond.verdicts());
    assert!(beyond.report["max_score"].as_f64() > handout.report["max_score"].as_f64());
}

#[test]
fn the_same_seed_asks_the_same_questions() {
    let target = format!("server={}", sample("hw3/server/right/parses-with-a-regex.py"));
    let transcripts = |seed: &str| -> Vec<String> {
        let line = ["run", "hw3", "--target", &target, "--report", "json=-", "--seed", seed];
        let graded = Graded::new(&grader().args(line).output().unwrap());
        graded.checks().iter().map(|check| text(&check["transcript"])).collect()
    };
    let first = transcripts("41");
    assert!(first.iter().any(|transcript| transcript.contains('+')), "{first:?}");
    assert_eq!(first, transcripts("41"));
    assert_ne!(first, transcripts("42"));
}

#[test]
fn the_command_to_see_a_failure_again_shows_it_again() {
    let graded = grade("hw3", &format!("server={}", sample("hw3/server/wrong/requires-blanks.py")), &[]);
    let failed = graded.checks().iter().find(|check| check["outcome"] == "fail").unwrap();
    let words = shlex::split(&text(&failed["rerun"])).unwrap();
    let again = grader().args(&words[1..]).args(["--report", "json=-"]).output().unwrap();
    let again = Graded::new(&again);
    assert_eq!(again.checks().len(), 1);
    assert_eq!(again.checks()[0]["transcript"], failed["transcript"]);
    assert_eq!(again.checks()[0]["finding"], failed["finding"]);
}

#[test]
fn what_the_model_program_loses_too_is_not_told_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let hello = folder.path().join("specs/hello");
    copy_folder(&repository().join("specs/hello"), &hello);
    let spec = fs::read_to_string(hello.join("server.toml")).unwrap();
    // Now it asks for what nobody says.
    let twisted = spec.replacen("Hello 127.0.0.2", "Goodbye 127.0.0.2", 1);
    assert_ne!(spec, twisted);
    fs::write(hello.join("server.toml"), twisted).unwrap();
    let run = |program: &str| {
        let specs = folder.path().join("specs");
        let target = format!("server={}", sample(program));
        let mut grader = grader();
        grader.args(["run", "hello", "--specs", &specs.display().to_string(), "--target", &target]);
        Graded::new(&grader.args(["--report", "json=-"]).output().unwrap())
    };
    let right = run("hello/server/right/greets-and-closes.py");
    let doubted: Vec<&Value> = right.checks().iter().filter(|check| check["outcome"] == "error").collect();
    assert_eq!((right.exit, doubted.len()), (4, 1), "{:?}", right.verdicts());
    assert_eq!(doubted[0]["finding"]["code"], "machine-trouble");
    assert!(text(&doubted[0]["finding"]["text"]["en"]).contains("the model program fails this check too"));
    // A program that is wrong elsewhere loses there all the same.
    let wrong = run("hello/server/wrong/serves-one-client.py");
    let outcomes: Vec<String> = wrong.checks().iter().map(|check| text(&check["outcome"])).collect();
    assert_eq!(wrong.exit, 4);
    assert!(outcomes.contains(&"fail".to_owned()) && outcomes.contains(&"error".to_owned()), "{outcomes:?}");
}

#[test]
fn a_program_that_is_not_always_right_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("server.py");
    let right = fs::read_to_string(sample("hello/server/right/greets-and-closes.py")).unwrap();
    let fickle = right.replace("f'Hello {ip}'", "(random.choice(['Hello', 'Goodbye']) + f' {ip}')");
    fs::write(&program, format!("import random\n{fickle}")).unwrap();
    let target = format!("server={}", program.display());
    let graded = grade("hello", &target, &["--only", "greets", "--repeat", "40"]);
    let check = &graded.checks()[0];
    let lost = check["runs"]["lost"].as_u64().unwrap_or_default();
    assert_eq!((graded.exit, check["runs"]["count"].as_u64()), (1, Some(40)), "{}", graded.said);
    assert!((1..40).contains(&lost), "{check}");
    assert!(text(&check["rerun"]).contains("--repeat 40"), "{check}");
    assert!(graded.said.contains(&format!("lost in {lost} of 40 runs")), "{}", graded.said);
}

#[test]
fn speaks_korean() {
    let target = format!("server={}", sample("hw3/server/wrong/requires-blanks.py"));
    let line = ["run", "hw3", "--target", &target, "--seed", "7"];
    let exercise = grader::spec::load(&repository().join("specs/hw3")).unwrap();
    let title = contains(exercise.title.ko.clone());
    grader().args(line).args(["--lang", "ko"]).assert().code(1).stdout(title.clone());
    grader().args(line).env("LANG", "ko_KR.UTF-8").assert().code(1).stdout(title.clone());
    grader().args(line).assert().code(1).stdout(title.not());
}

/// Servers that are right in ways a careless grader trips over.
const ODD: [(&str, &str); 6] = [
    ("starts after 1.5 s", "time.sleep(1.5)\nserve()"),
    ("accepts exactly one connection", "serve(clients=1)"),
    ("binds 127.0.0.1 only", "serve(host='127.0.0.1')"),
    ("replies in two sends", "serve(pieces=True)"),
    ("prints nothing", "serve(says=None)"),
    ("prints Korean without a line end", "serve(says='계산 요청을 받았습니다 ')"),
];

const ODD_SERVER: &str = r"
import re, socket, sys, time

def answer(text):
    a, sign, b = re.fullmatch(r'\s*(-?\d+)\s*([-+*/])\s*(-?\d+)\s*', text).groups()
    a, b = int(a), int(b)
    if sign == '/':
        return format(a / b, '.1f')
    return str({'+': a + b, '-': a - b, '*': a * b}[sign])

def serve(host='', clients=1000, pieces=False, says='request'):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, 3333))
    listener.listen()
    for _ in range(clients):
        connection, _ = listener.accept()
        while data := connection.recv(1024):
            if says:
                print(says, end='')
            try:
                reply = answer(data.decode()).encode()
            except (AttributeError, ZeroDivisionError, ValueError):
                reply = b'error'
            if pieces:
                connection.send(reply[:1])
                time.sleep(0.05)
                connection.send(reply[1:])
            else:
                connection.send(reply)
        connection.close()

";

#[test]
fn right_servers_of_every_manner_pass() {
    let folder = tempfile::tempdir().unwrap();
    for (manner, call) in ODD {
        let file: PathBuf = folder.path().join("server.py");
        fs::write(&file, format!("{ODD_SERVER}\n{call}\n")).unwrap();
        let graded = grade("hw3", &format!("server={}", file.display()), &[]);
        assert_eq!(graded.exit, 0, "a server that {manner}: {:?} {}", graded.verdicts(), graded.said);
    }
}
