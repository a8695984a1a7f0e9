//! Programs that were written for another machine: never wrong, only not runnable here.

use super::words;
use crate::units::{Pattern, Plain, Text};

/// What a program says when it needs another system, or something that is not installed: words
/// of which one stands in the text, and how the text goes on around them.
static SIGNS: [(&[&str], Pattern); 14] = [
    (
        &["No module named"],
        Pattern::new(
            r"No module named '?(asyncio\.windows\w*|_overlapped|msvcrt|winreg|winsound|_winapi|win32\w*|pywintypes)\b",
        ),
    ),
    (
        &["No module named"],
        Pattern::new(
            r"No module named '?(cv2|numpy|pandas|PIL|tkinter|_tkinter|customtkinter|matplotlib|scipy|sympy|sklearn|torch|tensorflow|pygame|PyQt\d|PySide\d|PySimpleGUI|wx|kivy|requests|psutil|colorama|termcolor|rich|tabulate|tqdm|loguru|pyfiglet|prompt_toolkit|aioconsole|inputimeout|keyboard|pynput|pyautogui|pytz|dateutil|dotenv|yaml|bs4|selenium|flask|websockets?|Crypto|cryptography|netifaces|scapy|playsound|pyttsx3|gtts|openpyxl|pymysql)\b",
        ),
    ),
    (&["ImportError"], Pattern::new(r"ImportError: win32 only")),
    (
        &["has no attribute"],
        Pattern::new(
            r"has no attribute '(Windows\w+EventLoopPolicy|ProactorEventLoop|startfile|SO_EXCLUSIVEADDRUSE|SIO_\w+|ioctl|CTRL_C_EVENT|CTRL_BREAK_EVENT|CREATE_NEW_CONSOLE|STARTUPINFO|windll|WinDLL|getwch|kbhit)'",
        ),
    ),
    (
        &["No such file", "cannot find"],
        Pattern::new(r"(No such file or directory|cannot find).*(\b[A-Za-z]:\\|/Users/)"),
    ),
    (
        &["fatal error"],
        Pattern::new(
            r"fatal error: (?i:winsock2?|windows|ws2tcpip|mswsock|conio|tchar|stdafx|pch|process|direct)\.h",
        ),
    ),
    (&["fatal error"], Pattern::new(r"fatal error: opencv\d?/")),
    (&["Cannot find module"], Pattern::new(r"Cannot find module '[^'./\\][^']*'")),
    (&["HeadlessException"], Pattern::new(r"java\.awt\.HeadlessException")),
    (&["does not exist"], Pattern::new(r"package (javafx|org\.json|com\.google\.gson)[\w.]* does not exist")),
    (
        &["opencv"],
        Pattern::new(r"package org\.opencv\.\w+ does not exist|no opencv_java\d* in java\.library\.path"),
    ),
    (&["create_connection"], Pattern::new(r#"create_connection\(\(\s*(''|"")"#)),
    (
        &["display", "X server"],
        Pattern::new(
            r"no display name and no \$DISPLAY|cannot connect to X server|could not connect to display",
        ),
    ),
    (
        &["display", "DISPLAY", "GTK"],
        Pattern::new(r"cannot open display|No X11 DISPLAY variable|Rebuild the library with Windows, GTK"),
    ),
];

/// Why the program cannot run on this machine, when its console says so.
pub(super) fn cannot_run(console: &[u8]) -> Option<Text> {
    let text = Plain::read(console, true).text;
    let possible = SIGNS.iter().filter(|(words, _)| words.iter().any(|word| text.contains(word)));
    let found = possible.map(|(_, pattern)| pattern).find_map(|pattern| pattern.regex().find(&text))?;
    let start = text[..found.start()].rfind('\n').map_or(0, |end| end + 1);
    Some(words::cannot_run_here(text[start..].lines().next().unwrap_or_default().trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_is_a_pattern() {
        assert!(SIGNS.iter().all(|(_, pattern)| pattern.regex().captures_len() > 0));
    }

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
            "ModuleNotFoundError: No module named 'cv2'\n",
            "s.cpp:1:10: fatal error: opencv2/opencv.hpp: No such file or directory",
            "Error: Cannot find module '@u4/opencv4nodejs'",
            "Error: Cannot find module 'readline-sync'",
            "ModuleNotFoundError: No module named 'colorama'\n",
            "AttributeError: module 'socket' has no attribute 'SO_EXCLUSIVEADDRUSE'",
            "s.c:1:10: fatal error: WinSock2.h: No such file or directory",
            "Exception in thread \"main\" java.awt.HeadlessException: \n",
            "(image:7): Gtk-WARNING **: cannot open display: ",
            "error: (-2:Unspecified error) The function is not implemented. Rebuild the library with Windows, GTK+ 2.x or Cocoa support.",
        ];
        for console in elsewhere {
            assert!(cannot_run(console.as_bytes()).is_some(), "{console}");
        }
        let own = [
            "ModuleNotFoundError: No module named 'calc'",
            "No module named 'soket'",
            "Error: Cannot find module './calc'",
            "Received C:\\temp",
            "ValueError: x",
            "",
        ];
        for console in own {
            assert!(cannot_run(console.as_bytes()).is_none(), "{console}");
        }
    }
}
