//! The report for machines.

use super::model::Report;

/// Writes the report as JSON (`grader/report/v1`), indented, with a line end.
pub fn render_json(report: &Report) -> String {
    // Strings and finite numbers only: nothing in the tree can fail to serialize.
    let mut json = serde_json::to_string_pretty(report).unwrap_or_default();
    json.push('\n');
    json
}
