//! What is wrong with HTTP messages, and with files that programs write.

use std::collections::BTreeMap;

use super::*;

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";

/// The finding of a page that came like this, and the page as it lies in the folder.
fn finding(came: &[u8], exit: Option<ExitStatus>, console: &'static str) -> Finding {
    let body = Some(Body::File(template("index.html")));
    let header = vec![("content-type".to_owned(), template("text/html"))];
    let expected = HttpResponse { status: vec![200], header, crlf: true, body };
    let plan = plan("server", vec![connect(), expect(Expectation::Http(expected))]);
    let heard = Heard { fin: true, ..talk(came).heard };
    let mut entries = vec![entry(0, peer(), Event::Opened)];
    entries.extend(exit.map(|status| entry(1, Actor::Program, Event::Exited(status))));
    entries.push(entry(1, peer(), Event::Heard(heard)));
    let mut transcript = transcript(entries, Ended::At { step: 1 });
    transcript.files = BTreeMap::from([("index.html".to_owned(), "<p>안녕</p>".as_bytes().into())]);
    transcript.players = shown(console);
    judge(&plan, &transcript).finding.expect("a finding")
}

#[test]
fn names_what_is_wrong_with_a_response() {
    let with = |body: &[u8]| [HEAD.as_bytes(), body].concat();
    let table: [(Vec<u8>, Code, &str); 10] = [
        (Vec::new(), Code::ClosedEarly, ""),
        (b"<p></p>".to_vec(), Code::MalformedHttp, "\"<p></p>\" is no line of HTTP"),
        (b"HTTP/1.1 200 OK\r\n<p>".to_vec(), Code::MissingEmptyLine, "no empty line ends the header"),
        (
            b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n".to_vec(),
            Code::LfForCrlf,
            "a line of the header ends in \\n",
        ),
        (b"HTTP/1.1 404 Not Found\r\n\r\n".to_vec(), Code::WrongStatus, "the status is 404"),
        (b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), Code::WrongHeader, "the header has no content-type"),
        (with(b""), Code::IncompleteReply, "the header came, and no body"),
        (with(b"<p>\xbe\xc8"), Code::TruncatedFile, "5 of 11 bytes of the body came"),
        (with("<p>안녕</p>".as_bytes()), Code::Utf8ForEucKr, "the text was sent as UTF-8, but neither"),
        (with(b"<p>Hello</p>"), Code::WrongReply, "the body (12 bytes, 11 expected) differs from byte 3 on"),
    ];
    for (came, code, cause) in table {
        let finding = finding(&came, None, "");
        assert_eq!(finding.code, code, "{}", came.escape_ascii());
        let told = finding.cause.map_or(String::new(), |cause| cause.en);
        assert!(told.starts_with(cause), "{told}");
    }
}

#[test]
fn blames_nobody_where_the_file_was_not_recorded() {
    let body = Some(Body::File(template("other.html")));
    let expected = Expectation::Http(HttpResponse { body, ..HttpResponse::default() });
    let plan = plan("server", vec![expect(expected)]);
    let heard = Heard { fin: true, ..talk(HEAD.as_bytes()).heard };
    let entries = vec![entry(0, peer(), Event::Heard(heard))];
    assert_eq!(judge(&plan, &transcript(entries, Ended::At { step: 0 })).outcome, Outcome::Error);
}

#[test]
fn tells_of_a_death_in_the_middle_of_a_page() {
    let came = format!("{HEAD}<p>");
    let finding = finding(came.as_bytes(), Some(ExitStatus::Code(1)), TRACE);
    assert_eq!(finding.code, Code::Traceback);
    assert_eq!(
        finding.expected.en,
        "an HTTP response with status 200, content-type: text/html, all lines of its header ending in \\r\\n, the file index.html (13 bytes) as its body"
    );
}

#[test]
fn names_what_is_wrong_with_a_file() {
    let judged = |bytes: &[u8], missing: bool, ended: Ended| {
        let from = Source::File("data.txt".to_owned());
        let plan = plan("client", vec![expect_from(from, vec![alternative(exactly("Temp=20"), 1.0)])]);
        let heard = Heard { missing, ..talk(bytes).heard };
        let entries = vec![entry(0, Actor::File("data.txt".to_owned()), Event::Heard(heard))];
        judge(&plan, &transcript(entries, ended)).finding
    };
    assert!(judged(b"Temp=20\n", false, Ended::Complete).is_none());
    let wrong = judged(b"Temp=21\n", false, Ended::At { step: 0 }).unwrap();
    assert_eq!(line(&wrong), "WrittenWrongly | \"Temp=20\" in the file data.txt | \"Temp=21\\n\" | ");
    let none = judged(b"", true, Ended::At { step: 0 }).unwrap();
    assert!(line(&none).starts_with("NotWritten | \"Temp=20\" in the file data.txt | no such file | "));
}
