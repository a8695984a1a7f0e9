//! What a check does, step by step, in words: as the spec says it, before any value is
//! drawn and any program is started.

use super::expectations::{expectation, payload, quoted};
use super::names;
use crate::spec::{
    Action, Carriage, Connect, Expect, FileContent, Generator, Key, Pieces, Rows, Scenario, Send, Source,
    Step, Transport,
};
use crate::units::Text;

/// So many rows of a table are told.
const ROWS: usize = 6;

/// A line of the story, behind its number or its sign.
pub(super) struct Line {
    /// `1`, or blanks and a dot within a block.
    pub(super) label: String,
    /// What happens.
    pub(super) text: Text,
}

/// The lines of a check whose programs speak over this transport.
pub(super) fn tell(scenario: &Scenario, transport: Transport) -> Vec<Line> {
    let mut story = Story { lines: Vec::new(), transport };
    for text in stage(scenario) {
        story.lines.push(Line { label: "·".to_owned(), text });
    }
    for (index, step) in scenario.steps.iter().enumerate() {
        story.step(&format!("{}", index + 1), step);
    }
    story.lines
}

/// What is so before the first step.
fn stage(scenario: &Scenario) -> Vec<Text> {
    let mut lines = Vec::new();
    if scenario.is_ensemble() {
        let players: Vec<&str> = scenario.players.iter().map(|player| player.name.as_str()).collect();
        let players = players.join(", ");
        lines.push(Text::new(
            format!("on stage: {players}; the grader is the wire between them"),
            format!("등장: {players}. 채점기가 그 사이의 회선이 된다"),
        ));
    }
    if scenario.wire == Carriage::Bytes {
        lines.push(Text::new(
            "the wire hands over one byte at a time, the next when the one before has been read",
            "회선은 한 바이트씩 건네준다. 앞의 바이트를 읽은 뒤에 다음 바이트를 준다",
        ));
    }
    lines.extend(scenario.draws.iter().map(draw));
    lines.extend(scenario.files.iter().map(|(name, content)| file(name, content)));
    if let Some(arguments) = &scenario.arguments {
        let arguments = shown_arguments(arguments);
        lines.push(Text::new(format!("arguments: {arguments}"), format!("인자: {arguments}")));
    }
    lines.extend(scenario.environment.iter().map(|(name, value)| {
        Text::new(format!("environment: {name}={value}"), format!("환경 변수: {name}={value}"))
    }));
    lines.extend(scenario.taken.iter().map(|port| {
        Text::new(
            format!("another program listens on port {port} already"),
            format!("다른 프로그램이 이미 포트 {port}에서 기다리고 있다"),
        )
    }));
    if !scenario.listening {
        lines.push(Text::new(
            "nobody listens where the program connects",
            "프로그램이 연결하려는 곳에는 아무도 없다",
        ));
    }
    lines
}

fn shown_arguments(arguments: &[String]) -> String {
    let none = arguments.is_empty();
    if none { "∅".to_owned() } else { arguments.join(" ") }
}

fn draw((name, generator): &(String, Generator)) -> Text {
    let (en, ko) = match generator {
        Generator::Integer(first, last) => {
            (format!("an integer from {first} to {last}"), format!("{first}부터 {last}까지의 정수"))
        }
        Generator::OneOf(values) => {
            let values = values.join(", ");
            (format!("one of {values}"), format!("{values} 중 하나"))
        }
        Generator::Word(count) => {
            (format!("a word of {count} letters"), format!("영문 소문자 {count}자의 낱말"))
        }
        Generator::Printable(count) => {
            (format!("{count} printable characters"), format!("출력할 수 있는 문자 {count}자"))
        }
        Generator::Korean(count) => (format!("{count} Korean syllables"), format!("한글 {count}자")),
        Generator::Product(a, b) => (format!("{{{a}}} × {{{b}}}"), format!("{{{a}}} × {{{b}}}")),
    };
    Text::new(format!("drawn: {{{name}}} is {en}"), format!("무작위 값: {{{name}}}은(는) {ko}"))
}

fn file(name: &str, content: &FileContent) -> Text {
    match content {
        FileContent::Absent => {
            Text::new(format!("there is no file {name}"), format!("파일 {name}은(는) 없다"))
        }
        FileContent::Bytes(bytes) => Text::new(
            format!("the file {name} is put there, {} bytes", bytes.len()),
            format!("파일 {name}({}바이트)을(를) 넣어 둔다", bytes.len()),
        ),
        FileContent::Random(count) => Text::new(
            format!("the file {name} is put there, {count} random bytes"),
            format!("무작위 {count}바이트의 파일 {name}을(를) 넣어 둔다"),
        ),
        FileContent::Text(text) => Text::new(
            format!("the file {name} is put there: {}", quoted(text)),
            format!("파일 {name}을(를) 넣어 둔다: {}", quoted(text)),
        ),
    }
}

