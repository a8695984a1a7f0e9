//! What is wrong where datagrams travel: they go to one peer or to another, from one
//! port or from another, and each is a message of its own. With the words about it.

use std::net::{IpAddr, SocketAddr};

use super::Code;
use super::blame::Unmet;
use super::scene::{Blame, Scene};
use crate::spec::Source;
use crate::transcript::{Actor, Event};
use crate::units::Text;

/// The program never did what makes it a UDP server or client, or a TCP one.
pub(super) fn never_ready(scene: Scene<'_>) -> Code {
    match (scene.transcript.datagrams, scene.is_client()) {
        (false, false) => Code::NeverListens,
        (false, true) => Code::NeverConnects,
        (true, false) => Code::NeverBinds,
        (true, true) => Code::NeverSends,
    }
}

/// The program speaks TCP instead.
pub(super) fn uses_stream(scene: Scene<'_>) -> bool {
    scene.transcript.entries.iter().any(|entry| entry.event == Event::UsesStream)
}

/// It is a TCP server or client.
pub(super) fn speaks_tcp() -> Blame {
    Blame::new(Code::SpeaksTcp, Some(words::stream_socket()))
}

/// No datagram came to the peer that waits for one, because it went elsewhere.
pub(super) fn elsewhere(unmet: Unmet<'_>) -> Option<Blame> {
    let datagrams = unmet.heard.datagrams.as_ref().filter(|datagrams| datagrams.unread == 0)?;
    if let Some(port) = datagrams.strange_ports.last() {
        return Some(Blame::new(Code::WrongSource, Some(words::from_port(*port))));
    }
    if let Some(name) = datagrams.astray.last() {
        return Some(Blame::new(Code::WrongReceiver, Some(words::went_to(name))));
    }
    let Source::Connection(name) = unmet.from else { return None };
    let (ip, port) = sent_elsewhere(unmet.scene, unmet.index, name)?;
    Some(Blame::new(Code::WrongReceiver, Some(words::sent_to(ip, port))))
}

/// Where the program sent a datagram, and nobody was, after the last one of a peer.
fn sent_elsewhere(scene: Scene<'_>, index: usize, name: &str) -> Option<(IpAddr, u16)> {
    let entries = scene.transcript.entries.iter().rev();
    let mut until = entries.skip_while(|entry| entry.step.is_some_and(|step| step > index));
    until.find_map(|entry| match (&entry.actor, &entry.event) {
        (_, Event::SentElsewhere { ip, port }) => Some(Some((*ip, *port))),
        (Actor::Connection(sender), Event::Sent(_)) if sender == name => Some(None),
        _ => None,
    })?
}

/// Why a server that waits for datagrams has ended by itself.
pub(super) fn ended(scene: Scene<'_>, index: usize) -> Blame {
    let before = scene.transcript.entries.iter().filter(|entry| entry.step < Some(index));
    let sent: Vec<&Vec<u8>> = before
        .filter_map(|entry| match &entry.event {
            Event::Sent(bytes) => Some(bytes),
            _ => None,
        })
        .collect();
    if sent.iter().rev().take(2).any(|bytes| bytes.is_empty()) {
        return Blame::new(Code::EndedTooEarly, Some(words::ended_at_empty()));
    }
    match sent.len() {
        2 if !scene.is_parting(index) => Blame::new(Code::OneMessageOnly, Some(words::ended_after_one())),
        _ => Blame::new(Code::EndedTooEarly, None),
    }
}

/// A datagram came where none should.
pub(super) fn surplus(unmet: Unmet<'_>) -> Option<Blame> {
    let datagrams = unmet.heard.datagrams.as_ref().filter(|datagrams| datagrams.unread > 0)?;
    if let Some(name) = datagrams.owed.first() {
        return Some(Blame::new(Code::WrongReceiver, Some(words::belongs_to(name))));
    }
    let Source::Connection(name) = unmet.from else { return None };
    let earlier = unmet.scene.transcript.entries.iter().filter(|entry| entry.step < Some(unmet.index));
    let told = Actor::Connection(name.clone());
    let again = earlier.filter(|entry| entry.actor == told).any(
        |entry| matches!(&entry.event, Event::Heard(before) if before.used > 0 && before.bytes == unmet.heard.bytes),
    );
    Some(Blame::new(Code::SurplusDatagram, again.then(words::twice)))
}

/// Something else than the whole message came in the datagram, as far as its bounds tell why.
pub(super) fn in_part(unmet: Unmet<'_>) -> Option<Text> {
    match unmet.heard.datagrams.as_ref()?.unread {
        0 => None,
        1 => Some(words::cut_off()),
        _ => Some(words::spread()),
    }
}

/// The words of the verdict where datagrams travel, in English and Korean.
pub(super) mod words {
    use super::{IpAddr, SocketAddr, Text};

