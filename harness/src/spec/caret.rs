//! Prints a fault with its file, line, column, the line itself and a caret.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Fault, Impossible, Problem};

/// The block of one fault.
pub(super) fn render(fault: &Fault, text: &str, coloured: bool) -> String {
    let level = if matches!(*fault.problem, Problem::Suspect(_)) { Level::WARNING } else { Level::ERROR };
    let title = level.primary_title(fault.problem.to_string());
    let mut group = match &fault.span {
        Some(span) => {
            let end = span.end.min(text.len());
            let first_line = text[span.start..end].find('\n').map_or(end, |at| span.start + at);
            let caret = AnnotationKind::Primary.span(span.start..first_line);
            title.element(Snippet::source(text).path(&fault.file).annotation(caret))
        }
        None => Group::with_title(title).element(Origin::path(&fault.file)),
    };
    if let Some(help) = help(&fault.problem) {
        group = group.element(Level::HELP.message(help));
    }
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(120).render(&[group])
}

/// What to change, where that can be said.
fn help(problem: &Problem) -> Option<String> {
    match problem {
        Problem::UnknownKey { key, known } => Some(did_you_mean(key, known)),
        Problem::UnknownWord { word, known, .. } => Some(did_you_mean(word, known)),
        Problem::Unknown { name, known, .. } if !known.is_empty() => Some(did_you_mean(name, known)),
        Problem::NoVerb { known, .. } => Some(format!("one of {}", quoted(known))),
        Problem::TwoVerbs { what, .. } => Some(format!("make it two {}", plural(what))),
        Problem::StrayKey { key, owners, .. } => Some(format!("`{key}` goes with {}", quoted(owners))),
        Problem::Duplicate { first, .. } => Some(format!("the first is in line {first}")),
        Problem::Brace(_) => Some("write `{{` where a brace is meant".to_owned()),
        Problem::UnsetSetting(name) => {
            Some(format!("give `[settings.{name}]` a `default`, or use it as the `value` of an integer only"))
        }
        Problem::NotedPoints => Some("remove `points` or `noted`".to_owned()),
        Problem::Suspect(suspicion) => Some(suspicion.advice()),
        Problem::Impossible(impossible) => advice(impossible).map(str::to_owned),
        _ => None,
    }
}

fn advice(impossible: &Impossible) -> Option<&'static str> {
    match impossible {
        Impossible::AcceptFromServer => Some("use `connect`"),
        Impossible::ConnectToClient => Some("use `accept`"),
        Impossible::NobodyListens => Some("remove `listening = false`"),
        Impossible::Over { how: "closed", .. } => Some("use `half-close` to go on reading"),
        Impossible::NeverThawed => Some("put `{ thaw = true }` after what must happen first"),
        Impossible::Frozen { .. } => Some("put `{ thaw = true }` before it"),
        Impossible::NotFrozen => Some("put `{ freeze = true }` before it"),
        Impossible::NotStopped { .. } => Some("put `{ stop-reading = … }` before it"),
        Impossible::WhoseStep("connect") => Some("put `to = \"…\"` beside it, with the player's name"),
        Impossible::WhoseStep(_) => Some("put `at = \"…\"` beside it, with the player's name"),
        Impossible::NotStarted(_) => Some("put `{ start = \"…\" }` before it"),
        Impossible::StartedAlready(_) => Some("give the player `later = true`, and start it once"),
        Impossible::AcceptInEnsemble => Some("look at the wire: `from = \"client>server\"`"),
        Impossible::NoTerminal => Some("remove `console = \"pipes\"`"),
        _ => None,
    }
}

/// The nearest of the known names, or all of them.
fn did_you_mean(written: &str, known: &[String]) -> String {
    match nearest(written, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known here: {}", quoted(known)),
    }
}

/// The known name most like the one written, if they have most of their letters in common.
pub(crate) fn nearest<'a>(written: &str, known: &'a [String]) -> Option<&'a String> {
    let distance = |name: &str| strsim::damerau_levenshtein(written, name);
    let near = |name: &&String| {
        let length = written.chars().count().max(name.chars().count());
        distance(name) <= (length / 3).max(1) && distance(name) < length
    };
    known.iter().filter(near).min_by_key(|name| distance(name))
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Several of a thing: `steps`, `bodies`.
fn plural(what: &str) -> String {
    match what.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{what}s"),
    }
}
