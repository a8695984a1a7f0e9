//! `grader run`.

use std::io::Write;

use super::args::RunArgs;
use super::entry::Context;
use super::error::CliError;
use super::exit;

/// Not there yet.
pub(crate) fn run(_args: &RunArgs, _context: &Context, _out: &mut dyn Write) -> Result<u8, CliError> {
    Ok(exit::PASSED)
}
