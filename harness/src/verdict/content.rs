//! Files and pictures that are other than they should be: why, as their bytes tell.

use super::blame::{Unmet, too_little};
use super::scene::Blame;
use super::{Code, words};
use crate::matching::{PictureFault, read_picture};
use crate::spec::PictureExpectation;
use crate::units::Text;

/// What U+FFFD is in UTF-8: it stands where bytes were no text.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Why the bytes of a file are not those that were expected.
pub(super) fn cause(came: &[u8], wanted: &[u8]) -> Option<Text> {
    let contains = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    if came.is_empty() || came == wanted {
        None
    } else if wanted.starts_with(came) {
        Some(words::only_beginning(came.len(), wanted.len()))
    } else if came.starts_with(wanted) {
        Some(words::more_than_whole(came.len() - wanted.len()))
    } else if wanted.ends_with(came) {
        Some(words::beginning_lost(wanted.len() - came.len()))
    } else if came.ends_with(wanted) {
        Some(words::something_before(came.len() - wanted.len()))
    } else if contains(came, REPLACEMENT) && !contains(wanted, REPLACEMENT) {
        Some(words::turned_into_text())
    } else {
        let same = came.iter().zip(wanted).take_while(|(a, b)| a == b).count();
        Some(words::differs_from(same + 1))
    }
}

/// Names the failure of a picture that is not what was expected.
pub(super) fn picture(unmet: Unmet<'_>, expected: &PictureExpectation) -> Blame {
    let Unmet { scene, heard, bindings, .. } = unmet;
    let files = &scene.transcript.files;
    let Err(fault) = read_picture(expected, &heard.bytes, bindings, files) else {
        return Blame::new(Code::WrongReply, None);
    };
    let with = |code, cause| Blame::new(code, Some(cause));
    match fault {
        PictureFault::Nothing => too_little(unmet, Code::NoReply),
        PictureFault::Incomplete => too_little(unmet, Code::IncompleteReply),
        PictureFault::Surplus(more) => with(Code::Surplus, words::more_than_announced(more)),
        PictureFault::Broken(why) => with(Code::WrongReply, words::no_picture(&why)),
        PictureFault::Size(came, wanted) => with(Code::WrongReply, words::other_size(came, wanted)),
        PictureFault::Another(Some(number)) => with(Code::WrongReply, words::another_picture(number)),
        PictureFault::Another(None) => with(Code::WrongReply, words::unknown_picture()),
        PictureFault::NothingToCompare => Blame::new(Code::GraderTrouble, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_how_the_bytes_of_a_file_differ() {
        let wanted = b"\x01\x02\xff\xfe\r\n";
        let english = |came: &[u8]| cause(came, wanted).map(|text| text.en).unwrap_or_default();
        assert_eq!(english(wanted), "");
        assert!(english(b"\x01\x02").contains("only the first 2 of 6 bytes"));
        assert!(english(b"\x01\x02\xff\xfe\r\n\n").contains("1 byte"));
        assert!(english(b"\xff\xfe\r\n").contains("first 2 bytes are missing"));
        assert!(english("\u{1}\u{2}\u{fffd}\u{fffd}\r\n".as_bytes()).contains("text"));
        assert!(english(b"\x01\x02\xff\xff\r\n").contains("byte 4"));
    }
}
