//! The tables of an MP4 file: where its pictures are. No files here, only the bytes of one box.
//!
//! The box `moov` describes the film. It consists of boxes again, and four of them matter:
//!
//! ```text
//! moov ─ trak ─ mdia ─┬─ hdlr             what the track is: `vide` for pictures
//!                     └─ minf ─ stbl ─┬─ stsz   how large each picture is
//!                                     ├─ stsc   how many pictures a chunk has
//!                                     └─ stco   where each chunk begins (`co64` in large files)
//! ```
//!
//! The pictures of a chunk follow one another with nothing between them.

/// Where a frame lies in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Where it begins, counted from the beginning of the file.
    pub offset: u64,
    /// How many bytes it has.
    pub size: u32,
}

/// The frames of the first track that has pictures.
pub fn frames(description: &[u8]) -> Option<Vec<Frame>> {
    boxes(description)
        .filter(|(kind, _)| kind == b"trak")
        .filter_map(|(_, track)| inside(track, b"mdia"))
        .find(|media| inside(media, b"hdlr").and_then(|handler| handler.get(8..12)) == Some(b"vide"))
        .and_then(|media| inside(inside(media, b"minf")?, b"stbl"))
        .and_then(read_tables)
}

/// Puts the tables together: sizes, chunks, and where the chunks begin.
fn read_tables(tables: &[u8]) -> Option<Vec<Frame>> {
    let mut sizes = sizes(inside(tables, b"stsz")?)?.into_iter();
    let runs = entries(inside(tables, b"stsc")?, 12)?;
    let mut frames = Vec::new();
    for (chunk, mut offset) in (1..).zip(chunk_offsets(tables)?) {
        // An entry says: from this chunk on, so many pictures each. The last one that applies, applies.
        let run = runs.iter().rev().find(|run| number(run).is_some_and(|first| first <= chunk))?;
        let pictures = number(&run[4..])?;
        for size in sizes.by_ref().take(usize::try_from(pictures).ok()?) {
            frames.push(Frame { offset, size });
            offset = offset.checked_add(u64::from(size))?;
        }
    }
    Some(frames)
}

/// How large each picture is. When all are of the same size, it is written only once.
fn sizes(table: &[u8]) -> Option<Vec<u32>> {
    match (number(table.get(4..)?)?, number(table.get(8..)?)?) {
        (0, _) => entries(table.get(4..)?, 4)?.into_iter().map(number).collect(),
        (size, count) => Some(vec![size; usize::try_from(count).ok()?]),
    }
}

/// Where each chunk begins, counted from the beginning of the file.
fn chunk_offsets(tables: &[u8]) -> Option<Vec<u64>> {
    match inside(tables, b"stco") {
        Some(table) => entries(table, 4)?.into_iter().map(|entry| number(entry).map(u64::from)).collect(),
        None => entries(inside(tables, b"co64")?, 8)?.into_iter().map(number64).collect(),
    }
}

/// The entries of a table: four bytes that we skip, their count, and so many entries of a fixed length.
fn entries(table: &[u8], length: usize) -> Option<Vec<&[u8]>> {
    let count = usize::try_from(number(table.get(4..)?)?).ok()?;
    let entries: Vec<_> = table.get(8..)?.chunks_exact(length).take(count).collect();
    (entries.len() == count).then_some(entries)
}

/// The content of the first box of that kind.
fn inside<'a>(content: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(content).find(|(kind, _)| kind == wanted).map(|(_, content)| content)
}

/// The boxes in a content, each with its kind and its own content. A box that is cut off ends the row.
fn boxes(mut content: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let size = usize::try_from(number(content)?).ok()?;
        let kind = content.get(4..8)?.try_into().ok()?;
        let body = content.get(8..size)?;
        content = &content[size..];
        Some((kind, body))
    })
}

/// The first four bytes as a number, the most significant byte first.
pub(super) fn number(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// The first eight bytes as a number.
pub(super) fn number64(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A box.
    fn make_box(kind: &str, content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(8 + content.len()).unwrap();
        [&size.to_be_bytes()[..], kind.as_bytes(), content].concat()
    }

    /// A table of numbers, behind the four bytes that nobody reads.
    fn table(kind: &str, numbers: &[u32]) -> Vec<u8> {
        let numbers: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        make_box(kind, &[&[0; 4], &numbers[..]].concat())
    }

    /// A track of that sort, with these tables.
    fn track(sort: &str, tables: &[Vec<u8>]) -> Vec<u8> {
        let handler = make_box("hdlr", &[&[0; 8], sort.as_bytes(), &[0; 12]].concat());
        let tables = make_box("minf", &make_box("stbl", &tables.concat()));
        make_box("trak", &make_box("mdia", &[handler, tables].concat()))
    }

    #[test]
    fn pictures_are_found_through_the_tables() {
        let sound = track("soun", &[]);
        // Two chunks of two pictures, then one of one.
        let film = track(
            "vide",
            &[
                table("stsc", &[2, 1, 2, 1, 3, 1, 1]),
                table("stsz", &[0, 5, 10, 11, 12, 13, 14]),
                table("stco", &[3, 1000, 2000, 3000]),
            ],
        );
        let found = frames(&[sound, film].concat()).unwrap();
        let found: Vec<_> = found.iter().map(|frame| (frame.offset, frame.size)).collect();
        assert_eq!(found, [(1000, 10), (1010, 11), (2000, 12), (2012, 13), (3000, 14)]);
    }

    #[test]
    fn one_size_for_all_and_long_offsets_are_understood() {
        let tables = [table("stsc", &[1, 1, 1, 1]), table("stsz", &[7, 2]), table("co64", &[2, 1, 0, 0, 5])];
        let found = frames(&track("vide", &tables)).unwrap();
        assert_eq!(found, [Frame { offset: 1 << 32, size: 7 }, Frame { offset: 5, size: 7 }]);
    }

    #[test]
    fn broken_tables_are_no_film() {
        for tables in [
            vec![],
            vec![table("stsc", &[9, 1, 1, 1]), table("stsz", &[7, 2]), table("stco", &[1, 0])],
            vec![table("stsc", &[1, 1, 1, 1]), table("stsz", &[7, 2]), table("stco", &[u32::MAX])],
            vec![table("stsc", &[1, 1, 1, 1]), table("stsz", &[0]), table("stco", &[1, 0])],
        ] {
            assert_eq!(frames(&track("vide", &tables)), None);
        }
        assert_eq!(frames(b"\0\0\0\x01trak"), None);
    }
}
