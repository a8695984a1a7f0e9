//! Look-alikes: what a mistake everybody makes does to the right bytes, and so what wrong
//! bytes tell about it. Pure functions of what came and what was wanted.

use encoding_rs::EUC_KR;

use super::scene::Blame;
use super::{Code, words};

/// What U+FFFD is in UTF-8: it stands where bytes were no text.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// A text that is not the wanted one, but like it; both without blanks around them.
pub(super) fn of_text(came: &[u8], wanted: &[u8], otherwise: Code) -> Option<Blame> {
    let twice = [wanted, wanted].concat();
    let told = |code, cause| Some(Blame::new(code, Some(cause)));
    if came == wanted {
        None
    } else if let Some(blame) = of_letters(came, wanted) {
        Some(blame)
    } else if came.eq_ignore_ascii_case(wanted) {
        told(Code::ChangesCase, words::only_case_differs())
    } else if is_crlf_for_lf(came, wanted) {
        told(Code::CrlfForLf, own::crlf_for_lf())
    } else if squeezed(came) == squeezed(wanted) {
        told(otherwise, words::only_blanks_differ())
    } else if squeezed(came) == squeezed(&twice) {
        told(otherwise, words::twice())
    } else if has_length_first(came) && came[2..].trim_ascii() == wanted {
        told(Code::SendsLengthFirst, own::length_first())
    } else if wanted.len() >= 3 && contains(came, wanted) {
        let code = if came.starts_with(wanted) { otherwise } else { Code::TextAroundIt };
        told(code, words::surrounded())
    } else {
        None
    }
}

/// The letters of a text went through another encoding than UTF-8. Of ASCII nothing tells.
fn of_letters(came: &[u8], wanted: &[u8]) -> Option<Blame> {
    let text = std::str::from_utf8(wanted).ok().filter(|text| !text.is_ascii())?;
    let (korean, _, broken) = EUC_KR.encode(text);
    let latin: String = wanted.iter().copied().map(char::from).collect();
    let told = |code, cause| Some(Blame::new(code, Some(cause)));
    if !broken && came == korean.as_ref() {
        told(Code::EucKrForUtf8, words::not_utf8())
    } else if came == latin.as_bytes() {
        told(Code::Latin1ForUtf8, own::taken_for_latin1())
    } else if is_ascii_of(came, wanted) {
        told(Code::AsciiOnly, own::only_ascii())
    } else {
        None
    }
}

/// The same on a console, where other text stands around it.
pub(super) fn of_shown(console: &[u8], wanted: &[u8]) -> Option<Blame> {
    let text = std::str::from_utf8(wanted).ok().filter(|text| !text.is_ascii())?;
    let (korean, _, broken) = EUC_KR.encode(text);
    let latin: String = wanted.iter().copied().map(char::from).collect();
    let told = |code, cause| Some(Blame::new(code, Some(cause)));
    if !broken && contains(console, &korean) {
        told(Code::EucKrForUtf8, words::not_utf8())
    } else if contains(console, latin.as_bytes()) {
        told(Code::Latin1ForUtf8, own::taken_for_latin1())
    } else if console.split(|byte| byte.is_ascii_whitespace()).any(|word| is_ascii_of(word, wanted)) {
        told(Code::AsciiOnly, own::only_ascii())
    } else {
        None
    }
}

/// What becomes of a text that only ASCII gets through: question marks, gaps, or bytes of
/// which the highest bit is lost.
fn is_ascii_of(came: &[u8], wanted: &[u8]) -> bool {
    if came.is_empty() {
        return false;
    }
    let stripped: Vec<u8> = wanted.iter().map(|byte| byte & 0x7f).collect();
    let came_text = String::from_utf8_lossy(came).into_owned();
    let kept = |text: &str| {
        text.chars().filter(|c| !matches!(c, '?' | '\u{fffd}') && !c.is_whitespace()).collect::<String>()
    };
    let ascii: String = String::from_utf8_lossy(wanted).chars().filter(char::is_ascii).collect();
    came == stripped || (kept(&came_text).is_ascii() && kept(&came_text) == kept(&ascii))
}

/// Why the bytes of a file are not those that were wanted.
pub(super) fn of_file(came: &[u8], wanted: &[u8], otherwise: Code) -> Option<Blame> {
    let told = |code, cause| Some(Blame::new(code, Some(cause)));
    if came.is_empty() || came == wanted {
        None
    } else if wanted.starts_with(came) {
        let lost = if came.len() + 1 == wanted.len() { Code::LastByteLost } else { Code::TruncatedFile };
        told(lost, words::only_beginning(came.len(), wanted.len()))
    } else if is_crlf_for_lf(came, wanted) && std::str::from_utf8(wanted).is_ok() {
        told(Code::CrlfForLf, own::crlf_for_lf())
    } else if is_translated(came, wanted) {
        told(Code::TextModeTranslation, words::turned_into_text())
    } else if came.starts_with(wanted) {
        told(otherwise, words::more_than_whole(came.len() - wanted.len()))
    } else if wanted.ends_with(came) {
        told(otherwise, words::beginning_lost(wanted.len() - came.len()))
    } else if came.ends_with(wanted) {
        told(otherwise, words::something_before(came.len() - wanted.len()))
    } else {
        let same = came.iter().zip(wanted).take_while(|(a, b)| a == b).count();
        told(otherwise, words::differs_from(same + 1))
    }
}

