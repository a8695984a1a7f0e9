//! Finding a datum in what was printed: a whole token, not the sentence around it.

use super::decimal::{Decimal, numbers};

/// Where a token stands in a text as a whole word: begin and end. A token that is a
/// number is also found where it is written in another way (`20,170,031`).
pub(crate) fn find_token(text: &str, token: &str) -> Option<(usize, usize)> {
    let token = token.replace("\r\n", "\n");
    let number = Decimal::parse(&token);
    let whole = text.match_indices(token.as_str()).map(|(start, found)| (start, start + found.len())).find(
        |&(start, end)| {
            bounded_before(&text[..start], &token)
                && bounded_after(&text[end..], &token)
                && !(number.is_some() && signed_otherwise(&text[..start], &token))
        },
    );
    let written_otherwise = || {
        let number = number.as_ref()?;
        let found = numbers(text).into_iter().find(|found| found.value.same(number))?;
        Some((found.start, found.end))
    };
    whole.or_else(written_otherwise)
}

/// No letter or digit of the same kind stands directly before the token. The letter of
/// a written escape (`b'\nHello'`) does not count.
fn bounded_before(before: &str, token: &str) -> bool {
    let Some(first) = token.chars().next().filter(char::is_ascii_alphanumeric) else { return true };
    let mut back = before.chars().rev();
    match back.next() {
        Some('n' | 'r' | 't') if back.clone().next() == Some('\\') => true,
        Some(c) if c.is_ascii_alphanumeric() => false,
        Some('.') => !(first.is_ascii_digit() && back.next().is_some_and(|c| c.is_ascii_digit())),
        _ => true,
    }
}

/// No letter or digit of the same kind stands directly after the token. A capital
/// after a small letter or a digit begins something new: the prompt of a program that
/// prints its replies without a line end.
fn bounded_after(after: &str, token: &str) -> bool {
    let Some(last) = token.chars().next_back().filter(char::is_ascii_alphanumeric) else { return true };
    let mut ahead = after.chars();
    match ahead.next() {
        Some(c) if c.is_ascii_uppercase() => !last.is_ascii_uppercase(),
        Some(c) if c.is_ascii_alphanumeric() => false,
        Some('.') => !(last.is_ascii_digit() && ahead.next().is_some_and(|c| c.is_ascii_digit())),
        _ => true,
    }
}

/// The digits of the token are those of a negative number, or its sign is a minus
/// between two operands.
fn signed_otherwise(before: &str, token: &str) -> bool {
    let operand = |c: char| c.is_ascii_alphanumeric() || matches!(c, ')' | ']' | '_');
    let mut back = before.chars().rev();
    let last = back.next();
    if !token.starts_with(|c: char| c.is_ascii_digit()) {
        return last.is_some_and(operand);
    }
    matches!(last, Some('-' | '\u{2212}')) && !back.next().is_some_and(operand)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_tokens_only() {
        let table = [
            ("one", "one", true),
            ("one", "Reply: one\n", true),
            ("one", "none", false),
            ("one", "ones", false),
            ("one", "'one'", true),
            ("one", "b'one\\n'", true),
            ("one", "b'x\\none'", true),
            ("one", "oneMessage: ", true),
            ("one", "_one_", true),
            ("one", "답:one입니다", true),
            ("Hello 127.0.0.1", "Hello 127.0.0.1Connected", true),
            ("Hello 127.0.0.1", "Hello 127.0.0.10", false),
            ("127.0.0.1", "('127.0.0.1', 5000)", true),
            ("127.0.0.2", "1127.0.0.2", false),
            ("김하나", "이름:김하나님", true),
            ("김하나", "김하나", true),
            ("김하나", "김하니", false),
            ("Kim Hana", "Name: Kim Hana", true),
            ("Kim Hana", "Kim  Hana", false),
            ("a\nb", "a\nb", true),
        ];
        for (token, text, found) in table {
            assert_eq!(find_token(text, token).is_some(), found, "{token:?} in {text:?}");
        }
    }

    #[test]
    fn finds_numbers_as_numbers() {
        let table = [
            ("20170031", "Student number: 20170031", true),
            ("20170031", "20,170,031", true),
            ("20170031", "0x133c4cf (20170031)", true),
            ("20170031", "120170031", false),
            ("20170031", "201700310", false),
            ("20170031", "학번은 20170031입니다", true),
            ("20170031", "20170031Enter", true),
            ("4", "14", false),
            ("4", "4.0", true),
            ("4", "4.5", false),
            ("4", "4.", true),
            ("4", "-4", false),
            ("-4", "= -4", true),
            ("-4", "3-4", false),
            ("4", "3-4", true),
            ("4", "127.0.0.4", false),
        ];
        for (token, text, found) in table {
            assert_eq!(find_token(text, token).is_some(), found, "{token:?} in {text:?}");
        }
    }

    #[test]
    fn goes_on_after_a_place_that_is_no_word() {
        assert_eq!(find_token("none one", "one"), Some((5, 8)));
    }
}
