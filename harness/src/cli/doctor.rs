//! `grader doctor`.

use std::io::Write;

use super::args::DoctorArgs;
use super::entry::Context;
use super::error::CliError;
use super::exit;

/// Not there yet.
pub(crate) fn doctor(_args: &DoctorArgs, _context: &Context, _out: &mut dyn Write) -> Result<u8, CliError> {
    Ok(exit::PASSED)
}
