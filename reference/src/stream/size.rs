//! The size of a picture as it is written on the wire: ten digits.
//!
//! A number as text usually has as many digits as it needs, and then the reader cannot tell where it
//! ends. Filled up with zeros, it always ends after the tenth.

/// How many digits there are.
pub const DIGITS: usize = 10;

/// The largest picture that a client takes. It reserves the memory before the first byte has come,
/// so it should not believe every number.
pub const LARGEST: usize = 64 << 20;

/// Writes a size.
pub fn write(size: usize) -> String {
    format!("{size:0DIGITS$}")
}

/// Reads a size. `None` if these are not ten digits, or more than any picture needs.
pub fn read(digits: &[u8; DIGITS]) -> Option<usize> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (size <= LARGEST).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_always_has_ten_digits() {
        assert_eq!(write(4365), "0000004365");
        assert_eq!(read(b"0000004365"), Some(4365));
        assert_eq!(read(b"0000000000"), Some(0));
    }

    #[test]
    fn anything_else_is_no_size() {
        for digits in [b"      4365", b"+000004365", b"4365\0\0\0\0\0\0", b"9999999999"] {
            assert_eq!(read(digits), None);
        }
    }
}
