//! The terminal: asking for a line, printing a line, and Ctrl+C.
//!
//! Servers print with [`announce`]. Programs that talk with their user hold a [`Console`], and there
//! are three ways to wait for a line:
//!
//! - [`Console::ask`] stops the whole program until the line is there. That suits a dialogue by
//!   turns: ask, send, receive, ask again.
//! - [`Console::ask_meanwhile`] waits on a thread of its own, and only while there is a question.
//! - [`Console::into_lines`] reads all the time on a thread of its own: for a chat, where lines come
//!   from the keyboard and from the network in any order.
//!
//! Nothing here ends the program or panics when the terminal is gone: printing into nowhere is no
//! reason to stop serving.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// How many typed lines may wait for the program to take them.
const LINES_AHEAD: usize = 64;

/// Prints one line on standard output.
pub fn announce(line: impl Display) {
    // `println!` panics when standard output is closed, `writeln!` lets us not care.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints one line on standard error, where complaints belong.
pub fn complain(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// A future that is ready when the user presses Ctrl+C.
///
/// The signal is caught from this call on, not only from the first time the future is polled. So
/// call it before the port is open: whoever sees the port open can rely on a clean end.
pub fn interrupted() -> io::Result<impl Future<Output = ()>> {
    let mut interrupts = signal(SignalKind::interrupt())?;
    Ok(async move {
        interrupts.recv().await;
    })
}

/// The person at the keyboard, or in a test the script that stands in for them.
pub struct Console {
    /// Where the answers come from. It is shared with the thread that waits for them, if there is
    /// one.
    input: Input,
    /// Where the questions go.
    output: Output,
}

/// Where a [`Console`] reads.
type Input = Arc<Mutex<dyn BufRead + Send>>;

/// Where a [`Console`] prints.
enum Output {
    /// On standard output.
    Terminal,
    /// Into memory, so that a test can look at it.
    Memory(Vec<u8>),
}

impl Console {
    /// The terminal in which the program was started.
    pub fn terminal() -> Self {
        Self { input: Arc::new(Mutex::new(BufReader::new(io::stdin()))), output: Output::Terminal }
    }

    /// A console at which these lines are typed, and nothing after them.
    pub fn scripted(lines: &'static str) -> Self {
        Self { input: Arc::new(Mutex::new(lines.as_bytes())), output: Output::Memory(Vec::new()) }
    }

    /// What was printed on a scripted console so far.
    pub fn printed(&self) -> String {
        match &self.output {
            Output::Terminal => String::new(),
            Output::Memory(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// Shows the prompt, then waits for a line. `None` means that no more lines will come: the
    /// user pressed Ctrl+D, or the input was a file that has ended.
    ///
    /// The wait blocks the whole program, network included. In a dialogue by turns that is what
    /// we want: while it is the user's turn, nobody else has anything to do.
    pub fn ask(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.print(prompt);
        read_line(&self.input)
    }

    /// Like [`ask`](Self::ask), but only this task waits: the network and Ctrl+C go on. When the
    /// task is dropped while it waits, the thread stays behind until the process ends.
    pub async fn ask_meanwhile(&mut self, prompt: &str) -> io::Result<Option<String>> {
        self.print(prompt);
        let input = Arc::clone(&self.input);
        tokio::task::spawn_blocking(move || read_line(&input)).await?
    }

    /// All lines from now on, as they are typed. The channel closes when no more will come.
    ///
    /// The thread that reads them cannot be woken once it waits for the terminal. It ends with the
    /// process.
    pub fn into_lines(self) -> mpsc::Receiver<String> {
        let (lines, receiver) = mpsc::channel(LINES_AHEAD);
        thread::spawn(move || {
            while let Ok(Some(line)) = read_line(&self.input) {
                // An error means that nobody wants the lines any more.
                if lines.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        receiver
    }

    /// Like [`ask`](Self::ask), and asks again until something was typed.
    ///
    /// An empty line cannot be sent: zero bytes are no message, the server would never see it,
    /// and we would wait for ever for its answer.
    pub fn ask_for_text(&mut self, prompt: &str) -> io::Result<Option<String>> {
        loop {
            match self.ask(prompt)? {
                Some(line) if line.is_empty() => {}
                answer => return Ok(answer),
            }
        }
    }

    /// Prints one line.
    pub fn say(&mut self, line: impl Display) {
        self.print(&format!("{line}\n"));
    }

    /// Prints text as it is and makes sure that it is seen now: a prompt has no newline, so it would
    /// stay in the buffer otherwise.
    fn print(&mut self, text: &str) {
        let target: &mut dyn Write = match &mut self.output {
            Output::Terminal => &mut io::stdout().lock(),
            Output::Memory(bytes) => bytes,
        };
        let _ = target.write_all(text.as_bytes());
        let _ = target.flush();
    }
}

/// Waits for a line and takes off its end mark.
fn read_line(input: &Input) -> io::Result<Option<String>> {
    let mut input = input.lock().unwrap_or_else(PoisonError::into_inner);
    // Bytes first, text second: a terminal may hand over anything.
    let mut line = Vec::new();
    if input.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let line = String::from_utf8_lossy(&line);
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_loses_its_end_mark_but_not_its_blanks() {
        let mut console = Console::scripted("  1 + 2 \r\n");
        let line = console.ask("? ").unwrap();
        assert_eq!(line.as_deref(), Some("  1 + 2 "));
        assert_eq!(console.printed(), "? ");
    }

    #[test]
    fn the_end_of_input_is_none() {
        let mut console = Console::scripted("last");
        assert_eq!(console.ask("").unwrap().as_deref(), Some("last"));
        assert_eq!(console.ask("").unwrap(), None);
    }

    #[tokio::test]
    async fn lines_come_one_by_one_from_the_other_thread() {
        let mut console = Console::scripted("first\nsecond\nthird\n");
        let asked = console.ask_meanwhile("").await.unwrap();
        assert_eq!(asked.as_deref(), Some("first"));
        let mut lines = console.into_lines();
        assert_eq!(lines.recv().await.as_deref(), Some("second"));
        assert_eq!(lines.recv().await.as_deref(), Some("third"));
        assert_eq!(lines.recv().await, None);
    }

    #[test]
    fn an_empty_line_is_asked_for_again() {
        let mut console = Console::scripted("\n\nhello\n");
        let text = console.ask_for_text("> ").unwrap();
        assert_eq!(text.as_deref(), Some("hello"));
        assert_eq!(console.printed(), "> > > ");
    }
}
