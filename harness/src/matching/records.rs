//! Lines with named values in them, and numbers on a connection: what is wrong with them.

use std::collections::BTreeMap;

use regex::{Captures, Regex};

use super::examine::{Material, Progress};
use super::moment::current_moment;
use super::readings::{Form, Reading, is_within, readings};
use crate::spec::{NumbersExpectation, RecordsExpectation};

/// The group of a pattern that is the time.
const TIME: &str = "time";

/// What is wrong with records.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RecordFault {
    /// There is none.
    Missing,
    /// A line has another form.
    Form(String),
    /// There are so many.
    Count(usize),
    /// The time of a line differs from now by so many seconds, or is none.
    Time(Option<i64>),
    /// The values are those of the wire in the opposite order of their bytes.
    Swapped,
    /// A line holds other values than the message on the wire that it should hold.
    Disagrees {
        /// The values of the line.
        told: Vec<f64>,
        /// Those of the message.
        sent: Vec<f64>,
    },
    /// A value lies outside its range.
    OutOfRange {
        /// Its name.
        name: String,
        /// The value.
        value: f64,
        /// The range.
        range: (i64, i64),
    },
    /// A value is the same in all lines.
    Constant {
        /// Its name.
        name: String,
        /// The value.
        value: f64,
    },
}

/// What the records are held against.
#[derive(Clone, Copy)]
pub(crate) struct Against<'a> {
    /// Seconds since the Unix epoch.
    pub(crate) clock: i64,
    /// The zone of the program is among them.
    pub(crate) bindings: &'a BTreeMap<String, String>,
    /// What went over the wire.
    pub(crate) wire: Option<&'a [u8]>,
}

/// Reads the records of a text: how many there are, or the first thing that is wrong.
pub(crate) fn read_records(
    expected: &RecordsExpectation,
    text: &str,
    against: Against<'_>,
) -> Result<usize, RecordFault> {
    let about = |line: &&str| match &expected.about {
        Some(word) => line.contains(word.as_str()),
        None => !line.is_empty(),
    };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(about).collect();
    if lines.is_empty() {
        return Err(RecordFault::Missing);
    }
    // The loader has compiled every pattern once: a wrong one cannot come this far.
    let Ok(pattern) = Regex::new(&expected.pattern) else { return Err(RecordFault::Missing) };
    let mut records: Vec<Captures<'_>> = Vec::new();
    for line in lines {
        records.push(pattern.captures(line).ok_or_else(|| RecordFault::Form(line.to_owned()))?);
    }
    if expected.count.is_some_and(|count| count != records.len()) {
        return Err(RecordFault::Count(records.len()));
    }
    if let Some(within) = expected.time_within {
        records.iter().try_for_each(|record| timely(record, within, against))?;
    }
    let values: Vec<Vec<f64>> = records.iter().map(|record| values(record, expected)).collect();
    agree(expected, &values, against.wire)?;
    in_range(expected, &values, against.wire)?;
    differ(expected, &values)?;
    Ok(records.len())
}

fn timely(record: &Captures<'_>, within: u32, against: Against<'_>) -> Result<(), RecordFault> {
    let time = record.name(TIME).map_or("", |time| time.as_str());
    let seconds = current_moment(time, against.clock, against.bindings);
    let near = seconds.is_some_and(|seconds| seconds.unsigned_abs() <= u64::from(within));
    if near { Ok(()) } else { Err(RecordFault::Time(seconds)) }
}

/// The values of a record in the order of the ranges.
fn values(record: &Captures<'_>, expected: &RecordsExpectation) -> Vec<f64> {
    let value = |name: &String| record.name(name).and_then(|value| value.as_str().parse().ok());
    expected.ranges.iter().map(|(name, _)| value(name).unwrap_or(f64::NAN)).collect()
}

fn ranges(expected: &RecordsExpectation) -> Vec<(i64, i64)> {
    expected.ranges.iter().map(|(_, range)| *range).collect()
}

fn on_wire(expected: &RecordsExpectation, values: &[Vec<f64>], wire: Option<&[u8]>) -> Vec<Reading> {
    readings(wire.unwrap_or_default(), expected.ranges.len(), values.len())
}

/// The values of the wire are those of the records, in the form that fits the ranges.
fn agree(expected: &RecordsExpectation, values: &[Vec<f64>], wire: Option<&[u8]>) -> Result<(), RecordFault> {
    let all = on_wire(expected, values, wire);
    let ranges = ranges(expected);
    let fitting: Vec<&Reading> = all.iter().filter(|reading| reading.fits(&ranges)).collect();
    if fitting.iter().any(|reading| reading.is(values)) {
        return Ok(());
    }
    let same_in_another_form = all.iter().find(|reading| reading.is(values));
    match (fitting.first(), same_in_another_form) {
        (Some(Reading { form: Form::Binary(width, _), .. }), Some(other)) if matches!(other.form, Form::Binary(other, _) if other == *width) => {
            Err(RecordFault::Swapped)
        }
        (None, Some(_)) => Ok(()),
        (Some(reading), _) => Err(disagrees(reading, values)),
        (None, None) => match all.iter().find(|reading| reading.form == Form::Text) {
            Some(reading) => Err(disagrees(reading, values)),
            None => Ok(()),
        },
    }
}

