//! The `stream` pair.

use std::path::{Path, PathBuf};

use reference::Failure;
use reference::stream::film::Film;
use reference::stream::screen::Screen;
use reference::stream::{client, server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::loopback::{self, Server, exchange, pair, rest};

/// The film of the exercise.
fn film() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/stream/test.mp4")
}

/// Its frames.
fn frames() -> Vec<Vec<u8>> {
    let mut film = Film::open(&film()).expect("a film");
    std::iter::from_fn(|| film.next_frame().expect("a frame")).collect()
}

async fn start() -> Server {
    loopback::start(|listener, stop| server::serve(listener, stop, film())).await
}

#[tokio::test]
async fn sends_every_frame_in_order_and_closes_after_the_last() {
    let server = start().await;
    for _ in 0..2 {
        let mut stream = server.connect().await;
        for frame in frames() {
            exchange(&mut stream, b"start", format!("{:010}", frame.len()).as_bytes()).await;
            stream.write_all(b"image").await.unwrap();
            let mut picture = vec![0; frame.len()];
            stream.read_exact(&mut picture).await.unwrap();
            assert!(picture == frame);
        }
        assert!(rest(&mut stream).await.is_empty());
    }
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_vanishes_in_a_frame_ends_only_its_own_film() {
    let server = start().await;
    let mut vanishing = server.connect().await;
    exchange(&mut vanishing, b"start", b"00000").await;
    vanishing.write_all(b"image").await.unwrap();
    loopback::reset(vanishing);
    let mut leaving = server.connect().await;
    exchange(&mut leaving, b"start", b"00000").await;
    drop(leaving);
    let mut screen = Screen::text();
    client::converse(server.connect().await, &mut screen).await.unwrap();
    assert_eq!(screen.count(), 30);
    server.stop().await;
}

/// What comes of it when the server sends this as the first frame, in pieces of this size.
async fn watch(frame: &[u8], announced: usize, piece: usize) -> (Result<(), Failure>, u64) {
    let (near, mut far) = pair().await;
    far.set_nodelay(true).expect("a socket option");
    let size = format!("{announced:010}");
    let serving = async {
        exchange(&mut far, b"", b"start").await;
        for part in [&size.as_bytes()[..4], &size.as_bytes()[4..]] {
            far.write_all(part).await.expect("a part sent");
            tokio::task::yield_now().await;
        }
        exchange(&mut far, b"", b"image").await;
        for part in frame.chunks(piece) {
            far.write_all(part).await.expect("a part sent");
            tokio::task::yield_now().await;
        }
        far.shutdown().await.expect("an orderly end");
    };
    let mut screen = Screen::text();
    let (_, outcome) = tokio::join!(serving, client::converse(near, &mut screen));
    (outcome, screen.count())
}

#[tokio::test]
async fn the_client_puts_a_frame_together_from_any_pieces() {
    let frame = &frames()[0];
    for piece in [1, 777, 1024, frame.len()] {
        let (outcome, count) = watch(frame, frame.len(), piece).await;
        outcome.unwrap();
        assert_eq!(count, 1);
    }
}

#[tokio::test]
async fn half_a_frame_ends_the_client() {
    let (outcome, count) = watch(b"half a frame", 24, 12).await;
    assert!(matches!(outcome, Err(Failure::CutShort { .. })));
    assert_eq!(count, 0);
}
