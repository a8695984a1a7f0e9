//! Puts the fixtures of exercises, without the sample submissions and without the scripts
//! (`make.…`) they were made with, where they are embedded
//! from, and builds again when a spec or a fixture comes or goes.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=../specs");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    let target = Path::new(&out).join("fixtures");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    fs::create_dir_all(&target)?;
    for entry in fs::read_dir("../fixtures")? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != "submissions" {
            println!("cargo::rerun-if-changed={}", entry.path().display());
            copy(&entry.path(), &target.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        } else if !entry.file_name().to_string_lossy().starts_with("make.") {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
