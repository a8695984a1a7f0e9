//! The JSON schema of spec files, generated from the types in `form`. Editors
//! complete and check with it, and `shape` checks files with the very same schema.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::form::{ExerciseForm, ScenarioFile};

/// Schema of `exercise.toml`.
pub(super) static EXERCISE: LazyLock<Value> = LazyLock::new(schema_of::<ExerciseForm>);
/// Schema of a role's file; one scenario is its definition `ScenarioForm`.
pub(super) static SCENARIOS: LazyLock<Value> = LazyLock::new(schema_of::<ScenarioFile>);

/// The schema that every file of a spec satisfies, as editors read it.
pub fn schema() -> Value {
    let (mut exercise, mut scenarios) = (EXERCISE.clone(), SCENARIOS.clone());
    let mut definitions = json!({});
    for part in [&mut exercise, &mut scenarios] {
        if let (Some(all), Some(Value::Object(own))) =
            (definitions.as_object_mut(), part["$defs"].as_object().cloned().map(Value::Object))
        {
            all.extend(own);
        }
        if let Some(part) = part.as_object_mut() {
            part.remove("$defs");
            part.remove("$schema");
        }
    }
    if let Some(all) = definitions.as_object_mut() {
        all.insert("ExerciseFile".to_owned(), exercise);
        all.insert("ScenarioFile".to_owned(), scenarios);
        all.sort_keys();
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "grader spec",
        "description": "A file under specs/<exercise>/: exercise.toml, or the scenarios of one role",
        "oneOf": [{ "$ref": "#/$defs/ExerciseFile" }, { "$ref": "#/$defs/ScenarioFile" }],
        "$defs": definitions,
    })
}

fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(WithoutNull));
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// TOML has no null: a key that may be missing is simply not required.
#[derive(Clone)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
            choices.retain(|choice| choice["type"] != "null");
            if let [only] = choices.as_slice() {
                let only = only.clone();
                schema.remove("anyOf");
                if let Value::Object(only) = only {
                    only.into_iter().for_each(|(key, value)| {
                        schema.insert(key, value);
                    });
                }
            }
        }
        if schema.get("default").is_some_and(Value::is_null) {
            schema.remove("default");
        }
    }
}
