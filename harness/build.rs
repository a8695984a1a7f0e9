//! Puts the specs, without their snapshots, and the fixtures of exercises, without the sample
//! submissions and without the scripts (`make.…`) they were made with, where they are embedded
//! from, and builds again when a spec, a fixture or a lesson comes or goes.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=../specs");
    println!("cargo::rerun-if-changed=src/report/lesson/texts");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    specs(&empty(&Path::new(&out).join("specs"))?)?;
    let target = empty(&Path::new(&out).join("fixtures"))?;
    for entry in fs::read_dir("../fixtures")? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != "submissions" {
            println!("cargo::rerun-if-changed={}", entry.path().display());
            copy(&entry.path(), &target.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// An empty folder at a path.
fn empty(path: &Path) -> io::Result<PathBuf> {
    if path.exists() {
        fs::remove_dir_all(path)?;
    }
    fs::create_dir_all(path)?;
    Ok(path.to_owned())
}

/// Copies the TOML files of every exercise.
fn specs(target: &Path) -> io::Result<()> {
    for entry in fs::read_dir("../specs")? {
        let entry = entry?;
        if entry.path().join("exercise.toml").is_file() {
            let folder = target.join(entry.file_name());
            fs::create_dir_all(&folder)?;
            for file in fs::read_dir(entry.path())? {
                let file = file?;
                if file.path().extension().is_some_and(|ending| ending == "toml") {
                    fs::copy(file.path(), folder.join(file.file_name()))?;
                }
            }
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
