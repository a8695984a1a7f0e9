//! What is wrong with numbers that a program reports, and the words for it.

use super::blame::{Unmet, too_little};
use super::scene::Blame;
use super::{Code, cause, program, words as common};
use crate::matching::{Against, NumbersFault, RecordFault, read_numbers, read_records};
use crate::spec::{ByteOrder, Expectation, NumbersExpectation, RecordsExpectation};
use crate::transcript::Stop;
use crate::units::{Plain, Text, printable};

/// So many bytes of a line are shown.
const SHOWN: usize = 120;

/// Names the failure of numbers or records that are not what was expected.
pub(super) fn blame(unmet: Unmet<'_>) -> Option<Blame> {
    match unmet.expectation {
        Expectation::Records(expected) => Some(of_records(unmet, expected)),
        Expectation::Numbers(expected) => Some(of_numbers(unmet, expected)),
        _ => None,
    }
}

fn of_numbers(unmet: Unmet<'_>, expected: &NumbersExpectation) -> Blame {
    let heard = unmet.heard;
    match read_numbers(expected, heard.reference.as_ref().unwrap_or(&heard.bytes)) {
        Err(NumbersFault::OutOfRange(number, range)) => {
            Blame::new(Code::OutOfRange, Some(outside(None, number, range)))
        }
        Err(NumbersFault::Constant(number)) => {
            Blame::new(Code::NeverChanges, Some(constant("one number", number)))
        }
        Err(NumbersFault::Nothing) | Ok(()) => too_little(unmet, Code::NoReply),
    }
}

fn of_records(unmet: Unmet<'_>, expected: &RecordsExpectation) -> Blame {
    let heard = unmet.heard;
    if matches!(heard.stop, Stop::Busy(_)) {
        return program::busy(unmet.scene, unmet.index);
    }
    let wire = heard.reference.as_deref();
    let against = Against { clock: heard.clock, bindings: unmet.bindings, wire };
    let text = Plain::read(&heard.bytes, false).text;
    let with = |code, cause| Blame::new(code, Some(cause));
    match read_records(expected, &text, against) {
        Err(RecordFault::Form(line)) => with(Code::WrittenWrongly, form(&line)),
        Err(RecordFault::Time(seconds)) => {
            seconds.map_or_else(|| with(Code::WrongTime, common::not_ctime()), cause::of_clock)
        }
        Err(RecordFault::Swapped) => with(Code::ReadLittleEndian, swapped()),
        Err(RecordFault::Disagrees { told, sent }) => with(Code::Disagrees, disagrees(&told, &sent)),
        Err(RecordFault::OutOfRange { name, value, range }) => {
            with(Code::OutOfRange, outside(Some(&name), value, range))
        }
        Err(RecordFault::Constant { name, value }) => with(Code::NeverChanges, constant(&name, value)),
        Err(RecordFault::Count(found)) => {
            let death = || unmet.scene.death(unmet.index).and_then(|death| death.cause);
            let cause = count(found, expected.count.unwrap_or(1));
            Blame::new(Code::WrittenWrongly, death().or(Some(cause)))
        }
        Err(RecordFault::Missing) | Ok(_) => {
            unmet.scene.death(unmet.index).unwrap_or(Blame::new(Code::NotWritten, None))
        }
    }
}

/// Numbers in words.
pub(super) fn numbers(expected: &NumbersExpectation) -> Text {
    let ranges: Vec<String> =
        expected.ranges.iter().map(|(least, most)| format!("{least}..{most}")).collect();
    let ranges = ranges.join(", ");
    match expected.messages {
        1 => Text::new(
            format!("integers in the ranges {ranges}, in any form"),
            format!("{ranges} 범위의 정수(형식은 자유)"),
        ),
        messages => Text::new(
            format!("{messages} answers, each of integers in the ranges {ranges}, in any form"),
            format!("{ranges} 범위의 정수로 된 응답 {messages}개(형식은 자유)"),
        ),
    }
}

/// Records in words.
pub(super) fn records(expected: &RecordsExpectation) -> Text {
    let about = expected.about.as_deref().unwrap_or_default();
    let about = if about.is_empty() { String::new() } else { format!("{about} ") };
    let (lines, count) = match expected.count {
        Some(1) => ("1 line".to_owned(), "1줄".to_owned()),
        Some(count) => (format!("{count} lines"), format!("{count}줄")),
        None => ("lines".to_owned(), "줄".to_owned()),
    };
    Text::new(
        format!("{about}{lines} of the form that the handout shows"),
        format!("과제에 제시된 형식의 {about}{count}"),
    )
}

fn form(line: &str) -> Text {
    let line = printable(line.as_bytes(), SHOWN).to_string();
    Text::new(
        format!("the line {line} has not the form of the handout"),
        format!("{line} 줄은 과제에 제시된 형식이 아닙니다"),
    )
}

fn count(found: usize, wanted: usize) -> Text {
    if found > wanted {
        return Text::new(
            format!("there are {found} lines for {wanted} answers"),
            format!("응답은 {wanted}개인데 줄은 {found}개입니다"),
        );
    }
    Text::new(
        format!("{found} of {wanted} lines are there: open the file for appending (\"a\"), not for writing"),
        format!("{wanted}줄 중 {found}줄만 있습니다. 파일을 쓰기가 아니라 추가 모드(\"a\")로 여세요"),
    )
}

/// The two ends disagree on which byte comes first.
fn swapped() -> Text {
    let big = ByteOrder::Big;
    let Text { en, ko } = common::swapped_bytes(big);
    Text::new(
        format!("sender and receiver use opposite byte orders. {en}"),
        format!("보내는 쪽과 받는 쪽의 바이트 순서가 다릅니다. {ko}"),
    )
}

fn disagrees(told: &[f64], sent: &[f64]) -> Text {
    let join = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
    let (told, sent) = (join(told), join(sent));
    Text::new(
        format!("the line says {told}, but the device has sent {sent}"),
        format!("줄에는 {told}인데 디바이스가 보낸 값은 {sent}입니다"),
    )
}

fn outside(name: Option<&str>, number: f64, (least, most): (i64, i64)) -> Text {
    let name = name.map_or(String::new(), |name| format!("{name}="));
    if number.fract() != 0.0 {
        return Text::new(
            format!("{name}{number} is no integer"),
            format!("{name}{number}은(는) 정수가 아닙니다"),
        );
    }
    Text::new(
        format!("{name}{number} lies outside {least}..{most}"),
        format!("{name}{number}은(는) {least}..{most} 범위를 벗어납니다"),
    )
}

fn constant(name: &str, value: f64) -> Text {
    Text::new(
        format!("{name} is {value} every time: draw a new value for every answer"),
        format!("{name}이(가) 매번 {value}입니다. 응답할 때마다 새 값을 뽑으세요"),
    )
}
