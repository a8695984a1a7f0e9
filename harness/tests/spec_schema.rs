//! The schema, the loader and the specs of the house agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use grader::spec::{Fixtures, SpecFiles, load, load_all, load_files, schema};
use serde_json::Value;

fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs")
}

#[test]
fn every_spec_of_the_house_is_sound() {
    let exercises = load_all(&specs()).unwrap_or_else(|errors| panic!("{errors}"));
    let ids: Vec<&str> = exercises.iter().map(|exercise| exercise.id.as_str()).collect();
    let folders = std::fs::read_dir(specs()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
    assert_eq!(ids.len(), folders.count(), "a folder without an exercise.toml");
    for exercise in &exercises {
        for scenario in &exercise.scenarios {
            assert!(scenario.noted || scenario.points > 0.0, "{} has no points", scenario.id);
            assert!(scenario.hint.is_some(), "{} has no hint", scenario.id);
        }
    }
}

#[test]
fn the_schema_beside_the_specs_is_the_one_of_the_loader() {
    let written = std::fs::read_to_string(specs().join("schema.json")).unwrap();
    let accept = "to accept it: cargo run -- schema > specs/schema.json";
    assert!(written == format!("{:#}\n", schema()), "specs/schema.json is out of date\n{accept}");
}

#[test]
fn every_spec_names_the_schema() {
    for entry in std::fs::read_dir(specs()).unwrap() {
        let folder = entry.unwrap().path();
        for file in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(text.starts_with("#:schema ../schema.json\n"), "{}", path.display());
            }
        }
    }
}

/// `specs/every-key/` uses every key once; the loader takes it, so every key of the schema
/// is one the loader reads.
#[test]
fn the_loader_takes_every_key_of_the_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/every-key");
    load(&folder).unwrap_or_else(|errors| panic!("{errors}"));
    let mut used = BTreeSet::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        keys_of(&toml::from_str::<toml::Value>(&text).unwrap(), &mut used);
    }
    let mut known = BTreeSet::new();
    for definition in schema()["$defs"].as_object().unwrap().values() {
        known.extend(definition["properties"].as_object().into_iter().flat_map(|all| all.keys().cloned()));
    }
    let unused: Vec<&String> = known.difference(&used).collect();
    assert!(unused.is_empty(), "not used in tests/specs/every-key: {unused:?}");
}

fn keys_of(value: &toml::Value, keys: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                keys.insert(key.clone());
                keys_of(value, keys);
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|entry| keys_of(entry, keys)),
        _ => {}
    }
}

#[test]
fn the_schema_says_which_keys_go_together() {
    let schema = schema();
    let step = &schema["$defs"]["StepForm"];
    assert_eq!(step["additionalProperties"], Value::Bool(false));
    assert!(step["oneOf"].as_array().unwrap().iter().any(|rule| rule["required"][0] == "connect"));
    assert_eq!(step["dependentRequired"]["send"][0], "to");
    assert_eq!(step["dependentSchemas"]["pieces"]["anyOf"][0]["required"][0], "send");
}

/// The page on writing exercises shows one: it loads as it stands there.
#[test]
fn the_exercise_of_the_readme_is_sound() {
    let page = std::fs::read_to_string(specs().join("README.md")).unwrap();
    let block = |name: &str| {
        let (_, rest) = page.split_once(&format!("`specs/parrot/{name}`")).unwrap();
        let (_, rest) = rest.split_once("```toml\n").unwrap();
        (name.to_owned(), rest.split_once("```").unwrap().0.to_owned())
    };
    let texts = [block("exercise.toml"), block("server.toml")].into();
    let files = SpecFiles { folder: PathBuf::from("specs/parrot"), texts, fixtures: Fixtures::new() };
    let exercises = load_files(&[files]).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(exercises[0].scenarios[0].id, "parrot/server/says-it-twice");
}

/// Every verb and every expectation stands on that page.
#[test]
fn the_readme_knows_every_verb() {
    let page = std::fs::read_to_string(specs().join("README.md")).unwrap();
    let schema = schema();
    for definition in ["StepForm", "ExpectationForm", "GeneratorForm", "PayloadTable", "FileForm", "BodyForm"]
    {
        for rule in schema["$defs"][definition]["oneOf"].as_array().unwrap() {
            let verb = rule["required"][0].as_str().unwrap();
            assert!(page.contains(&format!("{{ {verb} = ")), "{verb} is missing in specs/README.md");
        }
    }
}
