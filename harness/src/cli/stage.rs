//! The stage: scenarios run side by side, each on a thread, at most so many at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::{self, Cast, Machine};
use crate::plan::PlannedScenario;
use crate::transcript::{Ended, Transcript};

/// One scenario with its programs.
pub(crate) struct Act<'a> {
    /// What is played.
    pub(crate) plan: PlannedScenario,
    /// Who plays, in the order of the plan's players.
    pub(crate) casts: Vec<&'a Cast>,
}

/// Runs every act, `jobs` at a time; the transcripts come in the order of the acts.
/// `progress` is told the number done and the id of each as it ends.
pub(crate) fn perform(
    machine: &Machine,
    acts: &[Act<'_>],
    jobs: usize,
    progress: &(dyn Fn(usize, &str) + Sync),
) -> Vec<Transcript> {
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let slots: Vec<Mutex<Option<Transcript>>> = acts.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, acts.len().max(1)) {
            scope.spawn(|| {
                while let Some(act) = acts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = AssertUnwindSafe(|| engine::run(machine, &act.casts, &act.plan));
                    let transcript = catch_unwind(run).unwrap_or_else(|_| broken());
                    let index = acts.iter().position(|other| std::ptr::eq(other, act)).unwrap_or(0);
                    if let Ok(mut slot) = slots[index].lock() {
                        *slot = Some(transcript);
                    }
                    progress(done.fetch_add(1, Ordering::Relaxed) + 1, &act.plan.scenario.id);
                }
            });
        }
    });
    let taken = slots.into_iter().map(|slot| slot.into_inner().ok().flatten());
    taken.map(|transcript| transcript.unwrap_or_else(broken)).collect()
}

fn broken() -> Transcript {
    Transcript { ended: Ended::Broken("the scenario's thread panicked".into()), ..Transcript::default() }
}
