//! Integers in binary: width, order, value, and what is wrong with one.

use std::collections::BTreeMap;

use super::examine::{Material, Progress};
use super::template::fill;
use crate::spec::{ByteOrder, IntegerExpectation};

/// What is wrong with bytes that should be an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IntegerFault {
    /// Nothing came.
    Nothing,
    /// Fewer bytes than any width that is right.
    Incomplete,
    /// Digits as text.
    Text,
    /// The other order would be right; this is the value it has.
    Swapped(u128),
    /// So many bytes: a width nobody asked for.
    Width(usize),
    /// A right integer, and bytes after it.
    Surplus,
    /// Another value.
    Value(u128),
}

/// An integer has no end of its own: decided once nothing more will come, unless what
/// follows is left to others.
pub(super) fn integer(expected: &IntegerExpectation, material: &Material<'_>) -> Progress {
    let wanted = Wanted::of(expected, material.bindings);
    if let Some((value, width)) = wanted.beginning(material.bytes).filter(|_| expected.more) {
        return Progress::Matched { used: width, text: value.to_string() };
    }
    if !material.is_over() {
        return Progress::Open;
    }
    match read_integer(expected, material.bytes, material.bindings) {
        Ok(value) => Progress::Matched { used: material.bytes.len(), text: value.to_string() },
        Err(_) => Progress::Missed,
    }
}

/// Reads the bytes as the integer that is expected.
pub(crate) fn read_integer(
    expected: &IntegerExpectation,
    bytes: &[u8],
    bindings: &BTreeMap<String, String>,
) -> Result<u128, IntegerFault> {
    let wanted = Wanted::of(expected, bindings);
    if bytes.is_empty() {
        return Err(IntegerFault::Nothing);
    }
    match wanted.fitting(bytes) {
        Some(fitting) => wanted.value_of(fitting),
        None => match wanted.beginning(bytes) {
            Some((value, _)) if expected.more => Ok(value),
            _ => Err(wanted.misfit(bytes)),
        },
    }
}

/// An expectation with its value filled in, where it is known.
struct Wanted<'a> {
    expected: &'a IntegerExpectation,
    known: Option<i128>,
}

impl<'a> Wanted<'a> {
    fn of(expected: &'a IntegerExpectation, bindings: &BTreeMap<String, String>) -> Self {
        let value = expected.value.as_ref().map(|value| fill(value, bindings));
        Self { expected, known: value.and_then(|value| value.trim().parse().ok()) }
    }

    fn has_width(&self, length: usize) -> bool {
        self.expected.widths.iter().any(|&width| usize::from(width) == length)
    }

