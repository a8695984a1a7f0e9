//! Every word a report says, in English and Korean.

use crate::spec::{Concept, Tier};
use crate::units::{Language, Text};
use crate::verdict::{Code, Finding, Repeats};

/// Words without values, one function each.
macro_rules! words {
    ($($name:ident: $en:literal, $ko:literal;)*) => {
        $(pub(super) fn $name(language: Language) -> &'static str {
            match language { Language::English => $en, Language::Korean => $ko }
        })*
    };
}

words! {
    expected: "expected", "기대";
    received: "received", "받음";
    after: "after", "직전 동작";
    program: "program", "프로그램";
    cause: "cause", "원인";
    hint: "hint", "힌트";
    concept: "concept", "개념";
    again: "again", "다시 실행";
    runs: "runs", "반복";
    requires: "needs", "선행 검사";
    message: "message", "내용";
    remarks: "remarks", "참고";
    beyond: "beyond the handout", "과제 범위 밖";
    score: "score", "점수";
    seed: "seed", "시드";
    port: "port", "포트";
    learn_more: "learn more:", "더 알아보기:";
    also: "also", "그 밖에";
}

/// A code as JSON writes it.
pub(super) fn code_key(code: Code) -> String {
    // A unit variant: it is a string.
    serde_json::to_value(code).ok().and_then(|key| Some(key.as_str()?.to_owned())).unwrap_or_default()
}

