//! Every word has its lesson, whole and in both languages, and no lesson is without a word.

use std::path::Path;

use super::super::TerminalOptions;
use super::model::{Lesson, TEXTS};
use super::steps::tell;
use super::*;
use crate::spec::{Transport, load_all};
use crate::units::Language;

fn subjects() -> Vec<Subject> {
    Subject::codes().chain(Subject::concepts()).collect()
}

/// The lesson, with the parser's words where it is none.
fn lesson(subject: Subject) -> Lesson {
    let file = TEXTS.get_file(subject.file());
    let text = file.unwrap_or_else(|| panic!("texts/{} is missing", subject.file())).contents_utf8();
    toml::from_str(text.unwrap()).unwrap_or_else(|error| panic!("{}: {error}", subject.file()))
}

#[test]
fn every_word_has_its_lesson_in_both_languages() {
    for subject in subjects() {
        let Lesson { sentence, idea, mistake, see, read, .. } = lesson(subject);
        let mut pairs = vec![(sentence.en, sentence.ko), (idea.en, idea.ko), (see.en, see.ko)];
        pairs.extend(mistake.map(|mistake| (mistake.en, mistake.ko)));
        for (en, ko) in pairs {
            let key = subject.key();
            assert!(en.trim().len() > 20 && ko.trim().len() > 20, "{key}: empty: {en}{ko}");
            assert!(ko.chars().any(is_korean), "{key}: not Korean: {ko}");
            assert!(!en.chars().any(is_korean), "{key}: not English: {en}");
            assert_eq!(en.matches("\n\n").count(), ko.matches("\n\n").count(), "{key}: {en}{ko}");
        }
        assert!(!read.is_empty(), "{}: nothing to read on", subject.key());
    }
}

fn is_korean(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

#[test]
fn sentences_fit_a_list() {
    for subject in subjects() {
        let sentence = lesson(subject).sentence;
        for text in [&sentence.en, &sentence.ko] {
            assert!(text.ends_with('.') && !text.contains('\n'), "{}: {text}", subject.key());
            assert!(text.chars().count() <= 160, "{}: too long: {text}", subject.key());
        }
    }
}

#[test]
fn every_text_belongs_to_a_word() {
    let known: Vec<String> = subjects().into_iter().map(Subject::file).collect();
    for folder in TEXTS.dirs() {
        for file in folder.files() {
            let path = file.path().to_string_lossy().into_owned();
            assert!(known.contains(&path), "texts/{path} explains nothing that there is");
        }
    }
    assert_eq!(TEXTS.files().count(), 0, "texts stand in folders");
}

#[test]
fn related_words_lead_somewhere_else() {
    for subject in subjects() {
        for word in lesson(subject).related {
            let found = Subject::named(&word);
            assert!(found.is_some_and(|found| found != subject), "{}: `{word}`", subject.key());
        }
    }
}

#[test]
fn no_word_is_a_finding_and_a_concept() {
    let mut keys: Vec<String> = subjects().into_iter().map(Subject::key).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

/// Code is one for both languages, and fits a terminal.
#[test]
fn code_and_commands_fit_a_terminal() {
    for subject in subjects() {
        let lesson = lesson(subject);
        let mut blocks = vec![lesson.see.run];
        blocks.extend(
            lesson.mistake.map(|mistake| [mistake.wrong, mistake.right, mistake.c]).into_iter().flatten(),
        );
        for line in blocks.iter().flatten().flat_map(|block| block.lines()) {
            assert!(line.chars().count() <= 90 && !line.contains('\t'), "{}: {line}", subject.key());
            let comment = line.split('#').next_back().unwrap_or_default();
            assert!(!comment.chars().any(is_korean), "{}: {line}", subject.key());
        }
    }
}

#[test]
fn pages_wrap_in_both_languages() {
    for language in [Language::English, Language::Korean] {
        let options = TerminalOptions { colour: false, language, width: 80 };
        for page in subjects().into_iter().map(|subject| render_lesson(subject, options)) {
            assert!(!page.contains("\n\n\n") && page.ends_with('\n'), "{page}");
        }
    }
}

#[test]
fn every_step_of_every_check_is_told_in_both_languages() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    for exercise in load_all(&specs).unwrap() {
        for scenario in &exercise.scenarios {
            let lines = tell(scenario, Transport::Tcp);
            assert!(lines.iter().any(|line| line.label == "1"), "{}", scenario.id);
            for line in lines {
                assert!(line.text.ko.chars().any(is_korean), "{}: {}", scenario.id, line.text.ko);
                assert!(line.text.en.contains(' '), "{}: {}", scenario.id, line.text.en);
            }
        }
    }
}
