//! Sending a message: in pieces, each consumed before the next, and on a new connection
//! where the program has left the old one after its answer.

use super::error::EngineError;
use super::observer::Stillness;
use super::pieces::{line_end, sizes};
use super::scene::Scene;
use super::steps::Goes;
use super::wait::Look;
use crate::matching::encode;
use crate::spec::{Action, Connect, Send};
use crate::transcript::{Actor, Ended, Event, ExitStatus, ProgramState};
use crate::units::Text;

/// How often a program that ends after its client is started again in one scenario.
const RESTARTS: usize = 8;

impl Scene<'_> {
    pub(crate) fn send(&mut self, send: &Send) -> Result<Goes, EngineError> {
        if self.refused.contains(&send.connection) {
            return Ok(Goes::On);
        }
        if let Some(stop) = self.has_connection(&send.connection) {
            self.transcript.ended = Ended::NotReady(stop);
            return Ok(Goes::NoFurther);
        }
        if !self.learn_file(send.payload.file()) {
            return Ok(Goes::NoFurther);
        }
        let mut bytes = encode(&send.payload, &self.transcript.bindings, &self.transcript.files);
        if send.line_end_as_received {
            let end = self.connection(&send.connection).map_or(&b""[..], |c| line_end(&c.last_line));
            bytes.extend_from_slice(end);
        }
        self.pump();
        self.reopen(&send.connection)?;
        if let Some(connection) = self.connection(&send.connection) {
            connection.sent.clone_from(&bytes);
            connection.unjudged = false;
        }
        self.last_sent = Some(send.connection.clone());
        self.bytes_sent += bytes.len() as u64;
        if self.player().is_udp() {
            return self.send_datagram(send, &bytes);
        }
        self.record(Actor::Connection(send.connection.clone()), Event::Sent(bytes.clone()));
        let mut rest = &bytes[..];
        for size in sizes(&send.pieces, bytes.len()) {
            let (piece, others) = rest.split_at(size.min(rest.len()));
            rest = others;
            if !self.send_piece(&send.connection, piece) {
                self.record(Actor::Connection(send.connection.clone()), Event::SendFailed);
                if !send.may_fail {
                    self.settle();
                    let state = self.state();
                    self.record(Actor::Program, Event::Observed(state));
                    return Ok(Goes::NoFurther);
                }
                return Ok(Goes::On);
            }
            if !rest.is_empty() || send.consumed {
                self.await_consumption(&send.connection);
            }
        }
        Ok(Goes::On)
    }

    /// Sends one piece; false when the program takes no more.
    fn send_piece(&mut self, name: &str, piece: &[u8]) -> bool {
        let mut rest = piece.to_vec();
        let mut failed = false;
        let name = name.to_owned();
        let patience = self.plan.scenario.patience;
        self.wait(patience, &mut |scene, _| {
            let Some(connection) = scene.connection(&name) else { return Look::Done };
            match connection.write(&rest) {
                Some(written) => drop(rest.drain(..written)),
                None => failed = true,
            }
            if rest.is_empty() || failed { Look::Done } else { Look::NotYet }
        });
        !failed
    }

    /// Waits until the program has taken every byte sent, and sleeps again: the next
    /// piece is then a read of its own.
    fn await_consumption(&mut self, name: &str) {
        let name = name.to_owned();
        let patience = self.plan.scenario.patience;
        self.wait(patience, &mut |scene, still| {
            if still.is_none() || still == Some(Stillness::Gone) {
                return Look::NotYet;
            }
            let Some((local, remote)) = scene.connection(&name).map(|c| (c.local, c.remote)) else {
                return Look::Done;
            };
            let sockets = scene.player().observer.as_ref().map(|observer| &observer.view.sockets);
            let left =
                sockets.and_then(|sockets| sockets.end(remote, local)).map_or(0, |end| end.receive_queue);
            if left == 0 { Look::Done } else { Look::NotYet }
        });
    }

    /// A program that closed after its answer, or waits for its next client and for nothing
    /// on this connection, is asked again on a new connection, and one that then ended well
    /// is started again, where the scenario allows it: what it computes is another idea than
    /// that it goes on. A scenario of many requests is about going on.
    fn reopen(&mut self, name: &str) -> Result<(), EngineError> {
        let waits_for_next = self.state() == ProgramState::Accepting;
        let Some(connection) = self.connection(name) else { return Ok(()) };
        let closed = connection.fin || connection.reset;
        let left = waits_for_next && !closed;
        let over = (closed || left) && connection.answered;
        let Some(connect) = self.reopenable(name).filter(|_| over) else { return Ok(()) };
        self.close(name);
        self.settle();
        let ended_well = self.player().program.ended.is_some_and(ExitStatus::is_success);
        let note = if ended_well && self.restarts < RESTARTS {
            self.restarts += 1;
            self.restart(false)?;
            Text::new(
                "ends after one client: was started again",
                "클라이언트 하나를 처리하고 종료함: 다시 시작함",
            )
        } else if left {
            Text::new(
                "goes to its next client after each reply: was asked again on a new connection",
                "응답할 때마다 다음 클라이언트를 기다림: 새 연결로 다시 요청함",
            )
        } else {
            Text::new(
                "closes after each reply: was asked again on a new connection",
                "응답할 때마다 연결을 닫음: 새 연결로 다시 요청함",
            )
        };
        if !self.transcript.notes.contains(&note) {
            self.transcript.notes.push(note);
        }
        // How it ends its messages does not change with the connection.
        let last_line = self.connection(name).map(|before| before.last_line.clone());
        self.connect(&connect)?;
        if let (Some(connection), Some(last_line)) = (self.connection(name), last_line) {
            connection.last_line = last_line;
        }
        Ok(())
    }

    /// The connect step of a connection, if it allows opening it again.
    fn reopenable(&self, name: &str) -> Option<Connect> {
        self.plan.steps.iter().find_map(|step| match &step.action {
            Action::Connect(connect) if connect.connection == name && connect.reopen => Some(connect.clone()),
            _ => None,
        })
    }
}
