//! Choosing checks by their ids, and settings by their keys.

use std::collections::BTreeMap;

use super::PlanError;
use crate::spec::{Exercise, Scenario, nearest};

/// The checks that `only` names, in the order of the spec; all of them if it is empty.
///
/// A check is named by a whole id (`sum/server/adds`), by the beginning of a path
/// (`sum/server`), or by the end of one (`adds`, `server/adds`, `server`).
pub fn select<'a>(exercise: &'a Exercise, only: &[String]) -> Result<Vec<&'a Scenario>, PlanError> {
    for wanted in only {
        if !exercise.scenarios.iter().any(|scenario| is_meant(&scenario.id, wanted)) {
            return Err(PlanError::NoSuchCheck {
                exercise: exercise.id.clone(),
                id: wanted.clone(),
                suggestion: suggestion(exercise, wanted),
            });
        }
    }
    let chosen =
        |scenario: &&Scenario| only.is_empty() || only.iter().any(|wanted| is_meant(&scenario.id, wanted));
    Ok(exercise.scenarios.iter().filter(chosen).collect())
}

/// The settings of a run: what is set, and the defaults of the others.
pub fn settings(
    exercise: &Exercise,
    set: &[(String, String)],
) -> Result<BTreeMap<String, String>, PlanError> {
    let keys: Vec<String> = exercise.settings.iter().map(|setting| setting.key.clone()).collect();
    let defaults =
        exercise.settings.iter().filter_map(|setting| Some((setting.key.clone(), setting.default.clone()?)));
    let mut values: BTreeMap<String, String> = defaults.collect();
    for (key, value) in set {
        if !keys.contains(key) {
            let suggestion = nearest(key, &keys).cloned();
            return Err(PlanError::NoSuchSetting {
                exercise: exercise.id.clone(),
                key: key.clone(),
                suggestion,
            });
        }
        values.insert(key.clone(), value.clone());
    }
    Ok(values)
}

/// Whether the words of `wanted` stand together in the path `id`, from its beginning
/// or after the exercise or the role.
fn is_meant(id: &str, wanted: &str) -> bool {
    let path: Vec<&str> = id.split('/').collect();
    let words: Vec<&str> = wanted.trim_matches('/').split('/').collect();
    path.windows(words.len()).any(|part| part == words)
}

/// The nearest id in the form in which it was asked for.
fn suggestion(exercise: &Exercise, wanted: &str) -> Option<String> {
    let words = wanted.split('/').count();
    let tail = |id: &str| id.split('/').skip(3usize.saturating_sub(words)).collect::<Vec<_>>().join("/");
    let known: Vec<String> = exercise.scenarios.iter().map(|scenario| tail(&scenario.id)).collect();
    nearest(wanted, &known).cloned()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn chosen(only: &[&str]) -> Result<Vec<String>, PlanError> {
        let exercise = sample::exercise();
        let only: Vec<String> = only.iter().map(|id| (*id).to_owned()).collect();
        select(&exercise, &only).map(|found| found.iter().map(|scenario| scenario.id.clone()).collect())
    }

    #[test]
    fn chooses_by_whole_id_beginning_and_end() {
        assert_eq!(chosen(&["calc/server/adds"]).unwrap(), ["calc/server/adds"]);
        assert_eq!(chosen(&["adds"]).unwrap(), ["calc/server/adds", "calc/client/adds"]);
        assert_eq!(chosen(&["client/adds"]).unwrap(), ["calc/client/adds"]);
        assert_eq!(chosen(&["calc/client"]).unwrap(), chosen(&["client"]).unwrap());
        assert_eq!(chosen(&["calc"]).unwrap(), chosen(&[]).unwrap());
        assert_eq!(chosen(&["client/", "calc/server/adds"]).unwrap()[0], "calc/server/adds");
    }

    #[test]
    fn chooses_no_part_of_a_word() {
        assert!(chosen(&["add"]).is_err());
        assert!(chosen(&["server/client"]).is_err());
        assert!(chosen(&[""]).is_err());
    }

    #[test]
    fn suggests_the_nearest_check_in_the_form_it_was_asked_for() {
        let message = |only: &str| chosen(&[only]).unwrap_err().to_string();
        assert_eq!(message("ads"), "no check of calc is called `ads`\nhelp: did you mean `adds`?");
        assert!(message("calc/server/ads").contains("`calc/server/adds`?"));
        assert!(message("nothing-like-it").contains("`grader list calc`"));
    }

    #[test]
    fn fills_defaults_and_refuses_settings_that_are_not_there() {
        let exercise = sample::exercise();
        let set = [("student".to_owned(), "7".to_owned())];
        let values = settings(&exercise, &set).unwrap();
        assert_eq!(values["student"], "7");
        assert_eq!(values["greeting"], "hello");
        assert!(!settings(&exercise, &[]).unwrap().contains_key("student"));
        let error = settings(&exercise, &[("studnet".to_owned(), "7".to_owned())]).unwrap_err();
        assert_eq!(error.to_string(), "calc has no setting `studnet`\nhelp: did you mean `student`?");
    }
}
