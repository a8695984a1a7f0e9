//! Numbers as people write them: found in any sentence, compared by value and
//! exactly, however long they are.

/// A decimal number of any length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    /// Digits before the point, without leading zeros.
    integer: String,
    /// Digits after the point, without trailing zeros.
    fraction: String,
}

/// A number found in a text.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Its value.
    pub(crate) value: Decimal,
    /// Where it begins, its sign included.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

/// Decimals differ when they differ by more than this: what binary floating point
/// leaves behind (`0.30000000000000004`) is no mistake of the student.
const TOLERANCE: f64 = 1e-9;
/// Exponents beyond this are cut: no answer of the course is longer.
const LARGEST_EXPONENT: i64 = 400;

impl Decimal {
    /// The number that a text is, blanks around it apart.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match numbers(text).as_slice() {
            [only] if only.start == 0 && only.end == text.len() => Some(only.value.clone()),
            _ => None,
        }
    }

    /// A number of tenths.
    pub(crate) fn tenths(count: i128) -> Self {
        let digits = count.unsigned_abs();
        Self::new(count < 0, &(digits / 10).to_string(), &(digits % 10).to_string(), 0)
    }

    /// Equal in value: exactly between integers, else but for the noise of floating point.
    pub(crate) fn same(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let decimals = !self.fraction.is_empty() || !other.fraction.is_empty();
        decimals && (self.to_f64() - other.to_f64()).abs() <= TOLERANCE
    }

    /// Equal but for the sign: an expression repeated with other blanks may read
    /// `20 -17` as `20 - 17`.
    pub(crate) fn same_magnitude(&self, other: &Self) -> bool {
        self.integer == other.integer && self.fraction == other.fraction
    }

    /// Has digits enough not to stand in a text by chance.
    pub(crate) fn is_telling(&self) -> bool {
        self.integer.len() + self.fraction.len() >= 3
    }

    /// The nearest floating-point number.
    pub(crate) fn to_f64(&self) -> f64 {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}.{}", self.integer, self.fraction).parse().unwrap_or(f64::NAN)
    }

    /// The value of an integer that fits.
    pub(crate) fn to_i128(&self) -> Option<i128> {
        let magnitude: i128 =
            if self.fraction.is_empty() { self.integer.parse().ok()? } else { return None };
        Some(if self.negative { -magnitude } else { magnitude })
    }

    fn new(negative: bool, integer: &str, fraction: &str, exponent: i64) -> Self {
        let mut digits = format!("{integer}{fraction}");
        let mut point = integer.len() as i64 + exponent.clamp(-LARGEST_EXPONENT, LARGEST_EXPONENT);
        if point < 0 {
            digits.insert_str(0, &"0".repeat(point.unsigned_abs() as usize));
            point = 0;
        }
        while (digits.len() as i64) < point {
            digits.push('0');
        }
        let (integer, fraction) = digits.split_at(point as usize);
        let integer = integer.trim_start_matches('0');
        let integer = if integer.is_empty() { "0" } else { integer };
        let fraction = fraction.trim_end_matches('0');
        let zero = integer == "0" && fraction.is_empty();
        Self { negative: negative && !zero, integer: integer.to_owned(), fraction: fraction.to_owned() }
    }
}

/// The numbers of a text, in order. Digits inside a word (`utf8`) and addresses
/// (`127.0.0.1`) are none; thousands may be separated by commas.
pub(crate) fn numbers(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_digit() || begins_with_point(bytes, at) {
            let (end, value) = number_at(text, at);
            let (start, negative) = sign_before(text, at);
            if let Some((integer, fraction, exponent)) = value {
                let value = Decimal::new(negative, &integer, &fraction, exponent);
                found.push(Found { value, start, end });
            }
            at = end;
        } else if byte.is_ascii_alphabetic() || byte == b'_' {
            at = word_end(bytes, at);
        } else {
            at += 1;
        }
    }
    found
}

/// A number without digits before its point: `.5`.
fn begins_with_point(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'.' && digit(bytes, at + 1) && !(at > 0 && bytes[at - 1].is_ascii_alphanumeric())
}

/// Where the word at `at` ends. The letter of a written escape (`\n`, `\x00`) is no word.
fn word_end(bytes: &[u8], at: usize) -> usize {
    let escaped = at > 0 && bytes[at - 1] == b'\\';
    match bytes[at] {
        b'n' | b'r' | b't' if escaped => at + 1,
        b'x' if escaped => (at + 3).min(bytes.len()),
        _ => {
            let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
            let mut end = at + bytes[at..].iter().take_while(|byte| word(byte)).count();
            while bytes.get(end) == Some(&b'.') && digit(bytes, end + 1) {
                end = digits_end(bytes, end + 1);
            }
            end
        }
    }
}

/// Digits before the point, after it, and the exponent.
type Parts = (String, String, i64);

