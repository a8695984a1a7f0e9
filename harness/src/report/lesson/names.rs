//! What needs no values in words: a phrase for each word of the file format.

use crate::spec::{Action, ExitExpectation, Expectation, ProgramExpectation};
use crate::units::Text;

pub(super) fn expectation(expectation: &Expectation) -> Text {
    let (en, ko) = match expectation {
        Expectation::Echo => ("what was sent, unchanged", "보낸 내용 그대로"),
        Expectation::Something => ("something, whatever it is", "무엇이든 있음"),
        Expectation::Nothing => ("nothing more", "더 이상 아무것도 없음"),
        Expectation::NoTrace => ("no trace of an exception or a crash", "예외나 비정상 종료의 흔적 없음"),
        Expectation::Fin => ("the program closes it (FIN)", "프로그램이 연결을 닫음(FIN)"),
        Expectation::Reset => ("the program resets it (RST)", "프로그램이 연결을 리셋함(RST)"),
        Expectation::End => ("it ends, by FIN or by RST", "연결이 끝남(FIN이나 RST)"),
        Expectation::Open => ("it stays open", "열린 채로 유지됨"),
        other => (other.key(), other.key()),
    };
    Text::new(en, ko)
}

pub(super) fn action(action: &Action) -> Text {
    let (en, ko) = match action {
        Action::Freeze => (
            "the program is held still: what follows happens before it can run again",
            "프로그램을 멈춘다. 다음 일은 프로그램이 다시 실행되기 전에 일어난다",
        ),
        Action::Thaw => ("the program goes on", "프로그램이 다시 실행된다"),
        Action::Kill => ("the program is killed (SIGKILL)", "프로그램을 강제 종료한다(SIGKILL)"),
        Action::Restart { same_network: true } => (
            "the program is started again at once, where its old connections still linger (TIME_WAIT)",
            "이전 연결이 남아 있는(TIME_WAIT) 상태에서 프로그램을 바로 다시 시작한다",
        ),
        Action::Restart { same_network: false } => {
            ("the program is started again", "프로그램을 다시 시작한다")
        }
        Action::Settle => {
            ("the grader waits until the program waits", "프로그램이 기다리는 상태가 될 때까지 기다린다")
        }
        Action::NextSecond => {
            ("the grader waits for the next second of the clock", "시계의 초가 바뀔 때까지 기다린다")
        }
        other => (other.key(), other.key()),
    };
    Text::new(en, ko)
}

pub(super) fn program(what: ProgramExpectation) -> Text {
    let (en, ko) = match what {
        ProgramExpectation::Alive => ("the program must still run", "프로그램이 계속 실행 중이어야 한다"),
        ProgramExpectation::Calm => (
            "the program must come to wait for something, not spin",
            "프로그램이 헛돌지 않고 무언가를 기다려야 한다",
        ),
        ProgramExpectation::Exits(ExitExpectation::Any) => {
            ("the program must end", "프로그램이 종료되어야 한다")
        }
        ProgramExpectation::Exits(ExitExpectation::Success) => {
            ("the program must end with status 0", "프로그램이 상태 0으로 종료되어야 한다")
        }
        ProgramExpectation::Exits(ExitExpectation::Failure) => {
            ("the program must end with a status other than 0", "프로그램이 0이 아닌 상태로 종료되어야 한다")
        }
        ProgramExpectation::Exits(ExitExpectation::FailureOrMessage) => (
            "the program must end with a message or a status other than 0",
            "프로그램이 메시지를 남기거나 0이 아닌 상태로 종료되어야 한다",
        ),
        ProgramExpectation::EndsOrWaits => (
            "the program must end or wait for its next client",
            "프로그램이 종료되거나 다음 클라이언트를 기다려야 한다",
        ),
        ProgramExpectation::PeerPort => (
            "the program must connect to the port of the other program",
            "프로그램이 상대 프로그램의 포트에 연결해야 한다",
        ),
        ProgramExpectation::Port(port) => {
            return Text::new(
                format!("the program must use port {port}"),
                format!("프로그램이 포트 {port}를 써야 한다"),
            );
        }
        ProgramExpectation::Address(ip) => {
            return Text::new(
                format!("the program must connect to {ip}"),
                format!("프로그램이 {ip}에 연결해야 한다"),
            );
        }
    };
    Text::new(en, ko)
}
