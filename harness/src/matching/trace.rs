//! Traces of exceptions and crashes, as the languages of the course print them.

use crate::units::Pattern;

/// A trace in what a program showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trace {
    /// Where it begins in the text.
    pub(crate) start: usize,
    /// The line that names the cause.
    pub(crate) cause: String,
}

/// How a language prints its traces.
struct Style {
    /// One of these words stands in every such trace; without them nothing is compiled.
    words: &'static [&'static str],
    /// What only a trace contains.
    sign: Pattern,
    /// The line that names the cause: the last match after the sign, else the line of
    /// the sign itself.
    cause: Option<Pattern>,
}

const PYTHON_CAUSE: &str = r"(?m)^[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit|Iteration|Warning|Refused|Reset|Timeout|timeout|herror|gaierror|error)\b.*$";

static STYLES: [Style; 13] = [
    // Python, its warnings of the compiler (no trace is printed for those) included.
    Style::new(&["Traceback"], r"Traceback \(most recent call last\)", PYTHON_CAUSE),
    Style::new(&["File \""], r#"(?m)^\s*File "[^"\n]*", line \d+(, in .*)?$"#, PYTHON_CAUSE),
    // Java and Kotlin.
    Style::new(&["Exception in thread"], r#"Exception in thread ""#, ""),
    Style::new(&["\tat "], r"(?m)^\tat [\w$.<>/@]+\(", r"(?m)^(Caused by: )?[\w.$]+(Exception|Error)\b.*$"),
    // C#.
    Style::new(&["Unhandled exception."], r"(?m)^Unhandled exception\.", ""),
    // Rust.
    Style::new(&["panicked at"], r"thread '[^'\n]*'( \(\d+\))? panicked at", r"(?m)^thread '.*$\n.*$"),
    // Go.
    Style::new(&["panic: "], r"(?m)^panic: ", r"(?m)^panic: .*$"),
    Style::new(&["goroutine "], r"(?m)^goroutine \d+ \[", ""),
    // C and C++.
    Style::new(
        &["egmentation", "SEGMENTATION", "ore dumped", "CORE DUMPED"],
        r"(?i)\bsegmentation fault\b|\bcore dumped\b",
        "",
    ),
    Style::new(&[" detected ***"], r"\*\*\* (stack smashing|buffer overflow) detected \*\*\*", ""),
    Style::new(
        &["terminate called"],
        r"(?m)^terminate called (after throwing|without an active)",
        r"(?m)^\s+what\(\):.*$",
    ),
    Style::new(
        &["free", "malloc", "corrupted", "munmap_chunk"],
        r"(?m)^(free|malloc|double free|corrupted|munmap_chunk)\S*.*(corrupt|invalid|memory)",
        "",
    ),
    Style::new(
        &["Sanitizer", "Assertion"],
        r"AddressSanitizer|UndefinedBehaviorSanitizer|Assertion .* failed\.",
        "",
    ),
];

impl Style {
    const fn new(words: &'static [&'static str], sign: &'static str, cause: &'static str) -> Self {
        let cause = if cause.is_empty() { None } else { Some(Pattern::new(cause)) };
        Self { words, sign: Pattern::new(sign), cause }
    }
}

/// A frame of Node, and the line that must stand with it: other programs print lines
/// that begin with `at` too.
static NODE_FRAME: Pattern = Pattern::new(r"(?m)^ {4}at .*:\d+:\d+\)?$");
static NODE_CAUSE: Pattern = Pattern::new(r"(?m)^.*\b[A-Z]?\w*Error\b.*$|^.*\bthrow\b.*$");

/// The first trace in a text.
pub(crate) fn find_trace(text: &str) -> Option<Trace> {
    let possible = STYLES.iter().filter(|style| style.words.iter().any(|word| text.contains(word)));
    let styled = possible.filter_map(|style| {
        let sign = style.sign.regex().find(text)?;
        let from = line_start(text, sign.start());
        // Java prints the cause above the frames.
        let from =
            if sign.as_str().starts_with('\t') { line_start(text, from.saturating_sub(1)) } else { from };
        let cause = style.cause.as_ref().and_then(|cause| cause.regex().find_iter(&text[from..]).last());
        let cause = cause.map_or_else(|| line_at(text, sign.start()), |found| found.as_str());
        Some(Trace { start: from, cause: one_line(cause) })
    });
    styled.chain(node(text)).min_by_key(|trace| trace.start)
}

fn node(text: &str) -> Option<Trace> {
    let frame = text.contains("    at ").then(|| NODE_FRAME.regex().find(text))??;
    let cause = NODE_CAUSE.regex().find_iter(&text[..frame.start()]).last()?;
    Some(Trace { start: cause.start(), cause: one_line(cause.as_str()) })
}

fn one_line(cause: &str) -> String {
    cause.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn line_at(text: &str, at: usize) -> &str {
    let start = line_start(text, at);
    text[start..].lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_is_a_pattern() {
        for style in &STYLES {
            assert!(style.sign.regex().captures_len() > 0);
            assert!(style.cause.as_ref().is_none_or(|cause| cause.regex().captures_len() > 0));
        }
    }

    #[test]
    fn finds_the_traces_of_every_language_and_their_cause() {
        let table = [
            (
                "Waiting\nTraceback (most recent call last):\n  File \"s.py\", line 3, in <module>\n    x()\nConnectionResetError: [Errno 104] Connection reset by peer\n",
                "ConnectionResetError: [Errno 104] Connection reset by peer",
            ),
            (
                "Traceback (most recent call last):\n  File \"a\", line 1\nKeyError: 'a'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File \"a\", line 2\nValueError: bad\n",
                "ValueError: bad",
            ),
            (
                "  File \"s.py\", line 3\n    print 1\nSyntaxError: invalid syntax\n",
                "SyntaxError: invalid syntax",
            ),
            (
                "Exception in thread \"main\" java.net.BindException: Address in use\n\tat java.base/sun.nio.ch.Net.bind0(Native Method)\n",
                "Exception in thread \"main\" java.net.BindException: Address in use",
            ),
            (
                "java.net.SocketException: Connection reset\n\tat java.net.SocketInputStream.read(SocketInputStream.java:1)\n",
                "java.net.SocketException: Connection reset",
            ),
            (
                "node:events:491\n      throw er;\n      ^\n\nError: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:217:20)\n",
                "Error: read ECONNRESET",
            ),
            (
                "thread 'main' panicked at src/main.rs:4:5:\ncalled `unwrap` on an `Err`\nnote: run with\n",
                "thread 'main' panicked at src/main.rs:4:5: called `unwrap` on an `Err`",
            ),
            ("thread 'main' (71) panicked at a.rs:1:1:\nx\n", "thread 'main' (71) panicked at a.rs:1:1: x"),
            (
                "panic: runtime error: index out of range\n\ngoroutine 1 [running]:\n",
                "panic: runtime error: index out of range",
            ),
            ("Segmentation fault (core dumped)\n", "Segmentation fault (core dumped)"),
            ("*** stack smashing detected ***: terminated\n", "*** stack smashing detected ***: terminated"),
            (
                "terminate called after throwing an instance of 'std::runtime_error'\n  what():  bind\n",
                "what(): bind",
            ),
        ];
        for (text, cause) in table {
            assert_eq!(find_trace(text).map(|trace| trace.cause), Some(cause.to_owned()), "{text}");
        }
    }

    #[test]
    fn leaves_messages_of_caught_exceptions_alone() {
        let table = [
            "[Errno 104] Connection reset by peer",
            "Error: connection closed",
            "exception: connection closed by the server",
            "ConnectionResetError: peer is gone, waiting for the next client",
            "    at 10:20:30",
            "Meet me\n    at home",
            "panic!",
            "Received message: at x(",
            "",
        ];
        for text in table {
            assert_eq!(find_trace(text), None, "{text}");
        }
    }
}
