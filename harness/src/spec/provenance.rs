//! Digests of what was written: of the files of an exercise, and of the scene that a
//! single check sets, so that a better title makes no record of that check stale.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Fixtures;

/// Keys of a scenario that say how it is told, judged and counted, and change nothing in it.
const ABOUT: [&str; 7] = ["title", "concept", "tier", "noted", "points", "needs", "customary"];

/// Digest over names and contents of specs and fixtures, in the order of names.
pub(super) fn files(texts: &BTreeMap<String, String>, fixtures: &Fixtures) -> String {
    let mut digest = Sha256::new();
    let texts = texts.iter().map(|(name, text)| (name, text.as_bytes()));
    let fixtures = fixtures.iter().map(|(name, bytes)| (name, &bytes[..]));
    for (name, content) in texts.chain(fixtures) {
        part(&mut digest, name.as_bytes());
        part(&mut digest, content);
    }
    short(digest)
}

/// Digest of everything that can change what happens in a check: its steps, its role, the
/// settings, the fixtures. Wording, points and the order of keys do not count.
pub(super) fn scene(scenario: &Value, role: &Value, settings: &Value, fixtures: &Fixtures) -> String {
    let mut digest = Sha256::new();
    let mut scenario = scenario.clone();
    if let Some(table) = scenario.as_object_mut() {
        table.retain(|key, _| !ABOUT.contains(&key.as_str()));
    }
    for value in [&scenario, role, settings] {
        part(&mut digest, sorted(value).to_string().as_bytes());
    }
    for (name, content) in fixtures {
        part(&mut digest, name.as_bytes());
        part(&mut digest, content);
    }
    short(digest)
}

/// The value with its keys in order and without what is said to people.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(sorted).collect(),
        Value::Object(table) => {
            let told = table.iter().filter(|(_, value)| !is_wording(value));
            let ordered: BTreeMap<&String, Value> = told.map(|(key, value)| (key, sorted(value))).collect();
            ordered.into_iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        other => other.clone(),
    }
}

/// Whether it is a text in both languages.
fn is_wording(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|table| table.len() == 2 && table.contains_key("en") && table.contains_key("ko"))
}

fn part(digest: &mut Sha256, bytes: &[u8]) {
    digest.update((bytes.len() as u64).to_be_bytes());
    digest.update(bytes);
}

fn short(digest: Sha256) -> String {
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn digest(scenario: Value, role: Value) -> String {
        scene(&scenario, &role, &Value::Null, &Fixtures::new())
    }

    fn adds() -> Value {
        json!({
            "id": "adds", "title": { "en": "Adds", "ko": "더한다" }, "points": 4,
            "steps": [
                { "connect": "a" },
                { "send": "1 + 1", "to": "a" },
                { "expect": "2", "from": "a", "requirement": { "en": "the sum", "ko": "합" } },
            ],
        })
    }

    #[test]
    fn wording_and_points_do_not_count() {
        let mut told = adds();
        told["title"] = json!({ "en": "Adds two integers", "ko": "두 정수를 더한다" });
        told["points"] = json!(5);
        told["hint"] = json!({ "en": "Look at it.", "ko": "보세요." });
        told["steps"][2]["requirement"] = json!({ "en": "2", "ko": "2" });
        assert_eq!(digest(told, json!({})), digest(adds(), json!({})));
    }

    #[test]
    fn the_order_of_keys_does_not_count() {
        let mut turned = adds();
        turned["steps"][1] = json!({ "to": "a", "send": "1 + 1" });
        assert_eq!(digest(turned, json!({})), digest(adds(), json!({})));
    }

    #[test]
    fn steps_role_settings_and_fixtures_count() {
        let plain = digest(adds(), json!({ "port": 3333 }));
        let mut other = adds();
        other["steps"][1]["send"] = json!("1 + 2");
        assert_ne!(digest(other, json!({ "port": 3333 })), plain);
        assert_ne!(digest(adds(), json!({ "port": 3334 })), plain);
        let fixtures = Fixtures::from([("index.html".to_owned(), b"page".as_slice().into())]);
        let role = json!({ "port": 3333 });
        assert_ne!(scene(&adds(), &role, &Value::Null, &fixtures), plain);
        assert_ne!(scene(&adds(), &role, &json!({ "x": { "default": "1" } }), &Fixtures::new()), plain);
    }
}
