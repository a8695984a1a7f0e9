//! The words of findings about HTTP, in English and Korean.

use crate::matching::{Known, fill};
use crate::spec::{Body, HttpRequest, HttpResponse};
use crate::units::{Text, printable};

/// So many bytes of a line are shown.
const SHOWN: usize = 80;

fn quoted(text: &str) -> String {
    printable(text.as_bytes(), SHOWN).to_string()
}

/// A response in words.
pub(in crate::verdict) fn response(expected: &HttpResponse, known: Known<'_>) -> Text {
    let status: Vec<String> = expected.status.iter().map(u16::to_string).collect();
    let mut parts = vec![if status.is_empty() {
        Text::new("an HTTP response", "HTTP 응답")
    } else {
        Text::new(
            format!("an HTTP response with status {}", status.join(" or ")),
            format!("상태 {}인 HTTP 응답", status.join(" 또는 ")),
        )
    }];
    for (name, value) in &expected.header {
        parts.push(Text::same(format!("{name}: {}", fill(value, known.bindings))));
    }
    if expected.crlf {
        parts.push(Text::new("all lines of its header ending in \\r\\n", "헤더의 모든 줄이 \\r\\n으로 끝남"));
    }
    match &expected.body {
        Some(Body::File(name)) => {
            let name = fill(name, known.bindings);
            let bytes = known.files.get(&name).map_or(0, |file| file.len());
            parts.push(Text::new(
                format!("the file {name} ({bytes} bytes) as its body"),
                format!("본문은 파일 {name}({bytes}바이트)"),
            ));
        }
        Some(Body::Contains(text)) => {
            let text = quoted(&fill(text, known.bindings));
            parts.push(Text::new(format!("{text} in its body"), format!("본문에 {text} 포함")));
        }
        Some(Body::Exactly(_)) => parts.push(Text::new("the right body", "정해진 본문")),
        None => {}
    }
    join(&parts)
}

/// A request in words.
pub(in crate::verdict) fn request(expected: &HttpRequest, known: Known<'_>) -> Text {
    let method = expected.method.as_deref().unwrap_or("GET");
    let target = expected.target.as_ref().map_or("/".to_owned(), |target| fill(target, known.bindings));
    let line = quoted(&format!("{method} {target} HTTP/1.1\r\n"));
    Text::new(
        format!("an HTTP request that begins {line} and ends with an empty line"),
        format!("{line}(으)로 시작해 빈 줄로 끝나는 HTTP 요청"),
    )
}

fn join(parts: &[Text]) -> Text {
    let all = |pick: fn(&Text) -> &str| parts.iter().map(pick).collect::<Vec<_>>().join(", ");
    Text::new(all(|text| &text.en), all(|text| &text.ko))
}

pub(super) fn line(line: &str, is_request: bool) -> Text {
    let form = if is_request { "GET / HTTP/1.1" } else { "HTTP/1.1 200 OK" };
    let line = quoted(line);
    Text::new(
        format!("{line} is no line of HTTP: first comes a line such as `{form}`, then `Name: value` lines"),
        format!(
            "{line}은(는) HTTP의 줄이 아닙니다. 첫 줄은 `{form}` 형식, 그다음은 `이름: 값` 형식의 줄입니다"
        ),
    )
}

pub(super) fn no_empty_line() -> Text {
    Text::new(
        "no empty line ends the header: it must end in \\r\\n\\r\\n",
        "헤더를 끝내는 빈 줄이 없습니다. 헤더는 \\r\\n\\r\\n으로 끝나야 합니다",
    )
}

pub(super) fn bare_lf() -> Text {
    Text::new(
        "a line of the header ends in \\n alone: HTTP lines end in \\r\\n",
        "헤더의 줄이 \\n만으로 끝납니다. HTTP의 줄은 \\r\\n으로 끝나야 합니다",
    )
}

pub(super) fn status(status: u16) -> Text {
    Text::new(format!("the status is {status}"), format!("상태 코드가 {status}입니다"))
}

pub(super) fn no_field(name: &str) -> Text {
    Text::new(format!("the header has no {name}"), format!("헤더에 {name}이(가) 없습니다"))
}

pub(super) fn field(name: &str, value: &str) -> Text {
    let value = quoted(value);
    Text::new(format!("{name} is {value}"), format!("{name} 값이 {value}입니다"))
}

pub(super) fn length_too_small(said: usize, came: usize) -> Text {
    Text::new(
        format!(
            "Content-Length says {said}, but {came} bytes were sent: it counts the bytes of the encoded text, not its characters"
        ),
        format!(
            "Content-Length는 {said}인데 {came}바이트를 보냈습니다. 글자 수가 아니라 인코딩된 바이트 수여야 합니다"
        ),
    )
}

pub(super) fn no_body() -> Text {
    Text::new("the header came, and no body after it", "헤더만 오고 본문이 없습니다")
}

pub(super) fn truncated(came: usize, wanted: usize) -> Text {
    Text::new(
        format!(
            "{came} of {wanted} bytes of the body came: `send` may take only a part, use `sendall` or a loop, and read the whole file"
        ),
        format!(
            "본문 {wanted}바이트 중 {came}바이트만 왔습니다. `send`는 일부만 보낼 수 있으니 `sendall`이나 반복문을 쓰고, 파일을 끝까지 읽으세요"
        ),
    )
}

pub(super) fn surplus(bytes: usize) -> Text {
    Text::new(
        format!("the body is right, and {bytes} bytes more follow it"),
        format!("본문은 맞지만 뒤에 {bytes}바이트가 더 옵니다"),
    )
}

pub(super) fn encoding(read: &str, declared: bool, sent: &str) -> Text {
    if declared {
        return Text::new(
            format!(
                "header or page declare {read}, but the text was sent as {sent}: a browser shows garbage"
            ),
            format!("헤더나 페이지는 {read}이라고 하지만 {sent}로 보냈습니다. 브라우저에서 글자가 깨집니다"),
        );
    }
    Text::new(
        format!(
            "the text was sent as {sent}, but neither header nor page say so: encode it as {read}, or declare the charset"
        ),
        format!(
            "{sent}로 보냈지만 헤더에도 페이지에도 선언이 없습니다. {read}로 인코딩하거나 charset을 선언하세요"
        ),
    )
}

pub(super) fn mangled() -> Text {
    Text::new(
        "the bytes were turned into text on the way: read and send binary files as bytes",
        "바이트가 도중에 문자열로 변환되었습니다. 바이너리 파일은 바이트로 읽고 보내세요",
    )
}

pub(super) fn differs(offset: usize, came: usize, wanted: usize) -> Text {
    Text::new(
        format!("the body ({came} bytes, {wanted} expected) differs from byte {offset} on"),
        format!("본문({came}바이트, 기대 {wanted}바이트)이 {offset}번째 바이트부터 다릅니다"),
    )
}

pub(super) fn lacks() -> Text {
    Text::new("the body does not have these words", "본문에 그 내용이 없습니다")
}

pub(super) fn method(method: &str) -> Text {
    let method = quoted(method);
    Text::new(format!("the method is {method}"), format!("메서드가 {method}입니다"))
}

pub(super) fn target(target: &str) -> Text {
    let target = quoted(target);
    Text::new(format!("it asks for {target}"), format!("{target}을(를) 요청합니다"))
}

pub(super) fn no_file(name: &str) -> Text {
    Text::same(format!("the content of {name} was not recorded"))
}
