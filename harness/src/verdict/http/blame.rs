//! Which kind of failure a message is that is not what was expected.

use super::super::blame::{Unmet, too_little};
use super::super::scene::Blame;
use super::super::{Code, words as common};
use super::words;
use crate::matching::{HttpFault, Known, read_request, read_response};
use crate::spec::Expectation;

/// Names the failure of a response or a request that is not what was expected.
pub(in crate::verdict) fn blame(unmet: Unmet<'_>) -> Option<Blame> {
    let known = known(unmet);
    let bytes = &unmet.heard.bytes;
    let fault = match unmet.expectation {
        Expectation::Http(expected) => read_response(expected, bytes, known).err(),
        Expectation::HttpRequest(expected) => read_request(expected, bytes, known).err(),
        _ => return None,
    };
    let Some(fault) = fault else { return Some(Blame::new(Code::WrongReply, None)) };
    let blame = of(&fault, unmet);
    // What a program shows of its death says more than the bytes it still sent.
    match unmet.scene.death(unmet.index) {
        Some(death) if matches!(fault, HttpFault::Truncated { .. } | HttpFault::NoEmptyLine) => Some(death),
        Some(death) => Some(Blame { cause: blame.cause.or(death.cause), ..blame }),
        None => Some(blame),
    }
}

fn known(unmet: Unmet<'_>) -> Known<'_> {
    Known { bindings: unmet.bindings, files: &unmet.scene.transcript.files }
}

fn of(fault: &HttpFault, unmet: Unmet<'_>) -> Blame {
    let is_request = matches!(unmet.expectation, Expectation::HttpRequest(_));
    let with = |code, cause| Blame::new(code, Some(cause));
    match fault {
        HttpFault::Nothing => too_little(unmet, Code::NoReply),
        HttpFault::Line(line) => with(Code::MalformedHttp, words::line(line, is_request)),
        HttpFault::NoEmptyLine => with(Code::MissingEmptyLine, words::no_empty_line()),
        HttpFault::BareLf => with(Code::LfForCrlf, words::bare_lf()),
        HttpFault::Status(status) => with(Code::WrongStatus, words::status(*status)),
        HttpFault::NoField(name) => with(Code::WrongHeader, words::no_field(name)),
        HttpFault::Field { name, value } => with(Code::WrongHeader, words::field(name, value)),
        HttpFault::LengthTooSmall { said, came } => {
            with(Code::WrongHeader, words::length_too_small(*said, *came))
        }
        HttpFault::Truncated { came: 0, .. } => with(Code::IncompleteReply, words::no_body()),
        HttpFault::Truncated { .. } if unmet.heard.reset && !unmet.heard.fin => {
            with(Code::ClosedByReset, common::resets_unread())
        }
        HttpFault::Truncated { came, wanted } => with(Code::TruncatedFile, words::truncated(*came, *wanted)),
        HttpFault::Surplus(bytes) => with(Code::SurplusBytes, words::surplus(*bytes)),
        HttpFault::Encoding { read, declared, sent } => {
            let undeclared = !declared && *sent == "UTF-8";
            let code = if undeclared { Code::Utf8ForEucKr } else { Code::WrongCharset };
            with(code, words::encoding(read, *declared, sent))
        }
        HttpFault::Mangled => with(Code::TextModeTranslation, words::mangled()),
        HttpFault::Differs { offset, came, wanted } => {
            with(Code::WrongReply, words::differs(*offset, *came, *wanted))
        }
        HttpFault::Lacks => with(Code::WrongReply, words::lacks()),
        HttpFault::Method(method) => with(Code::WrongRequest, words::method(method)),
        HttpFault::Target(target) => with(Code::WrongRequest, words::target(target)),
        HttpFault::NoFile(name) => with(Code::GraderTrouble, words::no_file(name)),
    }
}
