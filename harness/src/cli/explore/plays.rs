//! Playing sessions: each is written down as a scenario, read as one of the spec, run and judged.

use std::time::Instant;

use super::Wanted;
use crate::cli::casting::{Player, Studio};
use crate::cli::error::CliError;
use crate::cli::run::{self, at_a_time};
use crate::plan::{Grammar, Label, PlannedScenario, Script, Session, Trial, flatten, script};
use crate::report::{found_hint, found_title};
use crate::spec::read_scenario;
use crate::transcript::Transcript;
use crate::verdict::{Code, Outcome, Verdict, judge};

/// Who plays what.
pub(super) struct Plays<'a> {
    /// The machine and the exercise.
    pub(super) studio: &'a Studio<'a>,
    /// The grammar of the sessions.
    pub(super) grammar: Grammar<'a>,
    /// The program.
    pub(super) player: &'a Player,
    /// What is wanted.
    pub(super) wanted: &'a Wanted<'a>,
}

/// A session that was played.
pub(super) struct Played {
    /// What was played.
    pub(super) plan: PlannedScenario,
    /// What happened.
    pub(super) transcript: Transcript,
    /// The judgement.
    pub(super) verdict: Verdict,
}

impl Played {
    /// The kind of the difference, if it shows one.
    pub(super) fn difference(&self) -> Option<Code> {
        let differs = matches!(self.verdict.outcome, Outcome::Fail | Outcome::Partial);
        self.verdict.finding.as_ref().filter(|_| differs).map(|finding| finding.code)
    }

    /// It could not be judged.
    pub(super) fn is_unjudged(&self) -> bool {
        matches!(self.verdict.outcome, Outcome::Skip | Outcome::Error)
    }
}

impl Plays<'_> {
    /// How many are played at a time.
    pub(super) fn at_a_time(&self) -> usize {
        at_a_time(self.wanted.args.jobs, self.studio.machine)
    }

    /// A session as a scenario of the spec.
    pub(super) fn script(&self, session: &Session, number: usize) -> Script {
        let seed = self.wanted.seed;
        let label = Label {
            id: format!("found-{seed}-{number}"),
            title: found_title(number, seed),
            hint: found_hint(),
        };
        script(self.grammar, session, &label)
    }

    fn plan(&self, session: &Session, number: usize) -> Result<PlannedScenario, CliError> {
        let text = self.script(session, number).toml();
        let scenario = read_scenario(self.studio.exercise, &self.player.role.name, &text)?;
        Ok(flatten(&scenario, self.wanted.values, self.wanted.seed))
    }

    /// Plays sessions, each with its number.
    pub(super) fn play(&self, sessions: &[(usize, Session)]) -> Result<Vec<Played>, CliError> {
        let plans = sessions.iter().map(|(number, session)| self.plan(session, *number));
        let plans = plans.collect::<Result<Vec<_>, _>>()?;
        Ok(self.perform(std::slice::from_ref(self.player), plans))
    }

    /// Plays one session so many times.
    pub(super) fn repeat(
        &self,
        (number, session): (usize, &Session),
        times: usize,
    ) -> Result<Vec<Played>, CliError> {
        let plan = self.plan(session, number)?;
        Ok(self.perform(std::slice::from_ref(self.player), vec![plan; times]))
    }

    /// The model program plays one session so many times; nothing where there is none.
    pub(super) fn ask_model(
        &self,
        (number, session): (usize, &Session),
        times: usize,
    ) -> Result<Vec<Played>, CliError> {
        let role = &self.player.role.name;
        if self.wanted.args.target.is_empty() || reference::find(&self.studio.exercise.id, role).is_none() {
            return Ok(Vec::new());
        }
        let models = self.studio.models(|wanted| wanted == role)?;
        let plan = self.plan(session, number)?;
        Ok(self.perform(&models, vec![plan; times]))
    }

    fn perform(&self, players: &[Player], plans: Vec<PlannedScenario>) -> Vec<Played> {
        let (jobs, machine) = (self.wanted.args.jobs, self.studio.machine);
        let transcripts = run::play(jobs, machine, (players, &plans), &|_, _| {});
        let judged = plans.into_iter().zip(transcripts).map(|(plan, transcript)| {
            let verdict = judge(&plan, &transcript);
            Played { plan, transcript, verdict }
        });
        judged.collect()
    }
}

/// Plays smaller sessions: which of them shows a difference of the same kind.
pub(super) struct Retrial<'a> {
    /// Who plays.
    pub(super) plays: &'a Plays<'a>,
    /// Number of the session.
    pub(super) number: usize,
    /// The kind of the difference.
    pub(super) code: Code,
    /// How often each is played.
    pub(super) times: usize,
    /// No session is played after it.
    pub(super) until: Instant,
    /// What went wrong.
    pub(super) trouble: Option<CliError>,
}

impl Trial for Retrial<'_> {
    fn first(&mut self, sessions: &[Session]) -> Option<usize> {
        let size = self.plays.at_a_time().div_ceil(self.times).max(1);
        for (index, group) in sessions.chunks(size).enumerate() {
            if self.trouble.is_some() || Instant::now() > self.until {
                return None;
            }
            let longest = group.first().map_or(0, |session| session.moves.len());
            run::tell(&format!("… {longest}"));
            let each = |session: &Session| std::iter::repeat_n((self.number, session.clone()), self.times);
            let numbered: Vec<(usize, Session)> = group.iter().flat_map(each).collect();
            match self.plays.play(&numbered) {
                Ok(played) => {
                    let found = played.iter().position(|played| played.difference() == Some(self.code));
                    if let Some(found) = found {
                        return Some(index * size + found / self.times);
                    }
                }
                Err(trouble) => self.trouble = Some(trouble),
            }
        }
        None
    }
}
