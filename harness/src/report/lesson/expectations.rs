//! What a check sends and expects, in words, with the `{names}` of the spec in them.

use super::names;
use crate::spec::{
    Body, ByteOrder, Comparison, Expectation, HttpResponse, IntegerExpectation, Part, Payload, Picture,
    RecordsExpectation, Template,
};
use crate::units::{Text, printable};

/// So many characters of a text are shown.
const SHOWN: usize = 80;
/// And so many of what is no text.
const SHOWN_HEXADECIMAL: usize = 16;

/// A template in quotes; a single name stands without.
pub(super) fn quoted(template: &Template) -> String {
    match template.parts().as_deref() {
        Ok([Part::Name(name)]) => format!("{{{name}}}"),
        _ => {
            let text = template.0.replace("{{", "{");
            let shown: String = text.chars().take(SHOWN).collect();
            let more = if shown.len() < text.len() { "…" } else { "" };
            format!("{}{more}", printable(shown.as_bytes(), usize::MAX))
        }
    }
}

/// Bytes to send or to compare with.
pub(super) fn payload(payload: &Payload) -> Text {
    match payload {
        Payload::Text(text) => Text::same(quoted(text)),
        Payload::Bytes(bytes) => {
            let shown: Vec<String> =
                bytes.iter().take(SHOWN_HEXADECIMAL).map(|byte| format!("{byte:02x}")).collect();
            let more = if bytes.len() > SHOWN_HEXADECIMAL { " …" } else { "" };
            let (count, shown) = (bytes.len(), shown.join(" "));
            Text::new(format!("the {count} bytes {shown}{more}"), format!("{count}바이트 {shown}{more}"))
        }
        Payload::Integer { value, width, order } => {
            let (en, ko) = order_name(*order);
            let value = &value.0;
            Text::new(
                format!("the integer {value} in {width} bytes, {en}"),
                format!("{width}바이트 {ko} 정수 {value}"),
            )
        }
        Payload::File(name) => Text::new(format!("the file {}", name.0), format!("파일 {}", name.0)),
        Payload::Picture(picture) => self::picture(picture),
    }
}

/// What must be seen.
pub(super) fn expectation(expectation: &Expectation) -> Text {
    match expectation {
        Expectation::Exactly { payload, .. } => self::payload(payload),
        Expectation::Shows(text) => Text::same(quoted(text)),
        Expectation::Lacks(text) => {
            Text::new(format!("no {} anywhere", quoted(text)), format!("{}이(가) 없음", quoted(text)))
        }
        Expectation::Matches(pattern) => {
            Text::new(format!("text that matches /{pattern}/"), format!("/{pattern}/에 맞는 내용"))
        }
        Expectation::Number(number) => {
            Text::new(format!("the number {}", number.0), format!("숫자 {}", number.0))
        }
        Expectation::Integer(integer) => self::integer(integer),
        Expectation::Numbers(numbers) => Text::new(
            format!("{} message(s) with numbers in their ranges", numbers.messages),
            format!("범위 안의 숫자를 담은 메시지 {}개", numbers.messages),
        ),
        Expectation::Records(expected) => records(expected),
        Expectation::Reference(Comparison::Number) => {
            Text::new("the number that the model program answers", "모범 프로그램이 응답하는 숫자")
        }
        Expectation::Reference(Comparison::Text) => {
            Text::new("what the model program answers", "모범 프로그램의 응답과 같은 내용")
        }
        Expectation::CurrentTime { within } => Text::new(
            format!("the present time as `ctime` writes it, within {within} s"),
            format!("`ctime` 형식의 현재 시각(오차 {within}초 이내)"),
        ),
        Expectation::Unlike(capture) => {
            Text::new(format!("something other than {{{capture}}}"), format!("{{{capture}}}와(과) 다른 내용"))
        }
        Expectation::Http(response) => http(response),
        Expectation::HttpRequest(request) => {
            let method = request.method.as_deref().unwrap_or("HTTP");
            let target = request.target.as_ref().map_or(String::new(), |target| format!(" {}", target.0));
            Text::new(format!("a whole request: {method}{target}"), format!("완전한 요청: {method}{target}"))
        }
        Expectation::Jpeg(expected) => {
            let like = picture(&expected.like);
            Text::new(format!("a JPEG that shows {}", like.en), format!("{}을(를) 보이는 JPEG", like.ko))
        }
        Expectation::Echo
        | Expectation::Something
        | Expectation::Nothing
        | Expectation::NoTrace
        | Expectation::Fin
        | Expectation::Reset
        | Expectation::End
        | Expectation::Open => names::expectation(expectation),
    }
}

fn order_name(order: ByteOrder) -> (&'static str, &'static str) {
    match order {
        ByteOrder::Big => ("big-endian", "빅 엔디언"),
        ByteOrder::Little => ("little-endian", "리틀 엔디언"),
    }
}

fn picture(picture: &Picture) -> Text {
    let (file, number) = (&picture.file.0, &picture.number.0);
    Text::new(format!("picture {number} of {file}"), format!("{file}의 {number}번째 장면"))
}

fn integer(expected: &IntegerExpectation) -> Text {
    let widths = expected.widths.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    let (en, ko) = order_name(expected.order);
    let value = expected.value.as_ref().map_or(String::new(), |value| format!(" {}", value.0));
    Text::new(format!("a {en} integer{value} of {widths} bytes"), format!("{widths}바이트 {ko} 정수{value}"))
}

fn records(expected: &RecordsExpectation) -> Text {
    let pattern = &expected.pattern;
    match expected.count {
        Some(count) => Text::new(
            format!("{count} line(s) that match /{pattern}/"),
            format!("/{pattern}/에 맞는 {count}줄"),
        ),
        None => Text::new(format!("lines that match /{pattern}/"), format!("/{pattern}/에 맞는 줄")),
    }
}

fn http(response: &HttpResponse) -> Text {
    let mut text = Text::new("an HTTP response", "HTTP 응답");
    let mut add = |en: String, ko: String| {
        text.en.push_str(&format!(", {en}"));
        text.ko.push_str(&format!(", {ko}"));
    };
    if !response.status.is_empty() {
        let status = response.status.iter().map(u16::to_string).collect::<Vec<_>>().join("/");
        add(format!("status {status}"), format!("상태 {status}"));
    }
    for (name, value) in &response.header {
        add(format!("{name}: {}", value.0), format!("{name}: {}", value.0));
    }
    match &response.body {
        Some(Body::File(name)) => {
            add(format!("with the file {} as its body", name.0), format!("본문은 파일 {}", name.0));
        }
        Some(Body::Contains(words)) => {
            add(format!("with {} in its body", quoted(words)), format!("본문에 {}", quoted(words)));
        }
        Some(Body::Exactly(bytes)) => {
            let bytes = payload(bytes);
            add(format!("with the body {}", bytes.en), format!("본문은 {}", bytes.ko));
        }
        None => {}
    }
    text
}
