//! Pages of lessons for a terminal: one subject, all of them in a line each, one check.

use unicode_width::UnicodeWidthStr;

use super::super::layout::{Paint, harmless, pad, wrap};
use super::super::model::Points;
use super::super::terminal::TerminalOptions;
use super::super::wording;
use super::model::{Lesson, Mistake};
use super::steps::tell;
use super::{Subject, phrases};
use crate::spec::{Exercise, Scenario, Transport};
use crate::units::Text;

/// Columns before a list.
const INDENT: usize = 2;

/// Everything about one subject.
pub fn render_lesson(subject: Subject, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.subject(subject);
    page.text
}

/// Every subject with its sentence.
pub fn render_lessons(options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    let language = options.language;
    page.index(phrases::findings(language), &Subject::codes().collect::<Vec<_>>());
    page.index(phrases::concepts(language), &Subject::concepts().collect::<Vec<_>>());
    page.gap();
    page.paragraph(phrases::how_to_go_on(language));
    page.text
}

/// What a check is worth, what it does, and the idea it is about.
pub fn render_check(exercise: &Exercise, scenario: &Scenario, options: TerminalOptions) -> String {
    let mut page = Page::new(options);
    page.check(exercise, scenario);
    page.gap();
    page.subject(Subject::Concept(scenario.concept));
    page.text
}

/// A page being written.
struct Page {
    options: TerminalOptions,
    paint: Paint,
    text: String,
}

impl Page {
    fn new(options: TerminalOptions) -> Self {
        Self { options, paint: Paint { colour: options.colour }, text: String::new() }
    }

    fn say<'a>(&self, text: &'a Text) -> &'a str {
        text.in_language(self.options.language)
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn title(&mut self, words: &str) {
        self.line(&self.paint.strong(words));
        self.line(&self.paint.faint(&"=".repeat(words.width())));
        self.gap();
    }

    fn heading(&mut self, words: &str) {
        self.gap();
        self.line(&self.paint.strong(words));
        self.line(&self.paint.faint(&"-".repeat(words.width())));
    }

    /// Wrapped text; empty lines part paragraphs.
    fn paragraph(&mut self, text: &str) {
        for (index, paragraph) in text.trim().split("\n\n").enumerate() {
            if index > 0 {
                self.gap();
            }
            let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
            for line in wrap(&words, self.options.width) {
                self.line(&line);
            }
        }
    }

    /// Text beside a label, wrapped.
    fn beside(&mut self, label: &str, columns: usize, text: &str) {
        let width = self.options.width.saturating_sub(INDENT + columns);
        for (index, line) in wrap(text, width).iter().enumerate() {
            let label = if index == 0 { pad(label, columns) } else { " ".repeat(columns) };
            self.line(&format!("{}{label}{line}", " ".repeat(INDENT)));
        }
    }

    fn subject(&mut self, subject: Subject) {
        let name = subject.name();
        self.title(&format!("{}: {}", subject.key(), self.say(&name)));
        if let Some(lesson) = subject.lesson() {
            self.lesson(subject, &lesson);
        }
    }

    fn lesson(&mut self, subject: Subject, lesson: &Lesson) {
        let language = self.options.language;
        self.paragraph(lesson.sentence.in_language(language));
        self.heading(match subject {
            Subject::Code(_) => phrases::meaning(language),
            Subject::Concept(_) => phrases::idea(language),
        });
        self.paragraph(lesson.idea.in_language(language));
        if let Some(mistake) = &lesson.mistake {
            self.heading(phrases::mistake(language));
            self.mistake(mistake);
        }
        self.heading(phrases::see(language));
        let see = &lesson.see;
        self.paragraph(Text::new(&see.en, &see.ko).in_language(language));
        if let Some(run) = &see.run {
            self.code(&self.paint.faint("$"), run);
        }
        self.gap();
        let rows = [
            (phrases::related(language), lesson.related.join(", ")),
            (phrases::read(language), lesson.read.join(", ")),
        ];
        let columns = rows.iter().map(|(label, _)| label.width()).max().unwrap_or_default() + 2;
        for (label, words) in rows.iter().filter(|(_, words)| !words.is_empty()) {
            self.beside(label, columns, words);
        }
    }

    fn mistake(&mut self, mistake: &Mistake) {
        let language = self.options.language;
        self.paragraph(Text::new(&mistake.en, &mistake.ko).in_language(language));
        let python = [(self.paint.bad("✗"), &mistake.wrong), (self.paint.good("✓"), &mistake.right)];
        for (sign, code) in python {
            if let Some(code) = code {
                self.code(&sign, code);
            }
        }
        if let Some(code) = &mistake.c {
            self.gap();
            self.line(phrases::in_c(language));
            self.code(&self.paint.good("✓"), code);
        }
    }

    /// Lines of code behind a sign.
    fn code(&mut self, sign: &str, code: &str) {
        self.gap();
        for line in code.trim_matches('\n').lines() {
            self.line(&format!("{}{sign} {line}", " ".repeat(INDENT)));
        }
    }

    fn index(&mut self, heading: &str, subjects: &[Subject]) {
        self.heading(heading);
        let columns = subjects.iter().map(|subject| subject.key().width()).max().unwrap_or_default() + 2;
        for subject in subjects {
            let sentence = subject.lesson().map(|lesson| lesson.sentence).unwrap_or_default();
            self.beside(&subject.key(), columns, self.say(&sentence).to_owned().trim());
        }
    }

    fn check(&mut self, exercise: &Exercise, scenario: &Scenario) {
        let language = self.options.language;
        self.title(&harmless(&format!("{}: {}", scenario.id, self.say(&scenario.title))));
        let points = phrases::points(Points::new(scenario.points), language);
        let worth = if scenario.noted { phrases::noted(language).to_owned() } else { points };
        self.line(&format!("{worth} · {}", wording::tier(scenario.tier, language)));
        self.heading(phrases::what_happens(language));
        let steps = tell(scenario, transport(exercise, scenario));
        let columns = steps.iter().map(|step| step.label.width()).max().unwrap_or_default() + 1;
        for step in &steps {
            self.beside(&step.label, columns, &harmless(self.say(&step.text)));
        }
        if let Some(hint) = &scenario.hint {
            self.heading(phrases::hint(language));
            self.paragraph(&harmless(self.say(hint)));
        }
        self.heading(phrases::run(language));
        let only = scenario.id.split_once('/').map_or(scenario.id.as_str(), |(_, only)| only);
        let run = format!("grader run {} --only {only}{}", exercise.id, targets(scenario));
        self.code(&self.paint.faint("$"), &harmless(&run));
    }
}

/// What carries the bytes of a check: what its programs speak.
fn transport(exercise: &Exercise, scenario: &Scenario) -> Transport {
    let plays = |name: &str| scenario.role == name || scenario.players.iter().any(|p| p.role == name);
    exercise.roles.iter().find(|role| plays(&role.name)).map_or(Transport::Tcp, |role| role.transport)
}

/// The programs that a check needs, as the command line takes them.
fn targets(scenario: &Scenario) -> String {
    if !scenario.is_ensemble() {
        return " --target ./my_program".to_owned();
    }
    let mut roles: Vec<&str> = scenario.players.iter().map(|player| player.role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    roles.iter().map(|role| format!(" --target {role}=./my_{role}")).collect()
}
