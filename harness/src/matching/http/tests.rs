//! Tables of messages and what is wrong with them.

use std::collections::BTreeMap;

use super::super::{Material, Progress, examine};
use super::{HttpFault, Known, read_request, read_response};
use crate::spec::{Body, Expectation, Fixtures, HttpRequest, HttpResponse, Template};

const PAGE: &str = "<p>안녕 IoT</p>\n";
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\x00\xff\x80rest";

fn files() -> Fixtures {
    [("index.html", PAGE.as_bytes()), ("iot.png", PICTURE)]
        .map(|(name, bytes)| (name.to_owned(), bytes.into()))
        .into()
}

fn euc_kr() -> Vec<u8> {
    encoding_rs::EUC_KR.encode(PAGE).0.into_owned()
}

fn file(name: &str) -> HttpResponse {
    HttpResponse {
        status: vec![200],
        body: Some(Body::File(Template(name.to_owned()))),
        ..HttpResponse::default()
    }
}

fn message(head: &str, body: &[u8]) -> Vec<u8> {
    [head.as_bytes(), b"\r\n\r\n", body].concat()
}

fn fault(expected: &HttpResponse, bytes: &[u8]) -> Option<HttpFault> {
    let known = Known { bindings: &BTreeMap::new(), files: &files() };
    read_response(expected, bytes, known).err()
}

#[test]
fn reads_a_page_as_a_browser_does() {
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
    let meta = format!("<meta charset=\"utf-8\">{PAGE}");
    let right = [
        message(html, &euc_kr()),
        message(&format!("{html}; charset=EUC-KR"), &euc_kr()),
        message(&format!("{html}; charset=\"cp949\"\r\nX-Other: 1"), &euc_kr()),
        message(&format!("{html}; charset=utf-8"), PAGE.as_bytes()),
        message(html, &[b"\xef\xbb\xbf", PAGE.as_bytes()].concat()),
        message(
            html,
            &euc_kr()
                .iter()
                .flat_map(|b| if *b == b'\n' { vec![13, 10] } else { vec![*b] })
                .collect::<Vec<_>>(),
        ),
        message("HTTP/1.0 200 whatever", &euc_kr()),
        b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n".iter().copied().chain(euc_kr()).collect(),
        message(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked",
            &[
                b"3\r\n",
                &euc_kr()[..3],
                b"\r\n",
                format!("{:x}", euc_kr().len() - 3).as_bytes(),
                b"\r\n",
                &euc_kr()[3..],
                b"\r\n0\r\n\r\n",
            ]
            .concat(),
        ),
    ];
    for bytes in right {
        assert_eq!(fault(&file("index.html"), &bytes), None, "{}", bytes.escape_ascii());
    }
    let own = BTreeMap::from([("index.html".to_owned(), meta.clone().into_bytes().into())]);
    let known = Known { bindings: &BTreeMap::new(), files: &own };
    assert!(read_response(&file("index.html"), &message(html, meta.as_bytes()), known).is_ok());
    let sent = encoding_rs::EUC_KR.encode(&meta).0.into_owned();
    let told = read_response(&file("index.html"), &message(html, &sent), known).unwrap_err();
    assert_eq!(told, HttpFault::Encoding { read: "UTF-8", declared: true, sent: "EUC-KR" });
}

#[test]
fn names_what_is_wrong_with_a_page() {
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
    let page = file("index.html");
    let undeclared = HttpFault::Encoding { read: "EUC-KR", declared: false, sent: "UTF-8" };
    assert_eq!(fault(&page, &message(html, PAGE.as_bytes())), Some(undeclared));
    let wanted = euc_kr().len() - 1;
    let cut = HttpFault::Truncated { came: 7, wanted };
    assert_eq!(fault(&page, &message(html, &euc_kr()[..7])), Some(cut));
    let empty = HttpFault::Truncated { came: 0, wanted };
    assert_eq!(fault(&page, &message(html, b"")), Some(empty));
    let other = HttpFault::Differs { offset: 3, came: 8, wanted };
    assert_eq!(fault(&page, &message(html, b"<p>Hello")), Some(other));
    let length = format!("{html}\r\nContent-Length: {}", PAGE.chars().count());
    let small = HttpFault::LengthTooSmall { said: PAGE.chars().count(), came: euc_kr().len() };
    assert_eq!(fault(&page, &message(&length, &euc_kr())), Some(small));
    let long = format!("{html}\r\nContent-Length: 99");
    let short = HttpFault::Truncated { came: euc_kr().len(), wanted: 99 };
    assert_eq!(fault(&page, &message(&long, &euc_kr())), Some(short));
}

#[test]
fn compares_pictures_byte_for_byte() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: image/png";
    let picture = file("iot.png");
    assert_eq!(fault(&picture, &message(head, PICTURE)), None);
    let cut = HttpFault::Truncated { came: 5, wanted: PICTURE.len() };
    assert_eq!(fault(&picture, &message(head, &PICTURE[..5])), Some(cut));
    assert_eq!(fault(&picture, &message(head, &[PICTURE, b"\n"].concat())), Some(HttpFault::Surplus(1)));
    let lossy = String::from_utf8_lossy(PICTURE).into_owned();
    assert_eq!(fault(&picture, &message(head, lossy.as_bytes())), Some(HttpFault::Mangled));
    let mut other = PICTURE.to_vec();
    other[9] = 1;
    let differs = HttpFault::Differs { offset: 9, came: other.len(), wanted: other.len() };
    assert_eq!(fault(&picture, &message(head, &other)), Some(differs));
    assert_eq!(fault(&file("x.png"), &message(head, b"")), Some(HttpFault::NoFile("x.png".to_owned())));
}