/// The number at `at`: where it ends, and what it is unless it is an address.
fn number_at(text: &str, at: usize) -> (usize, Option<Parts>) {
    let bytes = text.as_bytes();
    if let Some(end) = hexadecimal_end(bytes, at) {
        let value = u128::from_str_radix(&text[at + 2..end], 16).ok();
        return (end, value.map(|value| (value.to_string(), String::new(), 0)));
    }
    let integer_end = grouped_end(bytes, at);
    let integer = text[at..integer_end].replace(',', "");
    let mut end = integer_end;
    let mut points = 0;
    while bytes.get(end) == Some(&b'.') && digit(bytes, end + 1) {
        end = digits_end(bytes, end + 1);
        points += 1;
    }
    if points > 1 {
        return (end, None);
    }
    let fraction = text[integer_end..end].trim_start_matches('.').to_owned();
    let (end, exponent) = exponent_at(text, end);
    (end, Some((integer, fraction, exponent)))
}

fn hexadecimal_end(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = match &bytes[at..] {
        [b'0', b'x' | b'X', rest @ ..] => rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count(),
        _ => 0,
    };
    (digits > 0).then_some(at + 2 + digits)
}

/// The end of the digits at `at`, commas between thousands included.
fn grouped_end(bytes: &[u8], at: usize) -> usize {
    let plain = digits_end(bytes, at);
    if plain == at || plain - at > 3 {
        return plain;
    }
    let mut end = plain;
    while bytes.get(end) == Some(&b',') && digit(bytes, end + 1) {
        if digits_end(bytes, end + 1) != end + 4 {
            return plain;
        }
        end += 4;
    }
    end
}

/// The exponent at `at`, if there is one.
fn exponent_at(text: &str, at: usize) -> (usize, i64) {
    let bytes = text.as_bytes();
    if !matches!(bytes.get(at), Some(b'e' | b'E')) {
        return (at, 0);
    }
    let signed = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
    let start = at + 1 + usize::from(signed);
    let end = digits_end(bytes, start);
    if end == start {
        return (at, 0);
    }
    let magnitude = text[start..end].parse().unwrap_or(LARGEST_EXPONENT);
    (end, if bytes[at + 1] == b'-' { -magnitude } else { magnitude })
}

/// A sign directly before a number, unless it stands between two operands
/// (`3-5`, `(1)-2`, `UTF-8`).
fn sign_before(text: &str, at: usize) -> (usize, bool) {
    let before = &text[..at];
    let (start, negative) = match before.chars().next_back() {
        Some(sign @ ('-' | '\u{2212}')) => (at - sign.len_utf8(), true),
        Some('+') => (at - 1, false),
        _ => return (at, false),
    };
    let operand = |c: char| c.is_ascii_alphanumeric() || matches!(c, ')' | ']' | '_');
    match before[..start].chars().next_back() {
        Some(c) if operand(c) => (at, false),
        _ => (start, negative),
    }
}

fn digit(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_some_and(u8::is_ascii_digit)
}

fn digits_end(bytes: &[u8], at: usize) -> usize {
    at + bytes[at.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_numbers_in_sentences() {
        let table: [(&str, &[f64]); 26] = [
            ("37", &[37.0]),
            ("37.0\n", &[37.0]),
            ("Result: 3.5.", &[3.5]),
            ("결과는 37입니다", &[37.0]),
            ("결과37", &[37.0]),
            ("{\"result\": -4, \"ok\": true}", &[-4.0]),
            ("20 + 17 = 37", &[20.0, 17.0, 37.0]),
            ("20+17=37", &[20.0, 17.0, 37.0]),
            ("3-5=-2", &[3.0, 5.0, -2.0]),
            ("(1)-2", &[1.0, 2.0]),
            ("4*-2", &[4.0, -2.0]),
            ("\u{2212}5", &[-5.0]),
            ("+5", &[5.0]),
            ("1.5e3 2E-1 3e", &[1500.0, 0.2, 3.0]),
            ("20,170,031", &[20_170_031.0]),
            ("1,2,3", &[1.0, 2.0, 3.0]),
            ("20,1700", &[20.0, 1700.0]),
            ("('127.0.0.1', 5000)", &[5000.0]),
            ("utf8 x25 a_1 v1.2", &[]),
            ("37Enter 2", &[37.0, 2.0]),
            ("b'37\\n20'", &[37.0, 20.0]),
            ("b'\\x0037'", &[37.0]),
            (".5", &[0.5]),
            ("0x1f", &[31.0]),
            ("2021-03-04", &[2021.0, 3.0, 4.0]),
            ("4,", &[4.0]),
        ];
        for (text, expected) in table {
            let found: Vec<f64> = numbers(text).iter().map(|found| found.value.to_f64()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn compares_by_value_and_exactly() {
        let table = [
            ("4", "4.0", true),
            ("4", "14", false),
            ("-0", "0", true),
            ("007", "7", true),
            ("0.30000000000000004", "0.3", true),
            ("0.33", "0.3", false),
            ("121932631112635269", "121932631112635269", true),
            ("121932631112635269", "121932631112635270", false),
            ("1.2193263111263526e+17", "121932631112635269", false),
            ("1e3", "1000", true),
            ("-4", "4", false),
        ];
        for (left, right, same) in table {
            let read = |text| Decimal::parse(text).unwrap();
            assert_eq!(read(left).same(&read(right)), same, "{left} {right}");
        }
        assert!(Decimal::parse("{answer}").is_none());
        assert!(Decimal::parse("1 2").is_none());
        assert_eq!(Decimal::tenths(-25), Decimal::parse("-2.5").unwrap());
    }
}
