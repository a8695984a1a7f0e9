//! Device 2: heart rate, steps and calories.

use super::PORT2;
use super::device;
use super::sensor::Sensor;
use crate::Failure;
use crate::arguments::Arguments;

/// The program.
pub async fn main(arguments: Arguments) -> Result<(), Failure> {
    device::run(arguments, Sensor::Device2, PORT2).await
}