#[test]
fn names_what_is_wrong_with_a_header() {
    let expected = HttpResponse {
        status: vec![404],
        header: vec![("content-type".to_owned(), Template("text/html".to_owned()))],
        crlf: true,
        body: Some(Body::Contains(Template("Not Found".to_owned()))),
    };
    let line = |line: &str| Some(HttpFault::Line(line.to_owned()));
    let field =
        |value: &str| Some(HttpFault::Field { name: "content-type".to_owned(), value: value.to_owned() });
    let table: [(&str, Option<HttpFault>); 14] = [
        ("HTTP/1.1 404 Not Found\r\ncontent-type: Text/HTML; charset=x\r\n\r\nNot Found", None),
        ("", Some(HttpFault::Nothing)),
        ("hello\r\n", line("hello")),
        ("<html>hi</html>", line("<html>hi</html>")),
        ("<html>\n<body>hi</body></html>", line("<html>")),
        ("200 OK\r\nContent-Type: text/html\r\n\r\n", line("200 OK")),
        ("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n", Some(HttpFault::NoEmptyLine)),
        ("HTTP/1.1 404 Not Found\r\n<html>Not Found</html>", Some(HttpFault::NoEmptyLine)),
        ("HTTP/1.1 404 Not Found\r\nContent Type: text/html\r\n\r\n", line("Content Type: text/html")),
        ("HTTP/1.1 200 OK\r\n\r\nNot Found", Some(HttpFault::Status(200))),
        ("HTTP/1.1 404 Not Found\nContent-Type: text/html\n\nNot Found", Some(HttpFault::BareLf)),
        ("HTTP/1.1 404 Not Found\r\n\r\nNot Found", Some(HttpFault::NoField("content-type".to_owned()))),
        ("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nNot Found", field("text/plain")),
        ("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nnothing", Some(HttpFault::Lacks)),
    ];
    for (text, told) in table {
        assert_eq!(fault(&expected, text.as_bytes()), told, "{text:?}");
    }
}

#[test]
fn reads_requests_up_to_their_empty_line() {
    let expected = HttpRequest { method: Some("GET".to_owned()), target: Some(Template("/".to_owned())) };
    let line = |line: &str| Some(HttpFault::Line(line.to_owned()));
    let table: [(&str, Option<HttpFault>); 11] = [
        ("GET / HTTP/1.1\r\n\r\n", None),
        ("GET / HTTP/1.0\r\nHost: google.com\r\n\r\n", None),
        ("GET http://google.com/ HTTP/1.1\r\n\r\n", None),
        ("", Some(HttpFault::Nothing)),
        ("GET / HTTP/1.1\r\n", Some(HttpFault::NoEmptyLine)),
        ("GET / HTTP/1.1", Some(HttpFault::NoEmptyLine)),
        ("GET / HTTP/1.1\n\n", Some(HttpFault::BareLf)),
        ("get / HTTP/1.1\r\n\r\n", Some(HttpFault::Method("get".to_owned()))),
        ("GET /index.html HTTP/1.1\r\n\r\n", Some(HttpFault::Target("/index.html".to_owned()))),
        ("GET /\r\n\r\n", line("GET /")),
        ("GET / HTTP/1.1\r\nHost google.com\r\n\r\n", line("Host google.com")),
    ];
    let known = Known { bindings: &BTreeMap::new(), files: &BTreeMap::new() };
    for (text, told) in table {
        assert_eq!(read_request(&expected, text.as_bytes(), known).err(), told, "{text:?}");
    }
}

#[test]
fn waits_for_the_whole_message() {
    let check = |bytes: &[u8], fin: bool| {
        let material = Material {
            bytes,
            fin,
            reset: false,
            settled: false,
            console: false,
            sent: b"",
            reference: None,
            datagrams: None,
            clock: 0,
            bindings: &BTreeMap::new(),
            files: &files(),
        };
        match examine(&Expectation::Http(file("iot.png")), &material) {
            Progress::Matched { used, .. } => used.to_string(),
            Progress::Open => "open".to_owned(),
            Progress::Missed => "missed".to_owned(),
        }
    };
    let bytes = message("HTTP/1.1 200 OK\r\nContent-Length: 15", PICTURE);
    assert_eq!(PICTURE.len(), 15);
    for length in 0..bytes.len() {
        assert_eq!(check(&bytes[..length], false), "open", "{length}");
        assert_eq!(check(&bytes[..length], true), "missed", "{length}");
    }
    assert_eq!(check(&bytes, false), bytes.len().to_string());
    let more = [&bytes[..], b"more"].concat();
    assert_eq!(check(&more, false), bytes.len().to_string());
    let endless = message("HTTP/1.1 200 OK", PICTURE);
    assert_eq!(check(&endless, false), "open");
    assert_eq!(check(&endless, true), endless.len().to_string());
    assert_eq!(check(b"HTTP/1.1 404 Not Found\r\n\r\n", false), "open");
}
