//! Steps of the file format as actions of the model.

use std::collections::BTreeMap;

use super::expectation;
use crate::spec::document::{At, Document};
use crate::spec::form::{GeneratorForm, PayloadForm, PayloadTable, PiecesForm, RowForm, StepForm};
use crate::spec::{
    Action, ByteOrder, Connect, Expect, Fault, Generator, Payload, Picture, Pieces, Problem,
    ProgramExpectation, Rows, Send, Source, Step, Template, Wire,
};

/// The steps of the list at a path.
pub(super) fn steps(document: &Document<'_>, at: &At<'_>, forms: Vec<StepForm>) -> Result<Vec<Step>, Fault> {
    let read = |(index, mut form): (usize, StepForm)| {
        let at = at.entry(index);
        let place = document.place(&at);
        let whom = form.at.take();
        action(document, &at, form)?
            .map(|action| Step { action, at: whom, place })
            .ok_or_else(|| document.fault(&at, Problem::NotUnderstood("a step without a verb".to_owned())))
    };
    forms.into_iter().enumerate().map(read).collect()
}

fn action(document: &Document<'_>, at: &At<'_>, mut form: StepForm) -> Result<Option<Action>, Fault> {
    if let Some(steps_here) = form.steps.take() {
        let rows = rows(document, at, &mut form);
        let steps = steps(document, &at.key("steps"), steps_here)?;
        return Ok(rows.map(|rows| Action::Each { rows, steps }));
    }
    let peer = peer(&mut form).or_else(|| program(&mut form));
    Ok(peer.or_else(|| sight(form)))
}

/// What the harness does as the program's peer.
fn peer(form: &mut StepForm) -> Option<Action> {
    if let Some(connection) = form.connect.take() {
        return Some(Action::Connect(Connect {
            connection,
            to: form.to.take(),
            from: form.from_address,
            skip_greeting: form.greeting.is_some(),
            reopen: form.reopen,
            optional: form.optional,
            connected: form.connected,
        }));
    }
    if let Some(connection) = form.accept.take() {
        return Some(Action::Accept { connection, reopen: form.reopen });
    }
    if let (Some(send), Some(connection)) = (form.send.take(), form.to.take()) {
        let pieces = match form.pieces.take() {
            None => Pieces::Whole,
            Some(PiecesForm::Word(_)) => Pieces::Bytes,
            Some(PiecesForm::Sizes(sizes)) => Pieces::Sizes(sizes),
        };
        return Some(Action::Send(Send {
            connection,
            payload: payload(send),
            pieces,
            consumed: form.consumed,
            line_end_as_received: form.line_end.is_some(),
            may_fail: form.may_fail,
            other_port: form.other_port,
        }));
    }
    if let Some(connection) = form.half_close.take() {
        return Some(Action::HalfClose { connection });
    }
    if let Some(connection) = form.close.take() {
        return Some(Action::Close { connection });
    }
    if let Some(connection) = form.reset.take() {
        return Some(Action::Reset { connection });
    }
    if let Some(connection) = form.stop_reading.take() {
        return Some(Action::StopReading { connection });
    }
    form.read_on.take().map(|connection| Action::ReadOn { connection })
}

/// What is done to the program itself.
fn program(form: &mut StepForm) -> Option<Action> {
    if let Some(line) = form.r#type.take() {
        return Some(Action::Type { line: Template(line), if_asked: form.if_asked });
    }
    if let Some(key) = form.press {
        return Some(Action::Press(key));
    }
    if let Some(player) = form.start.take() {
        return Some(Action::Start { player });
    }
    if let Some(wire) = form.cut.take() {
        return Some(Action::Cut(wire_of(&wire)));
    }
    let words = [
        (form.kill, Action::Kill),
        (form.freeze, Action::Freeze),
        (form.thaw, Action::Thaw),
        (form.restart, Action::Restart { same_network: form.same_network }),
        (form.settle, Action::Settle),
        (form.next_second, Action::NextSecond),
    ];
    words.into_iter().find_map(|(word, action)| word.is_some_and(|word| word.0).then_some(action))
}

