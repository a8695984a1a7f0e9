//! Audition: a program is run once, alone, to see what it is: whether it listens or
//! connects, where, and what it asks for at its terminal before. File names lie.

use super::cast::Cast;
use super::error::EngineError;
use super::machine::Machine;
use super::observer::Stillness;
use super::scene::Scene;
use super::wait::Look;
use crate::plan::PlannedScenario;
use crate::spec::End;
use crate::transcript::{ProgramState, Stop};

/// Questions a program may ask before it is ready.
const QUESTIONS: usize = 4;
/// Words of a prompt that asks for a port.
const PORT_WORDS: [&str; 2] = ["port", "포트"];
/// Words of a prompt that asks for a host.
const HOST_WORDS: [&str; 9] = ["host", "addr", "ip", "url", "domain", "호스트", "주소", "아이피", "도메인"];

/// What a program turned out to be.
#[derive(Debug, Clone)]
pub struct Audition {
    /// The end it takes; none when it did neither listen nor connect.
    pub end: Option<End>,
    /// The port it listens at or connects to.
    pub port: Option<u16>,
    /// What was typed before it was ready.
    pub prologue: Vec<String>,
    /// What was typed last, where it went to the other end as a message.
    pub message: Option<String>,
    /// What it was doing at last.
    pub state: ProgramState,
    /// What it had shown.
    pub console: Vec<u8>,
}

impl Audition {
    /// Nothing is known of a program that could not be auditioned.
    pub fn unseen() -> Self {
        let state = ProgramState::NotStarted;
        Self { end: None, port: None, prologue: Vec::new(), message: None, state, console: Vec::new() }
    }
}

/// Runs the program of `cast` until it listens, connects, or will do neither. Questions
/// at its terminal are answered by what they ask for: host or port.
///
/// # Errors
/// The engine's own trouble.
pub fn audition(machine: &Machine, cast: &Cast, blank: &PlannedScenario) -> Result<Audition, EngineError> {
    let mut scene = Scene::open(machine, vec![cast], blank)?;
    let mut typed: Vec<String> = Vec::new();
    let mut asked = 0;
    // Nothing in the last prompt speaks of host or port.
    let mut guessed = false;
    let stop = loop {
        let stop = scene.wait(std::time::Duration::from_secs(10), &mut |scene, still| {
            let player = scene.player();
            let serves = !player.serving.is_empty();
            let asks = still.is_some_and(|still| still != Stillness::Gone) && scene.reads_input();
            match (serves, !player.called.is_empty() || asks) {
                (_, true) => Look::Done,
                // A UDP client may bind a port before it sends.
                (true, false) if player.is_udp() => Look::Likely,
                (true, false) => Look::Done,
                (false, false) => Look::NotYet,
            }
        });
        let ready = scene.player().is_ready();
        let asks = matches!(stop, Stop::Satisfied(_)) && !ready;
        if !asks || asked >= QUESTIONS {
            break stop;
        }
        let line = scene.answer_to_question(typed.len());
        asked += 1;
        guessed = !scene.asks_clearly();
        let about_connecting = !scene.asks_for_file();
        let player = scene.player_mut();
        player.console_mark = player.program.shown.bytes.len();
        scene.type_line(&scene.player().filled(&line));
        if about_connecting {
            typed.push(line);
        }
    };
    let player = scene.player();
    let called = player.called.first().copied();
    let end = match (player.serving.is_empty(), called) {
        (_, Some(_)) if player.is_udp() => Some(End::Client),
        (false, _) => Some(End::Server),
        (true, Some(_)) => Some(End::Client),
        (true, None) => None,
    };
    let message = if end == Some(End::Client) { scene.message_among(&mut typed, guessed) } else { None };
    let port =
        if end == Some(End::Client) { called.map(|at| at.port()) } else { Some(scene.player().port()) };
    let state = stop.state().clone();
    let program = &mut scene.player_mut().program;
    program.end();
    let console = std::mem::take(&mut program.shown.bytes);
    Ok(Audition { end, port: port.filter(|_| end.is_some()), prologue: typed, message, state, console })
}

impl Scene<'_> {
    /// The last line it showed.
    fn prompt(&self) -> String {
        let shown = String::from_utf8_lossy(self.player().console_unread()).to_lowercase();
        shown.trim_end().lines().last().unwrap_or_default().to_owned()
    }

    /// It asks for a file before it connects: each check answers that itself.
    fn asks_for_file(&self) -> bool {
        let prompt = self.prompt();
        ["file", "파일"].iter().any(|word| prompt.contains(word))
    }

    /// Its prompt speaks of host or port; one that speaks of a server may ask for a message to it.
    fn asks_clearly(&self) -> bool {
        let prompt = self.prompt();
        PORT_WORDS.iter().chain(&HOST_WORDS).any(|word| prompt.contains(word))
    }

    /// The answer to what the program asks: by the words of its prompt, else the port.
    fn answer_to_question(&self, asked_before: usize) -> String {
        let prompt = self.prompt();
        let asks_any = |words: &[&str]| words.iter().any(|word| prompt.contains(word));
        if asks_any(&PORT_WORDS) {
            return "{port}".to_owned();
        }
        if asks_any(&HOST_WORDS) || asks_any(&["server", "서버"]) {
            return "{host}".to_owned();
        }
        // A prompt without a word: the port first, as the handout's own client asks for it.
        if asked_before.is_multiple_of(2) { "{port}".to_owned() } else { "{host}".to_owned() }
    }

    /// Takes out a line that arrives at the other end: a message, and no answer to a question; in
    /// whatever form it travels, where its prompt asked for neither host nor port.
    fn message_among(&mut self, typed: &mut Vec<String>, guessed: bool) -> Option<String> {
        self.settle();
        let last = typed.last().map(|line| self.player().filled(line))?;
        let arrived = self.arrived.iter().any(|connection| {
            let bytes = &connection.unread;
            guessed && !bytes.is_empty() || bytes.windows(last.len()).any(|window| window == last.as_bytes())
        });
        if arrived { typed.pop() } else { None }
    }
}
