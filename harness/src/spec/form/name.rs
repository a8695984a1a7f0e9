//! The small words of the format: names, hexadecimal bytes, durations, `true`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::units::size;

/// Names of exercises, roles and checks.
pub(in crate::spec) const ID: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
/// The same in words.
pub(in crate::spec) const ID_WORDS: &str = "words of small letters and digits with hyphens between";
/// Names of connections: no hyphen, so that the rounds of a block can add one.
pub(in crate::spec) const CONNECTION: &str = "^[a-z][a-z0-9]*$";
/// The same in words.
pub(in crate::spec) const CONNECTION_WORDS: &str = "a name of small letters and digits";
/// Names of drawn values, columns, captures and settings.
pub(in crate::spec) const VALUE: &str = "^[a-z][a-z0-9_]*$";

/// The same in words.
pub(in crate::spec) const VALUE_WORDS: &str = "a name of small letters, digits and underscores";

/// A host name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("pattern" = HOST, "errorMessage" = "a host name such as `google.com`"))]
pub(in crate::spec) struct HostName(pub(in crate::spec) String);

/// Words of small letters and digits with dots between.
const HOST: &str = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$";

/// `true`, for verbs that need no value.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("const" = true))]
pub(in crate::spec) struct Yes(pub(in crate::spec) bool);

/// Bytes in hexadecimal digits, blanks between them as one likes: `00 ff`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(extend("format" = "hex", "examples" = ["00 ff"]))]
pub(in crate::spec) struct Hex(pub(in crate::spec) Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .filter(|c| !c.is_ascii_whitespace())
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        match digits {
            Some(digits) if digits.len() % 2 == 0 => {
                Ok(Self(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()))
            }
            _ => Err("pairs of hexadecimal digits such as `00 ff`"),
        }
    }
}

/// A duration as people write it: `500ms`, `3s`, `2m`.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(extend("format" = "patience", "examples" = ["500ms", "3s"]))]
pub(in crate::spec) struct Patience(pub(in crate::spec) Duration);

impl TryFrom<String> for Patience {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let span = text.parse::<jiff::SignedDuration>().ok();
        let positive = span.and_then(|span| Duration::try_from(span).ok()).filter(|span| !span.is_zero());
        positive.map(Self).ok_or("a duration such as `500ms` or `3s`")
    }
}

/// A size as people write it: `512 KiB`, `64 MiB`, `1 GiB`.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(extend("format" = "size", "examples" = ["64 MiB", "1 GiB"]))]
pub(in crate::spec) struct Size(pub(in crate::spec) u64);

impl TryFrom<String> for Size {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        size(&text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hexadecimal_bytes_with_and_without_blanks() {
        assert_eq!(Hex::try_from("00 fF0a".to_owned()).unwrap().0, [0, 255, 10]);
        assert!(Hex::try_from("0".to_owned()).is_err());
        assert!(Hex::try_from("zz".to_owned()).is_err());
    }

    #[test]
    fn reads_durations_as_people_write_them() {
        assert_eq!(Patience::try_from("1500ms".to_owned()).unwrap().0, Duration::from_millis(1500));
        assert_eq!(Patience::try_from("3s".to_owned()).unwrap().0, Duration::from_secs(3));
        assert!(Patience::try_from("3".to_owned()).is_err());
        assert!(Patience::try_from("0s".to_owned()).is_err());
        assert!(Patience::try_from("-1s".to_owned()).is_err());
    }
}
