//! Numbers as a program of unknown form sends them: as text, or as binary integers of
//! some width in either order. Which form it is, the bytes tell, or nobody.

use crate::spec::ByteOrder;

/// Widths of binary integers that programs send.
const WIDTHS: [usize; 4] = [1, 2, 4, 8];
/// Integers beyond this are not exact as floating point, and nothing that is measured.
const LARGEST: u128 = 1 << 53;
/// So many wide integers that are all smaller than this are integers and nothing else.
const CLEAR: usize = 9;
const SMALL: f64 = 10_000.0;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// In digits.
    Text,
    /// In so many bytes each.
    Binary(usize, ByteOrder),
}

/// Bytes read in one form: the numbers of each message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// The form.
    pub(crate) form: Form,
    /// The messages.
    pub(crate) messages: Vec<Vec<f64>>,
}

/// Messages one after another. Where they are text their digits must not run together:
/// a line end parts them.
pub(crate) fn parted<'a>(messages: impl Iterator<Item = &'a [u8]> + Clone) -> Vec<u8> {
    let whole: Vec<u8> = messages.clone().flatten().copied().collect();
    if !is_text(&whole) {
        return whole;
    }
    messages.collect::<Vec<_>>().join(&b'\n')
}

fn is_text(bytes: &[u8]) -> bool {
    let plain = |c: char| !c.is_control() || matches!(c, '\0' | '\n' | '\r' | '\t');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(plain))
}

/// Every form in which bytes are exactly so many messages of `size` numbers. Where a
/// message holds anything else that looks like a number, there is none.
pub(crate) fn readings(bytes: &[u8], size: usize, messages: usize) -> Vec<Reading> {
    let mut found = Vec::new();
    let total = size * messages;
    if total == 0 {
        return found;
    }
    let mut add = |form, numbers: Vec<f64>| {
        let messages = numbers.chunks(size).map(<[f64]>::to_vec).collect();
        found.push(Reading { form, messages });
    };
    if let Some(numbers) = text(bytes).filter(|numbers| numbers.len() == total) {
        add(Form::Text, numbers);
    }
    for width in WIDTHS.into_iter().filter(|width| bytes.len() == total * width) {
        for order in [ByteOrder::Big, ByteOrder::Little] {
            let numbers: Option<Vec<f64>> = bytes.chunks(width).map(|bytes| integer(bytes, order)).collect();
            if let Some(numbers) = numbers {
                add(Form::Binary(width, order), numbers);
            }
        }
    }
    found
}

fn integer(bytes: &[u8], order: ByteOrder) -> Option<f64> {
    let shift = |value: u128, byte: &u8| value << 8 | u128::from(*byte);
    let value = match order {
        ByteOrder::Big => bytes.iter().fold(0, shift),
        ByteOrder::Little => bytes.iter().rev().fold(0, shift),
    };
    (value <= LARGEST).then_some(value as f64)
}

/// The numbers of a text; none where the bytes are no text. Zeros of a C buffer are
/// blanks, digits of a name (`Device1`) are no number, and a comma only separates.
fn text(bytes: &[u8]) -> Option<Vec<f64>> {
    let text = std::str::from_utf8(bytes).ok().filter(|_| is_text(bytes))?;
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let named = |at: usize| at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let begin = at;
        while digit(at) || (bytes[at..].starts_with(b".") && digit(at + 1)) {
            at += 1;
        }
        if named(begin) {
            continue;
        }
        let minus = begin > 0 && bytes[begin - 1] == b'-' && !named(begin - 1);
        let number: f64 = text[begin..at].parse().ok()?;
        numbers.push(if minus { -number } else { number });
    }
    Some(numbers)
}

/// A number is an integer from the least to the greatest.
pub(crate) fn is_within(number: f64, (least, most): (i64, i64)) -> bool {
    number.fract() == 0.0 && number >= least as f64 && number <= most as f64
}

impl Reading {
    /// Every number lies in its range, in one order of the numbers for all messages.
    pub(crate) fn fits(&self, ranges: &[(i64, i64)]) -> bool {
        let within = |message: &[f64], order: &[usize]| {
            ranges.iter().zip(order).all(|(range, &place)| is_within(message[place], *range))
        };
        orders(ranges.len()).iter().any(|order| self.messages.iter().all(|message| within(message, order)))
    }

    /// These are the numbers of the messages, in one order of the numbers for all.
    pub(crate) fn is(&self, messages: &[Vec<f64>]) -> bool {
        let same = |order: &Vec<usize>| {
            self.messages.iter().zip(messages).all(|(sent, told)| {
                told.iter().zip(order).all(|(number, &place)| sent.get(place) == Some(number))
            })
        };
        let size = self.messages.first().map_or(0, Vec::len);
        self.messages.len() == messages.len() && orders(size).iter().any(same)
    }

