//! Checks that a scenario asks of its role's transport only what that can do: datagrams
//! have neither connection nor order nor end, a stream has no datagrams.

use super::document::{At, Document};
use super::{
    Action, Connect, Expect, Fault, Impossible, Pieces, Role, Scenario, Send, Source, Step, Transport,
};

/// The steps of a scenario that its role's transport cannot do.
pub(super) fn check(document: &Document<'_>, at: &At<'_>, scenario: &Scenario, role: &Role) -> Vec<Fault> {
    let mut steps = Steps { document, transport: role.transport, faults: Vec::new() };
    steps.check(&at.key("steps"), &scenario.steps);
    steps.faults
}

struct Steps<'a, 't> {
    document: &'a Document<'t>,
    transport: Transport,
    faults: Vec<Fault>,
}

impl Steps<'_, '_> {
    fn check(&mut self, at: &At<'_>, steps: &[Step]) {
        for (index, step) in steps.iter().enumerate() {
            let at = at.entry(index);
            if let Action::Each { steps, .. } = &step.action {
                self.check(&at.key("steps"), steps);
            }
            match self.transport {
                Transport::Tcp => self.with_streams(&at, &step.action),
                Transport::Udp => self.with_datagrams(&at, &step.action),
            }
        }
    }

    fn with_streams(&mut self, at: &At<'_>, action: &Action) {
        let key = match action {
            Action::Connect(Connect { connected: true, .. }) => "connected",
            Action::Send(Send { other_port: true, .. }) => "other-port",
            _ => return,
        };
        self.faults.push(self.document.key_fault(&at.key(key), Impossible::OnlyDatagrams(key)));
    }

    fn with_datagrams(&mut self, at: &At<'_>, action: &Action) {
        let mut keys: Vec<&'static str> = Vec::new();
        match action {
            Action::HalfClose { .. }
            | Action::Reset { .. }
            | Action::StopReading { .. }
            | Action::ReadOn { .. } => keys.push(action.key()),
            Action::Connect(connect) => {
                keys.extend(connect.skip_greeting.then_some("greeting"));
                keys.extend(connect.reopen.then_some("reopen"));
                keys.extend(connect.optional.then_some("optional"));
            }
            Action::Send(send) => {
                keys.extend((send.pieces != Pieces::Whole).then_some("pieces"));
                keys.extend(send.line_end_as_received.then_some("line-end"));
                keys.extend(send.may_fail.then_some("may-fail"));
            }
            Action::Expect(expect) => return self.expectation(at, expect),
            _ => {}
        }
        for key in keys {
            self.faults.push(self.document.key_fault(&at.key(key), Impossible::NotWithDatagrams(key)));
        }
    }

    fn expectation(&mut self, at: &At<'_>, expect: &Expect) {
        if !matches!(expect.from, Source::Connection(_)) {
            return;
        }
        if expect.nudge {
            let fault = Impossible::NotWithDatagrams("nudge");
            self.faults.push(self.document.key_fault(&at.key("nudge"), fault));
        }
        let stream_only = ["fin", "reset", "end", "open", "http", "http-request", "reference"];
        let mut wrong = expect.alternatives.iter().map(|alternative| alternative.expectation.key());
        if let Some(key) = wrong.find(|key| stream_only.contains(key)) {
            let fault = Impossible::NotWithDatagrams(key);
            self.faults.push(self.document.fault(&at.key("expect"), fault));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::spec::{Fixtures, SpecFiles, load_files};

    /// What is wrong with the steps of a server's check.
    fn faults(transport: &str, steps: &str) -> Vec<String> {
        let head = format!(
            "order = 1\ntitle = {{ en = \"t\", ko = \"t\" }}\nabout = {{ en = \"a\", ko = \"a\" }}\n\
             protocol = {{ en = \"p\", ko = \"p\" }}\nsample = \"\"\n\
             [roles.server]\nend = \"server\"\ntransport = \"{transport}\"\nport = 4000\nport-fixed = true\n"
        );
        let checks = format!(
            "[[scenario]]\nid = \"c\"\ntitle = {{ en = \"t\", ko = \"t\" }}\nconcept = \"datagram\"\nsteps = [{steps}]\n"
        );
        let texts = BTreeMap::from([("exercise.toml".to_owned(), head), ("server.toml".to_owned(), checks)]);
        let files = SpecFiles { folder: "specs/x".into(), texts, fixtures: Fixtures::new() };
        let told = |errors: crate::spec::SpecErrors| {
            errors.faults().iter().map(|fault| fault.problem.to_string()).collect()
        };
        load_files(&[files]).map_or_else(told, |_| Vec::new())
    }

    #[test]
    fn datagrams_have_no_connection() {
        let open = "{ connect = \"a\" }, { send = \"x\", to = \"a\" }";
        let table = [
            ("{ half-close = \"a\" }", "half-close"),
            ("{ reset = \"a\" }", "reset"),
            ("{ stop-reading = \"a\" }", "stop-reading"),
            ("{ send = \"xy\", to = \"a\", pieces = [1] }", "pieces"),
            ("{ send = \"x\", to = \"a\", may-fail = true }", "may-fail"),
            ("{ connect = \"b\", optional = true }", "optional"),
            ("{ expect = { fin = true }, from = \"a\" }", "fin"),
            ("{ expect = { any = [{ number = 1 }, { end = true }] }, from = \"a\" }", "end"),
            ("{ expect = \"x\", from = \"a\", nudge = true }", "nudge"),
            ("{ times = 2, steps = [{ half-close = \"a\" }] }", "half-close"),
        ];
        for (step, key) in table {
            let found = faults("udp", &format!("{open}, {step}"));
            let wanted = format!("`{key}` is about connections, and this role's transport is UDP");
            assert!(found.contains(&wanted), "{step}: {found:?}");
        }
        let fine = "{ expect = { nothing = true }, from = \"a\" }, { close = \"a\" }";
        assert_eq!(faults("udp", &format!("{open}, {fine}")), Vec::<String>::new());
    }

    #[test]
    fn a_stream_has_no_datagrams() {
        let only = |key: &str| vec![format!("`{key}` is about datagrams, and this role's transport is TCP")];
        assert_eq!(faults("tcp", "{ connect = \"a\", connected = true }"), only("connected"));
        let aside = "{ connect = \"a\" }, { send = \"x\", to = \"a\", other-port = true }";
        assert_eq!(faults("tcp", aside), only("other-port"));
    }
}
