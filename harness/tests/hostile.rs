//! Programs that attack whoever grades them, under `fixtures/hostile`: each is contained, named in
//! the report for what it did, costs the grader little, and disturbs nobody beside it. As root and
//! as an ordinary user, where this machine allows both.
//!
//! `HOSTILE=hogs,forks cargo test --test hostile` grades those whose names contain one of these.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::Value;
use support::{Graded, is_installed, repository, sample, tell, text};

/// Graders of hostile programs that run at a time.
const SIDE_BY_SIDE: usize = 2;
/// Most memory of a grader.
const MOST_MEMORY: u64 = 64 << 20;
/// Where a grading takes longer than this on a quiet machine, something is wrong. Told, and not
/// asserted: what a busy machine takes says nothing.
const MOST_TIME: Duration = Duration::from_secs(5);
/// Longest a grading may take on the busiest machine; `timeout` ends it then.
const LIMIT: &str = "120";
/// In everything that a program must not come to see.
const SECRET: &str = "SECRET-OF-THE-HOST";

/// A hostile program with what its header says.
#[derive(Debug, Clone, Default)]
struct Hostile {
    path: PathBuf,
    /// `told:` what of it must be in the report: codes of conduct and of findings; `this|or-that`.
    told: BTreeSet<String>,
    /// `role:` that it plays; a server unless told.
    role: Option<String>,
    /// `run:` command line.
    run: Option<String>,
    /// `beside:` the folder of a scene's programs whose user it replaces.
    beside: Option<String>,
    /// `needs:` what must be there for it to be run at all.
    needs: Option<String>,
}

impl Hostile {
    fn read(path: PathBuf) -> Self {
        let source = fs::read_to_string(&path).expect("a readable program");
        let mut program = Self { path, ..Self::default() };
        let header = source.lines().map_while(|line| line.strip_prefix("//").or(line.strip_prefix('#')));
        let mut what = String::new();
        for (key, value) in header.filter_map(|line| line.split_once(':')) {
            let value = value.trim().to_owned();
            match key.trim() {
                "what" => what = value,
                "told" => program.told = value.split(',').map(|code| code.trim().to_owned()).collect(),
                "role" => program.role = Some(value),
                "run" => program.run = Some(value),
                "beside" => program.beside = Some(value),
                "needs" => program.needs = Some(value),
                _ => {}
            }
        }
        assert!(!what.is_empty() && !program.told.is_empty(), "{}: no header", program.path.display());
        program
    }

    fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Exercise and check.
    fn check(&self) -> (&'static str, &'static str) {
        match (&self.beside, self.role.as_deref()) {
            (Some(_), _) => ("hw5", "hw5/trio/records-device1"),
            (None, Some("client")) => ("hello", "hello/client/ends"),
            (None, _) => ("hello", "hello/server/greets"),
        }
    }

    fn is_possible(&self) -> bool {
        let tool = match self.path.extension().unwrap_or_default().to_string_lossy().as_ref() {
            "py" => "python3",
            "js" => "node",
            "java" => "javac",
            _ => "cc",
        };
        if let Some(needs) = &self.needs {
            tell(&format!("SKIPPED: {}: needs {needs}", self.name()));
        } else if !is_installed(tool) {
            tell(&format!("SKIPPED: {}: {tool} is not installed", self.name()));
        }
        self.needs.is_none() && is_installed(tool)
    }
}

fn programs() -> Vec<Hostile> {
    let folder = repository().join("fixtures/hostile");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let wanted = std::env::var("HOSTILE").unwrap_or_default();
    let all = paths.into_iter().map(Hostile::read);
    all.filter(|program| wanted.split(',').any(|part| program.name().contains(part))).collect()
}

/// Who grades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Root,
    User,
}

const NOBODY: [&str; 4] = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];

