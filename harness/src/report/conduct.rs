//! What programs did beside their tasks, in words.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::transcript::{Deed, Transcript};
use crate::units::{Limit, Text};
use crate::verdict::exceeded;

/// Something a program did that no check asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConductReport {
    /// Stable name of what it did.
    pub code: &'static str,
    /// The program, by its role or its name in the scene.
    pub player: String,
    /// In a sentence.
    pub text: Text,
}

/// What the programs of one run did.
pub(super) fn conduct(transcript: &Transcript) -> Vec<ConductReport> {
    let of_player = |player: &crate::transcript::Played| {
        let report = |deed: &Deed| ConductReport {
            code: code(deed),
            player: player.name.clone(),
            text: sentence(deed),
        };
        player.deeds.iter().map(report).collect::<Vec<_>>()
    };
    transcript.players.iter().flat_map(of_player).collect()
}

/// The same of all checks as remarks, each told once.
pub(super) fn remarks<'a>(checks: impl Iterator<Item = &'a [ConductReport]>) -> Vec<Text> {
    let mut told = BTreeSet::new();
    let mut remarks = Vec::new();
    for deed in checks.flatten() {
        if told.insert((deed.player.clone(), deed.text.en.clone())) {
            let (player, text) = (&deed.player, &deed.text);
            remarks.push(Text::new(format!("{player} {}", text.en), format!("{player}: {}", text.ko)));
        }
    }
    remarks
}

fn code(deed: &Deed) -> &'static str {
    match deed {
        Deed::Exceeded(limit, _) => match limit {
            Limit::Memory => "too-much-memory",
            Limit::Processes => "too-many-processes",
            Limit::Disk => "disk-full",
            Limit::Files => "too-many-files",
            Limit::File => "file-too-large",
            Limit::Open => "too-many-open-files",
            Limit::Output => "too-much-output",
            Limit::Cpu => "too-much-cpu",
        },
        Deed::Called(_) => "refused-call",
        Deed::SignalledAll => "signalled-everybody",
        Deed::Connected(_) => "connected-elsewhere",
        Deed::LookedInto(_) => "looked-around",
        Deed::LeftRunning(_) => "left-running",
    }
}

/// What a program did, as what follows its name.
fn sentence(deed: &Deed) -> Text {
    match deed {
        Deed::Exceeded(limit, most) => exceeded(*limit, *most),
        Deed::Called(call) => Text::new(
            format!("called {call}, which no socket program needs; it was refused"),
            format!("소켓 프로그램에 필요 없는 {call} 호출을 시도했고 거부됨"),
        ),
        Deed::SignalledAll => Text::new(
            "sent a signal to process 1 or to every process it can see; it reached nobody else's",
            "1번 프로세스나 보이는 모든 프로세스에 시그널을 보냈으나 다른 프로세스에는 닿지 않음",
        ),
        Deed::Connected(address) => Text::new(
            format!("connects to {address} itself; there is no way out of its network"),
            format!("서버인데 스스로 {address}에 연결을 시도함; 전용 네트워크 밖으로는 나갈 수 없음"),
        ),
        Deed::LookedInto(path) => {
            let path = path.display();
            Text::new(
                format!("looked into {path}, which is not its own; it is empty there"),
                format!("자기 것이 아닌 {path}의 내용을 살펴봄; 그곳은 비어 있음"),
            )
        }
        Deed::LeftRunning(count) => {
            let s = if *count == 1 { "" } else { "es" };
            Text::new(
                format!("left {count} process{s} running when its main process had ended; they were ended"),
                format!("주 프로세스가 끝난 뒤에도 프로세스 {count}개를 남겨 두어 강제로 종료함"),
            )
        }
    }
}
