//! Columns of a table on a terminal, where a Korean letter is two wide.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

/// Where the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// At the left edge.
    Left,
    /// At the right edge: numbers.
    Right,
}

/// Prints rows of cells in columns, two blanks apart, every row behind `indent`.
pub(crate) fn print(
    out: &mut dyn Write,
    indent: &str,
    aligns: &[Align],
    rows: &[Vec<String>],
) -> io::Result<()> {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..aligns.len()).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let mut line = indent.to_owned();
        for (index, cell) in row.iter().enumerate() {
            let blanks = " ".repeat(widths[index].saturating_sub(cell.width()));
            match aligns[index] {
                Align::Left => line.extend([cell.as_str(), &blanks, "  "]),
                Align::Right => line.extend([blanks.as_str(), cell, "  "]),
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns_korean_and_english_words() {
        let rows =
            [("덧셈", "4", "x"), ("adds", "10", "y")].map(|(a, b, c)| vec![a.into(), b.into(), c.into()]);
        let mut out = Vec::new();
        print(&mut out, " ", &[Align::Left, Align::Right, Align::Left], &rows).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), " 덧셈   4  x\n adds  10  y\n");
    }
}
