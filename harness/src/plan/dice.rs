//! Drawing values from the seed. The same seed, check and name give the same value on
//! every machine and with every version of the libraries: ChaCha8 is specified bit
//! for bit, its key is a digest, and ranges are made here rather than by `rand`,
//! whose ways of making them may change between versions.

use rand::Rng;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use sha2::{Digest, Sha256};

use crate::spec::Generator;

/// Syllables that people use, and that every Korean encoding has.
const SYLLABLES: &str =
    "가나다라마바사아자차카타파하강남산물길별달해눈꽃봄여름을겨울서울부산대구광주학교친구";

/// Where a value is drawn: each place has a stream of its own, so that adding a draw
/// to a spec changes no other value.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    digest: Sha256,
}

impl Stream {
    /// The stream of a scenario.
    pub(super) fn new(seed: u64, scenario: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(seed.to_be_bytes());
        digest.update(scenario.as_bytes());
        Self { digest }
    }

    /// The stream of a part of this place: a step, a round, a name.
    pub(super) fn part(&self, name: &str) -> Self {
        let mut digest = self.digest.clone();
        digest.update([0]);
        digest.update(name.as_bytes());
        Self { digest }
    }

    /// The dice of this place.
    pub(super) fn dice(self) -> Dice {
        Dice(ChaCha8Rng::from_seed(self.digest.finalize().into()))
    }
}

/// Draws one value; `drawn` are the values drawn before it.
pub(super) fn draw(generator: &Generator, stream: Stream, drawn: &[(String, String)]) -> String {
    let mut dice = stream.dice();
    match generator {
        Generator::Integer(first, last) => dice.between(*first, *last).to_string(),
        Generator::OneOf(choices) => {
            choices.get(dice.below(choices.len() as u64) as usize).cloned().unwrap_or_default()
        }
        Generator::Word(length) => dice.text(*length, "abcdefghijklmnopqrstuvwxyz"),
        Generator::Printable(length) => dice.printable(*length),
        Generator::Korean(length) => dice.text(*length, SYLLABLES),
        Generator::Product(first, second) => {
            let factor = |name: &String| {
                let value =
                    drawn.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
                value.and_then(|value| value.parse::<i128>().ok()).unwrap_or_default()
            };
            (factor(first) * factor(second)).to_string()
        }
    }
}

/// Draws so many bytes.
pub(super) fn draw_bytes(length: usize, stream: Stream) -> Vec<u8> {
    let mut bytes = vec![0; length];
    stream.dice().0.fill_bytes(&mut bytes);
    bytes
}

/// Dice that fall the same way every time.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// A number, every one equally likely.
    pub(super) fn next(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`, every one equally likely: what lies beyond the last
    /// full multiple of `bound` is thrown again.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        let bound = bound.max(1);
        let full = u64::MAX - u64::MAX % bound;
        loop {
            let number = self.0.next_u64();
            if number < full {
                return number % bound;
            }
        }
    }

    fn between(&mut self, first: i64, last: i64) -> i128 {
        let span = (i128::from(last) - i128::from(first)).max(0) as u64;
        let offset = if span == u64::MAX { self.0.next_u64() } else { self.below(span + 1) };
        i128::from(first) + i128::from(offset)
    }

    fn text(&mut self, length: usize, letters: &str) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..length).map(|_| letters[self.below(letters.len() as u64) as usize]).collect()
    }

    /// Printable ASCII that neither begins nor ends with a blank.
    fn printable(&mut self, length: usize) -> String {
        let ends = |index| index == 0 || index + 1 == length;
        let mut letter =
            |index| char::from(if ends(index) { 0x21 + self.below(94) } else { 0x20 + self.below(95) } as u8);
        (0..length).map(&mut letter).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(generator: &Generator, seed: u64) -> String {
        draw(generator, Stream::new(seed, "sums/server/adds").part("x"), &[])
    }

    #[test]
    fn never_changes_what_a_seed_means() {
        let operators = Generator::OneOf(vec!["+".into(), "-".into(), "*".into()]);
        let generators = [
            Generator::Integer(1, 1_000_000),
            operators,
            Generator::Word(8),
            Generator::Printable(12),
            Generator::Korean(3),
        ];
        let values: Vec<String> = generators.iter().map(|generator| drawn(generator, 7)).collect();
        assert_eq!(values, ["710057", "+", "yldrdnmg", "IFl15R wiPTu", "봄나을"]);
    }

    #[test]
    fn stays_within_the_range_and_reaches_its_ends() {
        let values: Vec<String> = (0..200).map(|seed| drawn(&Generator::Integer(-1, 1), seed)).collect();
        for value in ["-1", "0", "1"] {
            assert!(values.iter().any(|drawn| drawn == value));
        }
        assert!(values.iter().all(|drawn| ["-1", "0", "1"].contains(&drawn.as_str())));
        assert_eq!(drawn(&Generator::Integer(5, 5), 1), "5");
        assert!(drawn(&Generator::Integer(i64::MIN, i64::MAX), 1).parse::<i64>().is_ok());
    }

    #[test]
    fn draws_text_without_blanks_at_its_ends() {
        for seed in 0..200 {
            let text = drawn(&Generator::Printable(3), seed);
            assert_eq!(text.len(), 3);
            assert_eq!(text.trim(), text);
            assert_eq!(drawn(&Generator::Korean(4), seed).chars().count(), 4);
        }
    }

    #[test]
    fn multiplies_what_was_drawn_before() {
        let before = [("a".to_owned(), "-6".to_owned()), ("b".to_owned(), "7".to_owned())];
        let product = Generator::Product("a".into(), "b".into());
        assert_eq!(draw(&product, Stream::new(1, "x"), &before), "-42");
    }
}