/// The first record that is not its message.
fn disagrees(reading: &Reading, values: &[Vec<f64>]) -> RecordFault {
    let sorted = |numbers: &[f64]| {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted
    };
    let mut pairs = values.iter().zip(&reading.messages);
    let other = pairs.find(|(told, sent)| sorted(told) != sorted(sent));
    let (told, sent) = other.unwrap_or((&values[0], &reading.messages[0]));
    RecordFault::Disagrees { told: told.clone(), sent: sent.clone() }
}

fn in_range(
    expected: &RecordsExpectation,
    values: &[Vec<f64>],
    wire: Option<&[u8]>,
) -> Result<(), RecordFault> {
    let outside = values.iter().find_map(|record| {
        let mut named = expected.ranges.iter().zip(record);
        named.find(|((_, range), value)| !is_within(**value, *range))
    });
    let Some(((name, range), value)) = outside else { return Ok(()) };
    // What the wire carried is the fault of whoever sent it, and not of these lines.
    if on_wire(expected, values, wire).iter().any(|reading| reading.is(values)) {
        return Ok(());
    }
    Err(RecordFault::OutOfRange { name: name.clone(), value: *value, range: *range })
}

fn differ(expected: &RecordsExpectation, values: &[Vec<f64>]) -> Result<(), RecordFault> {
    if !expected.differ || values.len() < 2 {
        return Ok(());
    }
    let constant = |place: usize| values.iter().all(|record| record[place] == values[0][place]);
    match (0..expected.ranges.len()).find(|place| constant(*place)) {
        Some(place) => {
            Err(RecordFault::Constant { name: expected.ranges[place].0.clone(), value: values[0][place] })
        }
        None => Ok(()),
    }
}

/// Lines as they are expected. They have no end of their own: only once all has come they are judged.
pub(super) fn records(expected: &RecordsExpectation, material: &Material<'_>) -> Progress {
    let against = Against { clock: material.clock, bindings: material.bindings, wire: material.reference };
    match read_records(expected, &material.plain().text, against) {
        Ok(_) => Progress::Matched { used: 0, text: String::new() },
        Err(_) => material.unsatisfied(),
    }
}

/// What is wrong with numbers on a connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NumbersFault {
    /// Nothing came.
    Nothing,
    /// A number lies outside its range.
    OutOfRange(f64, (i64, i64)),
    /// A number is the same in all messages.
    Constant(f64),
}

/// Reads the numbers of a connection. A form that nobody can read is no fault.
pub(crate) fn read_numbers(expected: &NumbersExpectation, bytes: &[u8]) -> Result<(), NumbersFault> {
    if bytes.is_empty() {
        return Err(NumbersFault::Nothing);
    }
    let all = readings(bytes, expected.ranges.len(), expected.messages);
    if let Some(reading) = all.iter().find(|reading| reading.fits(&expected.ranges)) {
        let constant = reading.constant().filter(|_| expected.differ && expected.messages > 1);
        return constant.map_or(Ok(()), |number| Err(NumbersFault::Constant(number)));
    }
    let clear = all.iter().find(|reading| reading.is_clear());
    match clear.and_then(|reading| reading.outlier(&expected.ranges)) {
        Some((number, range)) => Err(NumbersFault::OutOfRange(number, range)),
        None => Ok(()),
    }
}