/// The bytes of a file that is no text were read or written as one: what is none became
/// U+FFFD, line ends became others.
fn is_translated(came: &[u8], wanted: &[u8]) -> bool {
    let replaced = contains(came, REPLACEMENT) && !contains(wanted, REPLACEMENT);
    let latin: String = wanted.iter().copied().map(char::from).collect();
    let line_ends = [
        latin.into_bytes(),
        replace(wanted, b"\n", b"\r\n"),
        replace(wanted, b"\r\n", b"\n"),
        replace(&replace(wanted, b"\r\n", b"\n"), b"\r", b"\n"),
    ];
    // Of a file whose length is told before, what did not fit is missing at the end.
    let is_like = |other: &Vec<u8>| {
        other != wanted && (came == other.as_slice() || came.len() > 16 && other.starts_with(came))
    };
    replaced || line_ends.iter().any(is_like)
}

/// The only difference are line ends of CRLF where LF was wanted.
fn is_crlf_for_lf(came: &[u8], wanted: &[u8]) -> bool {
    contains(wanted, b"\n") && !contains(wanted, b"\r") && came == replace(wanted, b"\n", b"\r\n")
}

/// The first two bytes are the length of the rest, as `writeUTF` of Java puts them.
pub(super) fn has_length_first(came: &[u8]) -> bool {
    matches!(came, [high, low, rest @ ..]
        if !rest.is_empty() && usize::from(u16::from_be_bytes([*high, *low])) == rest.len())
}

/// An integer that should tell a length tells the length of itself and of what follows.
pub(super) fn counts_itself(came: u128, wanted: u128, width: usize) -> bool {
    came == wanted.saturating_add(width as u128)
}

/// A text ends before it is whole, at the end of what is shown or of a line there.
pub(super) fn is_beginning_of(wanted: &str, shown: &str) -> bool {
    let shown = shown.trim_end();
    let ends: Vec<usize> = wanted.char_indices().map(|(at, _)| at).filter(|at| *at >= 3).collect();
    let is_cut = |at: &usize| {
        let beginning = wanted[..*at].trim_end();
        shown.match_indices(beginning).any(|(found, _)| {
            let behind = &shown[found + beginning.len()..];
            behind.is_empty() || behind.starts_with(['\r', '\n'])
        })
    };
    !shown.contains(wanted) && ends.iter().any(is_cut)
}

/// What a program shows that prints an object and not what is in it.
pub(super) fn is_object(text: &str) -> bool {
    let named = |word: &str| match word.split_once("[B@") {
        Some((_, rest)) => rest.chars().take_while(char::is_ascii_hexdigit).count() >= 5,
        None => false,
    };
    text.split_whitespace().any(named)
        || ["[object Object]", "<memory at 0x", "<socket.socket fd=", "<_io."]
            .iter()
            .any(|sign| text.contains(sign))
}

fn squeezed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && bytes.windows(part.len()).any(|window| window == part)
}

fn replace(bytes: &[u8], what: &[u8], by: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if let Some(tail) = rest.strip_prefix(what) {
            replaced.extend_from_slice(by);
            rest = tail;
        } else {
            replaced.push(*first);
            rest = &rest[1..];
        }
    }
    replaced
}

/// The words about look-alikes, in English and Korean.
pub(super) mod own {
    use crate::units::Text;

    macro_rules! sentences {
        ($($name:ident: $en:literal, $ko:literal;)*) => {
            $(pub(in crate::verdict) fn $name() -> Text { Text::new($en, $ko) })*
        };
    }

