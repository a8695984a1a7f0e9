//! Builds again when a spec comes or goes: the specs are embedded in the program.

fn main() {
    println!("cargo::rerun-if-changed=../specs");
}
