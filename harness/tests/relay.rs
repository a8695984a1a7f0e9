//! The relay between two programs: bytes, FIN, RST and a half-close arrive as they were
//! sent, the address of a connection is kept, and who is not there is refused.

mod support;

use std::fs;

use serde_json::Value;
use support::{Graded, grader, is_installed, tell, text};

const EXERCISE: &str = r#"
order = 1
title = { en = "Wire", ko = "선" }
about = { en = "About", ko = "설명" }
protocol = { en = "Lines", ko = "줄" }
sample = ""
[roles.server]
end = "server"
port = 4000
port-fixed = false
[roles.client]
end = "client"
port = 4000
port-fixed = false
[scenes.pair]
players = ["server", "client"]
"#;

/// A file of checks for the role alone: every role has one.
const ALONE: &str = r#"
[[scenario]]
id = "runs"
title = { en = "Runs", ko = "실행된다" }
concept = "connect"
noted = true
steps = [{ settle = true }]
"#;

const PAIR: &str = r#"
[[scenario]]
id = "half-close"
title = { en = "An end of one direction, and a reply behind it", ko = "한쪽 방향의 끝과 그 뒤의 응답" }
concept = "eof"
steps = [
  { type = "half-close", at = "client" },
  { expect = { exactly = "half-close" }, from = "client>server" },
  { expect = { fin = true }, from = "client>server" },
  { expect = { shows = "end after 10 bytes" }, from = "console", at = "server" },
  { expect = { exactly = "10" }, from = "server>client" },
  { expect = { fin = true }, from = "server>client" },
  { expect = { shows = "got 10" }, from = "console", at = "client" },
  { expect-exit = "success", at = "client" },
]

[[scenario]]
id = "reset"
title = { en = "A reset", ko = "리셋" }
concept = "reset"
steps = [
  { type = "reset", at = "client" },
  { expect = { reset = true }, from = "client>server" },
  { expect = { shows = "reset after 5 bytes" }, from = "console", at = "server" },
]

[[scenario]]
id = "source"
title = { en = "Both programs know the same address", ko = "두 프로그램이 아는 주소가 같다" }
concept = "connect"
steps = [
  { expect = { shows = "from {client.ip} {client.port}" }, from = "console", at = "server" },
  { expect = { shows = "mine {client.ip} {client.port}" }, from = "console", at = "client" },
  { expect = { shows = "4321" }, from = "console", at = "client" },
  { expect-port = 4321, at = "server" },
]

[[scenario]]
id = "bytewise"
title = { en = "One byte a read", ko = "한 번에 한 바이트" }
concept = "partial-read"
wire = "bytes"
steps = [
  { type = "abcdef", at = "client" },
  { expect = { shows = "1 2 3 4 5 6" }, from = "console", at = "server" },
]

[[scenario]]
id = "large"
title = { en = "Megabytes to a slow reader", ko = "느린 상대에게 보내는 수 메가바이트" }
concept = "partial-write"
steps = [
  { freeze = true, at = "server" },
  { type = "large", at = "client" },
  { expect = { shows = "sending" }, from = "console", at = "client" },
  { thaw = true, at = "server" },
  { expect = { shows = "end after 6000000 bytes" }, from = "console", at = "server" },
  { expect = { shows = "got 6000000" }, from = "console", at = "client" },
]

[[scenario]]
id = "cut"
title = { en = "The wire vanishes", ko = "선이 끊긴다" }
concept = "reset"
steps = [
  { type = "wait", at = "client" },
  { cut = "client>server" },
  { expect = { shows = "reset after 4 bytes" }, from = "console", at = "server" },
  { expect = { shows = "lost" }, from = "console", at = "client" },
]

[[scenario]]
id = "killed"
title = { en = "A program is killed", ko = "프로그램이 강제 종료된다" }
concept = "eof"
steps = [
  { type = "wait", at = "client" },
  { kill = true, at = "client" },
  { expect = { shows = "end after 4 bytes" }, from = "console", at = "server" },
]

