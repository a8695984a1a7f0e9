//! The bounds a schema sets on single values: how large, how long, how formed.

use serde_json::Value;
use toml::de::DeValue;

use super::Problem;
use super::document::plain;
use super::form::{Hex, Patience};
use crate::units::size;

/// What is wrong with a value of the right type.
pub(super) fn exceeded(place: &str, schema: &Value, value: &DeValue<'_>) -> Option<Problem> {
    if let (DeValue::String(text), Some("regex")) = (value, schema["format"].as_str()) {
        return regex::Regex::new(text).err().map(|error| Problem::Regex(last_line(&error.to_string())));
    }
    let expected = match value {
        DeValue::Integer(_) | DeValue::Float(_) => number(schema, &plain(value)),
        DeValue::String(text) => text_form(schema, text),
        DeValue::Array(list) => length(schema, "Items", list.len(), "entries"),
        DeValue::Table(table) => length(schema, "Properties", table.len(), "keys"),
        DeValue::Boolean(truth) => (schema["const"].as_bool() == Some(!truth)).then(|| "`true`".to_owned()),
        DeValue::Datetime(_) => None,
    };
    expected.map(|expected| Problem::OutOfBounds { place: place.to_owned(), expected })
}

/// What is wrong with a key whose name the author chooses.
pub(super) fn bad_name(key: &str, rule: &Value) -> Option<Problem> {
    let expected = text_form(rule, key)?;
    Some(Problem::OutOfBounds { place: format!("`{key}`"), expected })
}

fn number(schema: &Value, value: &Value) -> Option<String> {
    let Some(number) = value.as_f64() else { return Some("an integer of at most 64 bits".to_owned()) };
    let least = schema["minimum"].as_f64();
    let most = schema["maximum"].as_f64().or_else(|| widest(schema["format"].as_str()));
    if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
        return Some(match (least, most) {
            (Some(least), Some(most)) => format!("from {least} to {most}"),
            (Some(least), None) => format!("{least} or more"),
            (None, most) => format!("at most {}", most.unwrap_or_default()),
        });
    }
    let step = schema["multipleOf"].as_f64()?;
    (number % step != 0.0).then(|| format!("a multiple of {step}"))
}

fn widest(format: Option<&str>) -> Option<f64> {
    match format {
        Some("uint16") => Some(f64::from(u16::MAX)),
        Some("uint32") => Some(f64::from(u32::MAX)),
        _ => None,
    }
}

fn text_form(schema: &Value, text: &str) -> Option<String> {
    let fault = match schema["format"].as_str() {
        Some("hex") => Hex::try_from(text.to_owned()).err(),
        Some("size") => size(text).err(),
        Some("patience") => Patience::try_from(text.to_owned()).err(),
        Some("ip") => text.parse::<std::net::IpAddr>().err().map(|_| "an address such as `127.0.0.2`"),
        Some("ipv4") => text.parse::<std::net::Ipv4Addr>().err().map(|_| "an address such as `127.0.0.2`"),
        _ => None,
    };
    if let Some(fault) = fault {
        return Some(fault.to_owned());
    }
    if schema["minLength"].as_u64().is_some_and(|least| (text.chars().count() as u64) < least) {
        return Some("at least one character".to_owned());
    }
    let pattern = regex::Regex::new(schema["pattern"].as_str()?).ok()?;
    let words = schema["errorMessage"].as_str().unwrap_or("another name");
    (!pattern.is_match(text)).then(|| words.to_owned())
}

fn length(schema: &Value, unit: &str, count: usize, words: &str) -> Option<String> {
    let bound = |side: &str| schema[format!("{side}{unit}")].as_u64();
    let (least, most) = (bound("min"), bound("max"));
    let count = count as u64;
    let wrong = least.is_some_and(|least| count < least) || most.is_some_and(|most| count > most);
    wrong.then(|| match (least, most) {
        (Some(least), Some(most)) if least == most => format!("a list of {least} {words}"),
        (Some(least @ 2..), _) => format!("a list of at least {least} {words}"),
        _ => "filled: it is empty".to_owned(),
    })
}

/// The regex crate draws a picture over several lines; its last line is the reason.
fn last_line(message: &str) -> String {
    let line = message.lines().last().unwrap_or(message);
    line.trim_start_matches("error: ").to_owned()
}