    sentences! {
        taken_for_latin1: "the text was read as Latin-1, where every byte is a letter: decode it as UTF-8", "Latin-1로 읽어 바이트 하나가 글자 하나가 되었습니다. UTF-8로 디코딩하세요";
        only_ascii: "only ASCII gets through: what is beyond it is lost on the way", "ASCII만 통과합니다. 나머지 글자는 도중에 없어집니다";
        crlf_for_lf: "its lines end in \\r\\n instead of \\n: they were written in text mode, or by `println`", "줄이 \\n이 아니라 \\r\\n으로 끝납니다. 텍스트 모드나 `println`으로 쓴 것입니다";
        length_first: "two bytes with its length stand before the text, as `writeUTF` puts them", "문자열 앞에 길이 2바이트가 있습니다(`writeUTF`가 붙이는 것)";
        length_counts_itself: "the length counts its own bytes as well: it must be that of what follows", "길이에 길이 자신의 바이트까지 세었습니다. 뒤따르는 내용의 길이여야 합니다";
        shown_in_part: "only its beginning is shown: the buffer was too small, or the reading ended too soon", "앞부분만 표시됩니다. 버퍼가 작거나 읽기를 일찍 끝낸 것입니다";
        last_byte_lost: "all but the last byte came", "마지막 한 바이트만 빠졌습니다";
        first_segment: "this is what came in the first segment only: one message may need several calls of `recv`", "첫 조각의 내용뿐입니다. 메시지 하나에 `recv`가 여러 번 필요할 수 있습니다";
        another_client: "this belongs to another client: every connection needs variables of its own", "다른 클라이언트의 것입니다. 연결마다 변수를 따로 두어야 합니다";
        own_message: "it shows what it has sent, and not what came back", "받은 내용이 아니라 자신이 보낸 내용을 표시합니다";
        shows_object: "this is the name of an object, and not the text in it", "객체의 이름일 뿐 그 안의 내용이 아닙니다";
        ended_at_reset: "it ended because a client was gone: an error of one connection must end that one only", "클라이언트 하나가 끊겨서 종료되었습니다. 한 연결의 오류는 그 연결만 끝내야 합니다";
        one_message: "it ended after one message; the conversation was to go on", "메시지 하나 뒤에 종료되었습니다. 대화는 계속되어야 합니다";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(blame: Option<Blame>) -> Option<Code> {
        blame.map(|blame| blame.code)
    }

    #[test]
    fn knows_a_text_by_what_became_of_it() {
        let wanted = "가 나\nz".as_bytes();
        let of = |came: &[u8]| code(of_text(came, wanted, Code::WrongReply));
        let latin: String = wanted.iter().copied().map(char::from).collect();
        let seven: Vec<u8> = wanted.iter().map(|byte| byte & 0x7f).collect();
        assert_eq!(of(&EUC_KR.encode("가 나\nz").0), Some(Code::EucKrForUtf8));
        assert_eq!(of(latin.as_bytes()), Some(Code::Latin1ForUtf8));
        assert_eq!(of("? ?\nz".as_bytes()), Some(Code::AsciiOnly));
        assert_eq!(of("\u{fffd}\u{fffd}\u{fffd} \u{fffd}\nz".as_bytes()), Some(Code::AsciiOnly));
        assert_eq!(of(&seven), Some(Code::AsciiOnly));
        assert_eq!(of("가 나\r\nz".as_bytes()), Some(Code::CrlfForLf));
        assert_eq!(of("가 나\nZ".as_bytes()), Some(Code::ChangesCase));
        assert_eq!(of("가나z".as_bytes()), Some(Code::WrongReply));
        assert_eq!(of("re: 가 나\nz".as_bytes()), Some(Code::TextAroundIt));
        assert_eq!(of("가 나\nz!".as_bytes()), Some(Code::WrongReply), "what follows is surplus");
        assert_eq!(of("다".as_bytes()), None);
        assert_eq!(of(b"z"), Some(Code::AsciiOnly));
        let of = |came: &[u8]| code(of_text(came, b"20 + 17", Code::WrongReply));
        assert_eq!(of(b"\0\x0720 + 17"), Some(Code::SendsLengthFirst));
        assert_eq!(of(b"20?+?17"), None, "ASCII loses nothing in any encoding");
    }

    #[test]
    fn knows_a_file_by_what_became_of_it() {
        let binary = b"\x01\x02\xff\xfe\r\n\x03\n\x05\x06\x07\x08\x09\x10\x11\x12\x13\x14\x15";
        let of = |came: &[u8]| code(of_file(came, binary, Code::WrongReply));
        assert_eq!(of(binary), None);
        assert_eq!(of(&binary[..2]), Some(Code::TruncatedFile));
        assert_eq!(of(&binary[..binary.len() - 1]), Some(Code::LastByteLost));
        assert_eq!(of(&replace(binary, b"\n", b"\r\n")), Some(Code::TextModeTranslation));
        assert_eq!(of(&replace(binary, b"\r\n", b"\n")), Some(Code::TextModeTranslation));
        assert_eq!(of("\u{1}\u{2}\u{fffd}".as_bytes()), Some(Code::TextModeTranslation));
        assert_eq!(of(&binary[2..]), Some(Code::WrongReply));
        assert_eq!(code(of_file(b"a\r\nb\r\n", b"a\nb\n", Code::WrongReply)), Some(Code::CrlfForLf));
    }

    #[test]
    fn a_length_may_count_itself() {
        assert!(counts_itself(76, 72, 4) && !counts_itself(72, 72, 4) && !counts_itself(73, 72, 4));
        assert!(has_length_first(b"\0\x01a") && !has_length_first(b"\0\x02a") && !has_length_first(b"\0\0"));
    }

    #[test]
    fn knows_the_names_of_objects() {
        assert!(is_object("Received: [B@1b6d3586") && is_object("{ a: [object Object] }"));
        assert!(!is_object("Received: [B@x]") && !is_object("hello"));
    }
}
