//! The table of words. It knows nothing about sockets, so it can be tested without any.

/// What the server answers to everything that is not in the table.
pub const TRY_AGAIN: &str = "Try again";

/// The answer to a request.
pub fn answer(request: &str) -> &'static str {
    match request {
        "1" => "one",
        "2" => "two",
        "3" => "three",
        "4" => "four",
        "5" => "five",
        "6" => "six",
        "7" => "seven",
        "8" => "eight",
        "9" => "nine",
        "10" => "ten",
        _ => TRY_AGAIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_ten_are_words() {
        let words: Vec<_> = (1..=10).map(|number| answer(&number.to_string())).collect();
        assert_eq!(words.join(" "), "one two three four five six seven eight nine ten");
    }

    #[test]
    fn everything_else_is_to_be_tried_again() {
        for request in ["0", "11", "-1", "1.0", "01", "abc", "", "one", "١"] {
            assert_eq!(answer(request), TRY_AGAIN, "{request:?}");
        }
    }
}
