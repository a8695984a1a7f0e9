//! The table `[explore]` as the grammar of a session, and its parts as small scenarios of which
//! it can be said whether they make sense.

use serde_json::{Value, json};

use super::action::{draws, steps};
use super::file::files;
use crate::spec::document::{At, Document};
use crate::spec::form::{ExchangeForm, ExploreForm, LibertiesForm, StepForm};
use crate::spec::{
    CLIENT, Concept, Exchange, Exploration, Fault, Fixtures, Leave, Liberties, Problem, Scenario, Serves,
    Tier,
};

/// Part of a grammar, to be played through on paper.
#[derive(Debug)]
pub(in crate::spec) struct Part {
    /// Where its steps stand: keys and indices from the root of the file.
    pub(in crate::spec) path: Path,
    /// Its steps and what they draw.
    pub(in crate::spec) scenario: Scenario,
}

/// Where the steps of a part stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::spec) enum Path {
    /// Those of a client that comes.
    Open(&'static str),
    /// Those after a client that has left.
    Left(&'static str),
    /// Those of an exchange.
    Exchange(usize),
}

/// Reads the table, which has the shape of one.
pub(in crate::spec) fn exploration(
    document: &Document<'_>,
    at: &At<'_>,
    role: &str,
    fixtures: &Fixtures,
) -> Result<(Exploration, Vec<Part>), Fault> {
    let form: ExploreForm = serde_json::from_value(document.plain(at))
        .map_err(|error| document.fault(at, Problem::NotUnderstood(error.to_string())))?;
    files(document, &at.key("files"), form.files, fixtures)?;
    let mut parts = Vec::new();
    for (tier, form) in [("basic", &form.basic), ("robust", &form.robust)] {
        let at = at.key(tier);
        if let Some(steps) = &form.open {
            parts.push(part(document, &at.key("open"), (role, Path::Open(tier)), steps.len())?);
        }
        if let Some(steps) = &form.left {
            parts.push(part(document, &at.key("left"), (role, Path::Left(tier)), steps.len())?);
        }
    }
    let mut exchanges = Vec::new();
    for (index, form) in form.exchange.into_iter().enumerate() {
        let list = at.key("exchange");
        let at = list.entry(index);
        let count = form.steps.len();
        let exchange = exchange(document, &at, form);
        let mut part = part(document, &at.key("steps"), (role, Path::Exchange(index)), count)?;
        part.scenario.draws.clone_from(&exchange.draws);
        parts.push(part);
        exchanges.push(exchange);
    }
    let basic = liberties(document, &at.key("basic"), &form.basic, &Liberties::default());
    let robust = liberties(document, &at.key("robust"), &form.robust, &basic);
    let files = document.plain(&at.key("files"));
    Ok((Exploration { role: role.to_owned(), basic, robust, files, exchanges }, parts))
}

fn part(
    document: &Document<'_>,
    at: &At<'_>,
    (role, path): (&str, Path),
    count: usize,
) -> Result<Part, Fault> {
    let read = |index| {
        serde_json::from_value::<StepForm>(document.plain(&at.entry(index)))
            .map_err(|error| document.fault(at, Problem::NotUnderstood(error.to_string())))
    };
    let forms = (0..count).map(read).collect::<Result<Vec<_>, _>>()?;
    let mut scenario = Scenario::bare("explore", role);
    scenario.steps = steps(document, at, forms)?;
    Ok(Part { path, scenario })
}

fn exchange(document: &Document<'_>, at: &At<'_>, form: ExchangeForm) -> Exchange {
    Exchange {
        tier: form.tier.unwrap_or(Tier::Basic),
        concept: form.concept.unwrap_or(Concept::RequestReply),
        draws: draws(document, &at.key("draw"), form.draw),
        steps: listed(document, &at.key("steps")),
    }
}

/// What is not told is as in `other`.
fn liberties(document: &Document<'_>, at: &At<'_>, form: &LibertiesForm, other: &Liberties) -> Liberties {
    let range = |told: Option<[usize; 2]>, other| told.map_or(other, |[least, most]| (least, most));
    let steps = |told: bool, key: &str, other: &Vec<Value>| {
        if told { listed(document, &at.key(key)) } else { other.clone() }
    };
    Liberties {
        serves: form.serves.unwrap_or(other.serves),
        connections: range(form.connections, other.connections),
        requests: range(form.requests, other.requests),
        queued: form.queued.unwrap_or(other.queued),
        open: steps(form.open.is_some(), "open", &other.open),
        leave: form.leave.clone().unwrap_or_else(|| other.leave.clone()),
        abandon: form.abandon.clone().unwrap_or_else(|| other.abandon.clone()),
        half_close: form.half_close.unwrap_or(other.half_close),
        segments: form.segments.unwrap_or(other.segments),
        left: steps(form.left.is_some(), "left", &other.left),
    }
}

fn listed(document: &Document<'_>, at: &At<'_>) -> Vec<Value> {
    document.plain(at).as_array().cloned().unwrap_or_default()
}

impl Default for Liberties {
    fn default() -> Self {
        Self {
            serves: Serves::One,
            connections: (1, 1),
            requests: (1, 6),
            queued: false,
            open: vec![json!({ "connect": CLIENT })],
            leave: vec![Leave::Close],
            abandon: Vec::new(),
            half_close: false,
            segments: false,
            left: Vec::new(),
        }
    }
}
