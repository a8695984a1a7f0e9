//! The report for a person at a terminal: what passed in a line, what did not with
//! all that helps to mend it, the score last.

use unicode_width::UnicodeWidthStr;

use super::fold::{Fold, fold};
use super::layout::{Paint, harmless, pad, wrap};
use super::model::{CheckReport, Points, Report, TierPoints};
use super::wording;
use crate::spec::Tier;
use crate::units::{Language, Text};
use crate::verdict::{Code, Finding, Outcome};

/// How a report is shown.
#[derive(Debug, Clone, Copy)]
pub struct TerminalOptions {
    /// With colours.
    pub colour: bool,
    /// In which language.
    pub language: Language,
    /// Columns of the terminal.
    pub width: usize,
}

/// Columns before the label of a part of a finding.
const INDENT: usize = 6;
/// Columns of the label.
const LABEL: usize = 11;

/// Renders a report for a terminal.
pub fn render_terminal(report: &Report, options: TerminalOptions) -> String {
    let mut page = Page { options, paint: Paint { colour: options.colour }, text: String::new() };
    page.head(report);
    if let Some(search) = &report.explore {
        page.search(report, search);
        return page.text;
    }
    for role in roles(report) {
        page.role(report, role);
    }
    page.remarks(report);
    page.score(report);
    page.learn_more(&report.checks.iter().collect::<Vec<_>>());
    page.text
}

/// The roles that have checks, in the order of the report.
fn roles(report: &Report) -> Vec<&str> {
    let mut roles: Vec<&str> = Vec::new();
    for check in &report.checks {
        if !roles.contains(&check.role.as_str()) {
            roles.push(&check.role);
        }
    }
    roles
}

/// A page being written.
pub(super) struct Page {
    pub(super) options: TerminalOptions,
    pub(super) paint: Paint,
    text: String,
}

