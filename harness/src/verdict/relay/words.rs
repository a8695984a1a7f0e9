//! The words of findings about programs that play together.

use crate::spec::Wire;
use crate::units::Text;

pub(in crate::verdict) fn killed() -> Text {
    Text::new("killed the program (SIGKILL)", "프로그램을 강제 종료함(SIGKILL)")
}

pub(in crate::verdict) fn owes_a_reply() -> Text {
    Text::new(
        "it took what the other program sent, and sent nothing back",
        "다른 프로그램이 보낸 것을 받았지만 아무것도 보내지 않았습니다",
    )
}

pub(in crate::verdict) fn sends_nothing() -> Text {
    Text::new(
        "nothing came from it to the program that waits for it",
        "기다리는 프로그램에게 아무것도 보내지 않았습니다",
    )
}

pub(in crate::verdict) fn at(done: &Text, player: &str) -> Text {
    Text::new(format!("{} at {player}", done.en), format!("{player}: {}", done.ko))
}

pub(in crate::verdict) fn cut(wire: &str) -> Text {
    Text::new(format!("cut the wire {wire} (RST to both)"), format!("{wire} 연결을 끊음(양쪽에 RST)"))
}

pub(in crate::verdict) fn on_wire(text: &Text, wire: &Wire) -> Text {
    let Wire { from, to } = wire;
    Text::new(
        format!("{} sent by {from} to {to}", text.en),
        format!("{from}이(가) {to}에게 {} 전송", text.ko),
    )
}

pub(in crate::verdict) fn own_form(check: &str) -> Text {
    Text::new(
        format!(
            "this check supposes the customary form on the wire; your own programs use another one and understand each other ({check})"
        ),
        format!(
            "이 검사는 관례적인 전송 형식을 전제합니다. 두 프로그램은 다른 형식으로 서로 통합니다({check})"
        ),
    )
}
