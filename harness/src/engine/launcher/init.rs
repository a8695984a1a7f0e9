//! The first process of a program: sets its surroundings up, starts it, reaps
//! everything below, and ends when the control socket does. With namespaces it is
//! number 1 of its process namespace: when it ends, the kernel ends all the others.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
use rustix::net::RecvFlags;
use rustix::process::{Pid, Signal, kill_process};

use super::identity::STUDENT;
use super::order::Room;
use super::serve::say;
use super::watch::{Watch, Whose};
use super::{Order, Word, layer, room, student};
use crate::engine::sys::{self, Child, Isolation};
use crate::units::Limit;

/// What the launcher hands to a program's first process, beside the order.
pub(super) struct Handed {
    /// Standard input, output and error.
    pub(super) streams: Vec<OwnedFd>,
    /// The bytes of the files given to it.
    pub(super) given: Option<OwnedFd>,
    /// What its room holds of the machine.
    pub(super) trees: Vec<OwnedFd>,
    /// Readable once it is known who its users are.
    pub(super) known: Option<OwnedFd>,
}

/// Runs one program to its end.
pub(super) fn run(order: &Order, control: &OwnedFd, mut handed: Handed) {
    let prepared = match &order.room {
        Some(room) => settle(order, room, control, &mut handed),
        None if order.namespaces => seclude(order, control, handed.given.take()),
        None => adopt_orphans(),
    };
    // Nothing of the machine stays open.
    handed.trees.clear();
    let streams = &handed.streams;
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

/// Becomes its own user, who can do everything in the room, and builds it.
pub(super) fn settle(order: &Order, room: &Room, control: &OwnedFd, handed: &mut Handed) -> io::Result<()> {
    let known = handed.known.take().ok_or(io::ErrorKind::InvalidInput)?;
    let mut fds = [PollFd::new(&known, PollFlags::IN), PollFd::new(control, PollFlags::IN)];
    poll(&mut fds, None)?;
    if !fds[0].revents().contains(PollFlags::IN) {
        return Err(io::Error::other("it was never said who its users are"));
    }
    sys::become_user(STUDENT)?;
    room::build(order, room, &handed.trees, handed.given.take())
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
    let whose = if order.namespaces { Whose::Everybody } else { Whose::Descendants };
    let mut watch = order.limits().map(|limits| Watch::new(limits, whose));
    loop {
        let mut fds = [PollFd::new(control, PollFlags::IN), PollFd::new(events, PollFlags::IN)];
        let pause = watch.as_ref().map(Watch::pause);
        let _ = poll(&mut fds, pause.as_ref());
        // Also while children end all the time.
        if let Some(limit) = watch.as_mut().and_then(Watch::look_in_time) {
            say(control, &Word::Limit(limit), &[]);
            if order.namespaces {
                let _ = sys::kill_everybody();
            } else {
                kill_below();
            }
            // What there was too much of is told once.
            watch = None;
        }
        let (asked, changed) = (fds[0].revents(), fds[1].revents());
        if changed.contains(PollFlags::IN) {
            drain(events.as_fd());
            let heaviest = reap(control, main);
            // It had too much between two looks, and has ended by it.
            if watch.as_ref().is_some_and(|watch| heaviest > watch.most_memory()) {
                say(control, &Word::Limit(Limit::Memory), &[]);
                watch = None;
            }
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

/// Takes the dead away; gives the most memory that one of them had.
fn reap(control: &OwnedFd, main: i32) -> u64 {
    let mut heaviest = 0;
    loop {
        match sys::wait_any() {
            Ok(Some(reaped)) => {
                heaviest = heaviest.max(reaped.memory);
                if reaped.pid == main {
                    say(control, &Word::Ended(reaped.status), &[]);
                }
            }
            Ok(None) => return heaviest,
            Err(_) => {
                say(control, &Word::Empty, &[]);
                return heaviest;
            }
        }
    }
}

/// Ends everything below init: stopped first, so that nothing can fork away, then
/// killed, again until nothing is left.
fn end_descendants() {
    loop {
        kill_below();
        let events = rustix::process::wait(rustix::process::WaitOptions::empty());
        if events.is_err() {
            return;
        }
    }
}

/// Stops, then kills every process below: what is stopped starts no other.
fn kill_below() {
    let below = descendants(std::process::id());
    for signal in [Signal::STOP, Signal::KILL] {
        for pid in below.iter().filter_map(|pid| Pid::from_raw(*pid)) {
            let _ = kill_process(pid, signal);
        }
    }
}

/// Every process below one.
pub(super) fn descendants(root: u32) -> Vec<i32> {
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
