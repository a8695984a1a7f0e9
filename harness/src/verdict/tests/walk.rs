//! The walk over the steps: credit, captures, trouble.

use std::collections::BTreeMap;

use super::*;

#[test]
fn least_credit_of_the_alternatives_counts() {
    let alternatives = || vec![alternative(number("0.7"), 1.0), alternative(number("0.6"), 0.5)];
    let on_a = || Source::Connection("a".to_owned());
    let half = verdict_of(talk(b"0.6"), expect_from(on_a(), alternatives()));
    assert_eq!((half.outcome, half.credit), (Outcome::Partial, 0.5));
    let finding = half.finding.unwrap();
    assert_eq!((finding.code, finding.cause), (Code::PartlyRight, Some(Text::same("half"))));
    let whole = verdict_of(talk(b"0.7"), expect_from(on_a(), alternatives()));
    assert_eq!((whole.outcome, whole.credit, whole.finding.is_none()), (Outcome::Pass, 1.0, true));
    let none = verdict_of(talk(b"0.5"), expect_from(on_a(), vec![alternative(number("0.5"), 0.0)]));
    assert_eq!((none.outcome, none.finding.unwrap().code), (Outcome::Fail, Code::WrongReply));
}

#[test]
fn trouble_of_the_grader_is_never_a_failure() {
    let plan = plan("server", vec![connect(), expect(number("1"))]);
    for ended in [Ended::Broken("no namespace".to_owned()), Ended::Complete, Ended::At { step: 0 }] {
        let verdict = judge(&plan, &transcript(vec![entry(0, peer(), Event::Opened)], ended));
        assert_eq!((verdict.outcome, verdict.finding.unwrap().code), (Outcome::Error, Code::GraderTrouble));
    }
    let hindered = judge(&plan, &transcript(Vec::new(), Ended::Hindered("no memory".to_owned())));
    let code = hindered.finding.unwrap().code;
    assert_eq!((hindered.outcome, code), (Outcome::Error, Code::MachineTrouble));
    let skip = judge(&plan, &transcript(Vec::new(), Ended::CannotRun(Text::same("no python3"))));
    assert_eq!((skip.outcome, skip.finding.unwrap().code), (Outcome::Skip, Code::CannotRunHere));
    assert_eq!(Verdict::not_reached("x/server/adds").finding.unwrap().code, Code::NotReached);
}

#[test]
fn no_failure_counts_while_the_clock_is_set() {
    let plan = plan("server", vec![connect(), expect(number("1"))]);
    let lost = |clock_set| {
        let entries = vec![entry(0, peer(), Event::Opened), entry(1, peer(), Event::Heard(talk(b"2").heard))];
        judge(&plan, &Transcript { clock_set, ..transcript(entries, Ended::At { step: 1 }) }).outcome
    };
    assert_eq!((lost(false), lost(true)), (Outcome::Fail, Outcome::Error));
}

#[test]
fn captures_are_bound_on_the_way() {
    let mut first = expect(Expectation::Something);
    if let Action::Expect(expect) = &mut first {
        expect.capture = Some("first".to_owned());
    }
    let plan = plan("server", vec![first, expect(Expectation::Unlike("first".to_owned()))]);
    let heard = |step, bytes: &[u8]| entry(step, peer(), Event::Heard(talk(bytes).heard));
    let mut scene = transcript(vec![heard(0, b"tick"), heard(1, b"tick\n")], Ended::Complete);
    scene.bindings = BTreeMap::from([("first".to_owned(), "another".to_owned())]);
    assert_eq!(judge(&plan, &scene).outcome, Outcome::Fail);
    scene.entries[1] = heard(1, b"tock");
    assert_eq!(judge(&plan, &scene).outcome, Outcome::Pass);
}
