//! The first process of a program: sets its surroundings up, starts it, reaps
//! everything below, and ends when the control socket does. With namespaces it is
//! number 1 of its process namespace: when it ends, the kernel ends all the others.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
use rustix::net::RecvFlags;

use super::serve::say;
use super::{Order, Word, layer, student};
use crate::engine::sys::{self, Child, Isolation};

/// Runs one program to its end. `given` holds the bytes of the files given to it.
pub(super) fn run(order: &Order, control: &OwnedFd, streams: &[OwnedFd], given: Option<OwnedFd>) {
    let prepared = if order.namespaces { seclude(order, control, given) } else { adopt_orphans() };
    let result = prepared.and_then(|()| sys::child_events()).and_then(|events| {
        let main = match sys::clone_process(Isolation::None)? {
            Child::Here => student::become_program(order, control, streams),
            Child::There(pid, _) => pid,
        };
        Ok((events, main))
    });
    match result {
        Ok((events, main)) => watch(order, control, &events, main),
        Err(trouble) => say(control, &Word::Broken(trouble.to_string()), &[]),
    }
}

/// Without namespaces orphans come to init, so that it can end them.
fn adopt_orphans() -> io::Result<()> {
    Ok(rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?)
}

/// Private mounts: the world as it is, with a writable layer over the program's folder.
fn seclude(order: &Order, control: &OwnedFd, given: Option<OwnedFd>) -> io::Result<()> {
    mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)?;
    // Its own process list; where /proc is masked (containers) the old one stays.
    let _ = mount("proc", "/proc", "proc", MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC, None);
    give_java_its_own_table();
    // A name that always resolves, for programs that look up their own address.
    let _ = rustix::system::sethostname(b"localhost");
    if let Some(scratch) = &order.scratch
        && let Err(trouble) = layer::lay(order, scratch, given)
    {
        say(control, &Word::NoLayer(trouble.to_string()), &[]);
        if order.strict {
            return Err(trouble);
        }
    }
    Ok(())
}

/// Java machines keep a table each in one folder, named by their process number, which
/// is the same in every process namespace: two at a time would lock each other's.
fn give_java_its_own_table() {
    let folders = std::fs::read_dir("/tmp").into_iter().flatten().flatten();
    for folder in folders.filter(|entry| entry.file_name().to_string_lossy().starts_with("hsperfdata_")) {
        let _ = mount(
            "tmpfs",
            folder.path(),
            "tmpfs",
            MountFlags::NOSUID | MountFlags::NODEV,
            c"size=1m,mode=0755",
        );
    }
}

/// Reaps and tells until the grader closes the control socket or dies.
fn watch(order: &Order, control: &OwnedFd, events: &OwnedFd, main: i32) {
    loop {
        let mut fds = [PollFd::new(control, PollFlags::IN), PollFd::new(events, PollFlags::IN)];
        let _ = poll(&mut fds, None);
        let (asked, changed) = (fds[0].revents(), fds[1].revents());
        if changed.contains(PollFlags::IN) {
            drain(events.as_fd());
            reap(control, main);
        }
        if !asked.is_empty() && is_over(control) {
            if !order.namespaces {
                end_descendants();
            }
            return;
        }
    }
}

/// The grader says nothing on this socket: anything but silence is its end.
fn is_over(control: &OwnedFd) -> bool {
    !matches!(sys::receive_with_fds(control, 16, RecvFlags::DONTWAIT), Err(e) if e.kind() == io::ErrorKind::WouldBlock)
}

fn drain(events: BorrowedFd<'_>) {
    let mut buffer = [0_u8; 1024];
    while matches!(rustix::io::read(events, &mut buffer), Ok(n) if n > 0) {}
}

fn reap(control: &OwnedFd, main: i32) {
    loop {
        match sys::wait_any() {
            Ok(Some((pid, status))) if pid == main => say(control, &Word::Ended(status), &[]),
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(_) => return say(control, &Word::Empty, &[]),
        }
    }
}

/// Ends everything below init: stopped first, so that nothing can fork away, then
/// killed, again until nothing is left.
fn end_descendants() {
    use rustix::process::{Pid, Signal, kill_process};
    loop {
        let below = descendants(std::process::id());
        for signal in [Signal::STOP, Signal::KILL] {
            for pid in below.iter().filter_map(|pid| Pid::from_raw(*pid)) {
                let _ = kill_process(pid, signal);
            }
        }
        let events = rustix::process::wait(rustix::process::WaitOptions::empty());
        if events.is_err() {
            return;
        }
    }
}

fn descendants(root: u32) -> Vec<i32> {
    let mut found: Vec<i32> = Vec::new();
    let mut open = vec![root as i32];
    while let Some(pid) = open.pop() {
        let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { continue };
        for task in tasks.flatten() {
            let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            open.extend(children.split_whitespace().filter_map(|word| word.parse::<i32>().ok()));
        }
        found.push(pid);
    }
    found.retain(|pid| *pid != root as i32);
    found
}