[[scenario]]
id = "nobody"
title = { en = "Nobody serves any more", ko = "더 이상 아무도 없다" }
concept = "connect"
players = ["server", "client", { name = "second", role = "client", later = true }]
steps = [
  { type = "stop", at = "client" },
  { expect-exit = "success", at = "server" },
  { start = "second" },
  { expect = { shows = "refused" }, from = "console", at = "second" },
  { expect = { nothing = true }, from = "second>server" },
]
"#;

const SERVER: &str = r#"
import socket
listener = socket.create_server(('', 4321))
conn, addr = listener.accept()
print('from', addr[0], addr[1])
data, sizes = b'', []
try:
    while part := conn.recv(65536):
        data += part
        sizes.append(str(len(data)))
        if len(data) < 100:
            print(*sizes)
        if data == b'stop':
            raise SystemExit
    print('end after', len(data), 'bytes')
    conn.sendall(str(len(data)).encode())
except ConnectionResetError:
    print('reset after', len(data), 'bytes')
conn.close()
input()
"#;

const CLIENT: &str = r#"
import socket, struct
try:
    sock = socket.create_connection(('localhost', 4321))
except ConnectionRefusedError:
    print('refused')
    raise SystemExit
print('mine', *sock.getsockname()[:2])
print('there', sock.getpeername()[1])
line = input()
if line == 'large':
    print('sending')
    sock.sendall(b'x' * 6000000)
else:
    sock.sendall(line.encode())
if line == 'reset':
    input_is_over = struct.pack('ii', 1, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, input_is_over)
    sock.close()
elif line in ('half-close', 'large'):
    sock.shutdown(socket.SHUT_WR)
if line in ('half-close', 'large', 'wait'):
    try:
        print('got', sock.recv(100).decode())
    except ConnectionResetError:
        print('lost')
elif line != 'stop':
    input()
"#;

/// Runs the scenes of the two programs with these arguments.
fn played(arguments: &[&str]) -> Graded {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    let specs = [("exercise", EXERCISE), ("pair", PAIR), ("server", ALONE), ("client", ALONE)];
    specs.iter().for_each(|(name, text)| put(&format!("specs/wire/{name}.toml"), text));
    put("s/server.py", SERVER);
    put("c/client.py", CLIENT);
    let mut command = grader();
    command.current_dir(folder.path()).args(["run", "wire", "--seed", "1", "--report", "json=-"]);
    command.args(["--target", "server=s/server.py", "--target", "client=c/client.py"]).args(arguments);
    Graded::new(&command.output().expect("the grader runs"))
}

fn line(check: &Value) -> String {
    format!("{} {} {}", text(&check["id"]), text(&check["outcome"]), text(&check["finding"]["text"]["en"]))
}

#[test]
fn carries_what_programs_send_as_they_send_it() {
    if !is_installed("python3") {
        return tell("SKIPPED: `python3` is not installed");
    }
    let graded = played(&["--only", "pair"]);
    let not_right: Vec<String> =
        graded.checks().iter().filter(|check| check["outcome"] != "pass").map(line).collect();
    assert!(not_right.is_empty(), "{}\n{}", not_right.join("\n"), graded.said);
    assert_eq!(graded.checks().len(), 8, "{}", graded.said);
}

#[test]
fn writes_down_the_same_every_time() {
    if !is_installed("python3") {
        return tell("SKIPPED: `python3` is not installed");
    }
    let transcripts = |graded: &Graded| -> Vec<String> {
        // When full buffers take more is the kernel's affair.
        let flows = |check: &&Value| check["id"] != "wire/pair/large";
        graded.checks().iter().filter(flows).map(|check| text(&check["transcript"])).collect()
    };
    let first = transcripts(&played(&["--only", "pair", "--jobs", "1"]));
    for _ in 0..3 {
        assert_eq!(transcripts(&played(&["--only", "pair", "--jobs", "8"])), first);
    }
}

#[test]
fn is_not_played_without_private_networks() {
    if !is_installed("python3") {
        return tell("SKIPPED: `python3` is not installed");
    }
    let graded = played(&["--only", "pair/reset", "--sandbox", "off"]);
    let outcomes: Vec<String> = graded.checks().iter().map(|check| text(&check["outcome"])).collect();
    assert_eq!(outcomes, ["skip"], "{}", graded.said);
    assert_eq!(graded.exit, 4);
}
