//! What a program was doing at a moment, as the kernel showed it.

use crate::units::Text;

/// What a program was doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramState {
    /// Blocked in `accept`: waits for a client.
    Accepting,
    /// Waits for bytes of a peer.
    Receiving {
        /// Name of the connection; none when the harness has no name for it.
        connection: Option<String>,
        /// No other thread waits for a peer or for its next client.
        alone: bool,
    },
    /// Waits for a datagram.
    AwaitingDatagram,
    /// Blocked in `send`: the peer's window is full.
    Sending {
        /// Name of the connection.
        connection: Option<String>,
    },
    /// Blocked in `connect`.
    Connecting,
    /// Waits on several sockets at once (`select`, `poll`, `epoll`).
    Polling,
    /// Waits for its terminal or its standard input.
    ReadingInput,
    /// Sleeps until a timer fires.
    Sleeping {
        /// Milliseconds left, at least.
        milliseconds: u64,
    },
    /// Waits for a child process.
    WaitingForChild,
    /// Every thread waits for another: nothing can wake it.
    Deadlocked,
    /// Runs.
    Running {
        /// Processor time used since the last step, in milliseconds.
        cpu_milliseconds: u64,
    },
    /// Stopped by a signal.
    Stopped,
    /// Has ended.
    Ended(ExitStatus),
    /// Was never started.
    NotStarted,
    /// This system does not tell.
    Unknown,
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// By itself, with this status.
    Code(i32),
    /// By a signal.
    Signal(i32),
}

impl ExitStatus {
    /// Ended by itself with status 0.
    pub fn is_success(self) -> bool {
        self == Self::Code(0)
    }
}

impl ProgramState {
    /// The state in words, to stand after "the program was".
    pub fn describe(&self) -> Text {
        match self {
            Self::Accepting => {
                Text::new("blocked in accept, waiting for a client", "accept에서 클라이언트를 기다리는 중")
            }
            Self::Receiving { connection: Some(name), .. } => Text::new(
                format!("blocked in recv on connection {name}"),
                format!("연결 {name}의 recv에서 대기 중"),
            ),
            Self::Receiving { connection: None, .. } => Text::new("blocked in recv", "recv에서 대기 중"),
            Self::AwaitingDatagram => {
                Text::new("waiting for a datagram (recvfrom)", "recvfrom에서 데이터그램을 기다리는 중")
            }
            Self::Sending { connection: Some(name) } => Text::new(
                format!("blocked in send on connection {name}"),
                format!("연결 {name}의 send에서 대기 중"),
            ),
            Self::Sending { connection: None } => Text::new("blocked in send", "send에서 대기 중"),
            Self::Connecting => Text::new("blocked in connect", "connect에서 대기 중"),
            Self::Polling => Text::new(
                "waiting on its sockets (select, poll or epoll)",
                "소켓들을 기다리는 중(select, poll, epoll)",
            ),
            Self::ReadingInput => Text::new("waiting for input at its terminal", "터미널 입력을 기다리는 중"),
            Self::Sleeping { milliseconds } => Text::new(
                format!("asleep in a timer with {milliseconds} ms left"),
                format!("타이머로 잠든 상태({milliseconds} ms 남음)"),
            ),
            Self::WaitingForChild => Text::new("waiting for a child process", "자식 프로세스를 기다리는 중"),
            Self::Deadlocked => Text::new(
                "waiting for itself: every thread waits for another",
                "모든 스레드가 서로를 기다리는 교착 상태",
            ),
            Self::Running { cpu_milliseconds } => Text::new(
                format!("running without a pause ({cpu_milliseconds} ms of processor time)"),
                format!("쉬지 않고 실행 중(CPU {cpu_milliseconds} ms)"),
            ),
            Self::Stopped => Text::new("stopped by a signal", "시그널로 정지됨"),
            Self::Ended(status) => status.describe(),
            Self::NotStarted => Text::new("not started", "시작되지 않음"),
            Self::Unknown => Text::new("in a state this system does not tell", "상태를 알 수 없음"),
        }
    }
}

impl ExitStatus {
    /// The end in words.
    pub fn describe(self) -> Text {
        match self {
            Self::Code(code) => {
                Text::new(format!("ended with status {code}"), format!("상태 {code}(으)로 종료됨"))
            }
            Self::Signal(signal) => {
                let name = signal_name(signal);
                Text::new(format!("killed by {name}"), format!("{name} 시그널로 종료됨"))
            }
        }
    }
}

/// Name of a signal (signal(7)).
fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        libc::SIGSYS => "SIGSYS",
        _ => return format!("signal {signal}"),
    };
    name.to_owned()
}
