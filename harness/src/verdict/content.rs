//! Pictures that are other than they should be: why, as their bytes tell.

use super::blame::{Unmet, too_little};
use super::scene::Blame;
use super::{Code, likeness, words};
use crate::matching::{PictureFault, fill, read_picture};
use crate::spec::PictureExpectation;

/// The marker at the end of every JPEG.
const END_OF_PICTURE: [u8; 2] = [0xff, 0xd9];

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
        PictureFault::Incomplete if counts_itself(unmet, expected) => {
            with(Code::LengthCountsItself, likeness::own::length_counts_itself())
        }
        PictureFault::Incomplete => too_little(unmet, Code::IncompleteReply),
        PictureFault::Surplus(more) => with(Code::SurplusBytes, words::more_than_announced(more)),
        PictureFault::Broken(why) => with(Code::WrongReply, words::no_picture(&why)),
        PictureFault::Size(came, wanted) => with(Code::WrongReply, words::other_size(came, wanted)),
        PictureFault::Another(Some(number)) => {
            with(is_again(unmet, expected, number), words::another_picture(number))
        }
        PictureFault::Another(None) => with(Code::WrongReply, words::unknown_picture()),
        PictureFault::NothingToCompare => Blame::new(Code::GraderTrouble, None),
    }
}

/// The whole picture came, and the length before it counts its own digits as well.
fn counts_itself(unmet: Unmet<'_>, expected: &PictureExpectation) -> bool {
    let Some(digits) = expected.bytes.as_ref().map(|bytes| fill(bytes, unmet.bindings)) else { return false };
    let (came, width) = (&unmet.heard.bytes, digits.len());
    let told = digits.trim().parse::<u128>().ok();
    came.ends_with(&END_OF_PICTURE)
        && told.is_some_and(|told| likeness::counts_itself(told, came.len() as u128, width))
}

/// It is the picture that was sent last, or another one.
fn is_again(unmet: Unmet<'_>, expected: &PictureExpectation, number: usize) -> Code {
    let wanted = fill(&expected.like.number, unmet.bindings).trim().parse::<usize>();
    let before =
        unmet.scene.heard_before(unmet.index, unmet.from).any(|heard| heard.bytes == unmet.heard.bytes);
    match wanted {
        Ok(wanted) if before && number < wanted => Code::PreviousReplyAgain,
        _ => Code::WrongReply,
    }
}