/// The kind of a failure as a headline.
#[expect(clippy::too_many_lines, reason = "a table: one line for each kind of failure")]
pub(super) fn headline(code: Code) -> Text {
    let (en, ko) = match code {
        Code::NeverListens => ("never listens on a port", "어떤 포트에서도 listen하지 않습니다"),
        Code::NeverConnects => ("never connects", "연결을 맺지 않습니다"),
        Code::NeverBinds => ("never binds a UDP port", "어떤 UDP 포트도 bind하지 않습니다"),
        Code::NeverSends => ("never sends a datagram", "데이터그램을 보내지 않습니다"),
        Code::CannotStart => ("cannot be started", "실행할 수 없습니다"),
        Code::EndedBeforeReady => ("ends before it is ready", "준비되기 전에 종료됩니다"),
        Code::Refused => ("refuses the connection", "연결을 거부합니다"),
        Code::WrongPort => ("uses another port than the handout names", "과제가 정한 포트가 아닙니다"),
        Code::WrongAddress => ("connects to another address", "다른 주소에 연결합니다"),
        Code::WrongReceiver => {
            ("sends a datagram to the wrong receiver", "데이터그램을 엉뚱한 상대에게 보냅니다")
        }
        Code::WrongSource => ("answers from another port", "다른 포트에서 응답합니다"),
        Code::NoReply => ("does not reply", "응답하지 않습니다"),
        Code::WrongReply => ("replies something else", "다른 내용을 응답합니다"),
        Code::IncompleteReply => ("replies only in part", "응답이 도중에 끊깁니다"),
        Code::SurplusBytes => ("sends more than it should", "필요 이상으로 보냅니다"),
        Code::RepliedLittleEndian => ("replies in the wrong byte order", "반대 바이트 순서로 응답합니다"),
        Code::SentAsText => ("sends the number as text", "숫자를 문자열로 보냅니다"),
        Code::WrongWidth => ("sends an integer of the wrong width", "정수의 바이트 수가 맞지 않습니다"),
        Code::ClosedEarly => ("closes the connection too early", "연결을 너무 일찍 닫습니다"),
        Code::ClosedByReset => ("resets the connection", "연결을 리셋합니다(RST)"),
        Code::StillOpen => ("does not close the connection", "연결을 닫지 않습니다"),
        Code::EndedTooEarly => ("has ended where it should go on", "계속 실행되어야 하는데 종료되었습니다"),
        Code::OverLimit => ("uses more than it may", "허용된 것보다 많이 사용합니다"),
        Code::Crashed => ("crashes", "비정상 종료됩니다"),
        Code::Traceback => ("dies of an exception", "예외로 중단됩니다"),
        Code::NeverAsks => ("never asks for input", "입력을 요청하지 않습니다"),
        Code::StillRunning => ("does not end", "종료되지 않습니다"),
        Code::WrongExit => ("ends with the wrong status", "종료 상태가 맞지 않습니다"),
        Code::BusyLoop => ("loops without waiting", "기다리지 않고 무한히 반복합니다"),
        Code::NotShown => ("does not show it", "화면에 표시하지 않습니다"),
        Code::ShownWrongly => ("shows what it should not", "표시하면 안 되는 내용을 표시합니다"),
        Code::MalformedHttp => ("sends a malformed HTTP message", "HTTP 형식에 맞지 않습니다"),
        Code::WrongStatus => ("answers with another status", "다른 상태 코드로 응답합니다"),
        Code::WrongHeader => ("sends a wrong header", "헤더가 맞지 않습니다"),
        Code::WrongCharset => ("sends text in the wrong encoding", "글자 인코딩이 맞지 않습니다"),
        Code::WrongRequest => ("asks for something else", "다른 것을 요청합니다"),
        Code::NotWritten => ("does not write the file", "파일을 만들지 않습니다"),
        Code::WrittenWrongly => ("writes something else into the file", "파일에 다른 내용을 씁니다"),
        Code::OutOfRange => ("a value lies outside its range", "값이 범위를 벗어납니다"),
        Code::NeverChanges => ("a value is always the same", "값이 늘 같습니다"),
        Code::WrongTime => ("tells another time than the present one", "현재 시각과 다른 시각입니다"),
        Code::Disagrees => {
            ("holds other values than the connection carried", "연결로 온 값과 다른 값이 들어 있습니다")
        }
        Code::SpeaksTcp => ("speaks TCP instead of UDP", "UDP가 아니라 TCP를 씁니다"),
        Code::BlockedBehindSilentClient => {
            ("is blocked behind a silent client", "말 없는 클라이언트에 막혀 있습니다")
        }
        Code::WaitsToBeSpokenTo => ("waits for its peer to speak first", "상대가 먼저 보내기를 기다립니다"),
        Code::EndedAtReset => ("ends when a client resets", "클라이언트가 리셋하면 종료됩니다"),
        Code::SpeaksOutOfTurn => ("speaks when it is not its turn", "자기 차례가 아닐 때 보냅니다"),
        Code::ShownInPart => ("shows only the beginning", "앞부분만 표시합니다"),
        Code::ReadAsSigned => ("reads the integer with a sign", "정수를 부호 있는 수로 읽습니다"),
        Code::OneMessageOnly => ("takes one message only", "메시지를 하나만 처리합니다"),
        Code::ServesOneClientOnly => ("serves one client only", "클라이언트 하나만 처리합니다"),
        Code::BusyLoopAtEof => ("spins when the connection is over", "연결이 끝나면 무한히 반복합니다"),
        Code::EchoesTheRequest => ("sends the request back as its reply", "요청을 그대로 되돌려줍니다"),
        Code::PreviousReplyAgain => ("sends the previous reply again", "이전 응답을 다시 보냅니다"),
        Code::ReplyOfAnotherClient => {
            ("replies what belongs to another client", "다른 클라이언트의 것으로 응답합니다")
        }
        Code::SendsLengthFirst => ("puts a length before the text", "글 앞에 길이를 붙입니다"),
        Code::TextAroundIt => ("puts other text around it", "앞뒤에 다른 내용을 붙입니다"),
        Code::ChangesCase => ("exchanges capital and small letters", "대소문자를 바꿉니다"),
        Code::CrlfForLf => ("ends lines with CRLF instead of LF", "줄을 LF가 아니라 CRLF로 끝냅니다"),
        Code::LengthCountsItself => {
            ("counts the length itself in the length", "길이에 길이 자신을 포함합니다")
        }
        Code::FractionLost => ("loses the fraction of a division", "나눗셈의 소수를 잃습니다"),
        Code::WrongTimeZone => ("tells the time of another time zone", "다른 시간대의 시각입니다"),
        Code::LastByteLost => ("loses the last byte", "마지막 바이트를 잃습니다"),
        Code::FirstSegmentOnly => {
            ("takes the first segment for the whole message", "첫 조각을 전체로 여깁니다")
        }
        Code::TruncatedFile => ("passes on only the beginning of the file", "파일의 앞부분만 전달합니다"),
        Code::TextModeTranslation => ("turns a file into text and back", "파일을 글로 바꾸었다가 되돌립니다"),
        Code::SurplusDatagram => ("sends a datagram too many", "데이터그램을 더 보냅니다"),
        Code::SendsWholeBuffer => {
            ("sends the whole buffer, zeros included", "0바이트까지 버퍼 전체를 보냅니다")
        }
        Code::ReadLittleEndian => {
            ("reads the integer in the wrong byte order", "정수를 반대 바이트 순서로 읽습니다")
        }
        Code::ShowsItsOwnMessage => {
            ("shows its own message, not the reply", "응답이 아니라 자신의 메시지를 표시합니다")
        }
        Code::PrintsTheObject => {
            ("shows an object, not what is in it", "내용이 아니라 객체 이름을 표시합니다")
        }
        Code::MissingEmptyLine => ("sends no empty line after the header", "헤더 뒤에 빈 줄이 없습니다"),
        Code::LfForCrlf => ("ends lines with LF instead of CRLF", "줄을 CRLF가 아니라 LF로 끝냅니다"),
        Code::Utf8ForEucKr => ("sends UTF-8 where EUC-KR is read", "EUC-KR로 읽히는 곳에 UTF-8을 보냅니다"),
        Code::EucKrForUtf8 => ("uses EUC-KR where UTF-8 is read", "UTF-8로 읽히는 곳에 EUC-KR을 씁니다"),
        Code::Latin1ForUtf8 => ("takes UTF-8 for Latin-1", "UTF-8을 Latin-1로 여깁니다"),
        Code::AsciiOnly => ("lets only ASCII through", "ASCII만 통과시킵니다"),
        Code::PartlyRight => ("right in part", "일부만 맞습니다"),
        Code::NotReached => {
            ("not reached: a check it needs has failed", "선행 검사가 실패하여 진행하지 않음")
        }
        Code::OwnForm => (
            "not reached: the programs have a form of their own",
            "검사하지 않음: 두 프로그램만의 형식을 사용합니다",
        ),
        Code::CannotRunHere => ("cannot be run on this machine", "이 환경에서는 실행할 수 없음"),
        Code::MachineTrouble => (
            "the machine or the check is in trouble, not the program",
            "프로그램이 아닌 컴퓨터나 검사의 문제",
        ),
        Code::GraderTrouble => {
            ("trouble of the grader itself, not of the program", "프로그램이 아닌 채점기 자체의 문제")
        }
    };
    Text::new(en, ko)
}

