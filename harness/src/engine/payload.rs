//! Payloads as bytes.

use std::collections::BTreeMap;

use crate::matching::fill;
use crate::spec::{ByteOrder, Payload};

/// The bytes of a payload with its names filled in. A number that is none becomes zero:
/// loading a spec has checked what can be checked.
pub(crate) fn bytes_of(payload: &Payload, bindings: &BTreeMap<String, String>) -> Vec<u8> {
    match payload {
        Payload::Text(template) => fill(template, bindings).into_bytes(),
        Payload::Bytes(bytes) => bytes.clone(),
        Payload::Integer { value, width, order } => {
            let value: i128 = fill(value, bindings).trim().parse().unwrap_or(0);
            let width = usize::from(*width).clamp(1, 16);
            let mut bytes = value.to_be_bytes()[16 - width..].to_vec();
            if *order == ByteOrder::Little {
                bytes.reverse();
            }
            bytes
        }
    }
}