    /// The bytes of the integer: all, or without blanks before it that were left from
    /// a greeting.
    fn fitting<'b>(&self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let blanks = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        (0..=blanks).map(|skip| &bytes[skip..]).find(|rest| self.has_width(rest.len()))
    }

    fn value_of(&self, bytes: &[u8]) -> Result<u128, IntegerFault> {
        let (value, other) = match self.expected.order {
            ByteOrder::Big => (read(bytes, ByteOrder::Big), read(bytes, ByteOrder::Little)),
            ByteOrder::Little => (read(bytes, ByteOrder::Little), read(bytes, ByteOrder::Big)),
        };
        match (self.accepts(value, bytes.len()), self.accepts(other, bytes.len())) {
            (Some(true), _) => Ok(value),
            _ if is_digits(bytes) => Err(IntegerFault::Text),
            (_, Some(true)) => Err(IntegerFault::Swapped(other)),
            (Some(false), _) if self.known.is_some() => Err(IntegerFault::Value(value)),
            // Neither order is plausible: the range cannot tell, unless a wide one is far beyond it.
            _ if self.is_far_beyond(value) && self.is_far_beyond(other) => Err(IntegerFault::Value(value)),
            _ if self.is_far_beyond(value) => Err(IntegerFault::Swapped(other)),
            _ => Ok(value),
        }
    }

    /// Whether a value is the right or a plausible one; nothing where neither is known.
    fn accepts(&self, value: u128, width: usize) -> Option<bool> {
        if let Some(known) = self.known {
            let mask = if width >= 16 { u128::MAX } else { (1 << (8 * width)) - 1 };
            return Some(value == known as u128 & mask);
        }
        let (least, most) = self.expected.plausible?;
        Some((u128::from(least)..=u128::from(most)).contains(&value))
    }

    /// Larger than any number of the kind could be, by many digits.
    fn is_far_beyond(&self, value: u128) -> bool {
        self.expected.plausible.is_some_and(|(_, most)| value / 100_000 > u128::from(most))
    }

    fn misfit(&self, bytes: &[u8]) -> IntegerFault {
        let least = self.expected.widths.iter().copied().map(usize::from).min().unwrap_or(0);
        if is_digits(bytes.trim_ascii()) {
            return IntegerFault::Text;
        }
        if bytes.len() < least {
            return IntegerFault::Incomplete;
        }
        if self.beginning(bytes).is_some() {
            return IntegerFault::Surplus;
        }
        if self.expected.more { self.false_start(bytes) } else { IntegerFault::Width(bytes.len()) }
    }

    /// What is wrong with the beginning of bytes that go on.
    fn false_start(&self, bytes: &[u8]) -> IntegerFault {
        let other = match self.expected.order {
            ByteOrder::Big => ByteOrder::Little,
            ByteOrder::Little => ByteOrder::Big,
        };
        if self.known.is_some_and(|known| bytes.starts_with(known.to_string().as_bytes())) {
            return IntegerFault::Text;
        }
        if let Some((value, _)) = self.begins(bytes, &self.expected.widths, other) {
            return IntegerFault::Swapped(value);
        }
        if let Some((_, width)) = self.begins(bytes, &[8, 2], self.expected.order) {
            return IntegerFault::Width(width);
        }
        let width = self.expected.widths.first().copied().map(usize::from);
        match width.and_then(|width| bytes.get(..width)).filter(|_| self.known.is_some()) {
            Some(first) => IntegerFault::Value(read(first, self.expected.order)),
            None => IntegerFault::Width(bytes.len()),
        }
    }

    /// The known or a plausible value that the bytes begin with, and its width.
    fn beginning(&self, bytes: &[u8]) -> Option<(u128, usize)> {
        self.begins(bytes, &self.expected.widths, self.expected.order)
    }

    /// The same for other widths and another order.
    fn begins(&self, bytes: &[u8], widths: &[u8], order: ByteOrder) -> Option<(u128, usize)> {
        widths.iter().find_map(|&width| {
            let start = bytes.get(..usize::from(width))?;
            let value = read(start, order);
            (self.accepts(value, start.len()) == Some(true)).then_some((value, start.len()))
        })
    }
}

fn read(bytes: &[u8], order: ByteOrder) -> u128 {
    let append = |value: u128, &byte: &u8| value << 8 | u128::from(byte);
    match order {
        ByteOrder::Big => bytes.iter().fold(0, append),
        ByteOrder::Little => bytes.iter().rev().fold(0, append),
    }
}