/// Those that this machine lets us be.
fn everybody() -> Vec<Who> {
    let works = |program: &str, words: &[&str]| {
        let done = Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    };
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let mut everybody = vec![if is_root { Who::Root } else { Who::User }];
    if is_root && works("setpriv", &[&NOBODY[..], &["true"]].concat()) {
        everybody.push(Who::User);
    } else {
        tell("SKIPPED: only root can become another user, with setpriv");
    }
    let rooms = ["run", "hello", "--sandbox", "require", "--only", "hello/server/port", "--target"];
    let target = sample("hello/server/right/greets-and-closes.py");
    if !works(env!("CARGO_BIN_EXE_grader"), &[&rooms[..], &[&target]].concat()) {
        tell("SKIPPED: this machine refuses rooms, and nothing hostile is run without");
        return Vec::new();
    }
    everybody
}

/// The machine around a grading: what is secret there, and who listens.
struct Host {
    folder: tempfile::TempDir,
    listener: TcpListener,
    receiver: UdpSocket,
    unix: UnixListener,
    abstract_name: String,
}

impl Host {
    fn new(name: &str) -> Self {
        let open = fs::Permissions::from_mode(0o755);
        let prefix = format!("hostile-{}-", name.replace('.', "-"));
        let folder = tempfile::Builder::new().prefix(&prefix).permissions(open).tempdir().expect("a folder");
        let place = folder.path();
        for part in ["specs", "home", "neighbour", "own", "tmp", "beside"] {
            fs::create_dir(place.join(part)).expect("a folder");
        }
        fs::set_permissions(place.join("tmp"), fs::Permissions::from_mode(0o1777)).expect("our own");
        fs::write(place.join("home/notes.txt"), SECRET).expect("a file");
        fs::write(place.join("neighbour/server.py"), format!("# {SECRET}\n")).expect("a file");
        for exercise in ["hello", "hw5"] {
            let (from, to) = (repository().join("specs").join(exercise), place.join("specs").join(exercise));
            fs::create_dir(&to).expect("a folder");
            for entry in fs::read_dir(from).expect("specs").flatten().filter(|entry| entry.path().is_file()) {
                let text = fs::read_to_string(entry.path()).expect("a spec");
                fs::write(to.join(entry.file_name()), format!("{text}\n# {SECRET}\n")).expect("a file");
            }
        }
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let receiver = UdpSocket::bind(listener.local_addr().expect("an address")).expect("a port");
        receiver.set_nonblocking(true).expect("a socket");
        let abstract_name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let address = SocketAddr::from_abstract_name(&abstract_name).expect("a name");
        let unix = UnixListener::bind_addr(&address).expect("a name");
        unix.set_nonblocking(true).expect("a socket");
        Self { folder, listener, receiver, unix, abstract_name }
    }

    fn place(&self) -> &Path {
        self.folder.path()
    }

    /// In the command line or the environment of every process of the program.
    fn word(&self) -> String {
        self.place().file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// A command that grades, as somebody.
    fn grader(&self, who: Who, exercise: &str) -> Command {
        let is_root = everybody_is_root();
        let mut command = Command::new("timeout");
        command.args(["-s", "KILL", LIMIT]);
        if who == Who::User && is_root {
            command.arg("setpriv").args(NOBODY);
        }
        command.arg(grader_for_all()).args(["run", exercise, "--seed", "7", "--sandbox", "require"]);
        command
            .current_dir(self.place())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.place().join("home")).env("TMPDIR", self.place().join("tmp"));
        command.env("LANG", "C.UTF-8").env("NO_COLOR", "1").env("HOSTILE_TEST", SECRET);
        if who == Who::User && is_root {
            // Interpreters in the folder of root are not for others.
            command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
        }
        command
    }

    /// Everything in its folder, with size, mode and content; not what graders put aside.
    fn content(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        let mut content = BTreeMap::new();
        let mut open = vec![self.place().to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                let (path, facts) = (entry.path(), entry.metadata().expect("facts"));
                if facts.is_dir() {
                    open.push(path.clone());
                }
                let bytes = if facts.is_file() { fs::read(&path).expect("a file") } else { Vec::new() };
                content.insert(path, (facts.permissions().mode(), bytes));
            }
        }
        content
    }
}

