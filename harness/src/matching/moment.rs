//! The present time as C's `ctime` writes it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use regex::Regex;

use super::examine::{Material, Progress};

/// `Thu Mar  4 09:43:07 2021`; the day may be padded with a blank, a zero or not at all.
static CTIME: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ( ?\d|\d\d) (\d\d):(\d\d):(\d\d) (\d{4})$";
    Regex::new(pattern).expect("a constant pattern")
});
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Characters of the form, by the C standard.
const LENGTH: usize = 24;

/// The whole message is the time, no further than `within` seconds from now in the
/// program's zone (`tz` of the bindings, else UTC).
pub(super) fn current_time(within: u32, material: &Material<'_>) -> Progress {
    let plain = material.plain();
    let text = plain.text.trim();
    let Some(moment) = parse(text) else {
        let hopeless = text.chars().count() > LENGTH;
        return if hopeless { Progress::Missed } else { material.unsatisfied() };
    };
    match difference(moment, material.clock, material.bindings) {
        Some(seconds) if seconds.unsigned_abs() <= u64::from(within) => {
            Progress::Matched { used: material.bytes.len(), text: text.to_owned() }
        }
        _ => Progress::Missed,
    }
}

/// Seconds by which a time in this form differs from the clock, whatever day of the week it names.
pub(crate) fn current_moment(text: &str, clock: i64, bindings: &BTreeMap<String, String>) -> Option<i64> {
    difference(parse_date(text)?.0, clock, bindings)
}

fn difference(moment: DateTime, clock: i64, bindings: &BTreeMap<String, String>) -> Option<i64> {
    let zone = zone(bindings.get("tz").map_or("UTC", String::as_str));
    Some(zone.to_timestamp(moment).ok()?.as_second() - clock)
}

/// The moment that a text of this form names; its day of the week must fit its date.
fn parse(text: &str) -> Option<DateTime> {
    parse_date(text).and_then(|(moment, fits)| fits.then_some(moment))
}

/// The moment that a text of this form names, and whether its day of the week fits.
fn parse_date(text: &str) -> Option<(DateTime, bool)> {
    let parts = CTIME.captures(text)?;
    let part = |index: usize| parts.get(index).map_or("", |part| part.as_str().trim());
    let number = |index: usize| part(index).parse::<i8>().ok();
    let month = MONTHS.iter().position(|&month| month == part(2))? as i8 + 1;
    let year = part(7).parse::<i16>().ok()?;
    let moment = DateTime::new(year, month, number(3)?, number(4)?, number(5)?, number(6)?, 0).ok()?;
    Some((moment, moment.strftime("%a").to_string() == part(1)))
}

/// The zone that `TZ` names: by name, or as a POSIX rule. The zone of the course is
/// known even on a machine without zone files.
fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).or_else(|_| TimeZone::posix(name)).unwrap_or_else(|_| match name {
        "Asia/Seoul" => TimeZone::fixed(Offset::constant(9)),
        _ => TimeZone::UTC,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Expectation;

    /// Thu Mar 4 09:43:07 2021 in UTC.
    const CLOCK: i64 = 1_614_850_987;

    fn check(text: &str, tz: &str, settled: bool) -> Progress {
        let bindings = BTreeMap::from([("tz".to_owned(), tz.to_owned())]);
        let material = Material {
            bytes: text.as_bytes(),
            fin: settled,
            reset: false,
            settled,
            console: false,
            sent: b"",
            reference: None,
            datagrams: None,
            clock: CLOCK,
            bindings: &bindings,
            files: &BTreeMap::new(),
        };
        crate::matching::examine(&Expectation::CurrentTime { within: 5 }, &material)
    }

    #[test]
    fn takes_the_form_of_c_in_the_zone_of_the_program() {
        let right = [
            ("Thu Mar  4 09:43:07 2021", "UTC"),
            ("Thu Mar  4 09:43:07 2021\n", "UTC"),
            ("Thu Mar 04 09:43:02 2021\r\n", "UTC"),
            ("Thu Mar 4 09:43:12 2021", "UTC"),
            ("Thu Mar  4 18:43:07 2021", "Asia/Seoul"),
            ("Thu Mar  4 18:43:07 2021", "KST-9"),
        ];
        for (text, tz) in right {
            assert!(matches!(check(text, tz, true), Progress::Matched { .. }), "{text}");
        }
        let wrong = [
            ("Thu Mar  4 09:43:13 2021", "UTC"),
            ("Thu Mar  4 09:43:07 2021", "Asia/Seoul"),
            ("Fri Mar  4 09:43:07 2021", "UTC"),
            ("2021-03-04 09:43:07", "UTC"),
            ("Time: Thu Mar  4 09:43:07 2021", "UTC"),
            ("Thu Mar 34 09:43:07 2021", "UTC"),
            ("Thu Mar  4 09:43:07 2021\0", "UTC"),
            ("", "UTC"),
        ];
        for (text, tz) in wrong {
            assert_eq!(check(text, tz, true), Progress::Missed, "{text}");
        }
    }

    #[test]
    fn waits_for_the_rest_of_it() {
        assert_eq!(check("Thu Mar  4 09:4", "UTC", false), Progress::Open);
        assert_eq!(check("", "UTC", false), Progress::Open);
    }
}
