//! Traces of exceptions and crashes, as the languages of the course print them.

use std::sync::LazyLock;

use regex::Regex;

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
    /// What only a trace contains.
    sign: Regex,
    /// The line that names the cause: the last match after the sign, else the line of
    /// the sign itself.
    cause: Option<Regex>,
}

static STYLES: LazyLock<Vec<Style>> = LazyLock::new(|| {
    let pattern = |text: &str| Regex::new(text).expect("a constant pattern");
    let style = |sign: &str, cause: &str| Style {
        sign: pattern(sign),
        cause: (!cause.is_empty()).then(|| pattern(cause)),
    };
    let python_cause = r"(?m)^[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit|Iteration|Warning|Refused|Reset|Timeout|timeout|herror|gaierror|error)\b.*$";
    vec![
        // Python, its warnings of the compiler (no trace is printed for those) included.
        style(r"Traceback \(most recent call last\)", python_cause),
        style(r#"(?m)^\s*File "[^"\n]*", line \d+(, in .*)?$"#, python_cause),
        // Java and Kotlin.
        style(r#"Exception in thread ""#, ""),
        style(r"(?m)^\tat [\w$.<>/@]+\(", r"(?m)^(Caused by: )?[\w.$]+(Exception|Error)\b.*$"),
        // C#.
        style(r"(?m)^Unhandled exception\.", ""),
        // Rust.
        style(r"thread '[^'\n]*'( \(\d+\))? panicked at", r"(?m)^thread '.*$\n.*$"),
        // Go.
        style(r"(?m)^panic: ", r"(?m)^panic: .*$"),
        style(r"(?m)^goroutine \d+ \[", ""),
        // C and C++.
        style(r"(?i)\bsegmentation fault\b|\bcore dumped\b", ""),
        style(r"\*\*\* (stack smashing|buffer overflow) detected \*\*\*", ""),
        style(r"(?m)^terminate called (after throwing|without an active)", r"(?m)^\s+what\(\):.*$"),
        style(r"(?m)^(free|malloc|double free|corrupted|munmap_chunk)\S*.*(corrupt|invalid|memory)", ""),
        style(r"AddressSanitizer|UndefinedBehaviorSanitizer|Assertion .* failed\.", ""),
    ]
});

/// A frame of Node, and the line that must stand with it: other programs print lines
/// that begin with `at` too.
static NODE_FRAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^ {4}at .*:\d+:\d+\)?$").expect("a constant pattern"));
static NODE_CAUSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^.*\b[A-Z]?\w*Error\b.*$|^.*\bthrow\b.*$").expect("a constant pattern")
});

/// The first trace in a text.
pub(crate) fn find_trace(text: &str) -> Option<Trace> {
    let styled = STYLES.iter().filter_map(|style| {
        let sign = style.sign.find(text)?;
        let from = line_start(text, sign.start());
        // Java prints the cause above the frames.
        let from =
            if sign.as_str().starts_with('\t') { line_start(text, from.saturating_sub(1)) } else { from };
        let cause = style.cause.as_ref().and_then(|cause| cause.find_iter(&text[from..]).last());
        let cause = cause.map_or_else(|| line_at(text, sign.start()), |found| found.as_str());
        Some(Trace { start: from, cause: one_line(cause) })
    });
    styled.chain(node(text)).min_by_key(|trace| trace.start)
}

fn node(text: &str) -> Option<Trace> {
    let frame = NODE_FRAME.find(text)?;
    let cause = NODE_CAUSE.find_iter(&text[..frame.start()]).last()?;
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
