//! Reads and checks the table `[explore]` of a role's file: whether a session made of its parts
//! can be played.

use super::document::{At, Document};
use super::meaning::{self, Head, Part, Path};
use super::{
    Action, Exploration, Fault, Fixtures, Impossible, Leave, Liberties, Problem, Role, Serves, Transport, flow,
    names, transport,
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
