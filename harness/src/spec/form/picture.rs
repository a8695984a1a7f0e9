//! What a step may expect of pictures.

use schemars::JsonSchema;
use serde::Deserialize;

use super::payload::Scalar;

/// A JPEG, whole, that shows what a picture of a file shows.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "jpeg")]
pub(in crate::spec) struct JpegForm {
    /// How many bytes it has; any number unless told.
    pub(in crate::spec) bytes: Option<Scalar>,
    /// The file of the program's folder with the picture that it resembles.
    #[schemars(length(min = 1))]
    pub(in crate::spec) file: String,
    /// Which picture of the file, from 1.
    pub(in crate::spec) picture: Scalar,
}