fn is_digits(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Template;

    fn number_of_a_student(value: Option<&str>) -> IntegerExpectation {
        IntegerExpectation {
            widths: vec![4, 8, 16],
            order: ByteOrder::Big,
            value: value.map(|value| Template(value.to_owned())),
            plausible: Some((19_000_000, 20_999_999)),
            more: false,
        }
    }

    fn check(value: Option<&str>, bytes: &[u8]) -> Result<u128, IntegerFault> {
        read_integer(&number_of_a_student(value), bytes, &BTreeMap::new())
    }

    #[test]
    fn takes_any_right_width_in_network_order() {
        let right = 20_170_031;
        assert_eq!(check(None, &20_170_031u32.to_be_bytes()), Ok(right));
        assert_eq!(check(None, &20_170_031u64.to_be_bytes()), Ok(right));
        assert_eq!(check(None, &20_170_031u128.to_be_bytes()), Ok(right));
        assert_eq!(check(Some("20170031"), &20_170_031u32.to_be_bytes()), Ok(right));
        assert_eq!(check(None, b"\n\x01\x33\xc5\x2f"), Ok(20_170_031), "a line end before it");
    }

    #[test]
    fn does_not_call_wrong_what_the_range_cannot_tell() {
        assert_eq!(check(None, &12_345_678u32.to_be_bytes()), Ok(12_345_678));
        assert_eq!(
            check(Some("{student_id}"), &12_345_678u32.to_be_bytes()),
            Ok(12_345_678),
            "setting unset"
        );
    }

    #[test]
    fn leaves_what_follows_to_another_check_where_it_is_told_to() {
        let check = |bytes: &[u8]| {
            let expected = IntegerExpectation { more: true, ..number_of_a_student(None) };
            read_integer(&expected, bytes, &BTreeMap::new())
        };
        assert_eq!(check(b"\x01\x33\xc5\x2fGoodbye!"), Ok(20_170_031));
        assert_eq!(check(b"\x2f\xc5\x33\x01Goodbye!"), Err(IntegerFault::Swapped(20_170_031)));
        assert_eq!(check(b"Goodbye!\0"), Err(IntegerFault::Width(9)), "it does not begin right");
        assert_eq!(check(b"20170031\n"), Err(IntegerFault::Text));
    }

    #[test]
    fn tells_what_is_wrong_with_a_size_before_its_content() {
        let check = |bytes: &[u8]| {
            let (widths, value) = (vec![4], Some(Template("66051".to_owned())));
            let expected = IntegerExpectation {
                more: true,
                plausible: None,
                widths,
                value,
                ..number_of_a_student(None)
            };
            read_integer(&expected, bytes, &BTreeMap::new())
        };
        assert_eq!(check(b"\0\x01\x02\x03content"), Ok(66051));
        assert_eq!(check(b"\x03\x02\x01\0content"), Err(IntegerFault::Swapped(66051)));
        assert_eq!(check(b"66051content"), Err(IntegerFault::Text));
        assert_eq!(check(b"\0\0\0\0\0\x01\x02\x03content"), Err(IntegerFault::Width(8)));
        assert_eq!(check(b"\0\x01\x02\x04content"), Err(IntegerFault::Value(66052)));
    }

    #[test]
    fn names_what_is_wrong() {
        let little = 20_170_031u32.to_le_bytes();
        let table: [(Option<&str>, &[u8], IntegerFault); 14] = [
            (None, b"", IntegerFault::Nothing),
            (None, b"\x01\x33", IntegerFault::Incomplete),
            (None, &little, IntegerFault::Swapped(20_170_031)),
            (Some("20170031"), &little, IntegerFault::Swapped(20_170_031)),
            (None, &20_170_031u64.to_le_bytes(), IntegerFault::Swapped(20_170_031)),
            (None, b"20170031", IntegerFault::Text),
            (None, b"20170031\n", IntegerFault::Text),
            (None, b"2017", IntegerFault::Text),
            (None, b"\x01\x33\xc4\xcf\n", IntegerFault::Surplus),
            (None, b"\x00\x00\x00\x00\x00", IntegerFault::Width(5)),
            (Some("20170031"), &20_170_032u32.to_be_bytes(), IntegerFault::Value(20_170_032)),
            (None, b"Kim Hana", IntegerFault::Value(0x4b69_6d20_4861_6e61)),
            (None, &12_345_678u64.to_le_bytes(), IntegerFault::Swapped(12_345_678)),
            (None, b"Hana\x01\x33\xc5\x2f", IntegerFault::Value(0x4861_6e61_0133_c52f)),
        ];
        for (value, bytes, fault) in table {
            assert_eq!(check(value, bytes), Err(fault), "{bytes:?}");
        }
    }
}
