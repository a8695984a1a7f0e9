//! The words of `list` and `show` in both languages.

use crate::spec::{Ask, End, Role, Tier};
use crate::units::{Language, Text};

/// A phrase in both languages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase(pub(super) &'static str, pub(super) &'static str);

impl Phrase {
    /// The phrase in one language.
    pub(super) fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::English => self.0,
            Language::Korean => self.1,
        }
    }
}

pub(super) const EXERCISE: Phrase = Phrase("EXERCISE", "과제");
pub(super) const ROLES: Phrase = Phrase("PROGRAMS", "프로그램");
pub(super) const CHECK: Phrase = Phrase("CHECK", "검사");
pub(super) const TIER: Phrase = Phrase("TIER", "단계");
pub(super) const CONCEPT: Phrase = Phrase("CONCEPT", "개념");
pub(super) const POINTS: Phrase = Phrase("POINTS", "점수");
pub(super) const TITLE: Phrase = Phrase("TITLE", "제목");
pub(super) const BASIC: Phrase = Phrase("basic", "기본");
pub(super) const ROBUST: Phrase = Phrase("robust", "심화");
pub(super) const NOTED: Phrase = Phrase("noted", "참고");
pub(super) const PROTOCOL: Phrase = Phrase("Protocol", "프로토콜");
pub(super) const PROGRAMS: Phrase = Phrase("Programs", "프로그램");
pub(super) const SAMPLE: Phrase = Phrase("A sample session", "실행 예");
pub(super) const GRADED: Phrase = Phrase("What is graded", "채점 항목");
pub(super) const BEYOND: Phrase = Phrase(
    "Beyond the handout (run and shown, costs nothing)",
    "과제 범위 밖 (실행해서 보여 주지만 감점은 없음)",
);
pub(super) const SETTINGS: Phrase = Phrase("Settings", "설정");
pub(super) const TRY: Phrase = Phrase("Grade a program", "채점하기");
pub(super) const DEFAULT: Phrase = Phrase("default", "기본값");

/// The word for a tier.
pub(super) fn tier(tier: Tier, noted: bool, language: Language) -> &'static str {
    match (noted, tier) {
        (true, _) => NOTED.in_language(language),
        (false, Tier::Basic) => BASIC.in_language(language),
        (false, Tier::Robust) => ROBUST.in_language(language),
    }
}

/// Points without a needless fraction.
pub(super) fn points(points: f64) -> String {
    format!("{points}")
}

/// What a role does, on one line.
pub(super) fn role(role: &Role, language: Language) -> String {
    let (end, port) = (role.end, role.port);
    let text = match (end, role.port_fixed) {
        (End::Server, true) => {
            Text::new(format!("listens on TCP port {port}"), format!("TCP 포트 {port}에서 기다린다"))
        }
        (End::Client, true) => {
            Text::new(format!("connects to TCP port {port}"), format!("TCP 포트 {port}에 접속한다"))
        }
        (End::Server, false) => Text::new(
            format!("listens on a TCP port of your choice, customarily {port}"),
            format!("TCP 포트는 자유, 보통 {port}에서 기다린다"),
        ),
        (End::Client, false) => Text::new(
            format!("connects to a TCP port of your choice, customarily {port}"),
            format!("TCP 포트는 자유, 보통 {port}에 접속한다"),
        ),
    };
    let asked: Vec<&str> = role.asks.iter().map(|ask| self::ask(*ask).in_language(language)).collect();
    let asks = Phrase("; asks for ", "; 먼저 묻는 것: ").in_language(language);
    let text = text.in_language(language);
    if asked.is_empty() { text.to_owned() } else { format!("{text}{asks}{}", asked.join(", ")) }
}

fn ask(ask: Ask) -> Phrase {
    match ask {
        Ask::Host => Phrase("the host", "호스트"),
        Ask::Port => Phrase("the port", "포트"),
    }
}
