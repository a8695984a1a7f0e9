//! What is expected of pictures.

use super::Template;

/// A JPEG, whole, that shows what a picture of a file shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureExpectation {
    /// How many bytes it has; any number where it is missing.
    pub bytes: Option<Template>,
    /// The picture it resembles.
    pub like: Picture,
}

/// A picture in a file that holds several: a frame of a film in motion JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file in the program's folder.
    pub file: Template,
    /// Which one, from 1.
    pub number: Template,
}
