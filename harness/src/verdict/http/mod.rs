//! What is wrong with an HTTP message, as a kind of failure, its cause, and words.

mod blame;
mod words;

pub(super) use blame::blame;
pub(super) use words::{request, response};
