//! The smallest pieces every layer speaks in: bilingual text and printable bytes.
//! No input or output happens here, and nothing here knows of programs or checks.

mod bytes;
mod pattern;
mod plain;
mod text;

pub use bytes::{Printable, printable};
pub use pattern::Pattern;
pub use plain::Plain;
pub use text::{Language, Text};
