//! What the devices measure, and how a measurement is written: on the wire and in the file.

use std::fmt;
use std::ops::RangeInclusive;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// One of the two devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensor {
    /// Temperature, humidity, illuminance.
    Device1,
    /// Heart rate, steps, calories.
    Device2,
}

/// A quantity: its name in the file, and the values it can have.
type Quantity = (&'static str, RangeInclusive<u32>);

/// Three values, in the order of the sensor's quantities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measurement(pub [u32; 3]);

/// Where the values come from. With a seed the same ones come each time, which makes a run repeatable.
pub fn chance(seed: Option<u64>) -> StdRng {
    match seed {
        Some(seed) => StdRng::seed_from_u64(seed),
        None => rand::make_rng(),
    }
}

impl Sensor {
    /// What this device measures.
    pub fn quantities(self) -> [Quantity; 3] {
        match self {
            Self::Device1 => [("Temp", 0..=40), ("Humid", 0..=100), ("Illum", 70..=150)],
            Self::Device2 => [("Heartbeat", 40..=140), ("Steps", 2000..=6000), ("Cal", 1000..=4000)],
        }
    }

    /// Measures. There is no sensor behind it, only chance.
    pub fn measure(self, chance: &mut StdRng) -> Measurement {
        Measurement(self.quantities().map(|(_, range)| chance.random_range(range)))
    }

    /// The measurement as it stands in the file, without the time.
    pub fn record(self, measurement: Measurement) -> String {
        let named: Vec<String> = self
            .quantities()
            .iter()
            .zip(measurement.0)
            .map(|((name, _), value)| format!("{name}={value}"))
            .collect();
        format!("{self}: {}", named.join(", "))
    }
}

impl fmt::Display for Sensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device1 => "Device1",
            Self::Device2 => "Device2",
        })
    }
}

impl fmt::Display for Measurement {
    /// As it goes over the wire, but for the newline. Text has no byte order that could be mixed up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third] = self.0;
        write!(f, "{first} {second} {third}")
    }
}

impl Measurement {
    /// Reads it from the wire. `None` if these are not three numbers.
    pub fn parse(line: &str) -> Option<Self> {
        let numbers: Option<Vec<u32>> = line.split_whitespace().map(|word| word.parse().ok()).collect();
        numbers?.try_into().ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measurement_is_in_range_and_survives_the_wire() {
        let mut chance = chance(None);
        for sensor in [Sensor::Device1, Sensor::Device2] {
            for _ in 0..1000 {
                let measurement = sensor.measure(&mut chance);
                for ((name, range), value) in sensor.quantities().iter().zip(measurement.0) {
                    assert!(range.contains(&value), "{name}={value}");
                }
                assert_eq!(Measurement::parse(&measurement.to_string()), Some(measurement));
            }
        }
    }

    #[test]
    fn the_same_seed_brings_the_same_values() {
        let series = |seed| {
            let mut chance = chance(Some(seed));
            [(); 5].map(|()| Sensor::Device2.measure(&mut chance))
        };
        assert_eq!(series(7), series(7));
        assert_ne!(series(7), series(8));
    }

    #[test]
    fn the_record_has_the_form_of_the_handout() {
        let record = Sensor::Device1.record(Measurement([20, 50, 100]));
        assert_eq!(record, "Device1: Temp=20, Humid=50, Illum=100");
        let record = Sensor::Device2.record(Measurement([80, 2500, 2100]));
        assert_eq!(record, "Device2: Heartbeat=80, Steps=2500, Cal=2100");
    }

    #[test]
    fn anything_but_three_numbers_is_no_measurement() {
        for line in ["", "1 2", "1 2 3 4", "1 2 x", "-1 2 3"] {
            assert_eq!(Measurement::parse(line), None, "{line:?}");
        }
    }
}
