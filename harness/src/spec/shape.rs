//! Checks the shape of a file against its schema: keys, types, words, bounds, and
//! which keys go together. Reports everything it finds with words for people; what
//! the values mean is the business of `meaning`, `names` and `flow`.

use serde_json::Value;
use toml::de::DeValue;

use super::bounds;
use super::document::{At, Document, plain};
use super::{Fault, Problem};

/// Adds what is wrong with the value at a path to the faults; tells whether it is sound.
pub(super) fn check(document: &Document<'_>, at: &At<'_>, rule: Rule<'_>, faults: &mut Vec<Fault>) -> bool {
    let before = faults.len();
    Shape { document, root: rule.root, faults }.value(at, rule.schema);
    faults.len() == before
}

/// A schema and the document in which its references are found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule<'a> {
    /// Holds `$defs`.
    pub(super) root: &'a Value,
    /// What the value must satisfy.
    pub(super) schema: &'a Value,
}

struct Shape<'a, 't> {
    document: &'a Document<'t>,
    root: &'a Value,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Shape<'a, '_> {
    fn value(&mut self, at: &At<'_>, schema: &'a Value) {
        let document = self.document;
        let Some(value) = document.get(at).map(|value| value.get_ref()) else { return };
        let schema = self.resolve(schema);
        if let Some(choices) = schema["anyOf"].as_array() {
            return match choices.iter().find(|choice| self.accepts(choice, value)) {
                Some(choice) => self.value(at, choice),
                None => self.wrong_type(at, schema, value),
            };
        }
        if !self.accepts(schema, value) {
            return self.wrong_type(at, schema, value);
        }
        match value {
            DeValue::Table(_) => self.table(at, schema),
            DeValue::Array(list) => {
                for index in 0..list.len() {
                    self.value(&at.entry(index), &schema["items"]);
                }
            }
            _ => {}
        }
        let words = words_of(schema);
        match value.as_str() {
            Some(word) if !words.is_empty() && !words.iter().any(|known| known == word) => {
                let place = place(at);
                let problem = Problem::UnknownWord { place, word: word.to_owned(), known: words };
                self.faults.push(document.fault(at, problem));
            }
            _ => {}
        }
        if let Some(problem) = bounds::exceeded(&place(at), schema, value) {
            self.faults.push(document.fault(at, problem));
        }
    }

    fn table(&mut self, at: &At<'_>, schema: &'a Value) {
        let document = self.document;
        let keys = document.keys(at);
        let known: Vec<String> =
            schema["properties"].as_object().map_or_else(Vec::new, |all| all.keys().cloned().collect());
        let mut stranger = false;
        for key in &keys {
            let at = at.key(key);
            let property = &schema["properties"][key.as_str()];
            if !property.is_null() {
                self.value(&at, property);
            } else if schema["additionalProperties"].is_object() {
                self.value(&at, &schema["additionalProperties"]);
            } else if known.is_empty() {
                self.value(&at, &Value::Null);
            } else {
                stranger = true;
                let problem = Problem::UnknownKey { key: key.clone(), known: known.clone() };
                self.faults.push(document.key_fault(&at, problem));
            }
            if let Some(problem) = bounds::bad_name(key, &schema["propertyNames"]) {
                self.faults.push(document.key_fault(&at, problem));
            }
        }
        // A mistyped key explains the keys that seem to be missing beside it.
        if !stranger {
            self.missing(at, schema, &keys);
            self.grammar(at, schema, &keys);
        }
    }

