//! A TOML file with the place of every value: reads it, finds spans by path and
//! hands out plain values. Knows nothing of what the keys mean.

use std::ops::Range;

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Fault, Place, Problem};

/// A parsed file.
#[derive(Debug)]
pub(super) struct Document<'t> {
    /// The file as errors name it.
    pub(super) file: String,
    text: &'t str,
    root: Spanned<DeValue<'t>>,
}

/// A path from the root of a document to one of its values.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'a> {
    /// The whole document.
    Root,
    /// The value of a key.
    Key(&'a At<'a>, &'a str),
    /// An entry of a list.
    Entry(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    /// The value of a key of this table.
    pub(super) fn key(&'a self, key: &'a str) -> At<'a> {
        At::Key(self, key)
    }

    /// An entry of this list.
    pub(super) fn entry(&'a self, index: usize) -> At<'a> {
        At::Entry(self, index)
    }
}

impl<'t> Document<'t> {
    /// Parses a file; its syntax errors are added to the faults.
    pub(super) fn parse(file: &str, text: &'t str, faults: &mut Vec<Fault>) -> Option<Self> {
        let (root, mut errors) = DeTable::parse_recoverable(text);
        errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
        // Behind an error the parser stumbles over the same thing for a while: of errors
        // in neighbouring lines the first is the one to mend.
        let mut last = None;
        for error in &errors {
            let span = error.span().map(|span| visible(span, text));
            let line = span.as_ref().map_or(0, |span| line_of(text, span.start));
            if last.replace(line).is_none_or(|last| line > last + 1) {
                let problem = Problem::Syntax(error.message().trim().replace('\n', ", "));
                faults.push(Fault { file: file.to_owned(), span, problem: Box::new(problem) });
            }
        }
        let whole = 0..text.len();
        let root = Spanned::new(whole, DeValue::Table(root.into_inner()));
        errors.is_empty().then_some(Self { file: file.to_owned(), text, root })
    }

    /// The value at a path.
    pub(super) fn get(&self, at: &At<'_>) -> Option<&Spanned<DeValue<'t>>> {
        match at {
            At::Root => Some(&self.root),
            At::Key(parent, key) => self.get(parent)?.get_ref().as_table()?.get(*key),
            At::Entry(parent, index) => self.get(parent)?.get_ref().as_array()?.get(*index),
        }
    }

    /// Keys of the table at a path, in the order of the file.
    pub(super) fn keys(&self, at: &At<'_>) -> Vec<String> {
        let Some(table) = self.get(at).and_then(|value| value.get_ref().as_table()) else {
            return Vec::new();
        };
        let mut keys: Vec<_> =
            table.keys().map(|key| (key.span().start, key.get_ref().to_string())).collect();
        keys.sort();
        keys.into_iter().map(|(_, key)| key).collect()
    }

    /// Number of entries of the list at a path.
    pub(super) fn len(&self, at: &At<'_>) -> usize {
        self.get(at).and_then(|value| value.get_ref().as_array()).map_or(0, |list| list.len())
    }

    /// The text at a path.
    pub(super) fn text(&self, at: &At<'_>) -> Option<&str> {
        self.get(at)?.get_ref().as_str()
    }

    /// Where the value at a path stands; where the nearest table around it stands,
    /// if it is not there.
    pub(super) fn span(&self, at: &At<'_>) -> Range<usize> {
        match (self.get(at), at) {
            (Some(value), _) => value.span(),
            (None, At::Key(parent, _) | At::Entry(parent, _)) => self.span(parent),
            (None, At::Root) => 0..0,
        }
    }

    /// Where the key at the end of a path stands.
    pub(super) fn key_span(&self, at: &At<'_>) -> Range<usize> {
        let At::Key(parent, name) = at else { return self.span(at) };
        let table = self.get(parent).and_then(|value| value.get_ref().as_table());
        let key = table.and_then(|table| table.get_key_value(*name));
        key.map_or_else(|| self.span(at), |(key, _)| key.span())
    }

    /// A fault at the value of a path.
    pub(super) fn fault(&self, at: &At<'_>, problem: impl Into<Problem>) -> Fault {
        Fault { file: self.file.clone(), span: Some(self.span(at)), problem: Box::new(problem.into()) }
    }

    /// A fault at these words within the value of a path.
    pub(super) fn fault_within(&self, at: &At<'_>, words: &str, problem: impl Into<Problem>) -> Fault {
        let mut fault = self.fault(at, problem);
        let span = self.span(at);
        if let Some(offset) = self.text[span.clone()].find(words) {
            let start = span.start + offset;
            fault.span = Some(start..start + words.len());
        }
        fault
    }

    /// A fault at the key at the end of a path.
    pub(super) fn key_fault(&self, at: &At<'_>, problem: impl Into<Problem>) -> Fault {
        Fault { file: self.file.clone(), span: Some(self.key_span(at)), problem: Box::new(problem.into()) }
    }

    /// Line of the value at a path, from 1.
    pub(super) fn line(&self, at: &At<'_>) -> usize {
        line_of(self.text, self.span(at).start)
    }

    /// File and line of the value at a path, the file without the folder of specs.
    pub(super) fn place(&self, at: &At<'_>) -> Place {
        let mut parts: Vec<_> = self.file.rsplit(['/', '\\']).take(2).collect();
        parts.reverse();
        Place { file: parts.join("/"), line: self.line(at) }
    }

    /// The value at a path without its places.
    pub(super) fn plain(&self, at: &At<'_>) -> Value {
        self.get(at).map_or(Value::Null, |value| plain(value.get_ref()))
    }
}

/// A value without its places. Numbers that JSON does not know become null.
pub(super) fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(float) => {
            float.as_str().parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
        }
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(list) => list.iter().map(|entry| plain(entry.get_ref())).collect(),
        DeValue::Table(table) => {
            let entries =
                table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref())));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// Line of a byte, from 1.
fn line_of(text: &str, start: usize) -> usize {
    text[..start].matches('\n').count() + 1
}

/// A span that a caret can stand under: at least one character, within the text.
fn visible(span: Range<usize>, text: &str) -> Range<usize> {
    let start = span.start.min(text.len());
    let end = span.end.clamp(start, text.len());
    start..end
}
