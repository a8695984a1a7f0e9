//! The trio of `hw5`.

use std::fs;
use std::path::PathBuf;

use reference::console::Console;
use reference::hw5::device;
use reference::hw5::sensor::{self, Measurement, Sensor};
use reference::hw5::user::{self, Device};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::loopback::{self, Server, exchange, pair, rest};

async fn start(sensor: Sensor) -> Server {
    let device = device::Device { sensor, chance: sensor::chance(Some(1)) };
    loopback::start(|listener, stop| device::serve(listener, stop, device)).await
}

/// A path at which there is no file yet.
fn fresh_file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

/// Asks a device for a measurement.
async fn measure(stream: &mut BufReader<TcpStream>, request: &str) -> Measurement {
    stream.write_all(request.as_bytes()).await.expect("a request sent");
    let mut line = String::new();
    stream.read_line(&mut line).await.expect("an answer");
    Measurement::parse(&line).expect("three numbers")
}

#[tokio::test]
async fn a_device_answers_users_one_after_another_until_quit() {
    let server = start(Sensor::Device1).await;
    drop(server.connect().await);
    loopback::reset(server.connect().await);
    let mut stream = BufReader::new(server.connect().await);
    measure(&mut stream, "Request").await;
    measure(&mut stream, "\nRequest\n").await;
    stream.write_all(b"nonsense").await.unwrap();
    // The nonsense may be read alone or together with what follows. Either way the device lives.
    drop(stream);
    let mut stream = BufReader::new(server.connect().await);
    measure(&mut stream, "Request").await;
    stream.write_all(b"quit").await.unwrap();
    server.ended().await;
}

#[tokio::test]
async fn the_user_collects_from_both_and_sends_both_home() {
    let file = fresh_file("data.txt");
    let servers = [start(Sensor::Device1).await, start(Sensor::Device2).await];
    let devices = [
        Device::new(Sensor::Device1, servers[0].connect().await),
        Device::new(Sensor::Device2, servers[1].connect().await),
    ];
    let mut console = Console::scripted("1\n2\n2\n3\nquit\n");
    user::converse(devices, &mut console, &file).await.unwrap();
    for server in servers {
        server.ended().await;
    }
    let data = fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = data.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(&lines[0][24..40], ": Device1: Temp=");
    assert_eq!(&lines[1][24..45], ": Device2: Heartbeat=");
}

#[tokio::test]
async fn a_device_that_vanishes_costs_no_line_and_not_the_other_device() {
    let file = fresh_file("vanished.txt");
    let (near1, mut far1) = pair().await;
    let (near2, mut far2) = pair().await;
    let devices = [Device::new(Sensor::Device1, near1), Device::new(Sensor::Device2, near2)];
    let serving = async {
        exchange(&mut far1, b"", b"Request").await;
        // The answer comes byte by byte, and after it a part of another one.
        for byte in b"20 50 100\n20 5" {
            far1.write_all(&[*byte]).await.unwrap();
            tokio::task::yield_now().await;
        }
        drop(far1);
        exchange(&mut far2, b"", b"Request").await;
        far2.write_all(b"80 2500 2100\n").await.unwrap();
        assert_eq!(rest(&mut far2).await, b"quit");
    };
    let mut console = Console::scripted("1\n1\n2\nquit\n");
    let (_, outcome) = tokio::join!(serving, user::converse(devices, &mut console, &file));
    outcome.unwrap();
    assert!(console.printed().contains("Device1 does not answer"));
    let data = fs::read_to_string(file).unwrap();
    assert!(data.contains("Device1: Temp=20, Humid=50, Illum=100\n"));
    assert!(data.ends_with("Device2: Heartbeat=80, Steps=2500, Cal=2100\n"));
    assert_eq!(data.lines().count(), 2);
}
