//! JPEG pictures: those in a file, and whether one that came shows the same. A program may
//! encode a picture anew, so bytes are not compared: size and what is to be seen are.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::examine::{Material, Progress};
use super::template::fill;
use crate::spec::{Fixtures, Picture, PictureExpectation};

/// How much two pictures may differ on average, of 255, and still show the same: much more
/// than any loss by encoding anew, much less than two different pictures.
const ALIKE: f64 = 24.0;
/// No side of a picture of the course is longer.
const LONGEST_SIDE: usize = 8192;

/// What is wrong with bytes that should be a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PictureFault {
    /// Nothing came.
    Nothing,
    /// Fewer bytes than announced.
    Incomplete,
    /// So many bytes more than announced.
    Surplus(usize),
    /// It cannot be decoded.
    Broken(String),
    /// Its width and height, and those it should have.
    Size((usize, usize), (usize, usize)),
    /// It shows this picture of the file, from 1, or none of them.
    Another(Option<usize>),
    /// The file it is compared with has no such picture.
    NothingToCompare,
}

/// A picture, decoded.
struct Image {
    size: (usize, usize),
    colours: Vec<u8>,
}

/// The bytes of a film, and its pictures.
type Film = (Vec<u8>, Rc<Vec<Image>>);

/// A picture that came whole; where its length is not known, once nothing more comes.
pub(super) fn jpeg(expected: &PictureExpectation, material: &Material<'_>) -> Progress {
    let length = wanted_length(expected, material.bindings);
    let enough = length.map_or(material.is_over(), |length| material.bytes.len() >= length);
    if !enough {
        return material.unsatisfied();
    }
    match read_picture(expected, material.bytes, material.bindings, material.files) {
        Ok(()) => Progress::Matched { used: material.bytes.len(), text: String::new() },
        Err(_) => Progress::Missed,
    }
}

/// Reads the bytes as the picture that is expected.
pub(crate) fn read_picture(
    expected: &PictureExpectation,
    bytes: &[u8],
    bindings: &BTreeMap<String, String>,
    files: &Fixtures,
) -> Result<(), PictureFault> {
    if bytes.is_empty() {
        return Err(PictureFault::Nothing);
    }
    match wanted_length(expected, bindings) {
        Some(length) if bytes.len() < length => return Err(PictureFault::Incomplete),
        Some(length) if bytes.len() > length => return Err(PictureFault::Surplus(bytes.len() - length)),
        _ => {}
    }
    let file = files.get(&fill(&expected.like.file, bindings)).map(|file| &file[..]).unwrap_or_default();
    let number = number_of(&expected.like, bindings);
    if picture_bytes(&expected.like, bindings, files) == Some(bytes) {
        return Ok(());
    }
    let came = decode(bytes).map_err(PictureFault::Broken)?;
    let film = decoded(file);
    let Some(wanted) = number.checked_sub(1).and_then(|index| film.get(index)) else {
        return Err(PictureFault::NothingToCompare);
    };
    if came.size != wanted.size {
        return Err(PictureFault::Size(came.size, wanted.size));
    }
    let distance = difference(&came, wanted);
    let others = film.iter().map(|other| difference(&came, other));
    let nearest = others.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    match nearest {
        Some((_, least)) if least > ALIKE => Err(PictureFault::Another(None)),
        Some((index, least)) if least < distance => Err(PictureFault::Another(Some(index + 1))),
        _ => Ok(()),
    }
}

/// The bytes of a picture as they stand in its file.
pub(crate) fn picture_bytes<'f>(
    picture: &Picture,
    bindings: &BTreeMap<String, String>,
    files: &'f Fixtures,
) -> Option<&'f [u8]> {
    let file = files.get(&fill(&picture.file, bindings))?;
    pictures(file).nth(number_of(picture, bindings).checked_sub(1)?)
}

fn number_of(picture: &Picture, bindings: &BTreeMap<String, String>) -> usize {
    fill(&picture.number, bindings).trim().parse().unwrap_or_default()
}

fn wanted_length(expected: &PictureExpectation, bindings: &BTreeMap<String, String>) -> Option<usize> {
    expected.bytes.as_ref().and_then(|bytes| fill(bytes, bindings).trim().parse().ok())
}

/// The pictures among other bytes, one after another.
fn pictures(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        loop {
            let start = rest.windows(3).position(|three| three == [0xff, 0xd8, 0xff])?;
            rest = &rest[start..];
            let length = length_of(rest);
            let (picture, behind) = rest.split_at(length.unwrap_or(1));
            rest = behind;
            if length.is_some() {
                return Some(picture);
            }
        }
    })
}

