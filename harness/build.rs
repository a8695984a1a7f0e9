//! Builds again when a spec comes or goes: the specs are embedded in the program.

#[expect(clippy::print_stdout, reason = "the way to speak to cargo")]
fn main() {
    println!("cargo::rerun-if-changed=../specs");
}