/// A finding in sentences.
pub(super) fn sentences(finding: &Finding) -> Text {
    let Finding { after, expected, received, program, cause, .. } = finding;
    let pick = |language: Language| {
        let is_korean = language == Language::Korean;
        let of = |text: &Text| text.in_language(language).to_owned();
        let mut parts = Vec::new();
        if let Some(after) = after {
            parts.push(if is_korean {
                format!("직전 동작: {}", of(after))
            } else {
                format!("after the harness {}", of(after))
            });
        }
        parts.push(if is_korean {
            format!("기대: {}", of(expected))
        } else {
            format!("expected {}", of(expected))
        });
        if *received != Text::default() {
            parts.push(if is_korean {
                format!("받음: {}", of(received))
            } else {
                format!("received {}", of(received))
            });
        }
        // What it was doing is not told twice.
        if *program != Text::default() && !received.en.ends_with(&program.en) {
            parts.push(if is_korean {
                format!("프로그램: {}", of(program))
            } else if finding.player.is_some() {
                of(program)
            } else {
                format!("the program was {}", of(program))
            });
        }
        parts.extend(cause.as_ref().map(of));
        parts.join("; ")
    };
    Text::new(pick(Language::English), pick(Language::Korean))
}

/// How often a check was lost.
pub(super) fn lost_in(runs: Repeats) -> Text {
    let Repeats { count, lost } = runs;
    let (en, ko) = if lost == count {
        ("", "")
    } else {
        (": the program does not always do the same", ": 프로그램의 동작이 매번 같지 않음")
    };
    Text::new(format!("lost in {lost} of {count} runs{en}"), format!("{count}번 중 {lost}번 실패{ko}"))
}

