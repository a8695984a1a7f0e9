//! Who is graded: of every exercise the models, some right strangers and some wrong programs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use grader::spec::{Exercise, load_all};

use super::options::{Kind, Options};
use super::program::{Program, programs};

/// Something that is graded again and again.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) exercise: String,
    pub(crate) kind: Kind,
    /// Nothing for the model programs.
    pub(crate) targets: Vec<String>,
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The subjects of the exercises that were asked for, built once where that is possible.
pub(crate) fn subjects(options: &Options, workshop: &Path) -> Vec<Subject> {
    let samples = programs(&repository().join("fixtures/submissions"));
    let mut found = Vec::new();
    for exercise in load_all(&repository().join("specs")).expect("the specs are right") {
        if !options.exercises.is_empty() && !options.exercises.contains(&exercise.id) {
            continue;
        }
        for kind in &options.kinds {
            let most = match kind {
                Kind::Reference => {
                    let (name, targets) = (format!("{}: the models", exercise.id), Vec::new());
                    found.push(Subject { name, exercise: exercise.id.clone(), kind: *kind, targets });
                    continue;
                }
                Kind::Right => options.right,
                Kind::Wrong => options.wrong,
            };
            let chosen = choice(&samples, &exercise, *kind);
            let ready = chosen.into_iter().filter_map(|program| Some((program, built(program, workshop)?)));
            found.extend(ready.take(most).map(|(program, targets)| Subject {
                name: program.name(),
                exercise: exercise.id.clone(),
                kind: *kind,
                targets,
            }));
        }
    }
    found
}

/// The samples of an exercise in the order of choosing: every part has its turn, and in each
/// another language comes before a second program in one; fast starters first, because many
/// runs of a JVM take long.
fn choice<'a>(samples: &'a [Program], exercise: &Exercise, kind: Kind) -> Vec<&'a Program> {
    let mut ranked = Vec::new();
    for (turn, part) in exercise.parts().enumerate() {
        let mut own: Vec<&Program> = samples
            .iter()
            .filter(|p| p.right == (kind == Kind::Right) && p.exercise == exercise.id && p.role == part)
            .filter(|program| program.tools().iter().all(|tool| is_installed(tool)))
            .collect();
        own.sort_by_key(|program| program.slowness());
        let mut of_language: BTreeMap<usize, usize> = BTreeMap::new();
        let mut with_rank: Vec<(usize, &Program)> = own
            .into_iter()
            .map(|program| {
                let count = of_language.entry(program.slowness()).or_default();
                *count += 1;
                (*count, program)
            })
            .collect();
        with_rank.sort_by_key(|(count, program)| (*count, program.slowness()));
        let placed = with_rank.into_iter().enumerate().map(|(place, (_, program))| (place, turn, program));
        ranked.extend(placed);
    }
    ranked.sort_by_key(|(place, turn, _)| (*place, *turn));
    ranked.into_iter().map(|(_, _, program)| program).collect()
}

fn is_installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// The targets, compiled once where it is one program in C.
fn built(program: &Program, workshop: &Path) -> Option<Vec<String>> {
    let ending = program.path.extension().unwrap_or_default().to_string_lossy();
    if ending != "c" || program.run.is_some() {
        return Some(program.targets());
    }
    let binary = workshop.join(program.name().replace('/', "-")).with_extension("");
    let mut compiler = Command::new("cc");
    compiler.args(["-O1", "-w", "-pthread", "-o"]).arg(&binary).arg(&program.path).arg("-lm");
    let done = compiler.status().is_ok_and(|status| status.success());
    done.then(|| vec![format!("{}={}", program.role, binary.display())])
}
