//! Reads and checks the table `[explore]` of a role's file: whether a session made of its parts
//! can be played.

use super::document::{At, Document};
use super::meaning::{self, Head, Part, Path};
use super::{
    Action, Exploration, Fault, Fixtures, Impossible, Leave, Liberties, Problem, Role, Serves, Transport,
    flow, names, transport,
};

/// What a search may ask of a role's program; nothing where the file does not say or something
/// is wrong, which is added to the faults.
pub(super) fn read(
    document: &Document<'_>,
    role: &str,
    (head, fixtures): (&Head, &Fixtures),
    faults: &mut Vec<Fault>,
) -> Option<Exploration> {
    let at = At::Root.key("explore");
    document.get(&at)?;
    let Some(role) = head.roles.iter().find(|known| known.name == role && known.end == super::End::Server)
    else {
        faults.push(document.key_fault(&at, Impossible::NotExplorable));
        return None;
    };
    match meaning::exploration(document, &at, &role.name, fixtures) {
        Ok((exploration, parts)) => {
            let before = faults.len();
            for part in &parts {
                self::part(document, part, (head, role), faults);
            }
            for (key, liberties) in [("basic", &exploration.basic), ("robust", &exploration.robust)] {
                self::liberties(document, key, (liberties, role), faults);
            }
            (faults.len() == before).then_some(exploration)
        }
        Err(fault) => {
            faults.push(fault);
            None
        }
    }
}

/// The steps of a part, as if they were a scenario's.
fn part(document: &Document<'_>, part: &Part, (head, role): (&Head, &Role), faults: &mut Vec<Fault>) {
    let explore = At::Root.key("explore");
    let list = explore.key("exchange");
    let (at, open): (At<'_>, &[&str]) = match part.path {
        Path::Open(tier) | Path::Left(tier) => (explore.key(tier), &[]),
        Path::Exchange(index) => (list.entry(index), &[super::CLIENT]),
    };
    let (scenario, steps) = (&part.scenario, at.key("steps"));
    if !matches!(part.path, Path::Open(_)) {
        for (index, step) in scenario.steps.iter().enumerate() {
            if comes_or_leaves(&step.action) {
                let verb = step.action.key();
                faults.push(document.fault(&steps.entry(index), Impossible::InExchange(verb)));
            }
        }
    }
    faults.extend(names::check(document, &at, scenario, (&head.settings, open)));
    faults.extend(flow::check(document, &at, scenario, (&head.roles, open)));
    faults.extend(transport::check(document, &at, scenario, role));
}

/// What a grammar says by other means than steps.
fn comes_or_leaves(action: &Action) -> bool {
    matches!(
        action,
        Action::Connect(_)
            | Action::Accept { .. }
            | Action::HalfClose { .. }
            | Action::Close { .. }
            | Action::Reset { .. }
            | Action::Restart { .. }
            | Action::Each { .. }
    )
}

/// Whether clients can do what they are told to.
fn liberties(
    document: &Document<'_>,
    tier: &str,
    (liberties, role): (&Liberties, &Role),
    faults: &mut Vec<Fault>,
) {
    let explore = At::Root.key("explore");
    let at = explore.key(tier);
    for (key, (least, most)) in [("connections", liberties.connections), ("requests", liberties.requests)] {
        if least > most {
            let problem = Problem::EmptyRange(least.to_string(), most.to_string());
            faults.push(document.fault(&at.key(key), problem));
        }
    }
    if liberties.serves == Serves::One && liberties.connections.1 > 1 {
        faults.push(document.fault(&at.key("connections"), Impossible::OneClient));
    }
    if role.transport == Transport::Udp {
        let resets = liberties.leave.contains(&Leave::Reset) || liberties.abandon.contains(&Leave::Reset);
        let words =
            [("reset", resets), ("half-close", liberties.half_close), ("segments", liberties.segments)];
        for (word, _) in words.iter().filter(|(_, told)| *told) {
            faults.push(document.fault(&at, Impossible::NotWithDatagrams(word)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::spec::{Exercise, Fixtures, Leave, Serves, SpecErrors, SpecFiles, load_files};

    /// An exercise with a server, or another role, and these lines in its file.
    fn loaded(role: &str, lines: &str) -> Result<Exercise, SpecErrors> {
        let head = format!(
            "order = 1\ntitle = {{ en = \"t\", ko = \"t\" }}\nabout = {{ en = \"a\", ko = \"a\" }}\n\
             protocol = {{ en = \"p\", ko = \"p\" }}\nsample = \"\"\n[roles.it]\n{role}\nport = 4000\nport-fixed = true\n"
        );
        let verb = if role.contains("client") { "accept" } else { "connect" };
        let checks = format!(
            "[[scenario]]\nid = \"c\"\ntitle = {{ en = \"t\", ko = \"t\" }}\nconcept = \"connect\"\nsteps = [{{ {verb} = \"a\" }}]\n{lines}"
        );
        let texts = BTreeMap::from([("exercise.toml".to_owned(), head), ("it.toml".to_owned(), checks)]);
        let files = SpecFiles { folder: "specs/x".into(), texts, fixtures: Fixtures::new() };
        load_files(&[files]).map(|mut all| all.remove(0))
    }

    fn faults(role: &str, lines: &str) -> Vec<String> {
        let told = |errors: SpecErrors| errors.faults().iter().map(|f| f.problem.to_string()).collect();
        loaded(role, lines).map_or_else(told, |_| Vec::new())
    }

    const SERVER: &str = "end = \"server\"";
    const ASKS: &str = "\n[[explore.exchange]]\nsteps = [{ send = \"x\", to = \"a\" }]\n";

    #[test]
    fn what_the_robust_tier_does_not_say_is_as_in_the_basic_one() {
        let lines = "[explore.basic]\nserves = \"in-turn\"\nconnections = [1, 4]\n[explore.robust]\nleave = [\"reset\"]";
        let exercise = loaded(SERVER, &format!("{lines}{ASKS}")).unwrap();
        let explored = &exercise.explorations[0];
        assert_eq!((explored.robust.serves, explored.robust.connections), (Serves::InTurn, (1, 4)));
        assert_eq!(
            (&explored.basic.leave[..], &explored.robust.leave[..]),
            (&[Leave::Close][..], &[Leave::Reset][..])
        );
    }

    #[test]
    fn what_cannot_be_played_is_a_fault() {
        let table = [
            (
                SERVER,
                "[explore.basic]\nconnections = [1, 2]",
                "several clients want a program that serves them",
            ),
            (SERVER, "[explore.basic]\nserves = \"in-turn\"\nconnections = [3, 2]", "3"),
            (SERVER, "[[explore.exchange]]\nsteps = [{ send = \"{y}\", to = \"a\" }]", "`y`"),
            (SERVER, "[[explore.exchange]]\nsteps = [{ send = \"y\", to = \"b\" }]", "`b`"),
            (SERVER, "[[explore.exchange]]\nsteps = [{ close = \"a\" }]", "`close` cannot stand here"),
            (
                SERVER,
                "[[explore.exchange]]\nsteps = [{ expect = { echo = true }, from = \"a\" }]",
                "nothing was sent",
            ),
            ("end = \"client\"", "", "a search asks a server"),
            (
                "end = \"server\"\ntransport = \"udp\"",
                "[explore.basic]\nleave = [\"reset\"]",
                "`reset` is about connections",
            ),
        ];
        for (role, lines, wanted) in table {
            let found = faults(role, &format!("{lines}{ASKS}"));
            assert!(found.iter().any(|fault| fault.contains(wanted)), "{lines}: {found:?}");
        }
    }
}
