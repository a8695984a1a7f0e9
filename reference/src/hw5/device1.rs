//! Device 1: temperature, humidity and illuminance.

use super::PORT1;
use super::device;
use super::sensor::Sensor;
use crate::Failure;
use crate::arguments::Arguments;

/// The program.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    device::run(arguments, Sensor::Device1, PORT1).await
}
