//! Programs that were written for another machine: never wrong, only not runnable here.

use std::sync::LazyLock;

use regex::Regex;

use super::words;
use crate::units::{Plain, Text};

/// What a program says when it needs another system, or something that is not installed.
static SIGNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = [
        r"No module named '?(asyncio\.windows\w*|_overlapped|msvcrt|winreg|winsound|_winapi|win32\w*|pywintypes)\b",
        r"No module named '?(cv2|numpy|pandas|PIL|tkinter|_tkinter|matplotlib|pygame|PyQt\d|requests|psutil)\b",
        r"ImportError: win32 only",
        r"has no attribute '(Windows\w+EventLoopPolicy|ProactorEventLoop|startfile|SIO_\w+|getwch|kbhit)'",
        r"(No such file or directory|cannot find).*(\b[A-Za-z]:\\|/Users/)",
        r"fatal error: (winsock2?|windows|ws2tcpip|conio)\.h",
        r#"create_connection\(\(\s*(''|"")"#,
        r"no display name and no \$DISPLAY|cannot connect to X server|could not connect to display",
    ];
    patterns.iter().map(|pattern| Regex::new(pattern).expect("a constant pattern")).collect()
});

/// Why the program cannot run on this machine, when its console says so.
pub(super) fn cannot_run(console: &[u8]) -> Option<Text> {
    let text = Plain::read(console, true).text;
    let found = SIGNS.iter().find_map(|sign| sign.find(&text))?;
    let start = text[..found.start()].rfind('\n').map_or(0, |end| end + 1);
    Some(words::cannot_run_here(text[start..].lines().next().unwrap_or_default().trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_only_runs_elsewhere() {
        let elsewhere = [
            "ModuleNotFoundError: No module named 'msvcrt'\n",
            "ImportError: win32 only",
            "AttributeError: module 'asyncio' has no attribute 'WindowsSelectorEventLoopPolicy'",
            "FileNotFoundError: [Errno 2] No such file or directory: 'C:\\\\Users\\\\me\\\\a.txt'",
            "FileNotFoundError: [Errno 2] No such file or directory: '/Users/me/a.txt'",
            "    s = socket.create_connection(('', 2500))\nsocket.gaierror: [Errno -2]",
            "s.c:1:10: fatal error: winsock2.h: No such file or directory",
        ];
        for console in elsewhere {
            assert!(cannot_run(console.as_bytes()).is_some(), "{console}");
        }
        let own = ["ModuleNotFoundError: No module named 'calc'", "Received C:\\temp", "ValueError: x", ""];
        for console in own {
            assert!(cannot_run(console.as_bytes()).is_none(), "{console}");
        }
    }
}
