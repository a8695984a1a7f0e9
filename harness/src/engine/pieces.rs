//! How a message of the harness is cut and ended.

use crate::spec::Pieces;

/// The line end of a message.
pub(crate) fn line_end(message: &[u8]) -> &'static [u8] {
    match message {
        [.., b'\r', b'\n'] => b"\r\n",
        [.., b'\n'] => b"\n",
        _ => b"",
    }
}

/// Sizes of the pieces of a payload.
pub(crate) fn sizes(pieces: &Pieces, length: usize) -> Vec<usize> {
    match pieces {
        Pieces::Whole => vec![length],
        Pieces::Bytes => vec![1; length],
        Pieces::Sizes(sizes) => {
            let taken: usize = sizes.iter().sum();
            sizes.iter().copied().chain((taken < length).then(|| length - taken)).collect()
        }
    }
}