    /// The bytes can mean nothing else, whether the numbers fit or not.
    pub(crate) fn is_clear(&self) -> bool {
        match self.form {
            Form::Text => true,
            Form::Binary(width, _) => {
                let numbers = || self.messages.iter().flatten();
                width >= 4 && numbers().count() >= CLEAR && numbers().all(|number| *number < SMALL)
            }
        }
    }

    /// A number that is the same in all messages.
    pub(crate) fn constant(&self) -> Option<f64> {
        let (first, rest) = self.messages.split_first()?;
        let same = |place: &usize| rest.iter().all(|message| message[*place] == first[*place]);
        (0..first.len()).find(same).map(|place| first[place])
    }

    /// The first number outside its range and that range, in the order of the numbers
    /// that leaves the fewest outside.
    pub(crate) fn outlier(&self, ranges: &[(i64, i64)]) -> Option<(f64, (i64, i64))> {
        let outside = |order: &Vec<usize>| -> Vec<(f64, (i64, i64))> {
            let numbers = self
                .messages
                .iter()
                .flat_map(|message| ranges.iter().zip(order).map(|(range, &place)| (message[place], *range)));
            numbers.filter(|(number, range)| !is_within(*number, *range)).collect()
        };
        let all = orders(ranges.len());
        all.iter().map(outside).min_by_key(Vec::len)?.first().copied()
    }
}

/// Every order of so many places.
fn orders(size: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for place in 0..size {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, place);
                longer
            })
        };
        all = all.iter().flat_map(longer).collect();
    }
    // The order as it stands comes first: an equal one must not be told in its place.
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGES: [(i64, i64); 3] = [(0, 40), (0, 100), (70, 150)];

    fn forms(bytes: &[u8], messages: usize) -> Vec<(Form, bool)> {
        readings(bytes, 3, messages).iter().map(|reading| (reading.form, reading.fits(&RANGES))).collect()
    }

    #[test]
    fn reads_text_however_it_is_written() {
        for text in [
            "20,50,100",
            "20 50 100\n",
            "30,100,110",
            "Temp=20, Humid=50, lillum=100",
            r#"{"temp": 20, "humid": 50, "illum": 100}"#,
            "Device1\n20\n50\n100\n",
            "20-50-100",
            "100 50 20",
            "0020 0050 0100\0\0\0\0\0\0",
            "온도 20 습도 50 조도 100",
        ] {
            assert_eq!(forms(text.as_bytes(), 1), [(Form::Text, true)], "{text:?}");
        }
        for text in ["200,50,100", "20.5 50 100", "-3 50 100"] {
            assert_eq!(forms(text.as_bytes(), 1), [(Form::Text, false)], "{text:?}");
        }
        for text in ["Device 1: 20 50 100", "t20h50i100", "20 50", "(lambda: 3)"] {
            assert!(forms(text.as_bytes(), 1).is_empty(), "{text:?}");
        }
    }

    #[test]
    fn reads_integers_in_the_order_that_fits() {
        let numbers = [20_u32, 50, 100, 33, 61, 113];
        let big: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        let little: Vec<u8> = numbers.iter().flat_map(|number| (*number as u16).to_le_bytes()).collect();
        let single: Vec<u8> = numbers[..3].iter().map(|number| *number as u8).collect();
        let fitting = |bytes: &[u8], messages: usize| {
            forms(bytes, messages)
                .into_iter()
                .filter(|(_, fits)| *fits)
                .map(|(form, _)| form)
                .collect::<Vec<_>>()
        };
        assert_eq!(fitting(&big, 2), [Form::Binary(4, ByteOrder::Big)]);
        assert_eq!(fitting(&little, 2), [Form::Binary(2, ByteOrder::Little)]);
        assert_eq!(fitting(&single, 1).len(), 2);
        assert!(fitting(&big, 1).is_empty());
    }

    #[test]
    fn messages_of_text_do_not_run_together() {
        let parted = |messages: [&'static [u8]; 2]| parted(messages.into_iter());
        assert_eq!(parted([b"20,50,100", b"21,51,101"]), b"20,50,100\n21,51,101");
        assert_eq!(parted([b"\0\x14\0\x32", b"\0\x15\0\x33"]), b"\0\x14\0\x32\0\x15\0\x33");
    }

    #[test]
    fn one_order_holds_for_all_messages() {
        let reading = &readings(b"100 20 50 90 30 10", 3, 2)[0];
        assert!(reading.fits(&RANGES));
        assert!(reading.is(&[vec![20.0, 50.0, 100.0], vec![30.0, 10.0, 90.0]]));
        assert!(!reading.is(&[vec![20.0, 50.0, 100.0], vec![10.0, 30.0, 90.0]]));
        let reading = &readings(b"20 50 100 400 10 90", 3, 2)[0];
        assert_eq!(reading.outlier(&RANGES), Some((400.0, (0, 40))));
    }
}