    macro_rules! sentences {
        ($($name:ident: $en:literal, $ko:literal;)*) => {
            $(pub(in crate::verdict) fn $name() -> Text { Text::new($en, $ko) })*
        };
    }

    sentences! {
        binds: "the program binds a UDP port and waits there", "프로그램이 UDP 포트를 bind하고 기다림";
        sends: "the program sends a datagram", "프로그램이 데이터그램을 보냄";
        stream_socket: "it uses TCP: a UDP socket is of type SOCK_DGRAM, and neither listens nor accepts", "TCP를 쓰고 있습니다. UDP 소켓의 종류는 SOCK_DGRAM이며 listen도 accept도 하지 않습니다";
        twice: "the same datagram came a second time", "같은 데이터그램이 두 번 왔습니다";
        spread: "the message is spread over several datagrams: one call of sendto sends one datagram", "메시지가 여러 데이터그램으로 나뉘었습니다. sendto 한 번이 데이터그램 하나입니다";
        cut_off: "a datagram is a whole message: the rest will not come", "데이터그램 하나가 메시지 전체입니다. 나머지는 오지 않습니다";
        empty: "the datagram is empty", "데이터그램이 비어 있습니다";
        empty_datagram: "an empty datagram", "빈 데이터그램";
        awaits_next: "it waits for the next datagram and has sent no answer", "응답을 보내지 않고 다음 데이터그램을 기다리고 있습니다";
        awaits_first: "it waits for a datagram before it has sent one: a UDP client speaks first", "보내기 전에 데이터그램부터 기다리고 있습니다. UDP에서는 클라이언트가 먼저 보냅니다";
        shows_no_more: "it waits for another datagram and shows nothing more", "더 표시하지 않고 다른 데이터그램을 기다리고 있습니다";
        ended_at_empty: "it ended at an empty datagram: in UDP that is a message like any other, and the end of nothing", "빈 데이터그램에서 종료되었습니다. UDP에서 빈 데이터그램은 끝이 아니라 하나의 메시지입니다";
        ended_after_one: "it ended after its first datagram: `recvfrom` must stand in a loop", "첫 데이터그램 뒤에 종료되었습니다. `recvfrom`을 반복문 안에 두어야 합니다";
    }

    pub(in crate::verdict) fn port(port: u16, client: bool) -> Text {
        if client {
            Text::new(format!("sends to UDP port {port}"), format!("UDP 포트 {port}로 보냄"))
        } else {
            Text::new(format!("binds UDP port {port}"), format!("UDP 포트 {port}를 bind함"))
        }
    }

    pub(in crate::verdict) fn sent(bytes: &str, peer: &str) -> Text {
        Text::new(
            format!("sent the datagram {bytes} from peer {peer}"),
            format!("{peer}에서 데이터그램 {bytes} 전송"),
        )
    }

    pub(in crate::verdict) fn sent_from_other_port(bytes: &str) -> Text {
        Text::new(
            format!("sent the datagram {bytes} from another port"),
            format!("다른 포트에서 데이터그램 {bytes} 전송"),
        )
    }

    pub(in crate::verdict) fn closed(peer: &str) -> Text {
        Text::new(format!("closed the socket of peer {peer}"), format!("{peer}의 소켓을 닫음"))
    }

    pub(in crate::verdict) fn and_more(came: &Text, more: usize) -> Text {
        Text::new(
            format!("{}, and {more} more datagram(s)", came.en),
            format!("{}, 그리고 데이터그램 {more}개 더", came.ko),
        )
    }

    pub(super) fn from_port(port: u16) -> Text {
        Text::new(
            format!("a datagram came from port {port}: answer through the socket that received the question"),
            format!("데이터그램이 포트 {port}에서 왔습니다. 질문을 받은 소켓으로 응답하세요"),
        )
    }

    pub(super) fn went_to(peer: &str) -> Text {
        Text::new(
            format!("the datagram went to peer {peer}: send to the address that came with the question"),
            format!("데이터그램이 {peer}에게 갔습니다. 질문과 함께 받은 주소로 보내세요"),
        )
    }

    pub(super) fn belongs_to(peer: &str) -> Text {
        Text::new(
            format!("peer {peer} is the one that asked: send to the address that came with the question"),
            format!("질문한 쪽은 {peer}입니다. 질문과 함께 받은 주소로 보내세요"),
        )
    }

    pub(super) fn sent_to(ip: IpAddr, port: u16) -> Text {
        let at = SocketAddr::new(ip, port);
        Text::new(
            format!(
                "it sent a datagram to {at}, where nobody is: send to the address that came with the question"
            ),
            format!("아무도 없는 {at}(으)로 보냈습니다. 질문과 함께 받은 주소로 보내세요"),
        )
    }
}