struct Story {
    lines: Vec<Line>,
    transport: Transport,
}

impl Story {
    fn step(&mut self, label: &str, step: &Step) {
        let text = match &step.action {
            Action::Each { rows, steps } => return self.block(label, rows, steps),
            Action::Connect(connect) => self.connect(connect),
            Action::Accept { connection, .. } if self.transport == Transport::Udp => Text::new(
                format!("the grader waits for a datagram of the program (peer {connection})"),
                format!("채점기는 프로그램의 데이터그램을 기다린다(상대 {connection})"),
            ),
            Action::Accept { connection, .. } => Text::new(
                format!("the program must connect to the grader (connection {connection})"),
                format!("프로그램이 채점기에 연결해야 한다(연결 {connection})"),
            ),
            Action::Send(send) => self.send(send),
            Action::Close { connection } if self.transport == Transport::Udp => Text::new(
                format!("the grader closes the socket of peer {connection}"),
                format!("채점기가 {connection}의 소켓을 닫는다"),
            ),
            Action::Expect(expect) => expected(expect, self.transport),
            Action::ExpectProgram(what) => names::program(*what),
            other => simple(other),
        };
        let text = match &step.at {
            Some(player) => Text::new(format!("{player}: {}", text.en), format!("{player}: {}", text.ko)),
            None => text,
        };
        self.lines.push(Line { label: label.to_owned(), text });
    }

    /// Repeated steps, below what they are repeated for.
    fn block(&mut self, label: &str, rows: &Rows, steps: &[Step]) {
        let text = match rows {
            Rows::Times { times, draws } => {
                let drawn = draws.iter().map(draw).collect::<Vec<_>>();
                let join = |pick: fn(&Text) -> &str| {
                    drawn.iter().map(|text| format!("; {}", pick(text))).collect::<String>()
                };
                Text::new(
                    format!("{times} times{}:", join(|text| &text.en)),
                    format!("{times}번 되풀이한다{}:", join(|text| &text.ko)),
                )
            }
            Rows::Table(table) => {
                let row = |row: &Vec<(String, String)>| {
                    let cells = row.iter().map(|(name, value)| format!("{name} = {value}"));
                    cells.collect::<Vec<_>>().join(", ")
                };
                let mut told = table.iter().take(ROWS).map(row).collect::<Vec<_>>().join("; ");
                if table.len() > ROWS {
                    told.push_str("; …");
                }
                let count = table.len();
                Text::new(
                    format!("for each of {count} rows ({told}):"),
                    format!("{count}개의 행마다({told}):"),
                )
            }
        };
        self.lines.push(Line { label: label.to_owned(), text });
        for step in steps {
            let inner = format!("{}  ·", " ".repeat(label.trim_end_matches('·').len()));
            self.step(&inner, step);
        }
    }

    fn connect(&self, connect: &Connect) -> Text {
        let name = &connect.connection;
        let mut text = if self.transport == Transport::Udp {
            Text::new(
                format!("the grader opens a UDP socket (peer {name})"),
                format!("채점기가 UDP 소켓을 연다(상대 {name})"),
            )
        } else {
            Text::new(
                format!("the grader connects (connection {name})"),
                format!("채점기가 연결한다(연결 {name})"),
            )
        };
        let mut add = |holds: bool, en: String, ko: String| {
            if holds {
                text.en.push_str(&en);
                text.ko.push_str(&ko);
            }
        };
        let to = connect.to.clone().unwrap_or_default();
        add(connect.to.is_some(), format!(" to {to}"), format!(", 상대는 {to}"));
        let from = connect.from.map(|ip| ip.to_string()).unwrap_or_default();
        add(connect.from.is_some(), format!(" from {from}"), format!(", 주소 {from}에서"));
        add(connect.skip_greeting, "; a greeting is put aside".to_owned(), "; 인사말은 넘긴다".to_owned());
        add(
            connect.reopen,
            "; a program that closes after its reply is asked again on a new connection".to_owned(),
            "; 응답 뒤에 연결을 닫는 프로그램에는 새 연결로 다시 묻는다".to_owned(),
        );
        add(connect.optional, "; it may be refused".to_owned(), "; 거부해도 된다".to_owned());
        text
    }

