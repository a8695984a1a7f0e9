//! Answers that are numbers: found in whatever sentence the program wraps them in,
//! and never in a mere repetition of the question.

use super::decimal::{Decimal, Found, numbers};
use super::examine::{Material, Progress, something};
use super::template::fill;
use super::text::exactly;
use crate::spec::{Comparison, Template};
use crate::units::Plain;

/// This number.
pub(super) fn number(expected: &Template, material: &Material<'_>) -> Progress {
    match Decimal::parse(&fill(expected, material.bindings)) {
        Some(expected) => search(material, |value| value.same(&expected)),
        None => Progress::Missed,
    }
}

/// The model's answer: as text, or as its last number. Where the model answers with
/// no number (an error in words), any answer will do.
pub(super) fn reference(comparison: Comparison, material: &Material<'_>) -> Progress {
    let Some(answer) = material.reference else { return something(material) };
    if comparison == Comparison::Text {
        return exactly(answer.trim_ascii(), true, material);
    }
    let answer = String::from_utf8_lossy(answer);
    let refused = answer.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("error"));
    match numbers(&answer).pop().filter(|_| !refused) {
        Some(expected) => {
            let ties = ties(&String::from_utf8_lossy(material.sent));
            search(material, |value| {
                value.same(&expected.value)
                    || ties.as_ref().is_some_and(|ties| ties.iter().any(|tie| tie.same(value)))
            })
        }
        None => something(material),
    }
}

/// Searches the answer among the numbers that came. On a connection it is the first or
/// the last of those that do not repeat the question (a menu may follow it, a
/// sentence lead to it), or one that cannot stand there by chance; on a console it may
/// be any.
fn search(material: &Material<'_>, right: impl Fn(&Decimal) -> bool) -> Progress {
    if !material.console && is_padded(material.bytes) {
        return Progress::Missed;
    }
    // Colours are no numbers, on a connection neither.
    let plain = Plain::read(material.bytes, true);
    let found = numbers(&plain.text);
    let asked = numbers(&String::from_utf8_lossy(material.sent));
    let answers = without_question(&found, &asked);
    let answer = if material.console {
        answers.iter().find(|answer| right(&answer.value))
    } else {
        let outer = answers.last().into_iter().chain(answers.first());
        outer
            .chain(answers.iter().filter(|answer| answer.value.is_telling()))
            .find(|answer| right(&answer.value))
    };
    match answer {
        Some(answer) => {
            let used = if material.console { plain.raw_offset(answer.end) } else { material.bytes.len() };
            Progress::Matched { used, text: plain.text[answer.start..answer.end].to_owned() }
        }
        None if !material.console => binary(material, right),
        None => material.unsatisfied(),
    }
}

/// The numbers found, without one run that repeats the numbers of the question. A
/// question of a single number is only set aside when another number is left.
fn without_question<'a>(found: &'a [Found], asked: &[Found]) -> Vec<&'a Found> {
    let repeats =
        |run: &[Found]| run.iter().zip(asked).all(|(left, right)| left.value.same_magnitude(&right.value));
    let run = match asked.len() {
        0 => None,
        1 if found.len() == 1 => None,
        length => found.windows(length).position(repeats),
    };
    let aside = run.map_or(0..0, |start| start..start + asked.len());
    found.iter().enumerate().filter(|(index, _)| !aside.contains(index)).map(|(_, found)| found).collect()
}

/// A whole C buffer was sent: text and then nothing but zeros.
fn is_padded(bytes: &[u8]) -> bool {
    let text = bytes.iter().take_while(|&&byte| byte != 0).count();
    text > 0 && bytes[..text].iter().any(u8::is_ascii_digit) && bytes[text..].starts_with(&[0, 0])
}

/// An answer in binary: some programs send their result as an integer or a float of 4
/// or 8 bytes, which the wire form of a pair leaves free.
fn binary(material: &Material<'_>, right: impl Fn(&Decimal) -> bool) -> Progress {
    let value = readings(material.bytes)
        .into_iter()
        .find(|text| Decimal::parse(text).is_some_and(|value| right(&value)));
    match value {
        Some(text) => Progress::Matched { used: material.bytes.len(), text },
        None => material.unsatisfied(),
    }
}

/// What 4 or 8 bytes can mean as a number. Text is no integer, but a float may look like
/// text: 9.6 is `@#333333`.
fn readings(bytes: &[u8]) -> Vec<String> {
    let printable = bytes.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        let floats = [f32::from_be_bytes(four), f32::from_le_bytes(four)].map(f64::from);
        let integers = [i32::from_be_bytes(four), i32::from_le_bytes(four)].map(|value| value.to_string());
        let integers = integers.into_iter().filter(|_| !printable);
        return integers.chain(floats.into_iter().filter_map(readable)).collect();
    }
    if let Ok(eight) = <[u8; 8]>::try_from(bytes) {
        let floats = [f64::from_be_bytes(eight), f64::from_le_bytes(eight)];
        let integers = [i64::from_be_bytes(eight), i64::from_le_bytes(eight)].map(|value| value.to_string());
        let integers = integers.into_iter().filter(|_| !printable);
        return integers.chain(floats.into_iter().filter_map(readable)).collect();
    }
    Vec::new()
}

/// A float that may be an answer: neither the tiny nor the huge numbers that any
/// other bytes look like.
fn readable(float: f64) -> Option<String> {
    let tenths = (float * 10.0).round() / 10.0;
    (1e-3..1e15).contains(&float.abs()).then(|| format!("{tenths:.1}"))
}

/// The two roundings to one decimal of a quotient that lies half-way between them.
fn ties(question: &str) -> Option<[Decimal; 2]> {
    let (dividend, divisor) = quotient(question)?;
    let tenfold = dividend.checked_mul(10)?;
    let (down, rest) = (tenfold.checked_div(divisor)?, tenfold.checked_rem(divisor)?);
    let half_way = rest.unsigned_abs().checked_mul(2)? == divisor.unsigned_abs();
    let away = down + if (dividend < 0) == (divisor < 0) { 1 } else { -1 };
    half_way.then(|| [Decimal::tenths(down), Decimal::tenths(away)])
}

/// Dividend and divisor of a question that is a division of two integers.
pub(crate) fn quotient(question: &str) -> Option<(i128, i128)> {
    let operands = numbers(question);
    let [left, right] = operands.as_slice() else { return None };
    if !question[left.end..right.start].contains('/') {
        return None;
    }
    Some((left.value.to_i128()?, right.value.to_i128().filter(|&divisor| divisor != 0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_quotients_half_way_between_two_decimals() {
        let table = [
            ("1 / 4", Some(["0.2", "0.3"])),
            ("-1 / 4", Some(["-0.2", "-0.3"])),
            ("-1/-4", Some(["0.2", "0.3"])),
            ("3 / 20", Some(["0.1", "0.2"])),
            ("1 / 3", None),
            ("1 + 4", None),
            ("1 / 0", None),
            ("abc", None),
        ];
        for (question, expected) in table {
            let expected = expected.map(|pair| pair.map(|text| Decimal::parse(text).unwrap()));
            assert_eq!(ties(question), expected, "{question}");
        }
    }
}
