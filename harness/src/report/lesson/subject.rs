//! The words that can be explained: codes of findings and concepts of the course.

use super::super::wording;
use super::model::{Lesson, TEXTS};
use crate::spec::Concept;
use crate::units::Text;
use crate::verdict::Code;

/// Something that a lesson is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A kind of failure.
    Code(Code),
    /// An idea of the course.
    Concept(Concept),
}

impl Subject {
    /// Every kind of failure.
    pub fn codes() -> impl Iterator<Item = Self> {
        Code::ALL.iter().copied().map(Self::Code)
    }

    /// Every idea of the course.
    pub fn concepts() -> impl Iterator<Item = Self> {
        Concept::ALL.into_iter().map(Self::Concept)
    }

    /// The words for all of them: as their texts are called.
    pub fn words() -> impl Iterator<Item = &'static str> {
        TEXTS.dirs().flat_map(|folder| folder.files()).filter_map(|file| file.path().file_stem()?.to_str())
    }

    /// The subject that reports and specs call by this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::codes().chain(Self::concepts()).find(|subject| subject.key() == word)
    }

    /// The word: `no-reply`, `partial-read`.
    pub fn key(self) -> String {
        match self {
            Self::Code(code) => wording::code_key(code),
            Self::Concept(concept) => concept.key().to_owned(),
        }
    }

    /// The word as people say it.
    pub(super) fn name(self) -> Text {
        match self {
            Self::Code(code) => wording::headline(code),
            Self::Concept(concept) => wording::concept_name(concept).1,
        }
    }

    /// What there is to learn about it. A test sees to it that there is something.
    pub(super) fn lesson(self) -> Option<Lesson> {
        toml::from_str(TEXTS.get_file(self.file())?.contents_utf8()?).ok()
    }

    /// Where it stands in `texts/`.
    pub(super) fn file(self) -> String {
        let folder = match self {
            Self::Code(_) => "codes",
            Self::Concept(_) => "concepts",
        };
        format!("{folder}/{}.toml", self.key())
    }
}
