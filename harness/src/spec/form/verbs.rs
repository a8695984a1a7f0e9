//! The grammar of tables in which one key is the verb: which keys are verbs, which
//! others may stand beside which verb, and which must. It is written into the schema,
//! so that editors know it as well as the loader.

use serde_json::{Map, Value, json};

/// Which keys of a table go together.
pub(super) struct Grammar<'a> {
    /// Exactly one of these stands in the table.
    pub(super) verbs: &'a [&'a str],
    /// A key and the verbs that take it.
    pub(super) beside: &'a [(&'a str, &'a [&'a str])],
    /// A verb and the key it needs.
    pub(super) needs: &'a [(&'a str, &'a str)],
}

/// Writes a grammar into the schema of a table.
pub(super) fn add_grammar(schema: &mut schemars::Schema, grammar: &Grammar<'_>) {
    let required =
        |verbs: &[&str]| -> Vec<Value> { verbs.iter().map(|verb| json!({ "required": [verb] })).collect() };
    schema.insert("oneOf".to_owned(), Value::Array(required(grammar.verbs)));
    if !grammar.beside.is_empty() {
        let rules = grammar
            .beside
            .iter()
            .map(|(key, verbs)| ((*key).to_owned(), json!({ "anyOf": required(verbs) })));
        schema.insert("dependentSchemas".to_owned(), Value::Object(rules.collect::<Map<_, _>>()));
    }
    if !grammar.needs.is_empty() {
        let rules = grammar.needs.iter().map(|(verb, key)| ((*verb).to_owned(), json!([key])));
        schema.insert("dependentRequired".to_owned(), Value::Object(rules.collect::<Map<_, _>>()));
    }
}
