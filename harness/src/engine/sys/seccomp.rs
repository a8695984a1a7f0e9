//! The filter on a program's system calls (seccomp(2)): a witness of those by which programs
//! meet, which go on unchanged, and a wall before those that no socket program needs.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const ARCHITECTURE: u32 = 0;

/// The calls by which programs meet.
const MEETING: [libc::c_long; 3] = [libc::SYS_listen, libc::SYS_connect, libc::SYS_bind];
/// The calls that send, beside sendmsg(2).
const SENDING: [libc::c_long; 2] = [libc::SYS_sendto, libc::SYS_sendmmsg];
/// The calls that send where they are about a socket: beyond the standard streams.
const WRITING: [libc::c_long; 2] = [libc::SYS_write, libc::SYS_writev];

/// The calls that the wall refuses, each with its name and what the program is told: those by
/// which a program would leave its room, look into or act on others, or use memory that no
/// limit counts. Programs fall back where one does not exist (ENOSYS).
const REFUSED: [(libc::c_long, &str, i32); 51] = [
    (libc::SYS_mount, "mount", libc::EPERM),
    (libc::SYS_umount2, "umount", libc::EPERM),
    (libc::SYS_pivot_root, "pivot_root", libc::EPERM),
    (libc::SYS_chroot, "chroot", libc::EPERM),
    (libc::SYS_open_tree, "open_tree", libc::EPERM),
    (libc::SYS_move_mount, "move_mount", libc::EPERM),
    (libc::SYS_fsopen, "fsopen", libc::EPERM),
    (libc::SYS_fsconfig, "fsconfig", libc::EPERM),
    (libc::SYS_fsmount, "fsmount", libc::EPERM),
    (libc::SYS_fspick, "fspick", libc::EPERM),
    (libc::SYS_mount_setattr, "mount_setattr", libc::EPERM),
    (libc::SYS_unshare, "unshare", libc::EPERM),
    (libc::SYS_setns, "setns", libc::EPERM),
    (libc::SYS_ptrace, "ptrace", libc::EPERM),
    (libc::SYS_process_vm_readv, "process_vm_readv", libc::EPERM),
    (libc::SYS_process_vm_writev, "process_vm_writev", libc::EPERM),
    (libc::SYS_process_madvise, "process_madvise", libc::EPERM),
    (libc::SYS_pidfd_getfd, "pidfd_getfd", libc::EPERM),
    (libc::SYS_kcmp, "kcmp", libc::EPERM),
    (libc::SYS_add_key, "add_key", libc::EPERM),
    (libc::SYS_request_key, "request_key", libc::EPERM),
    (libc::SYS_keyctl, "keyctl", libc::EPERM),
    (libc::SYS_io_uring_setup, "io_uring_setup", libc::ENOSYS),
    (libc::SYS_io_uring_enter, "io_uring_enter", libc::ENOSYS),
    (libc::SYS_io_uring_register, "io_uring_register", libc::ENOSYS),
    (libc::SYS_bpf, "bpf", libc::EPERM),
    (libc::SYS_perf_event_open, "perf_event_open", libc::EPERM),
    (libc::SYS_userfaultfd, "userfaultfd", libc::ENOSYS),
    (libc::SYS_memfd_create, "memfd_create", libc::ENOSYS),
    (libc::SYS_memfd_secret, "memfd_secret", libc::ENOSYS),
    (libc::SYS_kexec_load, "kexec_load", libc::EPERM),
    (libc::SYS_kexec_file_load, "kexec_file_load", libc::EPERM),
    (libc::SYS_init_module, "init_module", libc::EPERM),
    (libc::SYS_finit_module, "finit_module", libc::EPERM),
    (libc::SYS_delete_module, "delete_module", libc::EPERM),
    (libc::SYS_reboot, "reboot", libc::EPERM),
    (libc::SYS_swapon, "swapon", libc::EPERM),
    (libc::SYS_swapoff, "swapoff", libc::EPERM),
    (libc::SYS_acct, "acct", libc::EPERM),
    (libc::SYS_quotactl, "quotactl", libc::EPERM),
    (libc::SYS_syslog, "syslog", libc::EPERM),
    (libc::SYS_settimeofday, "settimeofday", libc::EPERM),
    (libc::SYS_clock_settime, "clock_settime", libc::EPERM),
    (libc::SYS_clock_adjtime, "clock_adjtime", libc::EPERM),
    (libc::SYS_sethostname, "sethostname", libc::EPERM),
    (libc::SYS_setdomainname, "setdomainname", libc::EPERM),
    (libc::SYS_open_by_handle_at, "open_by_handle_at", libc::EPERM),
    (libc::SYS_name_to_handle_at, "name_to_handle_at", libc::EPERM),
    (libc::SYS_fanotify_init, "fanotify_init", libc::EPERM),
    (libc::SYS_lookup_dcookie, "lookup_dcookie", libc::EPERM),
    (libc::SYS_vhangup, "vhangup", libc::EPERM),
];