    fn send(&self, send: &Send) -> Text {
        let what = payload(&send.payload);
        let name = &send.connection;
        let mut text = if self.transport == Transport::Udp {
            Text::new(
                format!("the grader sends a datagram from peer {name}: {}", what.en),
                format!("채점기가 {name}에서 데이터그램을 보낸다: {}", what.ko),
            )
        } else {
            Text::new(
                format!("the grader sends on connection {name}: {}", what.en),
                format!("채점기가 연결 {name}로 보낸다: {}", what.ko),
            )
        };
        let pieces = match &send.pieces {
            Pieces::Whole => None,
            Pieces::Bytes => Some(("byte by byte".to_owned(), "한 바이트씩".to_owned())),
            Pieces::Sizes(sizes) => {
                let sizes = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(" + ");
                Some((
                    format!("in pieces of {sizes} bytes and the rest"),
                    format!("{sizes}바이트와 나머지로 나누어"),
                ))
            }
        };
        if let Some((en, ko)) = pieces {
            text.en.push_str(&format!("; {en}, each when the one before has been read"));
            text.ko.push_str(&format!("; {ko}, 앞의 것을 읽은 뒤에 다음 것을"));
        } else if send.consumed {
            text.en.push_str("; it goes on when every byte has been read");
            text.ko.push_str("; 모든 바이트를 읽으면 다음으로 간다");
        }
        if send.other_port {
            text.en.push_str("; from another port");
            text.ko.push_str("; 다른 포트에서");
        }
        text
    }
}

fn expected(expect: &Expect, transport: Transport) -> Text {
    let what = expect.requirement.clone().unwrap_or_else(|| {
        let right = expect.alternatives.iter().filter(|alternative| alternative.credit >= 1.0);
        let mut right: Vec<Text> = right.map(|alternative| expectation(&alternative.expectation)).collect();
        right.dedup();
        let join = |pick: fn(&Text) -> &str, or: &str| right.iter().map(pick).collect::<Vec<_>>().join(or);
        Text::new(join(|text| &text.en, ", or "), join(|text| &text.ko, ", 또는 "))
    });
    let (en, ko) = match &expect.from {
        Source::Connection(name) if transport == Transport::Udp => {
            (format!("at peer {name}"), format!("상대 {name}"))
        }
        Source::Connection(name) => (format!("on connection {name}"), format!("연결 {name}")),
        Source::Console => ("on its console".to_owned(), "콘솔".to_owned()),
        Source::File(name) => (format!("in the file {name}"), format!("파일 {name}")),
        Source::Wire(wire) => (
            format!("on the wire from {} to {}", wire.from, wire.to),
            format!("{}→{} 회선", wire.from, wire.to),
        ),
    };
    Text::new(format!("expected {en}: {}", what.en), format!("{ko}에서 기대하는 것: {}", what.ko))
}

/// Steps that need no more than their names.
fn simple(action: &Action) -> Text {
    let about = |connection: &str, en: &str, ko: &str| {
        Text::new(en.replace('@', connection), ko.replace('@', connection))
    };
    match action {
        Action::HalfClose { connection } => about(
            connection,
            "the grader ends its direction of connection @ (FIN) and goes on reading",
            "채점기가 연결 @의 송신 방향을 닫고(FIN) 계속 읽는다",
        ),
        Action::Close { connection } => {
            about(connection, "the grader closes connection @ (FIN)", "채점기가 연결 @을(를) 닫는다(FIN)")
        }
        Action::Reset { connection } => {
            about(connection, "the grader resets connection @ (RST)", "채점기가 연결 @을(를) 리셋한다(RST)")
        }
        Action::StopReading { connection } => about(
            connection,
            "the grader stops reading from connection @: what is sent piles up",
            "채점기가 연결 @을(를) 읽지 않는다. 보낸 데이터가 쌓인다",
        ),
        Action::ReadOn { connection } => {
            about(connection, "the grader reads on from connection @", "채점기가 연결 @을(를) 다시 읽는다")
        }
        Action::Type { line, .. } => about(&quoted(line), "typed at the terminal: @", "터미널에 입력한다: @"),
        Action::Press(key) => {
            let name = match key {
                Key::Enter => "Enter",
                Key::CtrlC => "Ctrl+C",
                Key::CtrlD => "Ctrl+D",
            };
            about(name, "pressed at the terminal: @", "터미널에서 누른다: @")
        }
        Action::Start { player } => about(player, "@ is started", "@을(를) 시작한다"),
        Action::Cut(wire) => about(
            &format!("{}–{}", wire.from, wire.to),
            "the wire @ is cut: both ends are reset",
            "@ 회선을 끊는다. 양쪽이 리셋된다",
        ),
        _ => names::action(action),
    }
}
