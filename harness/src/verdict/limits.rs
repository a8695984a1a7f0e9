//! A program that went beyond a limit: what it was ended for comes before what it then failed at.

use super::scene::Scene;
use super::{Code, Finding};
use crate::transcript::Deed;
use crate::units::{Limit, Text};

/// The finding as it is where the program at fault was ended for using too much.
pub(super) fn ended_for(scene: Scene<'_>, finding: Finding) -> Finding {
    let players = &scene.transcript.players;
    let at_fault =
        finding.player.as_ref().and_then(|name| players.iter().find(|player| player.name == *name));
    let player = at_fault.or(players.get(scene.player));
    let beyond = player.and_then(|player| {
        player.deeds.iter().find_map(|deed| match deed {
            Deed::Exceeded(limit, most) if ends(*limit) => Some((*limit, *most)),
            _ => None,
        })
    });
    match beyond {
        Some((limit, most)) => {
            Finding { code: Code::OverLimit, cause: Some(exceeded(limit, most)), ..finding }
        }
        None => finding,
    }
}

/// A program is ended for it; else it is told by an error of its call, and goes on.
fn ends(limit: Limit) -> bool {
    match limit {
        Limit::Memory | Limit::Processes | Limit::File | Limit::Output | Limit::Cpu => true,
        Limit::Disk | Limit::Files | Limit::Open => false,
    }
}

/// What a program had too much of, as what follows its name.
pub fn exceeded(limit: Limit, most: u64) -> Text {
    let size = || bytesize::ByteSize::b(most).display().iec().to_string();
    match limit {
        Limit::Memory => Text::new(
            format!("used more than {} of memory and was ended", size()),
            format!("메모리를 {} 넘게 사용하여 강제로 종료됨", size()),
        ),
        Limit::Processes => Text::new(
            format!("started {most} processes or threads at a time, the most there may be, and was ended"),
            format!("프로세스나 스레드를 한도인 {most}개까지 동시에 만들어 강제로 종료됨"),
        ),
        Limit::Disk => Text::new(
            format!("filled the disk: it wrote the {} that it may", size()),
            format!("허용된 디스크 공간 {}를 모두 채움", size()),
        ),
        Limit::Files => Text::new(
            format!("made {most} files, the most there may be"),
            format!("파일을 한도인 {most}개까지 만듦"),
        ),
        Limit::File => Text::new(
            format!("wrote a file larger than {} and was ended", size()),
            format!("파일 하나를 {}보다 크게 써서 강제로 종료됨", size()),
        ),
        Limit::Open => Text::new(
            format!("opened {most} files and sockets at a time, the most there may be"),
            format!("파일과 소켓을 한도인 {most}개까지 동시에 엶"),
        ),
        Limit::Output => Text::new(
            format!("showed more than {} on its console and was ended", size()),
            format!("화면에 {} 넘게 출력하여 강제로 종료됨", size()),
        ),
        Limit::Cpu => Text::new(
            format!("computed for more than {most} s and was ended"),
            format!("{most}초 넘게 계산하여 강제로 종료됨"),
        ),
    }
}