fn everybody_is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|facts| std::os::unix::fs::MetadataExt::uid(&facts) == 0)
}

/// The grader where an ordinary user finds it.
fn grader_for_all() -> &'static Path {
    static COPY: std::sync::OnceLock<(tempfile::TempDir, PathBuf)> = std::sync::OnceLock::new();
    let (_, path) = COPY.get_or_init(|| {
        let open = fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().permissions(open).tempdir().expect("a folder");
        let path = folder.path().join("grader");
        fs::copy(env!("CARGO_BIN_EXE_grader"), &path).expect("a copy");
        (folder, path)
    });
    path
}

/// What a grading was, seen from outside.
struct Seen {
    graded: Graded,
    shown: String,
    memory: u64,
    took: Duration,
}

/// Waits for a grader and looks at its memory meanwhile.
fn watch(command: &mut Command) -> Seen {
    let began = Instant::now();
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the grader starts");
    let pid = run.id();
    let over = AtomicBool::new(false);
    let (output, memory) = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut most = 0;
            while !over.load(Ordering::Relaxed) {
                most = most.max(highest_memory(pid));
                thread::sleep(Duration::from_millis(5));
            }
            most
        });
        let output = run.wait_with_output().expect("the grader ends");
        over.store(true, Ordering::Relaxed);
        (output, watcher.join().expect("the watcher"))
    });
    let shown =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Seen { graded: Graded::new(&output), shown, memory, took: began.elapsed() }
}

