//! `hw5`: a user collects data from two IoT devices. TCP ports 9001 and 9002.
//!
//! # Protocol
//!
//! The devices listen, the user connects to both.
//!
//! - The user sends `Request`. The device answers with what it measures, as one line of text: three
//!   numbers with blanks between them, `20 50 100`, and a newline.
//! - The user sends `quit`. The device ends.
//!
//! Device 1 measures temperature, humidity and illuminance, device 2 heart rate, steps and calories.
//!
//! # Run it
//!
//! ```text
//! $ grader reference hw5 device1               $ grader reference hw5 user
//! connection from 127.0.0.1:40188              1, 2 or quit: 1
//! 20 50 100                                    Device1: Temp=20, Humid=50, Illum=100
//!                                              1, 2 or quit: 2
//! $ grader reference hw5 device2               Device2: Heartbeat=80, Steps=2500, Cal=2100
//! connection from 127.0.0.1:40190              1, 2 or quit: quit
//! 80 2500 2100
//! ```
//!
//! The user appends each answer to `data.txt`, with the time before it:
//!
//! ```text
//! Fri Mar 11 22:55:13 2022: Device1: Temp=20, Humid=50, Illum=100
//! ```
//!
//! A device takes an address, and `--seed 7`, or `SEED=7` in its environment, makes it measure the same
//! values each time. The user takes two addresses: `user -- 9001 192.168.0.7:9002`.
//!
//! # Worth a look
//!
//! The answer ends in a newline. So [`user`] knows when it is whole, whether it comes in one piece or
//! byte by byte. Both devices are the same program: [`device`] talks, and [`sensor`] says what about.

pub mod device;
pub mod device1;
pub mod device2;
pub mod request;
pub mod sensor;
pub mod user;

/// The port of device 1.
pub const PORT1: u16 = 9001;

/// The port of device 2.
pub const PORT2: u16 = 9002;

/// Where the user keeps the data.
pub const FILE: &str = "data.txt";
