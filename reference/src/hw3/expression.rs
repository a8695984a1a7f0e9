//! Expressions: from text to a value, and from a value to text. No sockets here.
//!
//! The way is text → [`Expression`] → [`Value`] → text, and each step can fail in ways of its own,
//! which all are [`Mistake`]s of the one who typed.

use std::fmt;

/// Two integers and what to do with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expression {
    left: i128,
    operator: Operator,
    right: i128,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// The result of `+`, `-` and `*`, which is exact.
    Integer(i128),
    /// The result of `/`, in tenths: 35 stands for 3.5. Counting tenths in integers keeps clear of
    /// the surprises that binary fractions have in store.
    Tenths(i128),
}

/// Why there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// Not of the form `20 + 17`.
    #[error("not of the form `20 + 17`")]
    Form,
    /// There is no such quotient.
    #[error("division by zero")]
    DivisionByZero,
    /// An operand or the result has more digits than this calculator.
    #[error("too large a number")]
    TooLarge,
}

/// Reads and calculates in one go. The server's reply is this result as text.
pub fn calculate(text: &str) -> Result<Value, Mistake> {
    Expression::parse(text)?.value()
}

impl Expression {
    /// Reads an expression: integer, operator, integer, and blanks between them or not.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let (left, text) = integer(text)?;
        let (operator, text) = operator(text)?;
        let (right, text) = integer(text)?;
        // Something behind the second integer, such as `1 + 2 + 3`, is not ours to guess at.
        if !text.trim().is_empty() {
            return Err(Mistake::Form);
        }
        Ok(Self { left, operator, right })
    }

    /// Calculates. Every step is checked: a result that does not fit is told, not cut off.
    pub fn value(self) -> Result<Value, Mistake> {
        let Self { left, right, .. } = self;
        let integer = match self.operator {
            Operator::Add => left.checked_add(right),
            Operator::Subtract => left.checked_sub(right),
            Operator::Multiply => left.checked_mul(right),
            Operator::Divide => return divide(left, right),
        };
        integer.map(Value::Integer).ok_or(Mistake::TooLarge)
    }
}

/// Divides and rounds to tenths, half away from zero.
fn divide(left: i128, right: i128) -> Result<Value, Mistake> {
    if right == 0 {
        return Err(Mistake::DivisionByZero);
    }
    let dividend = left.checked_mul(10).ok_or(Mistake::TooLarge)?;
    // Both cut towards zero, so the remainder tells what was cut off.
    let quotient = dividend.checked_div(right).ok_or(Mistake::TooLarge)?;
    let remainder = dividend.checked_rem(right).ok_or(Mistake::TooLarge)?;

    // Half of the divisor or more was cut off: the next tenth is nearer.
    let divisor = right.unsigned_abs();
    let cut_off = remainder.unsigned_abs();
    let rounding = if cut_off >= divisor - cut_off { dividend.signum() * right.signum() } else { 0 };
    Ok(Value::Tenths(quotient + rounding))
}

/// Takes an integer from the front of the text. Returns it together with the text behind it.
fn integer(text: &str) -> Result<(i128, &str), Mistake> {
    let text = text.trim_start();
    // A sign belongs to the integer when it stands right before its first digit.
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Err(Mistake::Form);
    }
    let (number, behind) = text.split_at(sign + digits);
    // It consists of digits, so the only thing that can be wrong is its size.
    let number = number.parse().map_err(|_| Mistake::TooLarge)?;
    Ok((number, behind))
}

/// Takes an operator from the front of the text. Returns it together with the text behind it.
fn operator(text: &str) -> Result<(Operator, &str), Mistake> {
    let mut signs = text.trim_start().chars();
    let operator = match signs.next() {
        Some('+') => Operator::Add,
        Some('-') => Operator::Subtract,
        Some('*') => Operator::Multiply,
        Some('/') => Operator::Divide,
        _ => return Err(Mistake::Form),
    };
    Ok((operator, signs.as_str()))
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Tenths(tenths) => {
                // The sign is written first: -0.5 has it too, although its whole part is 0.
                let sign = if tenths < 0 { "-" } else { "" };
                let tenths = tenths.unsigned_abs();
                write!(f, "{sign}{}.{}", tenths / 10, tenths % 10)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        let result = calculate(text).map(|value| value.to_string());
        assert_eq!(result.as_deref(), Ok(expected), "{text:?}");
    }

    #[test]
    fn calculates_with_and_without_blanks() {
        reads("20 + 17", "37");
        reads("20-17", "3");
        reads("  3*  4 ", "12");
        reads("3 - 20", "-17");
        reads("123456789 * 987654321", "121932631112635269");
    }

    #[test]
    fn a_sign_before_a_digit_belongs_to_the_number() {
        reads("-5 + 3", "-2");
        reads("4 * -2", "-8");
        reads("4--2", "6");
        reads("4 - -2", "6");
    }

    #[test]
    fn a_quotient_is_rounded_to_tenths_away_from_zero() {
        reads("7 / 2", "3.5");
        reads("8/2", "4.0");
        reads("1/3", "0.3");
        reads("2/3", "0.7");
        reads("-7/2", "-3.5");
        reads("-2/3", "-0.7");
        reads("2/-3", "-0.7");
        reads("1/4", "0.3");
        reads("-1/4", "-0.3");
        reads("0/5", "0.0");
        reads("-1/100", "0.0");
        reads("-1/2", "-0.5");
    }

    #[test]
    fn what_is_no_expression_is_a_mistake_of_form() {
        for text in [
            "",
            "   ",
            "abc",
            "1",
            "1 +",
            "+ 1",
            "1 + + 2",
            "1 + 2 + 3",
            "2**10**9",
            "1.5 + 2",
            "1 % 2",
            "(1 + 2)",
            "__import__('os').system('true')",
            "１ + ２",
        ] {
            assert_eq!(calculate(text), Err(Mistake::Form), "{text:?}");
        }
    }

    #[test]
    fn zero_divides_nothing() {
        assert_eq!(calculate("1 / 0"), Err(Mistake::DivisionByZero));
        assert_eq!(calculate("0 / 0"), Err(Mistake::DivisionByZero));
    }

    #[test]
    fn a_number_too_large_is_told_and_not_cut_off() {
        let most = i128::MAX;
        let least = i128::MIN;
        for text in [
            format!("{most} + 1"),
            format!("{least} - 1"),
            format!("{most} * 2"),
            format!("{least} / -1"),
            format!("1{most} + 1"),
        ] {
            assert_eq!(calculate(&text), Err(Mistake::TooLarge), "{text:?}");
        }
        reads(&format!("1 / {least}"), "0.0");
    }
}