/// Calls that change how a process is run, or how much it may use. A program's first process has
/// the program's user where the grader is an ordinary one, and must not be reached by them. Their
/// first argument says which process.
const AIMED: [(libc::c_long, &str); 5] = [
    (libc::SYS_prlimit64, "prlimit"),
    (libc::SYS_sched_setaffinity, "sched_setaffinity"),
    (libc::SYS_sched_setscheduler, "sched_setscheduler"),
    (libc::SYS_sched_setparam, "sched_setparam"),
    (libc::SYS_sched_setattr, "sched_setattr"),
];
/// The same where a first argument says whom the second one names: a process, a group, a user.
const AIMED_AT_MANY: [(libc::c_long, &str); 2] =
    [(libc::SYS_setpriority, "setpriority"), (libc::SYS_ioprio_set, "ioprio_set")];
/// All processes of a user: `PRIO_USER`, and `IOPRIO_WHO_USER`, which is more.
const OF_USER: u32 = 2;
/// Number of a program's first process in its room.
const FIRST_PROCESS: u32 = 1;

/// Flags of clone(2) that make namespaces.
const NAMESPACES: i32 = libc::CLONE_NEWUSER
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP;
/// Sockets to the machine's own services, past every network.
const FAMILIES: [i32; 2] = [libc::AF_VSOCK, libc::AF_ALG];
/// From here on calls are those of the x32 way of calling, which share our architecture.
const X32: u32 = 0x4000_0000;

/// Offset of the first argument's low half in `struct seccomp_data`.
const FIRST_ARGUMENT_OFFSET: u32 = if cfg!(target_endian = "little") { 16 } else { 20 };
/// The same of the second argument.
const SECOND_ARGUMENT_OFFSET: u32 = FIRST_ARGUMENT_OFFSET + 8;
/// Offset of the architecture in `struct seccomp_data`; the call's number is at 0.
const ARCHITECTURE_OFFSET: u32 = 4;
/// The supervisor must answer before a signal can interrupt the call, unless it kills (Linux 5.19).
const WAIT_KILLABLE: libc::c_ulong = 1 << 5;

/// The name of a call that the wall refuses, and the error it gives.
pub(crate) fn refusal(call: i64, first_argument: u64) -> Option<(&'static str, i32)> {
    if call == libc::SYS_clone {
        return (first_argument as i32 & NAMESPACES != 0).then_some(("clone", libc::EPERM));
    }
    if call == libc::SYS_socket {
        return FAMILIES.contains(&(first_argument as i32)).then_some(("socket", libc::EAFNOSUPPORT));
    }
    // The filter has told these only where they are aimed at the first process.
    let aimed = AIMED.iter().chain(&AIMED_AT_MANY).find(|(aimed, _)| *aimed == call);
    let refused = REFUSED.iter().find(|(refused, ..)| *refused == call);
    refused.map(|(_, name, errno)| (*name, *errno)).or(aimed.map(|(_, name)| (*name, libc::EPERM)))
}

/// Whether this kernel can tell calls at all (seccomp(2), SECCOMP_GET_ACTION_AVAIL).
pub(crate) fn can_notify() -> bool {
    let action: u32 = libc::SECCOMP_RET_USER_NOTIF;
    // SAFETY: the kernel reads four bytes that outlive the call.
    let result = unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0, std::ptr::from_ref(&action))
    };
    result == 0
}