/// Sessions in which nothing differed.
pub(super) fn no_difference(sessions: usize, tier: Tier, language: Language) -> String {
    match (language, tier) {
        (Language::English, Tier::Basic) => format!("no difference in {sessions} sessions"),
        (Language::English, Tier::Robust) => {
            format!("no difference in {sessions} sessions, {}", beyond(language))
        }
        (Language::Korean, Tier::Basic) => format!("세션 {sessions}개에서 차이 없음"),
        (Language::Korean, Tier::Robust) => {
            format!("세션 {sessions}개에서 차이 없음, {} 포함", beyond(language))
        }
    }
}

/// What stands above a scenario that a search has found.
pub(super) fn as_scenario(file: &str, language: Language) -> String {
    match language {
        Language::English => format!("as a scenario, to be pasted into {file}:"),
        Language::Korean => format!("{file}에 붙여 넣을 수 있는 시나리오:"),
    }
}

/// A number of checks.
pub(super) fn checks(count: usize, language: Language) -> String {
    match language {
        Language::English if count == 1 => "1 check".to_owned(),
        Language::English => format!("{count} checks"),
        Language::Korean => format!("검사 {count}개"),
    }
}

/// So many checks were not graded.
pub(super) fn not_graded(count: usize, language: Language) -> String {
    match language {
        Language::English => format!("{} not graded", checks(count, language)),
        Language::Korean => format!("{} 채점하지 않음", checks(count, language)),
    }
}

/// The name of a tier.
pub(super) fn tier(tier: Tier, language: Language) -> &'static str {
    match (tier, language) {
        (Tier::Basic, Language::English) => "handout",
        (Tier::Basic, Language::Korean) => "과제",
        (Tier::Robust, language) => beyond(language),
    }
}

/// The key of a concept, as specs and reports write it, and its name.
pub(super) fn concept_name(concept: Concept) -> (&'static str, Text) {
    let (key, en, ko) = match concept {
        Concept::Connect => ("connect", "opening a connection", "연결 맺기"),
        Concept::RequestReply => ("request-reply", "a request and its reply", "요청과 응답"),
        Concept::Port => ("port", "which port a program uses", "포트 번호"),
        Concept::Lifecycle => {
            ("lifecycle", "serving the next client, ending when told", "다음 클라이언트 처리와 종료")
        }
        Concept::Eof => ("eof", "the peer closes", "상대의 연결 종료(EOF)"),
        Concept::Reset => ("reset", "the peer vanishes", "상대의 비정상 단절(RST)"),
        Concept::CtrlC => ("ctrl-c", "Ctrl+C at the terminal", "터미널의 Ctrl+C"),
        Concept::PartialRead => ("partial-read", "one message in several reads", "나누어 도착하는 메시지"),
        Concept::PartialWrite => ("partial-write", "one write sends only a part", "일부만 보내지는 쓰기"),
        Concept::ByteOrder => ("byte-order", "network byte order", "네트워크 바이트 순서"),
        Concept::Framing => ("framing", "where a message ends", "메시지의 경계"),
        Concept::Encoding => ("encoding", "text as bytes", "문자 인코딩"),
        Concept::Concurrency => ("concurrency", "several clients at once", "동시 접속"),
        Concept::NotFound => ("not-found", "what is not there", "없는 대상 처리"),
        Concept::BadInput => ("bad-input", "input nobody should send", "잘못된 입력"),
        Concept::Binary => ("binary", "bytes that are not text", "이진 데이터"),
        Concept::Arguments => ("arguments", "arguments of the program", "프로그램 인자"),
        Concept::Files => ("files", "reading and writing files", "파일 입출력"),
        Concept::Datagram => ("datagram", "UDP", "데이터그램(UDP)"),
        Concept::Broadcast => ("broadcast", "one message to everybody else", "모두에게 전달"),
    };
    (key, Text::new(en, ko))
}
