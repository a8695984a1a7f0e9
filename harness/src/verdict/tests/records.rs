//! What is wrong with numbers that programs report.

use super::*;

const PATTERN: &str = r"^(?<time>.{24}): Device1: Temp=(?<temp>\d+), Humid=(?<humid>\d+)$";

fn records(count: Option<usize>) -> Expectation {
    Expectation::Records(RecordsExpectation {
        about: Some("Device1".to_owned()),
        pattern: PATTERN.to_owned(),
        count,
        ranges: vec![("temp".to_owned(), (0, 40)), ("humid".to_owned(), (0, 100))],
        time_within: Some(60),
        agrees_with: None,
        differ: true,
    })
}

/// The finding of a file that came like this, beside what went over the wire.
fn found(count: Option<usize>, file: &str, wire: Option<&[u8]>) -> Option<Finding> {
    let from = Source::File("data.txt".to_owned());
    let plan = plan("user", vec![expect_from(from, vec![alternative(records(count), 1.0)])]);
    let heard = Heard { reference: wire.map(<[u8]>::to_vec), ..talk(file.as_bytes()).heard };
    let entries = vec![entry(0, Actor::File("data.txt".to_owned()), Event::Heard(heard))];
    judge(&plan, &transcript(entries, Ended::Complete)).finding
}

/// A line of the file, at the time at which the clock of the record stands.
fn record(temp: u32, humid: u32) -> String {
    format!("Thu Jan  1 00:00:00 1970: Device1: Temp={temp}, Humid={humid}\n")
}

/// How many lines are wanted, the file, the wire, and what is told.
type Row<'a> = (Option<usize>, String, Option<&'a [u8]>, Code, &'a str);

#[test]
fn names_what_is_wrong_with_a_record() {
    let good = record(20, 50);
    assert!(found(Some(1), &good, Some(b"20 50")).is_none());
    let table: [Row<'_>; 8] = [
        (None, String::new(), None, Code::NotWritten, ""),
        (
            None,
            "Device1 20 50\n".to_owned(),
            None,
            Code::WrittenWrongly,
            "the line \"Device1 20 50\" has not",
        ),
        (Some(2), good.clone(), None, Code::WrittenWrongly, "1 of 2 lines are there: open the file for app"),
        (
            Some(1),
            good.clone() + &record(1, 2),
            None,
            Code::WrittenWrongly,
            "there are 2 lines for 1 answers",
        ),
        (None, good.replace("1970", "1971"), None, Code::WrongTime, ""),
        (None, record(41, 50), None, Code::OutOfRange, "temp=41 lies outside 0..40"),
        (
            None,
            good.clone(),
            Some(b"21 50"),
            Code::Disagrees,
            "the line says 20, 50, but the device has sent 21",
        ),
        (None, good.clone() + &record(20, 51), None, Code::NeverChanges, "temp is 20 every time"),
    ];
    for (count, file, wire, code, cause) in table {
        let finding = found(count, &file, wire).expect("a finding");
        assert_eq!(finding.code, code, "{file}");
        let told = finding.cause.map_or(String::new(), |cause| cause.en);
        assert!(told.starts_with(cause), "{told}");
    }
    let swapped = found(None, &record(5120, 12800), Some(&[0, 20, 0, 50])).expect("a finding");
    assert_eq!(swapped.code, Code::ReadLittleEndian);
}

#[test]
fn names_numbers_outside_their_ranges() {
    let finding = |came: &[u8], ended: Ended| {
        let expected = NumbersExpectation { ranges: vec![(0, 40), (0, 100)], messages: 1, differ: false };
        let plan = plan("device1", vec![connect(), expect(Expectation::Numbers(expected))]);
        let entries = vec![entry(0, peer(), Event::Opened), entry(1, peer(), Event::Heard(talk(came).heard))];
        judge(&plan, &transcript(entries, ended)).finding
    };
    assert!(finding(b"20 50", Ended::Complete).is_none());
    assert!(finding(b"\x01\x02\x03", Ended::Complete).is_none());
    let outside = finding(b"20 400", Ended::At { step: 1 }).expect("a finding");
    let wanted = "OutOfRange | integers in the ranges 0..40, 0..100, in any form | \"20 400\" | 400 lies outside 0..100";
    assert_eq!(line(&outside), wanted);
    assert_eq!(finding(b"", Ended::At { step: 1 }).expect("a finding").code, Code::NoReply);
}
