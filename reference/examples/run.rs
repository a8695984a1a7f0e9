//! Runs one model program, without the grader around it:
//! `cargo run -p reference --example run -- hw3 server 3333`

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let program = match words.as_slice() {
        [exercise, role, ..] => reference::find(exercise, role),
        _ => None,
    };
    match program {
        Some(program) => ExitCode::from(program.run(&words[2..])),
        None => {
            for program in reference::programs() {
                let name = format!("{} {}", program.exercise, program.role);
                reference::console::complain(format_args!("{name:<24}{}", program.about));
            }
            ExitCode::from(2)
        }
    }
}