/// Numbers have no end of their own: only once all has come they are judged.
pub(super) fn numbers(expected: &NumbersExpectation, material: &Material<'_>) -> Progress {
    match read_numbers(expected, material.reference.unwrap_or(material.bytes)) {
        _ if !material.is_over() => Progress::Open,
        Ok(()) => material.matched_whole(),
        Err(_) => Progress::Missed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATTERN: &str =
        r"^(?<time>.{24}): Device1: Temp=(?<temp>\d+), Humid=(?<humid>\d+), Illum=(?<illum>\d+)$";
    /// Thu Mar 4 09:43:07 2021 in UTC.
    const CLOCK: i64 = 1_614_850_987;

    fn expected() -> RecordsExpectation {
        let range = |name: &str, least, most| (name.to_owned(), (least, most));
        RecordsExpectation {
            about: Some("Device1".to_owned()),
            pattern: PATTERN.to_owned(),
            count: None,
            ranges: vec![range("temp", 0, 40), range("humid", 0, 100), range("illum", 70, 150)],
            time_within: Some(60),
            agrees_with: None,
            differ: true,
        }
    }

    fn read(text: &str, wire: Option<&[u8]>) -> Result<usize, RecordFault> {
        let bindings = BTreeMap::from([("tz".to_owned(), "UTC".to_owned())]);
        read_records(&expected(), text, Against { clock: CLOCK, bindings: &bindings, wire })
    }

    fn line(time: &str, numbers: [u32; 3]) -> String {
        let [temp, humid, illum] = numbers;
        format!("Thu Mar  4 {time} 2021: Device1: Temp={temp}, Humid={humid}, Illum={illum}\n")
    }

    #[test]
    fn takes_the_records_of_one_device() {
        let text =
            line("09:43:07", [20, 50, 100]) + "x: Device2: Steps=4\n" + &line("09:43:00", [21, 51, 101]);
        assert_eq!(read(&text, None), Ok(2));
        assert_eq!(read(&text, Some(b"20,50,100\n21,51,101\n")), Ok(2));
        assert_eq!(read(&text, Some(b"unreadable")), Ok(2));
        let mut one = expected();
        one.count = Some(1);
        let against = Against { clock: CLOCK, bindings: &BTreeMap::new(), wire: None };
        assert_eq!(read_records(&one, &text, against), Err(RecordFault::Count(2)));
    }

    #[test]
    fn names_the_first_thing_that_is_wrong() {
        let good = line("09:43:07", [20, 50, 100]);
        assert_eq!(read("", None), Err(RecordFault::Missing));
        assert_eq!(read("Device2: 4\n", None), Err(RecordFault::Missing));
        let form = "Device1 20 50 100".to_owned();
        assert_eq!(read(&format!("{good}{form}\n"), None), Err(RecordFault::Form(form)));
        assert_eq!(read(&line("18:43:07", [20, 50, 100]), None), Err(RecordFault::Time(Some(9 * 3600))));
        assert_eq!(read(&line("29:43:07", [20, 50, 100]), None), Err(RecordFault::Time(None)));
        let constant = good.clone() + &line("09:43:07", [21, 50, 101]);
        assert_eq!(
            read(&constant, None),
            Err(RecordFault::Constant { name: "humid".to_owned(), value: 50.0 })
        );
    }

    #[test]
    fn knows_whose_value_is_out_of_range() {
        let text = line("09:43:07", [400, 50, 100]);
        let fault = RecordFault::OutOfRange { name: "temp".to_owned(), value: 400.0, range: (0, 40) };
        assert_eq!(read(&text, None), Err(fault));
        assert_eq!(read(&text, Some(b"400,50,100")), Ok(1));
        let wire: Vec<u8> = [400_u32, 50, 100].iter().flat_map(|number| number.to_be_bytes()).collect();
        assert_eq!(read(&text, Some(&wire)), Ok(1));
    }

    #[test]
    fn compares_with_the_wire() {
        let text = line("09:43:07", [20, 50, 100]);
        let (told, sent) = (vec![20.0, 50.0, 100.0], vec![21.0, 50.0, 100.0]);
        assert_eq!(read(&text, Some(b"21,50,100")), Err(RecordFault::Disagrees { told, sent }));
        let numbers = [20_u16, 50, 100];
        let big: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        assert_eq!(read(&text, Some(&big)), Ok(1));
        let swapped = line("09:43:07", numbers.map(|number| u32::from(number.swap_bytes())));
        assert_eq!(read(&swapped, Some(&big)), Err(RecordFault::Swapped));
    }

    #[test]
    fn numbers_that_can_be_read_lie_in_their_ranges() {
        let ranges = vec![(0, 40), (0, 100), (70, 150)];
        let expected = NumbersExpectation { ranges, messages: 1, differ: true };
        assert_eq!(read_numbers(&expected, b"20 50 100"), Ok(()));
        assert_eq!(read_numbers(&expected, b"\x80\x03pickled"), Ok(()));
        assert_eq!(read_numbers(&expected, b""), Err(NumbersFault::Nothing));
        assert_eq!(read_numbers(&expected, b"20 50 400"), Err(NumbersFault::OutOfRange(400.0, (70, 150))));
        let binary = [0, 0, 1, 144, 0, 0, 0, 50, 0, 0, 0, 100];
        assert_eq!(read_numbers(&expected, &binary), Ok(()));
        let thrice = NumbersExpectation { messages: 3, ..expected.clone() };
        let fault = NumbersFault::OutOfRange(400.0, (0, 40));
        assert_eq!(read_numbers(&thrice, &binary.repeat(3)), Err(fault));
        let floating: Vec<u8> =
            [20_f32, 50.0, 100.0].iter().flat_map(|number| number.to_be_bytes()).collect();
        assert_eq!(read_numbers(&expected, &floating), Ok(()));
        let twice = NumbersExpectation { messages: 2, ..expected };
        assert_eq!(read_numbers(&twice, b"20 50 100 21 51 101"), Ok(()));
        assert_eq!(read_numbers(&twice, b"20 50 100 21 50 101"), Err(NumbersFault::Constant(50.0)));
    }
}
