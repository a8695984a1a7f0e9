//! `grader reference`.

use std::io::Write;

use super::args::ReferenceArgs;
use super::entry::Context;
use super::error::CliError;
use super::exit;

/// Not there yet.
pub(crate) fn reference(
    _args: &ReferenceArgs,
    _context: &Context,
    _out: &mut dyn Write,
) -> Result<u8, CliError> {
    Ok(exit::PASSED)
}