/// What must be seen.
fn sight(form: StepForm) -> Option<Action> {
    if let (Some(expect), Some(from)) = (form.expect, form.from) {
        let from = match from.strip_prefix("file:") {
            Some(name) => Source::File(name.to_owned()),
            None if from == "console" => Source::Console,
            None if from.contains('>') => Source::Wire(wire_of(&from)),
            None => Source::Connection(from),
        };
        return Some(Action::Expect(Expect {
            from,
            alternatives: expectation::alternatives(expect),
            capture: form.capture,
            nudge: form.nudge,
            requirement: form.requirement,
        }));
    }
    let alive = form.expect_alive.map(|_| ProgramExpectation::Alive);
    let calm = form.expect_calm.map(|_| ProgramExpectation::Calm);
    let exits = form.expect_exit.map(ProgramExpectation::Exits);
    let port = form.expect_port.map(ProgramExpectation::Port);
    let peer = form.expect_peer_port.map(|_| ProgramExpectation::PeerPort);
    let address = form.expect_address.map(ProgramExpectation::Address);
    let waits = form.expect_ends_or_waits.map(|_| ProgramExpectation::EndsOrWaits);
    alive.or(calm).or(exits).or(port).or(peer).or(address).or(waits).map(Action::ExpectProgram)
}

/// A direction of the wire; what is wrong with its names is told by `flow`.
pub(super) fn wire_of(text: &str) -> Wire {
    Wire::parse(text).unwrap_or_else(|| Wire { from: text.to_owned(), to: String::new() })
}

fn rows(document: &Document<'_>, at: &At<'_>, form: &mut StepForm) -> Option<Rows> {
    if let Some(times) = form.times {
        let draws = draws(document, &at.key("draw"), std::mem::take(&mut form.draw));
        return Some(Rows::Times { times, draws });
    }
    let table_at = at.key("each");
    let row = |(index, RowForm(mut row))| {
        let names = document.keys(&table_at.entry(index));
        names
            .into_iter()
            .filter_map(|name| row.remove(&name).map(|value| (name, value.into_text())))
            .collect()
    };
    form.each.take().map(|table| Rows::Table(table.into_iter().enumerate().map(row).collect()))
}

/// The generators of the table at a path, in the order of the file.
pub(super) fn draws(
    document: &Document<'_>,
    at: &At<'_>,
    mut forms: BTreeMap<String, GeneratorForm>,
) -> Vec<(String, Generator)> {
    let names = document.keys(at).into_iter();
    names.filter_map(|name| forms.remove(&name).and_then(generator).map(|drawn| (name, drawn))).collect()
}

fn generator(form: GeneratorForm) -> Option<Generator> {
    let integer = form.integer.map(|[first, last]| Generator::Integer(first, last));
    let one_of = form.one_of.map(Generator::OneOf);
    let word = form.word.map(Generator::Word);
    let printable = form.printable.map(Generator::Printable);
    let korean = form.korean.map(Generator::Korean);
    let product = form.product.map(|[first, second]| Generator::Product(first, second));
    integer.or(one_of).or(word).or(printable).or(korean).or(product)
}

/// Bytes of the format as bytes of the model.
pub(super) fn payload(form: PayloadForm) -> Payload {
    match form {
        PayloadForm::Text(text) => Payload::Text(Template(text)),
        PayloadForm::Table(PayloadTable { integer: Some(value), width, order, .. }) => Payload::Integer {
            value: Template(value.into_text()),
            width: width.unwrap_or(4),
            order: order.unwrap_or(ByteOrder::Big),
        },
        PayloadForm::Table(PayloadTable { file: Some(name), picture: Some(number), .. }) => {
            Payload::Picture(Picture { file: Template(name), number: Template(number.into_text()) })
        }
        PayloadForm::Table(PayloadTable { file: Some(name), .. }) => Payload::File(Template(name)),
        PayloadForm::Table(PayloadTable { hex, .. }) => {
            Payload::Bytes(hex.map(|hex| hex.0).unwrap_or_default())
        }
    }
}
