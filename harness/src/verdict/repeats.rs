//! A check that was run several times: which run counts, and how often it was lost. A
//! program that does not always do the same is told from a grader that does not.

use super::{Code, Outcome, Verdict};
use crate::spec::Counting;

/// How often a check was run, and lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Repeats {
    /// How often it was run.
    pub count: usize,
    /// How often it failed, or was right in part only.
    pub lost: usize,
}

/// Of several runs of a check the index of the one that counts, and how they came out.
/// Nothing where there is none.
pub fn settle(runs: &[Verdict], counting: Counting) -> Option<(usize, Repeats)> {
    let times = |outcome: Outcome| runs.iter().filter(|run| run.outcome == outcome).count();
    let outcomes = runs.iter().map(|run| run.outcome);
    let outcome = match counting {
        Counting::Worst => outcomes.min_by_key(|outcome| rank(*outcome)),
        Counting::Best => outcomes.max_by_key(|outcome| rank(*outcome)),
        // Of two that came as often the worse.
        Counting::Most => outcomes.max_by_key(|outcome| (times(*outcome), u8::MAX - rank(*outcome))),
    }?;
    let code = |run: &Verdict| run.finding.as_ref().map(|finding| finding.code);
    let of_it = || runs.iter().enumerate().filter(|(_, run)| run.outcome == outcome);
    let with = |wanted: Option<Code>| of_it().filter(move |(_, run)| code(run) == wanted);
    // What was told most often; of equals the first.
    let (index, _) = of_it().rev().max_by_key(|(_, run)| with(code(run)).count())?;
    let first = with(code(&runs[index])).map(|(index, _)| index).next()?;
    let lost = times(Outcome::Fail) + times(Outcome::Partial);
    Some((first, Repeats { count: runs.len(), lost }))
}

/// From the worst to the best. What could not be judged is better than what was lost: it
/// takes nothing back.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fail => 0,
        Outcome::Partial => 1,
        Outcome::Error => 2,
        Outcome::Skip => 3,
        Outcome::Pass => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Text;
    use crate::verdict::Finding;

    fn run(outcome: Outcome, code: Option<Code>) -> Verdict {
        let finding = code.map(|code| Finding {
            code,
            step: None,
            after: None,
            expected: Text::default(),
            received: Text::default(),
            program: Text::default(),
            player: None,
            cause: None,
        });
        Verdict { outcome, credit: 0.0, finding, notes: Vec::new() }
    }

    fn runs() -> Vec<Verdict> {
        let pass = || run(Outcome::Pass, None);
        let fail = |code| run(Outcome::Fail, Some(code));
        vec![
            pass(),
            fail(Code::EndedTooEarly),
            pass(),
            fail(Code::NoReply),
            pass(),
            fail(Code::NoReply),
            pass(),
        ]
    }

    #[test]
    fn the_rule_says_which_run_counts() {
        let repeats = Repeats { count: 7, lost: 3 };
        assert_eq!(settle(&runs(), Counting::Worst), Some((3, repeats)), "what was told most often");
        assert_eq!(settle(&runs(), Counting::Best), Some((0, repeats)));
        assert_eq!(settle(&runs(), Counting::Most), Some((0, repeats)));
        assert_eq!(settle(&[], Counting::Worst), None);
    }

    #[test]
    fn of_two_that_came_as_often_the_worse_and_the_first_counts() {
        let two = [run(Outcome::Pass, None), run(Outcome::Fail, Some(Code::EndedTooEarly))];
        assert_eq!(settle(&two, Counting::Most), Some((1, Repeats { count: 2, lost: 1 })));
        let two = [run(Outcome::Fail, Some(Code::NoReply)), run(Outcome::Fail, Some(Code::EndedTooEarly))];
        assert_eq!(settle(&two, Counting::Worst), Some((0, Repeats { count: 2, lost: 2 })));
    }

    #[test]
    fn trouble_of_the_grader_hides_no_loss_and_no_pass_hides_it() {
        let mixed = [run(Outcome::Pass, None), run(Outcome::Error, Some(Code::GraderTrouble))];
        assert_eq!(settle(&mixed, Counting::Worst).map(|(index, _)| index), Some(1));
        let mixed =
            [run(Outcome::Error, Some(Code::GraderTrouble)), run(Outcome::Fail, Some(Code::EndedTooEarly))];
        assert_eq!(settle(&mixed, Counting::Worst).map(|(index, _)| index), Some(1));
    }
}