/// Most memory that the child of `timeout` has had so far.
fn highest_memory(pid: u32) -> u64 {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let Some(grader) = children.split_whitespace().next() else { return 0 };
    let status = fs::read_to_string(format!("/proc/{grader}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// Processes of the machine with this word in command line or environment.
fn processes(word: &str) -> Vec<(u32, String)> {
    let pids = fs::read_dir("/proc").expect("/proc").flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let told = |pid: u32, name: &str| {
        String::from_utf8_lossy(&fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default()).into_owned()
    };
    let found =
        pids.filter(|pid| told(*pid, "cmdline").contains(word) || told(*pid, "environ").contains(word));
    found.map(|pid| (pid, told(pid, "cmdline").replace('\0', " "))).collect()
}

/// Grades one program; what is wrong with how that went.
fn faults(program: &Hostile, who: Who) -> Vec<String> {
    let host = Host::new(&program.name());
    let own = host.place().join("own").join(program.name());
    fs::copy(&program.path, &own).expect("a copy");
    let (exercise, check) = program.check();
    let mut command = host.grader(who, exercise);
    command.args(["--only", check, "--report", "json=-"]);
    let file = own.to_string_lossy().into_owned();
    let port = host.listener.local_addr().expect("an address").port().to_string();
    let line = program.run.as_deref().unwrap_or("{file}").replace("{file}", &file);
    let line = line.replace("{listener}", &port).replace("{abstract}", &host.abstract_name);
    let role = program.role.as_deref().unwrap_or(if program.beside.is_some() { "user" } else { "server" });
    command.args(["--target", &format!("{role}={line}")]);
    if let Some(beside) = &program.beside {
        for device in ["device1", "device2"] {
            let copy = host.place().join("beside").join(device).with_extension("py");
            fs::copy(sample(&format!("{beside}/{device}.py")), &copy).expect("a copy");
            command.args(["--target", &format!("{device}={}", copy.display())]);
        }
    }
    let before = host.content();
    let seen = watch(&mut command);
    let left = processes(&host.word());
    let mut faults = wrong_report(program, &seen);
    let mut claim = |holds: bool, fault: String| {
        if !holds {
            faults.push(fault);
        }
    };
    claim(left.is_empty(), format!("it has left processes: {left:?}"));
    claim(host.content() == before, "something outside of its room has changed".to_owned());
    claim(host.listener.accept().is_err(), "it reached the loopback of the machine".to_owned());
    let came = host.receiver.recv(&mut [0; 64]).is_ok();
    claim(!came, "its datagram reached the loopback of the machine".to_owned());
    claim(host.unix.accept().is_err(), "it reached an abstract socket of the machine".to_owned());
    claim(
        seen.memory < MOST_MEMORY,
        format!("the grader took {} MiB, for at most {}", seen.memory >> 20, MOST_MEMORY >> 20),
    );
    let slow = if seen.took > MOST_TIME { "  (long)" } else { "" };
    tell(&format!(
        "{:>6.2} s {:>3} MiB  {who:?} {}: {}{slow}",
        seen.took.as_secs_f64(),
        seen.memory >> 20,
        program.name(),
        codes(&seen.graded).into_iter().collect::<Vec<_>>().join(", ")
    ));
    faults
}

/// Every code in a report.
fn codes(graded: &Graded) -> BTreeSet<String> {
    let of_check = |check: &Value| {
        let deeds = check["conduct"].as_array().into_iter().flatten().map(|deed| text(&deed["code"]));
        deeds.chain([text(&check["finding"]["code"])]).collect::<Vec<_>>()
    };
    graded.checks().iter().flat_map(of_check).filter(|code| !code.is_empty()).collect()
}

fn wrong_report(program: &Hostile, seen: &Seen) -> Vec<String> {
    let Seen { graded, shown, .. } = seen;
    let mut faults = Vec::new();
    let mut claim = |holds: bool, fault: String| {
        if !holds {
            faults.push(fault);
        }
    };
    let told = codes(graded);
    claim(graded.exit == 1, format!("exit {}: {}", graded.exit, graded.said));
    let is_told = |wanted: &String| wanted.split('|').any(|code| told.contains(code.trim()));
    let all_told = program.told.iter().all(is_told);
    claim(all_told, format!("{:?} should be told, and {told:?} is", program.told));
    let score = &graded.report["tiers"]["basic"];
    claim(score[0] == 0 || score[0] == 0.0, format!("it got {score} points"));
    claim(!shown.contains(SECRET), format!("a secret is in the report: {shown}"));
    let escaped = shown.lines().filter(|line| line.contains("ESCAPED")).collect::<Vec<_>>();
    claim(escaped.is_empty(), format!("it could do something: {escaped:?}"));
    let obeyed = |line: &str| line.starts_with("::") || line.starts_with("##vso");
    claim(!shown.lines().any(obeyed), format!("a line would be obeyed by a CI: {shown}"));
    let raw = |sign: char| sign.is_control() && sign != '\n' || ('\u{202a}'..='\u{202e}').contains(&sign);
    claim(!shown.contains(raw), format!("a terminal would obey what was shown: {shown:?}"));
    faults
}

#[test]
fn hostile_programs_are_contained_and_named() {
    let everybody = everybody();
    let possible = programs().into_iter().filter(Hostile::is_possible);
    let runs: Vec<(Hostile, Who)> =
        possible.flat_map(|program| everybody.iter().map(move |who| (program.clone(), *who))).collect();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(String::new());
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..SIDE_BY_SIDE)
            .map(|_| {
                scope.spawn(|| {
                    while let Some((program, who)) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let faults = faults(program, *who);
                        let mut failed = failed.lock().expect("no test panicked");
                        for fault in faults {
                            failed.push_str(&format!("\n{} ({who:?}): {fault}", program.name()));
                        }
                    }
                })
            })
            .collect();
        let beside = scope.spawn(|| right_ones_beside(&over));
        let ended: Vec<_> = workers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        over.store(true, Ordering::Relaxed);
        let times = beside.join().expect("right programs get full marks");
        tell(&format!("right programs beside them took {times:.2?} s"));
        assert!(ended.iter().all(Result::is_ok), "a grading could not be watched");
    });
    let failed = failed.into_inner().expect("no test panicked");
    assert!(failed.is_empty(), "hostile programs get their way{failed}");
}

