//! The page of `hw4` in a real browser: what students will look at it with.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use reference::hw4::server;

use crate::chromium::{self, Chromium};
use crate::loopback;

#[tokio::test]
async fn a_browser_shows_the_page_and_its_picture() {
    let Some(program) = chromium::installed() else {
        let line = b"SKIPPED the page of hw4 in a browser: `chromium` is not installed\n";
        // What a passing test prints is swallowed; where nobody listens nothing is lost.
        let _ = std::io::stderr().write_all(line);
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/hw4");
    let picture = size(&fs::read(folder.join("iot.png")).expect("the picture"));
    let server = loopback::start(|listener, stop| server::serve(listener, stop, folder)).await;
    let address = server.address;
    let look = move || look(&program, address, picture);
    tokio::task::spawn_blocking(look).await.expect("a browser that shows it");
    server.stop().await;
}

fn look(program: &Path, address: SocketAddr, picture: (u32, u32)) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser");
    let mut browser = Chromium::start(program, folder);

    browser.open(&format!("http://{address}/index.html"));
    assert_eq!(browser.value("document.title"), "사물인터넷");
    assert_eq!(browser.value("document.characterSet"), "EUC-KR");
    let text = browser.value("document.body.innerText").to_string();
    assert!(text.contains("사물인터넷 프로그래밍") && text.contains("이름: 김하나"), "{text}");
    assert_eq!(browser.value("document.images.length"), 1);
    assert_eq!(browser.value("document.images[0].naturalWidth"), picture.0);
    assert_eq!(browser.value("document.images[0].naturalHeight"), picture.1);

    browser.open(&format!("http://{address}/nothing.html"));
    assert_eq!(browser.value("document.title"), "Not Found");
    assert_eq!(browser.value("document.body.innerText"), "Not Found");
    assert_eq!(browser.value("performance.getEntriesByType('navigation')[0].responseStatus"), 404);
}

/// Width and height as the header of a PNG has them.
fn size(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_be_bytes([png[at], png[at + 1], png[at + 2], png[at + 3]]);
    (number(16), number(20))
}