/// What a filter is to do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filter<'a> {
    /// Tell the calls that send as well, but for sendmsg(2) on this descriptor: the caller has
    /// yet to hand the notifier over, and could not.
    pub(crate) sends: Option<BorrowedFd<'a>>,
    /// And write(2) and writev(2).
    pub(crate) writes: bool,
    /// Refuse what no socket program needs.
    pub(crate) wall: bool,
    /// Tell every signal: whom it reaches is for the supervisor to say.
    pub(crate) kills: bool,
}

impl Filter<'_> {
    /// Puts the filter on the calling thread (before exec) and gives the descriptor on which
    /// its calls are told. Sets no_new_privs.
    pub(crate) fn install(self) -> io::Result<OwnedFd> {
        let mut program = self.program(true).finish();
        let told = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
        // SAFETY: a new descriptor that nobody else owns.
        let owned = |fd| unsafe { OwnedFd::from_raw_fd(fd as RawFd) };
        load(&mut program, told | WAIT_KILLABLE).or_else(|_| load(&mut program, told)).map(owned)
    }

    /// The wall alone, where calls cannot be told.
    pub(crate) fn install_silently(self) -> io::Result<()> {
        let mut program = self.program(false).finish();
        load(&mut program, 0).map(drop)
    }

    fn program(self, tells: bool) -> Assembly {
        let mut code = Assembly::default();
        code.load(ARCHITECTURE_OFFSET);
        code.unless(ARCHITECTURE, if self.wall { "missing" } else { "allow" });
        code.load(0);
        if self.wall {
            if cfg!(target_arch = "x86_64") {
                code.at_least(X32, "missing");
            }
            // It cannot be looked into; libraries fall back on clone(2).
            code.when(libc::SYS_clone3 as u32, "missing");
            code.when(libc::SYS_clone as u32, "clone");
            code.when(libc::SYS_socket as u32, "socket");
            code.when(libc::SYS_kill as u32, if self.kills && tells { "tell" } else { "kill" });
            AIMED.iter().for_each(|(call, _)| code.when(*call as u32, "aimed"));
            AIMED_AT_MANY.iter().for_each(|(call, _)| code.when(*call as u32, "at many"));
            for (call, _, errno) in REFUSED {
                let silent = if errno == libc::ENOSYS { "missing" } else { "refuse" };
                code.when(call as u32, if tells { "tell" } else { silent });
            }
        }
        if tells {
            MEETING.iter().for_each(|call| code.when(*call as u32, "tell"));
        }
        if self.sends.is_some() && tells {
            SENDING.iter().for_each(|call| code.when(*call as u32, "tell"));
            code.when(libc::SYS_sendmsg as u32, "message");
            let writing = WRITING.iter().filter(|_| self.writes);
            writing.for_each(|call| code.when(*call as u32, "beyond"));
        }
        code.answer(libc::SECCOMP_RET_ALLOW);
        code.label("clone").load(FIRST_ARGUMENT_OFFSET);
        code.has_any(NAMESPACES as u32, "refuse").answer(libc::SECCOMP_RET_ALLOW);
        code.label("socket").load(FIRST_ARGUMENT_OFFSET);
        FAMILIES.iter().for_each(|family| code.when(*family as u32, "refuse"));
        code.answer(libc::SECCOMP_RET_ALLOW);
        code.label("at many").load(FIRST_ARGUMENT_OFFSET).at_least(OF_USER, "refuse");
        code.load(SECOND_ARGUMENT_OFFSET).when(FIRST_PROCESS, "refuse");
        code.answer(libc::SECCOMP_RET_ALLOW);
        code.label("aimed").load(FIRST_ARGUMENT_OFFSET).when(FIRST_PROCESS, "refuse");
        code.answer(libc::SECCOMP_RET_ALLOW);
        // Killing number 1, or all that can be seen, goes on: it does nothing. But it is told.
        code.label("kill").load(FIRST_ARGUMENT_OFFSET);
        [1, u32::MAX].iter().filter(|_| tells).for_each(|whom| code.when(*whom, "tell"));
        code.answer(libc::SECCOMP_RET_ALLOW);
        code.label("message").load(FIRST_ARGUMENT_OFFSET);
        if let Some(spared) = self.sends {
            code.when(spared.as_raw_fd() as u32, "allow");
        }
        code.label("beyond").load(FIRST_ARGUMENT_OFFSET);
        code.at_least(libc::STDERR_FILENO as u32 + 1, "tell");
        code.label("allow").answer(libc::SECCOMP_RET_ALLOW);
        code.label("tell").answer(libc::SECCOMP_RET_USER_NOTIF);
        let refused = if tells { libc::SECCOMP_RET_USER_NOTIF } else { error(libc::EPERM) };
        code.label("refuse").answer(refused);
        code.label("missing").answer(error(libc::ENOSYS));
        code
    }
}

