//! The matcher: whether what came satisfies an expectation. Pure. The engine waits
//! with it until it is satisfied or can no longer be, the judge decides with it:
//! one matcher, never two.

mod decimal;
mod examine;
mod http;
mod integer;
mod jpeg;
mod moment;
mod number;
mod readings;
mod records;
mod template;
mod text;
mod token;
mod trace;

pub(crate) use decimal::{Decimal, numbers};
pub use examine::{Material, Progress, examine, examine_any};
pub(crate) use http::{HttpFault, Known, read_request, read_response};
pub(crate) use integer::{IntegerFault, read_integer};
pub(crate) use jpeg::{PictureFault, read_picture};
pub(crate) use moment::current_moment;
pub(crate) use number::quotient;
pub(crate) use readings::parted;
pub(crate) use records::{Against, NumbersFault, RecordFault, read_numbers, read_records};
pub use template::{encode, fill};
pub(crate) use trace::{Trace, find_trace};

#[cfg(test)]
mod tests;
