//! The `time` pair.

use reference::console::Console;
use reference::time::{client, server};
use tokio::io::AsyncWriteExt;

use crate::loopback::{self, pair, rest};

#[tokio::test]
async fn tells_the_time_in_24_characters_and_closes() {
    let server = loopback::start(server::serve).await;
    loopback::reset(server.connect().await);
    for _ in 0..3 {
        let mut stream = server.connect().await;
        let text = String::from_utf8(rest(&mut stream).await).unwrap();
        let time = jiff::civil::DateTime::strptime("%a %b %e %H:%M:%S %Y", &text).unwrap();
        let age = jiff::Zoned::now().datetime().since(time).unwrap();
        assert!(age.total(jiff::Unit::Second).unwrap() < 60.0, "{text}");
        assert_eq!(text.len(), 24);
    }
    server.stop().await;
}

#[tokio::test]
async fn the_client_prints_the_time_in_however_many_pieces_it_comes() {
    let (near, mut far) = pair().await;
    far.set_nodelay(true).unwrap();
    let speaking = async {
        for piece in ["Thu Mar", "  4 09:43:0", "7 2021"] {
            far.write_all(piece.as_bytes()).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let mut console = Console::scripted("");
    let (_, outcome) = tokio::join!(speaking, client::converse(near, &mut console));
    outcome.unwrap();
    assert_eq!(console.printed(), "Time: Thu Mar  4 09:43:07 2021\n");
}
