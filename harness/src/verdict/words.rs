//! The words of findings, in English and Korean: all that verdicts say.

use std::net::IpAddr;

use crate::spec::{ByteOrder, ExitExpectation};
use crate::units::{Text, printable};

/// A sentence without values.
macro_rules! sentences {
    ($($(#[$doc:meta])* $name:ident: $en:literal, $ko:literal;)*) => {
        $($(#[$doc])* pub(super) fn $name() -> Text { Text::new($en, $ko) })*
    };
}

sentences! {
    can_run: "a machine on which the program can run", "프로그램을 실행할 수 있는 환경";
    no_trouble: "a run without trouble of the grader", "채점기 자체의 문제가 없는 실행";
    connects: "the program connects", "프로그램이 연결을 맺음";
    listens: "the program listens on a TCP port", "프로그램이 TCP 포트에서 listen함";
    takes_connection: "the program takes the connection", "프로그램이 연결을 받아들임";
    takes_bytes: "the connection still takes bytes", "연결이 여전히 데이터를 받음";
    keeps_connection: "the connection is there", "연결이 유지됨";
    reads_what_is_sent: "the program reads what is sent", "보낸 데이터를 프로그램이 읽음";
    asks: "the program waits for input at its terminal", "프로그램이 터미널 입력을 기다림";
    comes_to_wait: "the program comes to wait for its peer or its terminal", "프로그램이 상대나 터미널을 기다리는 상태가 됨";
    stays_alive: "the program still runs", "프로그램이 계속 실행됨";
    ends_or_waits: "the program ends, or waits for its next client", "프로그램이 종료되거나 다음 클라이언트를 기다림";
    something: "some reply", "어떤 응답이든 있음";
    nothing: "nothing", "아무것도 없음";
    nothing_more: "nothing more", "더 이상 아무것도 보내지 않음";
    no_connection: "no connection", "연결 없음";
    no_file: "no such file", "그런 파일 없음";
    leaves_file: "the file that the exercise puts into the program's folder", "과제가 프로그램 폴더에 놓아 둔 파일";
    refused: "refused", "연결 거부";
    send_failed: "the connection is gone: nothing can be sent", "연결이 끊겨 보낼 수 없음";
    present_time: "the present time, as in `Thu Mar  4 09:43:07 2021`", "현재 시각(`Thu Mar  4 09:43:07 2021` 형식)";
    no_trace: "no trace of an exception or a crash", "예외나 비정상 종료의 흔적 없음";
    fin_wanted: "the program closes the connection (FIN)", "프로그램이 연결을 닫음(FIN)";
    reset_wanted: "the program resets the connection (RST)", "프로그램이 연결을 리셋함(RST)";
    end_wanted: "the connection ends", "연결이 끝남";
    open_wanted: "the connection stays open", "연결이 열린 채로 유지됨";
    computes: "it computes, or loops, without waiting for anything", "아무것도 기다리지 않고 계산이나 반복만 하고 있습니다";
    ignores_the_end: "it loops although the connection is over: `recv` that returns nothing means that the peer has closed", "연결이 끝났는데도 반복하고 있습니다. `recv`가 빈 값을 돌려주면 상대가 연결을 닫은 것입니다";
    ended_after_client: "it ended after its first client: `accept` must stand in a loop", "첫 클라이언트 뒤에 종료되었습니다. `accept`를 반복문 안에 두어야 합니다";
    ended_in_reply: "the connection ended in the middle of the reply", "응답 도중에 연결이 끝났습니다";
    resets_unread: "closing a socket while received bytes are unread resets the connection", "받은 데이터를 읽지 않고 소켓을 닫으면 연결이 리셋됩니다";
    waits_for_input: "it waits for input at its terminal", "터미널 입력을 기다리고 있습니다";
    waits_to_be_spoken_to: "it waits for its peer to speak first", "상대가 먼저 보내기를 기다리고 있습니다";
    waits_for_line: "it waits for more: perhaps for a line end, which was not sent", "더 많은 데이터를 기다리고 있습니다. 보내지 않은 줄바꿈을 기다리는 것일 수 있습니다";
    waits_for_more: "it waits for more bytes than were sent", "보낸 것보다 더 많은 바이트를 기다리고 있습니다";
    still_reads: "it reads on from the connection and shows nothing more", "더 표시하지 않고 연결에서 계속 읽고 있습니다";
    asks_first: "something must be typed before it gets that far", "그 전에 무언가를 입력해야 진행됩니다";
    keeps_reading: "it goes on reading: it neither closes the connection nor ends", "계속 읽고만 있습니다. 연결을 닫지도, 종료하지도 않습니다";
    waits_for_next_client: "it is back in `accept` and leaves this connection alone", "`accept`로 돌아가 이 연결을 돌보지 않고 있습니다";
    send_blocks: "its `send` is blocked: nobody reads", "`send`가 막혀 있습니다. 상대가 읽지 않고 있습니다";
    deadlock: "its threads wait for each other", "스레드들이 서로를 기다리고 있습니다";
    turned_into_text: "the bytes were turned into text and back: open the file in binary mode and decode nothing", "바이트를 문자열로 바꾸었다가 되돌렸습니다. 바이너리 모드로 열고 디코딩하지 마세요";
    unknown_picture: "it shows nothing of the film", "영상에 없는 장면입니다";
    port_swapped: "the two bytes of the port are in the wrong order: `htons` is missing", "포트의 두 바이트 순서가 뒤바뀌었습니다. `htons`가 빠졌습니다";
    sleeps: "it sleeps instead of answering", "응답하지 않고 잠들어 있습니다(sleep)";
    closes_after_reply: "it closes the connection after a reply; the conversation was to go on", "응답 뒤에 연결을 닫습니다. 대화는 계속되어야 합니다";
    bytes_after_integer: "the integer is right, and more bytes follow it", "정수는 맞지만 뒤에 다른 바이트가 더 옵니다";
    not_utf8: "the text is not UTF-8: it looks like CP949 (EUC-KR)", "UTF-8이 아닙니다. CP949(EUC-KR)로 보입니다";
    previous_reply: "this answers an earlier message", "이전 메시지에 대한 응답입니다";
    repeats_question: "the reply only repeats what was sent", "보낸 내용을 그대로 되돌려줄 뿐입니다";
    only_case_differs: "only capital and small letters differ", "대소문자만 다릅니다";
    only_blanks_differ: "only blanks differ", "공백만 다릅니다";
    twice: "it came twice", "두 번 왔습니다";
    surrounded: "the expected text is there, but other text stands around it", "기대한 내용은 있지만 앞뒤에 다른 내용이 있습니다";
    same_as_before: "it is the same as before", "이전과 같은 값입니다";
    no_number: "there is no number in the reply", "응답에 숫자가 없습니다";
    cut_not_rounded: "the quotient was cut off, not rounded", "몫을 반올림하지 않고 잘라냈습니다";
    integer_division: "this is an integer division: the decimal is missing", "정수 나눗셈입니다. 소수 첫째 자리가 없습니다";
    more_decimals: "it was not rounded to one decimal", "소수 첫째 자리로 반올림하지 않았습니다";
    not_ctime: "this is not the form of C's `ctime` (24 characters)", "C `ctime` 형식(24글자)이 아닙니다";
    read_as_signed: "the integer was read as signed: use an unsigned type", "부호 있는 정수로 읽었습니다. 부호 없는 형을 사용하세요";
}

pub(super) fn needs(check: &str) -> Text {
    Text::same(check)
}

pub(super) fn cannot_run_here(line: &str) -> Text {
    let line = printable(line.as_bytes(), 200).to_string();
    Text::new(format!("cannot run here: {line}"), format!("이 환경에서는 실행할 수 없음: {line}"))
}

pub(super) fn last_words(line: &str) -> Text {
    let line = printable(line.as_bytes(), 200).to_string();
    Text::new(format!("its last words: {line}"), format!("마지막 출력: {line}"))
}

pub(super) fn signal(signal: i32) -> Option<Text> {
    match signal {
        libc::SIGSEGV | libc::SIGBUS => Some(Text::new(
            "it used memory that is not its own (a wild pointer, an index out of range)",
            "잘못된 메모리에 접근했습니다(잘못된 포인터나 범위를 벗어난 인덱스)",
        )),
        libc::SIGPIPE => Some(Text::new(
            "it wrote to a connection whose peer is gone: ignore SIGPIPE and look at the result of `send`",
            "상대가 사라진 연결에 썼습니다. SIGPIPE를 무시하고 `send`의 결과를 확인하세요",
        )),
        libc::SIGFPE => Some(Text::new("it divided by zero", "0으로 나누었습니다")),
        libc::SIGABRT => Some(Text::new("it aborted itself", "스스로 중단했습니다(abort)")),
        _ => None,
    }
}

pub(super) fn was(state: &Text) -> Text {
    Text::new(format!("the program is {}", state.en), format!("프로그램 상태: {}", state.ko))
}

pub(super) fn exits(how: ExitExpectation) -> Text {
    match how {
        ExitExpectation::Any => Text::new("the program ends", "프로그램이 종료됨"),
        ExitExpectation::Success => {
            Text::new("the program ends with status 0", "프로그램이 상태 0으로 종료됨")
        }
        ExitExpectation::Failure => {
            Text::new("the program ends with a status other than 0", "프로그램이 0이 아닌 상태로 종료됨")
        }
        ExitExpectation::FailureOrMessage => Text::new(
            "the program ends with a message or a status other than 0",
            "프로그램이 메시지를 남기거나 0이 아닌 상태로 종료됨",
        ),
    }
}

pub(super) fn port(port: u16, client: bool) -> Text {
    if client {
        Text::new(format!("connects to port {port}"), format!("포트 {port}에 연결"))
    } else {
        Text::new(format!("listens on port {port}"), format!("포트 {port}에서 listen"))
    }
}

pub(super) fn address(ip: IpAddr) -> Text {
    Text::new(format!("connects to {ip}"), format!("{ip}에 연결"))
}

pub(super) fn serves_another(name: &str) -> Text {
    Text::new(
        format!("it waits for bytes on connection {name} instead"),
        format!("대신 연결 {name}의 데이터를 기다리고 있습니다"),
    )
}

fn order_name(order: ByteOrder) -> (&'static str, &'static str) {
    match order {
        ByteOrder::Big => ("big-endian", "빅 엔디언"),
        ByteOrder::Little => ("little-endian", "리틀 엔디언"),
    }
}

/// The value is right in the other order; `order` is the one that was wanted.
pub(super) fn swapped(value: u128, order: ByteOrder) -> Text {
    let (en, ko) = order_name(order);
    Text::new(
        format!(
            "the bytes are those of {value} in the opposite order: convert to {en} (htonl, ntohl, `!I`, \"big\")"
        ),
        format!("{value}의 바이트가 거꾸로 되어 있습니다. {ko}으로 변환하세요(htonl, ntohl, `!I`, \"big\")"),
    )
}

pub(super) fn swapped_bytes(order: ByteOrder) -> Text {
    let (en, ko) = order_name(order);
    Text::new(
        format!("the bytes stand in the opposite order: convert to {en} (htonl, ntohl, `!I`, \"big\")"),
        format!("바이트 순서가 거꾸로입니다. {ko}으로 변환하세요(htonl, ntohl, `!I`, \"big\")"),
    )
}

pub(super) fn number_as_text(bytes: &[u8]) -> Text {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = printable(&bytes[..digits], 40).to_string();
    Text::new(
        format!("the digits {text} were sent as text, not as a binary integer"),
        format!("숫자를 이진 정수가 아니라 문자열 {text}(으)로 보냈습니다"),
    )
}

pub(super) fn width(bytes: usize) -> Text {
    Text::new(
        format!("{bytes} bytes are no width of an integer that was asked for"),
        format!("{bytes}바이트는 요구한 정수의 크기가 아닙니다"),
    )
}

pub(super) fn value(value: u128) -> Text {
    Text::new(format!("read as an integer it is {value}"), format!("정수로 읽으면 {value}입니다"))
}

pub(super) fn zero_padded(zeros: usize) -> Text {
    Text::new(
        format!("{zeros} zero bytes follow the text: send its length, not the whole buffer"),
        format!("문자열 뒤에 0바이트가 {zeros}개 있습니다. 버퍼 전체가 아니라 문자열 길이만큼만 보내세요"),
    )
}

/// The whole hours by which a clock in another time zone differs.
pub(super) fn zone_hours(seconds: i64) -> Option<i64> {
    let hours = (seconds as f64 / 3600.0).round() as i64;
    (hours != 0 && hours.abs() <= 14 && (seconds - hours * 3600).abs() <= 60).then_some(hours)
}

pub(super) fn clock_differs(seconds: i64) -> Text {
    if let Some(hours) = zone_hours(seconds) {
        return Text::new(
            format!("it differs by {hours:+} hours: another time zone than the program's own (TZ)"),
            format!("{hours:+}시간 차이가 납니다. 프로그램의 시간대(TZ)와 다릅니다"),
        );
    }
    Text::new(format!("it differs from now by {seconds:+} s"), format!("현재와 {seconds:+}초 차이가 납니다"))
}

pub(super) fn sent(bytes: &str, connection: &str) -> Text {
    Text::new(
        format!("sent {bytes} on connection {connection}"),
        format!("연결 {connection}에서 {bytes} 전송"),
    )
}

pub(super) fn sent_bytes(count: usize, bytes: &str, connection: &str) -> Text {
    Text::new(
        format!("sent the {count} bytes {bytes} on connection {connection}"),
        format!("연결 {connection}에서 {count}바이트 {bytes} 전송"),
    )
}

pub(super) fn typed(line: &str) -> Text {
    Text::new(format!("typed {line}"), format!("{line} 입력"))
}

pub(super) fn pressed(key: &str) -> Text {
    Text::new(format!("pressed {key}"), format!("{key} 누름"))
}

pub(super) fn opened(connection: &str) -> Text {
    Text::new(format!("opened connection {connection}"), format!("연결 {connection}을(를) 맺음"))
}

pub(super) fn half_closed(connection: &str) -> Text {
    Text::new(
        format!("closed the sending side of connection {connection} (FIN)"),
        format!("연결 {connection}의 송신 방향을 닫음(FIN)"),
    )
}

pub(super) fn closed(connection: &str) -> Text {
    Text::new(format!("closed connection {connection} (FIN)"), format!("연결 {connection}을(를) 닫음(FIN)"))
}

pub(super) fn did_reset(connection: &str) -> Text {
    Text::new(format!("reset connection {connection} (RST)"), format!("연결 {connection}을(를) 리셋(RST)"))
}

pub(super) fn one_of(texts: &[Text]) -> Text {
    let join = |pick: fn(&Text) -> &str, or: &str| texts.iter().map(pick).collect::<Vec<_>>().join(or);
    Text::new(join(|text| &text.en, " or "), join(|text| &text.ko, " 또는 "))
}

pub(super) fn on_console(text: &Text) -> Text {
    Text::new(format!("{} on its console", text.en), format!("콘솔에 {}", text.ko))
}

pub(super) fn in_file(text: &Text, name: &str) -> Text {
    Text::new(format!("{} in the file {name}", text.en), format!("파일 {name}에 {}", text.ko))
}

pub(super) fn file(name: &str, bytes: usize) -> Text {
    Text::new(format!("the {bytes} bytes of the file {name}"), format!("파일 {name}의 {bytes}바이트"))
}

pub(super) fn picture(file: &str, number: &str, bytes: Option<&str>) -> Text {
    let (en, ko) = match bytes {
        Some(bytes) => (format!(" of {bytes} bytes"), format!("{bytes}바이트의 ")),
        None => (String::new(), String::new()),
    };
    Text::new(
        format!("a JPEG{en} that shows picture {number} of {file}"),
        format!("{file}의 {number}번째 장면을 보이는 {ko}JPEG"),
    )
}

pub(super) fn echo(sent: &str) -> Text {
    Text::new(format!("{sent} unchanged"), format!("{sent} 그대로"))
}

pub(super) fn lacks(text: &str) -> Text {
    Text::new(format!("no {text}"), format!("{text} 없음"))
}

pub(super) fn pattern(pattern: &str) -> Text {
    Text::new(format!("text that matches /{pattern}/"), format!("/{pattern}/에 맞는 내용"))
}

pub(super) fn number(number: &str) -> Text {
    Text::new(format!("the number {number}"), format!("숫자 {number}"))
}

pub(super) fn unlike(text: &str) -> Text {
    Text::new(format!("something other than {text}"), format!("{text}와(과) 다른 내용"))
}

/// An integer of one of some widths; the value where it is known.
pub(super) fn integer(widths: &str, order: ByteOrder, value: Option<&str>) -> Text {
    let (en, ko) = order_name(order);
    let (value_en, value_ko) =
        value.map_or_else(Default::default, |value| (format!(" {value}"), format!(" {value}")));
    Text::new(
        format!("a {en} integer{value_en} of {widths} bytes"),
        format!("{widths}바이트 {ko} 정수{value_ko}"),
    )
}

/// An integer written out.
pub(super) fn integer_bytes(width: u8, order: ByteOrder, bytes: &str) -> Text {
    let (en, ko) = order_name(order);
    Text::new(format!("the {width} bytes {bytes} ({en})"), format!("{width}바이트 {bytes}({ko})"))
}

pub(super) fn bytes(count: usize, bytes: &str) -> Text {
    Text::new(format!("the {count} bytes {bytes}"), format!("{count}바이트 {bytes}"))
}

pub(super) fn then_fin(came: &Text) -> Text {
    Text::new(
        format!("{}, then the end of the connection (FIN)", came.en),
        format!("{}, 그다음 연결 종료(FIN)", came.ko),
    )
}

pub(super) fn then_reset(came: &Text) -> Text {
    Text::new(format!("{}, then a reset (RST)", came.en), format!("{}, 그다음 리셋(RST)", came.ko))
}

pub(super) fn only_beginning(came: usize, wanted: usize) -> Text {
    Text::new(
        format!("only the first {came} of {wanted} bytes are there"),
        format!("{wanted}바이트 중 앞의 {came}바이트만 있습니다"),
    )
}

pub(super) fn more_than_whole(more: usize) -> Text {
    Text::new(
        format!("the whole file is there, and more follows it ({more} byte(s))"),
        format!("파일은 다 있지만 뒤에 {more}바이트가 더 있습니다"),
    )
}

pub(super) fn beginning_lost(lost: usize) -> Text {
    Text::new(
        format!("the first {lost} bytes are missing: perhaps they were read together with what came before"),
        format!("앞의 {lost}바이트가 없습니다. 앞선 메시지와 함께 읽혀 버려졌을 수 있습니다"),
    )
}

pub(super) fn something_before(more: usize) -> Text {
    Text::new(
        format!("the file is there, and {more} bytes that are none of it stand before it"),
        format!("파일은 있지만 그 앞에 파일이 아닌 {more}바이트가 있습니다"),
    )
}

pub(super) fn differs_from(byte: usize) -> Text {
    Text::new(format!("it differs from byte {byte} on"), format!("{byte}번째 바이트부터 다릅니다"))
}

pub(super) fn more_than_announced(more: usize) -> Text {
    Text::new(
        format!("more came than was announced ({more} byte(s))"),
        format!("알려 준 길이보다 {more}바이트가 더 왔습니다"),
    )
}

pub(super) fn no_picture(why: &str) -> Text {
    let why = printable(why.as_bytes(), 120).to_string();
    Text::new(format!("it cannot be decoded as a JPEG: {why}"), format!("JPEG로 디코딩할 수 없습니다: {why}"))
}

pub(super) fn other_size(came: (usize, usize), wanted: (usize, usize)) -> Text {
    let [came, wanted] = [came, wanted].map(|(width, height)| format!("{width}x{height}"));
    Text::new(
        format!("the picture is {came}, and the film {wanted}"),
        format!("장면의 크기가 {came}인데 영상은 {wanted}입니다"),
    )
}

pub(super) fn another_picture(number: usize) -> Text {
    Text::new(format!("it shows picture {number}"), format!("{number}번째 장면입니다"))
}