impl Page {
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A blank line, unless one stands there already.
    pub(super) fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn say<'a>(&self, text: &'a Text) -> &'a str {
        text.in_language(self.options.language)
    }

    fn head(&mut self, report: &Report) {
        let language = self.options.language;
        let title = harmless(self.say(&report.title));
        let seed = self.paint.faint(&format!("{} {}", wording::seed(language), report.seed));
        self.line(&format!("{} · {title}  {seed}", self.paint.strong(&report.exercise)));
    }

    /// The program of a role.
    pub(super) fn program(&mut self, report: &Report, role: &str) {
        self.gap();
        let target = report.targets.iter().find(|target| target.role == role);
        let command = target.map_or(String::new(), |target| format!("  {}", harmless(&target.command)));
        let port = target.and_then(|target| target.port);
        let port =
            port.map_or(String::new(), |port| format!(" · {} {port}", wording::port(self.options.language)));
        self.line(&format!("{}{}", self.paint.strong(role), self.paint.faint(&format!("{command}{port}"))));
    }

    fn role(&mut self, report: &Report, role: &str) {
        self.program(report, role);
        for tier in [Tier::Basic, Tier::Robust] {
            let checks: Vec<&CheckReport> =
                report.checks.iter().filter(|c| c.role == role && c.tier == tier && !c.noted).collect();
            if !checks.is_empty() {
                self.tier(tier, &checks);
            }
        }
    }

    fn tier(&mut self, tier: Tier, checks: &[&CheckReport]) {
        let language = self.options.language;
        let passed = checks.iter().filter(|check| check.outcome == Outcome::Pass).count();
        let name = self.paint.faint(wording::tier(tier, language));
        if passed > 0 {
            self.line(&format!("  {} {}  {name}", self.paint.good("✓"), wording::checks(passed, language)));
        } else {
            self.line(&format!("  {name}"));
        }
        for fold in fold(checks.iter().copied().filter(|check| check.outcome != Outcome::Pass)) {
            self.failure(&fold);
            // A long block needs air.
            if fold.first().is_some_and(CheckReport::is_counted) {
                self.gap();
            }
        }
    }

    pub(super) fn failure(&mut self, fold: &Fold<'_>) {
        let Some(first) = fold.first() else { return };
        let sign = match first.outcome {
            Outcome::Pass => self.paint.good("✓"),
            Outcome::Partial => self.paint.doubtful("◐"),
            Outcome::Fail => self.paint.bad("✗"),
            Outcome::Skip => self.paint.doubtful("–"),
            Outcome::Error => self.paint.doubtful("!"),
        };
        let lost = self.lost(fold);
        if fold.checks.len() == 1 {
            let title = harmless(self.say(&first.title));
            self.line(&format!("  {sign} {}  {title}{lost}", self.paint.strong(first.short_id())));
        } else {
            let count = wording::checks(fold.checks.len(), self.options.language);
            self.line(&format!("  {sign} {}{lost}", self.paint.strong(&count)));
            for line in wrap(&fold.names(), self.options.width.saturating_sub(4)) {
                self.line(&format!("    {line}"));
            }
        }
        self.finding(first);
    }

    /// The points that the checks cost.
    fn lost(&self, fold: &Fold<'_>) -> String {
        let lost = fold.checks.iter().filter(|check| check.is_counted());
        let lost = Points::new(lost.map(|check| check.points.value() - check.earned.value()).sum());
        if lost.value() == 0.0 {
            String::new()
        } else {
            format!("  {}", self.paint.bad(&format!("−{lost}")))
        }
    }

    /// How often a check was lost, where it was run several times.
    fn runs(&mut self, check: &CheckReport) {
        if let Some(runs) = check.runs {
            let language = self.options.language;
            self.part(wording::runs(language), &wording::lost_in(runs));
        }
    }

    fn finding(&mut self, check: &CheckReport) {
        let Some(finding) = check.finding.as_ref().map(|finding| &finding.parts) else { return };
        let language = self.options.language;
        let headline = wording::headline(finding.code);
        let who = finding.player.as_ref().map_or(String::new(), |player| format!("{player}: "));
        self.line(&format!("    {who}{}", self.say(&headline)));
        match finding.code {
            Code::NotReached => return self.part(wording::requires(language), &finding.expected),
            Code::OwnForm | Code::CannotRunHere | Code::MachineTrouble | Code::GraderTrouble => {
                return self.part(wording::message(language), &finding.received);
            }
            _ => {}
        }
        self.runs(check);
        self.parts(finding);
        if let Some(hint) = &check.hint {
            self.part(wording::hint(language), hint);
        }
        self.excerpt(check);
        let (key, name) = wording::concept_name(check.concept);
        let tagged = |name: &str| format!("{name} ({key})");
        self.part(wording::concept(language), &Text::new(tagged(&name.en), tagged(&name.ko)));
        if !check.rerun.is_empty() {
            // One line, however long: it is there to be copied.
            let label = self.paint.faint(&pad(wording::again(language), LABEL));
            self.line(&format!("{}{label}{}", " ".repeat(INDENT), harmless(&check.rerun)));
        }
    }

    fn parts(&mut self, finding: &Finding) {
        let language = self.options.language;
        self.part(wording::expected(language), &finding.expected);
        self.part(wording::received(language), &finding.received);
        if let Some(after) = &finding.after {
            self.part(wording::after(language), after);
        }
        if !finding.received.en.ends_with(&finding.program.en) {
            self.part(wording::program(language), &finding.program);
        }
        if let Some(cause) = &finding.cause {
            self.part(wording::cause(language), cause);
        }
    }

    /// A label and its text, wrapped beside it.
    fn part(&mut self, label: &str, text: &Text) {
        let text = harmless(self.say(text));
        if text.is_empty() {
            return;
        }
        let columns = self.options.width.saturating_sub(INDENT + LABEL);
        for (index, line) in wrap(&text, columns).iter().enumerate() {
            let label = if index == 0 { self.paint.faint(&pad(label, LABEL)) } else { " ".repeat(LABEL) };
            self.line(&format!("{}{label}{line}", " ".repeat(INDENT)));
        }
    }

    /// The transcript around the failure.
    fn excerpt(&mut self, check: &CheckReport) {
        let columns = self.options.width.saturating_sub(INDENT + 4);
        for line in &check.excerpt {
            let text = cut(&harmless(&line.text), columns);
            let line = if line.marked {
                format!("{}{} {}", " ".repeat(INDENT), self.paint.bad("▸"), self.paint.strong(&text))
            } else {
                format!("{}{} {}", " ".repeat(INDENT), self.paint.faint("│"), self.paint.faint(&text))
            };
            self.line(&line);
        }
    }

    /// What costs nothing: remarks of checks, and checks that are remarks.
    pub(super) fn remarks(&mut self, report: &Report) {
        let mut remarks: Vec<(String, Vec<&str>)> = Vec::new();
        let mut remember = |text: String, id| match remarks.iter_mut().find(|(known, _)| *known == text) {
            Some((_, ids)) => ids.push(id),
            None => remarks.push((text, vec![id])),
        };
        for check in &report.checks {
            let passed = check.outcome == Outcome::Pass;
            if let Some(runs) = check.runs.filter(|runs| passed && runs.lost > 0) {
                remember(harmless(self.say(&wording::lost_in(runs))), check.short_id());
            }
            for note in &check.notes {
                remember(harmless(self.say(note)), check.short_id());
            }
            let finding = check.finding.as_ref().filter(|_| check.noted && check.outcome != Outcome::Pass);
            if let Some(finding) = finding {
                let headline = wording::headline(finding.code);
                let cause = finding
                    .parts
                    .cause
                    .as_ref()
                    .map_or(String::new(), |cause| format!(": {}", self.say(cause)));
                let text = format!("{} ({}{cause})", self.say(&check.title), self.say(&headline));
                remember(harmless(&text), check.short_id());
            }
        }
        if remarks.is_empty() && report.remarks.is_empty() {
            return;
        }
        self.gap();
        self.line(&self.paint.strong(wording::remarks(self.options.language)));
        let about_all = report.remarks.iter().map(|remark| harmless(self.say(remark))).collect::<Vec<_>>();
        let about_checks = remarks.into_iter().map(|(text, ids)| format!("{text} [{}]", some_of(&ids)));
        for text in about_all.into_iter().chain(about_checks) {
            for (index, line) in wrap(&text, self.options.width.saturating_sub(4)).iter().enumerate() {
                self.line(&format!("  {} {line}", if index == 0 { "·" } else { " " }));
            }
        }
    }

    fn score(&mut self, report: &Report) {
        let language = self.options.language;
        let score = format!("{} {}/{}", wording::score(language), report.score, report.max_score);
        let all = report.score == report.max_score;
        let mut line = if all { self.paint.good(&score) } else { self.paint.strong(&score) };
        let TierPoints(earned, possible) = report.tiers.robust;
        if !report.graded.contains(&Tier::Robust) && possible.value() > 0.0 {
            line.push_str(&format!(" · {} {earned}/{possible}", wording::beyond(language)));
        }
        let left = report.checks.iter().filter(|check| !check.noted && !check.is_counted()).count();
        if left > 0 {
            line.push_str(&format!(" · {}", self.paint.doubtful(&wording::not_graded(left, language))));
        }
        self.gap();
        self.line(&line);
    }

    /// How to learn more about what was lost, once.
    pub(super) fn learn_more(&mut self, checks: &[&CheckReport]) {
        let lost = |check: &&&CheckReport| check.is_counted() && check.outcome != Outcome::Pass;
        let mut codes: Vec<String> = Vec::new();
        for finding in checks.iter().filter(lost).filter_map(|check| check.finding.as_ref()) {
            let key = wording::code_key(finding.code);
            if !codes.contains(&key) {
                codes.push(key);
            }
        }
        let Some((first, others)) = codes.split_first() else { return };
        let language = self.options.language;
        let mut line = format!("{} grader explain {first}", wording::learn_more(language));
        if !others.is_empty() {
            let others: Vec<&str> = others.iter().map(String::as_str).collect();
            line.push_str(&format!(" · {} {}", wording::also(language), some_of(&others)));
        }
        self.line(&self.paint.faint(&line));
    }
}

/// The first of some names, and how many there are.
fn some_of(ids: &[&str]) -> String {
    match ids {
        [a, b, c, _, ..] => format!("{a}, {b}, {c}, … {}", ids.len()),
        _ => ids.join(", "),
    }
}

/// The text, cut to a number of columns.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut short = wrap(&text.replace(' ', "\u{a0}"), columns.saturating_sub(1)).swap_remove(0);
    short.push('…');
    short.replace('\u{a0}', " ")
}
