//! The smallest pieces every layer speaks in: bilingual text, printable bytes, limits.
//! No input or output happens here, and nothing here knows of programs or checks.

mod bytes;
mod limits;
mod pattern;
mod plain;
mod text;

pub use bytes::{Printable, printable};
pub use limits::{Limit, Limits, size};
pub use pattern::Pattern;
pub use plain::Plain;
pub use text::{Language, Text};
