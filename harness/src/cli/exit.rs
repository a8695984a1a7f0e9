//! Exit statuses: a contract with everybody's CI.

/// Everything asked for was done; every graded check passed.
pub(crate) const PASSED: u8 = 0;
/// Something was lost, or is not as it was recorded.
pub(crate) const LOST: u8 = 1;
/// The command line is wrong.
pub(crate) const USAGE: u8 = 2;
/// A spec is wrong.
pub(crate) const SPEC: u8 = 3;
/// This machine cannot do it.
pub(crate) const MACHINE: u8 = 4;
/// A defect of the grader.
pub(crate) const DEFECT: u8 = 70;