/// Grades a right program over and over; the times.
fn right_ones_beside(over: &AtomicBool) -> Vec<f64> {
    let host = Host::new("right");
    let own = host.place().join("own/server.py");
    fs::copy(sample("hello/server/right/uses-socketserver.py"), &own).expect("a copy");
    let mut times = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let mut command = host.grader(Who::Root, "hello");
        command.args(["--target", &format!("server={}", own.display()), "--report", "json=-"]);
        let seen = watch(&mut command);
        assert_eq!(seen.graded.exit, 0, "{:?} {}", seen.graded.verdicts(), seen.graded.said);
        times.push(seen.took.as_secs_f64());
    }
    times
}

/// Listens, takes its clients in and says nothing, awake now and then.
const SLOW: &str = r#"
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    struct sockaddr_in me = {.sin_family = AF_INET, .sin_port = htons(9000)};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *)&me, sizeof me);
    listen(listener, 5);
    fork();
    for (;;)
        sleep(1);
}
"#;

/// Waits until something holds; how long that took, none when it does not within half a minute.
fn time_until(holds: impl Fn() -> bool) -> Option<Duration> {
    let begin = Instant::now();
    while !holds() {
        if begin.elapsed() > Duration::from_secs(30) {
            return None;
        }
        thread::sleep(Duration::from_millis(5));
    }
    Some(begin.elapsed())
}

/// A grader with fifty programs up, and the word that they have in common.
fn with_fifty_up(host: &Host) -> Child {
    let own = host.place().join("own/slow.c");
    fs::write(&own, SLOW).expect("a file");
    let mut command = Command::new(grader_for_all());
    command.args(["run", "hello", "--sandbox", "require", "--only", "hello/server/greets"]);
    command.args(["--jobs", "50", "--repeat", "50", "--target", &format!("server={}", own.display())]);
    command.current_dir(host.place()).env("TMPDIR", host.place().join("tmp"));
    let run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the grader starts");
    let program = |(_, line): &(u32, String)| line.contains("/program") && !line.contains("--target");
    let up = || processes(&host.word()).iter().filter(|found| program(found)).count() >= 100;
    assert!(time_until(up).is_some(), "fifty programs come up, of two processes each");
    run
}

#[test]
fn nothing_outlives_a_grader_that_is_killed_with_fifty_programs_up() {
    if everybody().is_empty() || !is_installed("cc") {
        return;
    }
    let host = Host::new("fifty");
    let mut run = with_fifty_up(&host);
    run.kill().expect("a running grader");
    let gone = time_until(|| processes(&host.word()).is_empty());
    run.wait().expect("the grader has ended");
    let left = processes(&host.word());
    let gone = gone.unwrap_or_else(|| panic!("there are left: {left:?}"));
    tell(&format!("all of fifty programs were gone {} ms after the grader was killed", gone.as_millis()));
}

#[test]
fn a_hundred_programs_serve_the_same_port_at_a_time() {
    if everybody().is_empty() || !is_installed("cc") {
        return;
    }
    let host = Host::new("hundred");
    let own = host.place().join("own/server.c");
    fs::copy(sample("hello/server/right/prints-the-peer.c"), &own).expect("a copy");
    let mut command = host.grader(Who::Root, "hello");
    command.args(["--only", "hello/server/greets", "--jobs", "100", "--repeat", "100", "--report", "json=-"]);
    command.args(["--target", &format!("server={}", own.display())]);
    let seen = watch(&mut command);
    assert_eq!(seen.graded.exit, 0, "{:?} {}", seen.graded.verdicts(), seen.graded.said);
    tell(&format!("a hundred at a time: {:.2} s, {} MiB", seen.took.as_secs_f64(), seen.memory >> 20));
}
