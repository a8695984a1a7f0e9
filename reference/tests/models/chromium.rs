//! A real browser without a window, asked over the DevTools protocol what it shows.
//!
//! Messages are JSON, each ended by a zero byte; Chromium reads them from descriptor 3 and answers
//! on descriptor 4 (`--remote-debugging-pipe`). A shell puts the two pipes there.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// What distributions call it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser that hangs is ended after so many seconds, and the test with it.
const TOO_LONG: &str = "120";

/// How it is called. It runs in containers and for root too: the only pages it sees are ours.
const LINE: &str = r#"exec timeout --kill-after=5 "$TOO_LONG" "$BROWSER" --headless --remote-debugging-pipe \
    --user-data-dir="$FOLDER" --no-sandbox --disable-gpu --disable-dev-shm-usage --no-proxy-server \
    --no-first-run --disable-background-networking --disable-component-update \
    3<&0 4>&1 </dev/null >/dev/null"#;

/// The browser with one open page.
pub(crate) struct Chromium {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    /// Number of the last message sent.
    number: u64,
    /// The page, once there is one.
    session: Option<String>,
    /// What has happened since the last page was there.
    events: Vec<Value>,
    /// Its own folder, with what it complains about.
    folder: PathBuf,
}

/// The browser of this machine, if there is one.
pub(crate) fn installed() -> Option<PathBuf> {
    let search = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&search).collect();
    let places = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|path| path.is_file())
}

impl Chromium {
    /// Starts it with an empty page.
    pub(crate) fn start(program: &Path, folder: PathBuf) -> Self {
        // What an earlier run has left would count as its history.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the browser");
        let complaints = File::create(folder.join("complaints.txt")).expect("a file for complaints");
        let mut child = Command::new("sh")
            .args(["-c", LINE])
            .env("TOO_LONG", TOO_LONG)
            .env("BROWSER", program)
            .env("FOLDER", &folder)
            .env("HOME", &folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()
            .expect("a shell");
        let to = child.stdin.take().expect("a pipe");
        let from = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut browser = Self { child, to, from, number: 0, session: None, events: Vec::new(), folder };
        let target = browser.ask("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.ask("Target.attachToTarget", &attach)["sessionId"].as_str().map(str::to_owned);
        browser.session = session;
        browser.ask("Page.enable", &json!({}));
        browser.ask("Page.setLifecycleEventsEnabled", &json!({ "enabled": true }));
        browser
    }

    /// Opens an address; comes back when the page and its pictures are there.
    pub(crate) fn open(&mut self, address: &str) {
        let answer = self.ask("Page.navigate", &json!({ "url": address }));
        assert!(answer.get("errorText").is_none(), "{address}: {answer}");
        let loader = answer["loaderId"].clone();
        let over = |event: &Value| {
            event["method"] == "Page.lifecycleEvent"
                && event["params"]["name"] == "load"
                && event["params"]["loaderId"] == loader
        };
        while !self.events.iter().any(over) {
            let event = self.receive();
            self.events.push(event);
        }
        self.events.clear();
    }

    /// The value of an expression on the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let question = json!({ "expression": expression, "returnByValue": true });
        let answer = self.ask("Runtime.evaluate", &question);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Sends a message and waits for its answer; what else happens meanwhile is kept.
    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let sent = self.to.write_all(format!("{message}\0").as_bytes());
        assert!(sent.is_ok(), "the browser is gone: {}", self.complaints());
        loop {
            let answer = self.receive();
            if answer["id"] == self.number {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    fn receive(&mut self) -> Value {
        let mut message = Vec::new();
        let length = self.from.read_until(0, &mut message).expect("a message of the browser");
        assert!(length > 0, "the browser has ended: {}", self.complaints());
        message.pop();
        serde_json::from_slice(&message).expect("JSON")
    }

    fn complaints(&self) -> String {
        fs::read_to_string(self.folder.join("complaints.txt")).unwrap_or_default()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to end.
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let _ = self.child.wait();
    }
}
