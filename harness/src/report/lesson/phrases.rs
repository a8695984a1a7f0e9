//! The words around lessons, in English and Korean. The lessons' own words are in `texts/`.

use super::super::model::Points;
use crate::units::Language;

macro_rules! phrases {
    ($($name:ident: $en:literal, $ko:literal;)*) => {
        $(pub(super) fn $name(language: Language) -> &'static str {
            match language { Language::English => $en, Language::Korean => $ko }
        })*
    };
}

phrases! {
    findings: "What a failed check can say", "실패한 검사가 말하는 것";
    concepts: "The ideas of the course", "수업의 개념";
    how_to_go_on: "`grader explain WORD` tells more about any of them, and `grader explain EXERCISE/ROLE/CHECK` about a check.", "`grader explain 낱말`로 자세한 설명을, `grader explain 과제/역할/검사`로 검사의 설명을 볼 수 있습니다.";
    meaning: "What it means", "무슨 뜻인가";
    idea: "The idea", "개념";
    mistake: "The usual mistake", "흔한 실수";
    in_c: "In C:", "C에서는:";
    see: "See it yourself", "직접 확인하기";
    related: "see also", "관련";
    read: "read on", "읽을거리";
    noted: "no points, a remark only", "점수 없음(참고용)";
    what_happens: "What happens", "검사 과정";
    hint: "Hint", "힌트";
    run: "Run it alone", "이 검사만 실행하기";
}

pub(super) fn points(points: Points, language: Language) -> String {
    match language {
        Language::English if points.value() == 1.0 => format!("{points} point"),
        Language::English => format!("{points} points"),
        Language::Korean => format!("{points}점"),
    }
}
