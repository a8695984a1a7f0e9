//! Lessons: what every kind of failure and every idea of the course is about, and what a
//! check does step by step. The texts stand in `texts/`, a file for each word.

mod expectations;
mod model;
mod names;
mod page;
mod phrases;
mod steps;
mod subject;

pub use page::{render_check, render_lesson, render_lessons};
pub use subject::Subject;

#[cfg(test)]
mod tests;