    fn missing(&mut self, at: &At<'_>, schema: &Value, keys: &[String]) {
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !keys.iter().any(|there| there == key) {
                self.faults.push(self.document.fault(at, Problem::MissingKey { key: key.to_owned() }));
            }
        }
    }

    /// One verb, and beside it only what it takes and all that it needs.
    fn grammar(&mut self, at: &At<'_>, schema: &Value, keys: &[String]) {
        let document = self.document;
        let verbs = required_in(&schema["oneOf"]);
        if verbs.is_empty() {
            return;
        }
        let what = schema["title"].as_str().unwrap_or("table").to_owned();
        let mut here = keys.iter().filter(|key| verbs.contains(key));
        let Some(first) = here.next().cloned() else {
            return self.faults.push(document.fault(at, Problem::NoVerb { what, known: verbs }));
        };
        for second in here {
            let (first, what) = (first.clone(), what.clone());
            let problem = Problem::TwoVerbs { what, first, second: second.clone() };
            self.faults.push(document.key_fault(&at.key(second), problem));
        }
        for key in keys {
            let owners = required_in(&schema["dependentSchemas"][key.as_str()]["anyOf"]);
            if !owners.is_empty() && !owners.iter().any(|owner| keys.contains(owner)) {
                let problem = Problem::StrayKey { key: key.clone(), verb: first.clone(), owners };
                self.faults.push(document.key_fault(&at.key(key), problem));
            }
            for needed in schema["dependentRequired"][key.as_str()].as_array().into_iter().flatten() {
                let needed = needed.as_str().unwrap_or_default().to_owned();
                if !keys.contains(&needed) {
                    let problem = Problem::Incomplete { verb: key.clone(), key: needed };
                    self.faults.push(document.key_fault(&at.key(key), problem));
                }
            }
        }
    }

    fn wrong_type(&mut self, at: &At<'_>, schema: &Value, value: &DeValue<'_>) {
        let mut expected = Vec::new();
        self.type_words(schema, &mut expected);
        if expected.contains(&"a number") {
            expected.retain(|word| *word != "an integer");
        }
        let problem =
            Problem::WrongType { place: place(at), expected: expected.join(" or "), found: type_word(value) };
        self.faults.push(self.document.fault(at, problem));
    }

    fn resolve(&self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
            Some(path) => self.root.pointer(path).unwrap_or(schema),
            None => schema,
        }
    }

    fn accepts(&self, schema: &'a Value, value: &DeValue<'_>) -> bool {
        let schema = self.resolve(schema);
        if let Some(choices) = schema["anyOf"].as_array() {
            return choices.iter().any(|choice| self.accepts(choice, value));
        }
        if !words_of(schema).is_empty() {
            return value.is_str();
        }
        match schema["type"].as_str() {
            Some("string") => value.is_str(),
            Some("integer") => value.is_integer(),
            Some("number") => (value.is_integer() || value.is_float()) && !plain(value).is_null(),
            Some("boolean") => value.is_bool(),
            Some("array") => value.is_array(),
            Some("object") => value.is_table(),
            _ => true,
        }
    }

    fn type_words(&self, schema: &'a Value, words: &mut Vec<&'static str>) {
        let schema = self.resolve(schema);
        if let Some(choices) = schema["anyOf"].as_array() {
            return choices.iter().for_each(|choice| self.type_words(choice, words));
        }
        let word = match schema["type"].as_str() {
            Some("integer") => "an integer",
            Some("number") => "a number",
            Some("boolean") => "true or false",
            Some("array") => "a list",
            Some("object") => "a table",
            _ => "text",
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
}

/// The words a text may be, if it is one of a few.
fn words_of(schema: &Value) -> Vec<String> {
    let constants = schema["oneOf"].as_array().into_iter().flatten().map(|choice| &choice["const"]);
    let all = schema["enum"].as_array().into_iter().flatten().chain(constants);
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The keys that a list of `{"required": [key]}` names.
fn required_in(rules: &Value) -> Vec<String> {
    let keys = rules.as_array().into_iter().flatten().filter_map(|rule| rule["required"][0].as_str());
    keys.map(str::to_owned).collect()
}

/// How a message names the value at a path.
fn place(at: &At<'_>) -> String {
    match at {
        At::Root => "the file".to_owned(),
        At::Key(_, key) => format!("`{key}`"),
        At::Entry(At::Key(_, key), index) => format!("entry {} of `{key}`", index + 1),
        At::Entry(_, index) => format!("entry {}", index + 1),
    }
}

fn type_word(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) if plain(value).is_null() => "an infinite number or none at all",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
