//! The model program as an oracle: the same question is put to it in a world of its own.

use super::connection::{Attempt, Connection};
use super::error::{EngineError, Trying};
use super::scene::Scene;
use super::wait::Look;
use std::net::{Ipv4Addr, SocketAddr};

/// Name of the connection to the model program.
const LINE: &str = "reference";

impl Scene<'_> {
    /// Asks the model program; it is started at the first question.
    pub(crate) fn ask_reference(&mut self, question: &[u8]) -> Result<Vec<u8>, EngineError> {
        if self.oracle.is_none() {
            let cast = self.player().cast.reference.as_deref();
            let cast = cast.ok_or_else(|| EngineError::Launcher("this role has no model program".into()))?;
            let opened = Self::open(self.machine, vec![cast], self.plan);
            let back = self.player().network.enter();
            self.oracle = Some(Box::new(opened?));
            back?;
        }
        let Some(oracle) = &mut self.oracle else { return Ok(Vec::new()) };
        let answer = oracle.answer(question);
        self.player().network.enter()?;
        answer
    }

    fn answer(&mut self, question: &[u8]) -> Result<Vec<u8>, EngineError> {
        if !self.await_listener() {
            return Err(EngineError::Launcher("the model program does not listen".into()));
        }
        let open = self.connection(LINE).is_some_and(|line| !line.fin && !line.reset);
        if !open {
            self.player().network.enter()?;
            let at = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), self.player().port());
            match Connection::open(LINE, None, None, at).trying("reach the model program")? {
                Attempt::Open(connection) => self.enter(*connection),
                Attempt::Refused => return Err(EngineError::Launcher("the model program refuses".into())),
            }
        }
        if let Some(line) = self.connection(LINE) {
            line.unread.clear();
            line.write(question);
        }
        self.wait(self.plan.scenario.patience, &mut |scene, _| match scene.connection(LINE) {
            Some(line) if line.unread.is_empty() && !line.fin && !line.reset => Look::NotYet,
            _ => Look::Likely,
        });
        Ok(self.connection(LINE).map(|line| std::mem::take(&mut line.unread)).unwrap_or_default())
    }
}
