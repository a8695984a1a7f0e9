//! `grader doctor`: what this machine can do, and how to mend what it cannot.

use std::io::{self, Write};

use crate::engine::{Level, Machine, Seclusion, Witness};
use crate::plan::{Surroundings, find_program};

/// Interpreters and compilers students use: name, and what needs it.
const TOOLS: [(&str, &str); 9] = [
    ("python3", "Python programs"),
    ("node", "JavaScript programs"),
    ("java", "Java programs"),
    ("javac", "building .java files"),
    ("cc", "building .c files"),
    ("c++", "building .cpp files"),
    ("rustc", "building .rs files"),
    ("go", "building .go files"),
    ("chromium", "the browser check of the web server"),
];

/// Prints what the machine can do; 0 when it can grade at its best, 4 when not.
pub(crate) fn doctor(around: &Surroundings, out: &mut dyn Write) -> io::Result<u8> {
    let machine = match Machine::prepare(Seclusion::Auto) {
        Ok(machine) => machine,
        Err(trouble) => {
            writeln!(out, "✗ this machine cannot be prepared: {trouble}")?;
            return Ok(4);
        }
    };
    let mut well = true;
    if machine.secluded {
        writeln!(out, "✓ private networks: every check has its own, on its own port")?;
    }
    if machine.level == Level::Full {
        writeln!(out, "✓ sandbox: programs see the system and their own folder, and limits hold")?;
    }
    if let Some((step, cause)) = &machine.refusal {
        well = false;
        for line in lacking(&machine, step, cause) {
            writeln!(out, "{line}")?;
        }
    }
    match machine.witness {
        Witness::Kernel => {
            writeln!(out, "✓ the kernel tells what programs wait for: nothing is decided by time")?
        }
        Witness::Clock => {
            well = false;
            writeln!(out, "✗ /proc does not tell what programs wait for: silence is measured by time")?;
            writeln!(out, "  needs Linux with CONFIG_SCHED_INFO and an unmasked /proc")?;
        }
    }
    if machine.tells_calls {
        writeln!(out, "✓ listen and connect are told at the call (seccomp notification)")?;
    } else {
        writeln!(out, "· listen and connect are looked up in the kernel's list of sockets")?;
    }
    for (name, purpose) in TOOLS {
        match find_program(name, around) {
            Some(path) => writeln!(out, "✓ {name:<9} {}", path.display())?,
            None => writeln!(out, "· {name:<9} not installed ({purpose} cannot be run here)")?,
        }
    }
    Ok(if well { 0 } else { 4 })
}

/// What is refused, what that means, and what to do.
fn lacking(machine: &Machine, step: &str, cause: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if machine.secluded {
        lines.push(format!("✗ the sandbox is refused at the step `{step}`: {cause}"));
        lines.push("  programs run with your rights and see your files; networks are private".to_owned());
        lines.push("  needs Linux 5.14, an unmasked /proc, and mounts in a user namespace".to_owned());
    } else {
        lines.push(format!("✗ private networks are refused at the step `{step}`: {cause}"));
        lines.push("  checks run one at a time in the machine's own network".to_owned());
        let words = if machine.restricts_files() {
            "· files: programs read the system and their own folder, and write a copy of it (Landlock)"
        } else {
            "✗ files: this kernel has no Landlock; programs see and write what you may"
        };
        lines.push(words.to_owned());
    }
    lines.extend(REMEDIES.iter().map(|line| format!("  {line}")));
    lines
}

/// What to do where namespaces are refused.
pub(crate) const REMEDIES: [&str; 5] = [
    "help: run the grader as root, or allow user namespaces:",
    "  sysctl -w user.max_user_namespaces=10000 user.max_net_namespaces=10000",
    "  Ubuntu 24.04: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    "  Docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined",
    "  GitHub Actions: run it with sudo; in a container job add options: --privileged",
];
