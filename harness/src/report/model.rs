//! The report as a tree: exactly the JSON of `grader/report/v1`. Fields that are
//! skipped there serve people only; the terminal renders from them.

use serde::{Serialize, Serializer};

use super::conduct::ConductReport;
use super::search::SearchReport;
use crate::spec::{Concept, Tier};
use crate::units::Text;
use crate::verdict::{Code, Finding, Outcome, Repeats};

/// What became of every check of one run.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Always `grader/report/v1`.
    pub schema: &'static str,
    /// Version of the grader.
    pub grader: &'static str,
    /// Id of the exercise.
    pub exercise: String,
    /// The seed of the run.
    pub seed: u64,
    /// Digest of the spec's files.
    pub spec_hash: String,
    /// How far the programs were kept apart from the machine.
    pub sandbox: Sandbox,
    /// The programs that were graded.
    pub targets: Vec<TargetReport>,
    /// Points of the graded tiers.
    pub score: Points,
    /// Points of the graded tiers that could be earned; checks that were not graded are not in it.
    pub max_score: Points,
    /// Points of every tier.
    pub tiers: Tiers,
    /// The tiers that make the score.
    pub graded: Vec<Tier>,
    /// Every check, in the order of the spec.
    pub checks: Vec<CheckReport>,
    /// What a search found, where one was made in place of the checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explore: Option<SearchReport>,
    /// Remarks about the run as a whole.
    #[serde(skip)]
    pub remarks: Vec<Text>,
    /// Title of the exercise.
    #[serde(skip)]
    pub title: Text,
}

/// How far programs are kept apart from the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sandbox {
    /// Own network, own view of the files, limits.
    Full,
    /// Own network only.
    Namespace,
    /// Limits only.
    Bare,
    /// Nothing.
    Off,
}

/// One program that was graded.
#[derive(Debug, Clone, Serialize)]
pub struct TargetReport {
    /// Its role.
    pub role: String,
    /// The command that starts it.
    pub command: String,
    /// The port it uses, once it is known.
    pub port: Option<u16>,
}

/// Points of both tiers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tiers {
    /// What the handout asks.
    pub basic: TierPoints,
    /// Beyond the handout.
    pub robust: TierPoints,
}

/// Points of one tier: earned, and those that could be earned.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct TierPoints(pub Points, pub Points);

/// Points, in hundredths at the finest; a whole number is written as one.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Points(f64);

/// One check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// Permanent path.
    pub id: String,
    /// The role whose program was on stage.
    pub role: String,
    /// Graded or beyond the handout.
    pub tier: Tier,
    /// The idea it is about.
    pub concept: Concept,
    /// What the program must do.
    pub title: Text,
    /// What became of it.
    pub outcome: Outcome,
    /// Points it is worth; 0 for a remark.
    pub points: Points,
    /// Points earned.
    pub earned: Points,
    /// Why it did not pass.
    pub finding: Option<FindingReport>,
    /// How often it was run and lost, where it was run several times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Repeats>,
    /// What its programs did that no check asks for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conduct: Vec<ConductReport>,
    /// Wall time, in milliseconds.
    pub wall_ms: f64,
    /// The transcript in canonical form.
    pub transcript: String,
    /// The command that runs this check again.
    pub rerun: String,
    /// A remark only.
    #[serde(skip)]
    pub noted: bool,
    /// What to look at when it fails.
    #[serde(skip)]
    pub hint: Option<Text>,
    /// Remarks that cost nothing.
    #[serde(skip)]
    pub notes: Vec<Text>,
    /// The transcript around the failure.
    #[serde(skip)]
    pub excerpt: Vec<ExcerptLine>,
}

/// Why a check did not pass.
#[derive(Debug, Clone, Serialize)]
pub struct FindingReport {
    /// Stable name of the kind of failure.
    pub code: Code,
    /// What was expected, in English.
    pub expected: String,
    /// What came, in English.
    pub received: String,
    /// What the program was doing, in English.
    pub program: String,
    /// Whose program is at fault, where several play together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub player: Option<String>,
    /// All of it as sentences.
    pub text: Text,
    /// The finding in both languages, part by part.
    #[serde(skip)]
    pub parts: Finding,
}

/// A line of the transcript around a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcerptLine {
    /// The failure is here.
    pub marked: bool,
    /// The line.
    pub text: String,
}

impl Points {
    /// Points, rounded to hundredths.
    pub fn new(points: f64) -> Self {
        // No negative zero.
        Self((points * 100.0).round() / 100.0 + 0.0)
    }

    /// The number.
    pub fn value(self) -> f64 {
        self.0
    }
}

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl CheckReport {
    /// The check makes points: it is no remark and was judged.
    pub fn is_counted(&self) -> bool {
        !self.noted && !matches!(self.outcome, Outcome::Skip | Outcome::Error)
    }

    /// The last part of the id.
    pub fn short_id(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or(&self.id)
    }
}
