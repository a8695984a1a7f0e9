//! `grader schema`: the JSON schema of spec files.

use std::io::Write;

use super::error::CliError;
use super::exit;
use crate::spec;

/// Prints the schema.
pub(crate) fn schema(out: &mut dyn Write) -> Result<u8, CliError> {
    writeln!(out, "{:#}", spec::schema())?;
    Ok(exit::PASSED)
}