/// The length of a picture, from its start to its end marker (ITU T.81, annex B). A
/// thumbnail within has markers of its own, and stands in a segment that is skipped.
fn length_of(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)?) {
            (0xff, 0xd9) => return Some(at + 2),
            (0xff, 0xff) => at += 1,
            (0xff, 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, kind) => {
                at += 2 + usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
                if *kind == 0xda {
                    // Coded data: a 0xff in it is followed by a zero or is a restart marker.
                    let marker = |two: &[u8]| two[0] == 0xff && !matches!(two[1], 0 | 0xd0..=0xd7);
                    at += bytes.get(at..)?.windows(2).position(marker)?;
                }
            }
            _ => return None,
        }
    }
}

fn decode(bytes: &[u8]) -> Result<Image, String> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::RGB)
        .set_max_width(LONGEST_SIDE)
        .set_max_height(LONGEST_SIDE);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let colours = decoder.decode().map_err(|error| error.to_string())?;
    let size = decoder.dimensions().ok_or("it has no size")?;
    Ok(Image { size, colours })
}

/// The decoded pictures of a file. One film is asked about again and again: the last is kept.
fn decoded(file: &[u8]) -> Rc<Vec<Image>> {
    thread_local! {
        static LAST: RefCell<Option<Film>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| match last {
        Some((known, film)) if known == file => Rc::clone(film),
        _ => {
            let film: Rc<Vec<Image>> = Rc::new(pictures(file).filter_map(|one| decode(one).ok()).collect());
            *last = Some((file.to_vec(), Rc::clone(&film)));
            film
        }
    })
}

/// The mean difference of two pictures of the same size, in steps of 0 to 255.
fn difference(one: &Image, other: &Image) -> f64 {
    if one.size != other.size || one.colours.is_empty() {
        return 255.0;
    }
    let pairs = one.colours.iter().zip(&other.colours);
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.colours.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Template;

    /// The film of an exercise that streams one.
    fn film() -> Fixtures {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/stream/test.mp4");
        BTreeMap::from([("film".to_owned(), std::fs::read(path).unwrap().into())])
    }

    fn expected(bytes: Option<usize>, number: usize) -> PictureExpectation {
        let like = Picture { file: Template("film".to_owned()), number: Template(number.to_string()) };
        PictureExpectation { bytes: bytes.map(|bytes| Template(format!("{bytes:010}"))), like }
    }

    fn check(bytes: &[u8], length: Option<usize>, number: usize) -> Result<(), PictureFault> {
        read_picture(&expected(length, number), bytes, &BTreeMap::new(), &film())
    }

    #[test]
    fn finds_every_picture_of_a_film() {
        let files = film();
        let found: Vec<&[u8]> = pictures(&files["film"]).collect();
        assert_eq!(found.len(), 30);
        assert!(found.iter().all(|picture| decode(picture).is_ok_and(|image| image.size == (160, 120))));
        assert_eq!(pictures(b"\xff\xd8\xff\xd8\xff\xd9").collect::<Vec<_>>(), [b"\xff\xd8\xff\xd8\xff\xd9"]);
        assert_eq!(pictures(b"\xff\xd8\xff\xe0").count(), 0);
    }

    #[test]
    fn tells_the_pictures_of_a_film_apart_by_what_they_show() {
        let files = film();
        let images = decoded(&files["film"]);
        for (index, one) in images.iter().enumerate() {
            for other in images.iter().skip(index + 1) {
                assert!(difference(one, other) > 0.5, "picture {} looks like another", index + 1);
            }
        }
    }

    #[test]
    fn names_what_is_wrong_with_a_picture() {
        let files = film();
        let third = pictures(&files["film"]).nth(2).unwrap();
        let length = third.len();
        assert_eq!(check(third, Some(length), 3), Ok(()));
        assert_eq!(check(third, None, 3), Ok(()));
        assert_eq!(check(third, Some(length), 4), Err(PictureFault::Another(Some(3))));
        assert_eq!(check(third, Some(length), 31), Err(PictureFault::NothingToCompare));
        assert_eq!(check(&third[1..], Some(length), 3), Err(PictureFault::Incomplete));
        assert_eq!(check(third, Some(length - 1), 3), Err(PictureFault::Surplus(1)));
        assert_eq!(check(b"", Some(length), 3), Err(PictureFault::Nothing));
        assert!(matches!(check(b"frame", None, 3), Err(PictureFault::Broken(_))));
    }

    /// A comment changes the bytes and nothing that is to be seen.
    #[test]
    fn takes_a_picture_that_was_encoded_otherwise() {
        let files = film();
        let third = pictures(&files["film"]).nth(2).unwrap();
        let other = [&third[..2], b"\xff\xfe\x00\x04hi", &third[2..]].concat();
        assert_eq!(check(&other, Some(other.len()), 3), Ok(()));
        assert_eq!(check(&other, None, 9), Err(PictureFault::Another(Some(3))));
    }
}