fn error(errno: i32) -> u32 {
    libc::SECCOMP_RET_ERRNO | errno as u32
}

/// A filter while it is written: jumps name where they lead.
#[derive(Debug, Default)]
struct Assembly {
    /// Each instruction, and where it leads if its test holds, or if it does not.
    lines: Vec<(libc::sock_filter, Option<(&'static str, bool)>)>,
    labels: BTreeMap<&'static str, usize>,
}

impl Assembly {
    fn push(&mut self, code: u32, k: u32, leads: Option<(&'static str, bool)>) -> &mut Self {
        self.lines.push((libc::sock_filter { code: code as u16, jt: 0, jf: 0, k }, leads));
        self
    }

    fn label(&mut self, name: &'static str) -> &mut Self {
        self.labels.insert(name, self.lines.len());
        self
    }

    fn load(&mut self, offset: u32) -> &mut Self {
        self.push(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, offset, None)
    }

    fn when(&mut self, value: u32, to: &'static str) {
        self.push(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, value, Some((to, true)));
    }

    fn unless(&mut self, value: u32, to: &'static str) {
        self.push(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, value, Some((to, false)));
    }

    fn at_least(&mut self, value: u32, to: &'static str) -> &mut Self {
        self.push(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, value, Some((to, true)))
    }

    fn has_any(&mut self, bits: u32, to: &'static str) -> &mut Self {
        self.push(libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K, bits, Some((to, true)))
    }

    fn answer(&mut self, value: u32) -> &mut Self {
        self.push(libc::BPF_RET | libc::BPF_K, value, None)
    }

    /// The instructions; jumps lead forward, by less than 256 of them.
    fn finish(self) -> Vec<libc::sock_filter> {
        let Self { lines, labels } = self;
        let resolved = lines.into_iter().enumerate().map(|(at, (mut line, leads))| {
            if let Some((to, holds)) = leads {
                let distance = labels.get(to).map_or(0, |target| (target - at - 1) as u8);
                if holds {
                    line.jt = distance;
                } else {
                    line.jf = distance;
                }
            }
            line
        });
        resolved.collect()
    }
}

/// Puts a program on the calling thread; a descriptor where one was asked for.
fn load(program: &mut [libc::sock_filter], flags: libc::c_ulong) -> io::Result<libc::c_long> {
    let description = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
    // SAFETY: plain integers.
    if unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the program outlives the call; the kernel copies and checks it.
    let result = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            flags,
            std::ptr::from_ref(&description),
        )
    };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_jump_leads_forward_to_where_it_names() {
        for (tells, wall) in [(true, true), (true, false), (false, true)] {
            let code = Filter { sends: None, writes: true, wall, kills: false }.program(tells);
            for (at, (_, leads)) in code.lines.iter().enumerate() {
                let Some((to, _)) = leads else { continue };
                let target = code.labels[to];
                assert!(target > at && target - at <= 256, "{to} from {at}");
            }
        }
    }

    #[test]
    fn refused_calls_have_names() {
        assert_eq!(refusal(libc::SYS_ptrace, 0), Some(("ptrace", libc::EPERM)));
        assert_eq!(refusal(libc::SYS_clone, libc::SIGCHLD as u64), None);
        assert_eq!(refusal(libc::SYS_clone, libc::CLONE_NEWUSER as u64), Some(("clone", libc::EPERM)));
        assert_eq!(refusal(libc::SYS_read, 0), None);
    }
}
