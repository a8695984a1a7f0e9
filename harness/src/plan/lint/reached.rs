//! Steps of which the model's snapshot shows no trace.

use std::collections::BTreeSet;

use crate::plan::PlannedScenario;
use crate::spec::{Action, Place};
use crate::units::printable;

/// So many bytes of a line are shown in a snapshot.
const SHOWN: usize = 160;

/// The places of steps that the model never came to. Only what leaves a mark is looked for:
/// connections that were opened, and lines that were typed.
pub(super) fn missing<'a>(plan: &'a PlannedScenario, snapshot: &str) -> Vec<&'a Place> {
    let mut told = BTreeSet::new();
    let steps = plan.steps.iter().filter(|step| !is_there(&step.action, snapshot));
    steps.map(|step| &step.place).filter(|place| told.insert((&place.file, place.line))).collect()
}

fn is_there(action: &Action, snapshot: &str) -> bool {
    match action {
        Action::Connect(connect) => snapshot.lines().any(|line| {
            line.split_whitespace().next() == Some(connect.connection.as_str())
                && ["connected", "refused", "→", "←"].iter().any(|mark| line.contains(mark))
        }),
        // Asked or not: such a step is there for other programs than the model.
        Action::Type { if_asked: true, .. } => true,
        // What is filled in while it runs has a name in the snapshot.
        Action::Type { line, .. } if line.0.contains('{') => true,
        Action::Type { line, .. } => {
            let shown = printable(line.0.as_bytes(), SHOWN).to_string();
            snapshot.contains(&format!("types {shown}"))
        }
        _ => true,
    }
}
