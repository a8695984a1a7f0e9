//! Templates and payloads become bytes once every name in them is known.

use std::collections::BTreeMap;

use super::jpeg::picture_bytes;
use crate::spec::{ByteOrder, Fixtures, Payload, Template};

/// Fills the names of a template from the bindings; unknown names stay as they are,
/// `{{` is a brace.
pub fn fill(template: &Template, bindings: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(template.0.len());
    let mut rest = template.0.as_str();
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('{') {
            filled.push('{');
            rest = after;
            continue;
        }
        match rest.find('}').and_then(|end| bindings.get(&rest[..end]).map(|value| (end, value))) {
            Some((end, value)) => {
                filled.push_str(value);
                rest = &rest[end + 1..];
            }
            None => filled.push('{'),
        }
    }
    filled.push_str(rest);
    filled
}

/// The bytes of a payload: what is sent, and what is compared with. An integer whose
/// value is not a number, or does not fit its width, keeps its lowest bytes; a file
/// that is not among `files` is empty.
pub fn encode(payload: &Payload, bindings: &BTreeMap<String, String>, files: &Fixtures) -> Vec<u8> {
    match payload {
        Payload::Text(template) => fill(template, bindings).into_bytes(),
        Payload::Bytes(bytes) => bytes.clone(),
        Payload::File(name) => files.get(&fill(name, bindings)).map(|file| file.to_vec()).unwrap_or_default(),
        Payload::Picture(picture) => picture_bytes(picture, bindings, files).unwrap_or_default().to_vec(),
        Payload::Integer { value, width, order } => {
            let value = fill(value, bindings).trim().parse::<i128>().unwrap_or_default();
            let width = usize::from(*width).min(16);
            match order {
                ByteOrder::Big => value.to_be_bytes()[16 - width..].to_vec(),
                ByteOrder::Little => value.to_le_bytes()[..width].to_vec(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bindings() -> BTreeMap<String, String> {
        BTreeMap::from([("a.ip".to_owned(), "127.0.0.2".to_owned()), ("port".to_owned(), "9000".to_owned())])
    }

    #[test]
    fn fills_known_names_and_leaves_the_others() {
        let table = [
            ("Hello {a.ip}", "Hello 127.0.0.2"),
            ("{port}{port}", "90009000"),
            ("{unknown} {a.ip}", "{unknown} 127.0.0.2"),
            ("{{port}", "{port}"),
            ("a { b", "a { b"),
            ("{", "{"),
            ("{x {port}", "{x 9000"),
            ("한글 {port}개", "한글 9000개"),
            ("", ""),
        ];
        for (template, filled) in table {
            assert_eq!(fill(&Template(template.to_owned()), &bindings()), filled, "{template}");
        }
    }

    #[test]
    fn encodes_files_by_their_names() {
        let files = BTreeMap::from([("9000.bin".to_owned(), vec![0, 255].into())]);
        let file = |name: &str| encode(&Payload::File(Template(name.to_owned())), &bindings(), &files);
        assert_eq!(file("{port}.bin"), [0, 255]);
        assert!(file("other.bin").is_empty());
    }

    #[test]
    fn encodes_integers_in_both_orders() {
        let files = BTreeMap::new();
        let integer = |value: &str, width, order| {
            encode(&Payload::Integer { value: Template(value.to_owned()), width, order }, &bindings(), &files)
        };
        assert_eq!(integer("16909060", 4, ByteOrder::Big), [1, 2, 3, 4]);
        assert_eq!(integer("16909060", 4, ByteOrder::Little), [4, 3, 2, 1]);
        assert_eq!(integer("{port}", 2, ByteOrder::Big), [0x23, 0x28]);
        assert_eq!(integer("-2", 4, ByteOrder::Big), [0xff, 0xff, 0xff, 0xfe]);
        assert_eq!(integer("5", 16, ByteOrder::Big)[15], 5);
    }
}
