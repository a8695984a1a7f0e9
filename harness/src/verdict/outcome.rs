//! Outcomes and findings: a student's failing is a value.

use serde::Serialize;

use super::{Code, relay, words};
use crate::units::Text;

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Right.
    Pass,
    /// Right in part, with a reason.
    Partial,
    /// Wrong.
    Fail,
    /// Not judged: this machine lacks something, or a check it needs failed. Costs no points.
    Skip,
    /// Not judged: the grader's own trouble. Costs no points.
    Error,
}

/// The judgement of one check.
#[derive(Debug, Clone)]
#[must_use]
pub struct Verdict {
    /// What became of it.
    pub outcome: Outcome,
    /// Share of the points, 0 to 1.
    pub credit: f64,
    /// Why, unless it simply passed.
    pub finding: Option<Finding>,
    /// Remarks that cost nothing.
    pub notes: Vec<Text>,
}

impl Verdict {
    /// Not judged, because a check it needs has failed.
    pub fn not_reached(need: &str) -> Self {
        Self::unjudged(Outcome::Skip, Finding::bare(Code::NotReached, words::needs(need), Text::default()))
    }

    /// Not judged: it supposes a form on the wire that is customary and not asked for, while
    /// the student's own programs understand each other, as this check shows.
    pub fn customary(shown_by: &str) -> Self {
        let finding = Finding::bare(Code::OwnForm, words::needs(shown_by), relay::words::own_form(shown_by));
        Self::unjudged(Outcome::Skip, finding)
    }

    /// Not judged, because this machine lacks something.
    pub fn cannot_run(why: Text) -> Self {
        Self::unjudged(Outcome::Skip, Finding::bare(Code::CannotRunHere, words::can_run(), why))
    }

    /// Not judged, because the grader itself is in trouble; the message is English.
    pub fn trouble(message: &str) -> Self {
        let finding = Finding::bare(Code::GraderTrouble, words::no_trouble(), Text::same(message));
        Self::unjudged(Outcome::Error, finding)
    }

    /// Not judged, because the machine could not do its part; the message is English.
    pub fn hindered(message: &str) -> Self {
        let finding = Finding::bare(Code::MachineTrouble, words::no_trouble(), Text::same(message));
        Self::unjudged(Outcome::Error, finding)
    }

    /// Not judged, because a model program fails the check here and now as well, like this.
    pub fn doubted(model: &Finding) -> Self {
        let finding = Finding::bare(Code::MachineTrouble, words::no_trouble(), fails_too(model));
        Self::unjudged(Outcome::Error, finding)
    }

    fn unjudged(outcome: Outcome, finding: Finding) -> Self {
        Self { outcome, credit: 0.0, finding: Some(finding), notes: Vec::new() }
    }
}

/// A model program fails the same check.
fn fails_too(model: &Finding) -> Text {
    let Finding { expected, received, .. } = model;
    Text::new(
        format!("the model program fails this check too: expected {}; received {}", expected.en, received.en),
        format!("모범 프로그램도 이 검사를 통과하지 못함: 기대 {}; 받음 {}", expected.ko, received.ko),
    )
}

impl Finding {
    /// A finding that concerns no step.
    fn bare(code: Code, expected: Text, received: Text) -> Self {
        Self {
            code,
            step: None,
            after: None,
            expected,
            received,
            program: Text::default(),
            player: None,
            cause: None,
        }
    }
}

/// Why a check did not pass, in the order in which a reader needs it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Stable name of the kind of failure.
    pub code: Code,
    /// Index of the planned step that was not fulfilled.
    pub step: Option<usize>,
    /// What was done just before: `sent "20 + 17" on connection a`.
    pub after: Option<Text>,
    /// What was expected.
    pub expected: Text,
    /// What came instead.
    pub received: Text,
    /// What the program was doing at that moment.
    pub program: Text,
    /// Whose program is at fault, where several play together.
    pub player: Option<String>,
    /// The likely cause, when the bytes tell it.
    pub cause: Option<Text>,
}
