//! Expectations of the file format as expectations of the model.

use super::action::{payload, wire_of};
use crate::spec::form::{
    BodyForm, ExpectForm, ExpectationForm, IntegerForm, JpegForm, NumbersForm, RecordsForm, RequestForm,
    ResponseForm,
};
use crate::spec::{
    Alternative, Body, ByteOrder, Expectation, HttpRequest, HttpResponse, IntegerExpectation,
    NumbersExpectation, Payload, Picture, PictureExpectation, RecordsExpectation, Template,
};

/// What is right, and what else is accepted.
pub(super) fn alternatives(form: ExpectForm) -> Vec<Alternative> {
    match form {
        ExpectForm::Text(text) => {
            let expectation = Expectation::Exactly { payload: Payload::Text(Template(text)), strict: false };
            vec![Alternative { expectation, credit: 1.0, note: None }]
        }
        ExpectForm::Table(table) => {
            let ExpectationForm { any, .. } = *table;
            match any {
                Some(any) => any.into_iter().filter_map(alternative).collect(),
                None => alternative(ExpectationForm { any: None, ..*table }).into_iter().collect(),
            }
        }
    }
}

fn alternative(mut form: ExpectationForm) -> Option<Alternative> {
    let (credit, note) = (form.credit.unwrap_or(1.0), form.note.take());
    let expectation = said(&mut form).or_else(|| known(&mut form)).or_else(|| event(&form))?;
    Some(Alternative { expectation, credit, note })
}

/// Expectations that say what must come.
fn said(form: &mut ExpectationForm) -> Option<Expectation> {
    if let Some(exactly) = form.exactly.take() {
        return Some(Expectation::Exactly { payload: payload(exactly), strict: form.strict });
    }
    if let Some(number) = form.number.take() {
        return Some(Expectation::Number(Template(number.into_text())));
    }
    if let Some(integer) = form.integer.take() {
        return Some(Expectation::Integer(in_binary(integer)));
    }
    if let Some(numbers) = form.numbers.take() {
        return Some(Expectation::Numbers(in_any_form(numbers)));
    }
    if let Some(form) = form.records.take() {
        return Some(Expectation::Records(records(form)));
    }
    if let Some(response) = form.http.take() {
        return Some(Expectation::Http(http(response)));
    }
    if let Some(RequestForm { method, target }) = form.http_request.take() {
        return Some(Expectation::HttpRequest(HttpRequest { method, target: target.map(Template) }));
    }
    if let Some(JpegForm { bytes, file, picture }) = form.jpeg.take() {
        let bytes = bytes.map(|bytes| Template(bytes.into_text()));
        let like = Picture { file: Template(file), number: Template(picture.into_text()) };
        return Some(Expectation::Jpeg(PictureExpectation { bytes, like }));
    }
    let shows = form.shows.take().map(|text| Expectation::Shows(Template(text)));
    let lacks = || form.lacks.take().map(|text| Expectation::Lacks(Template(text)));
    shows.or_else(lacks).or_else(|| form.matches.take().map(Expectation::Matches))
}

/// Expectations that compare with what the harness knows.
fn known(form: &mut ExpectationForm) -> Option<Expectation> {
    let time = form.current_time.map(|time| Expectation::CurrentTime { within: time.within });
    let reference = form.reference.map(Expectation::Reference);
    time.or(reference).or_else(|| form.unlike.take().map(Expectation::Unlike))
}

/// Expectations that something happens.
fn event(form: &ExpectationForm) -> Option<Expectation> {
    let words = [
        (form.echo, Expectation::Echo),
        (form.something, Expectation::Something),
        (form.nothing, Expectation::Nothing),
        (form.no_trace, Expectation::NoTrace),
        (form.fin, Expectation::Fin),
        (form.reset, Expectation::Reset),
        (form.end, Expectation::End),
        (form.open, Expectation::Open),
    ];
    words.into_iter().find_map(|(word, expectation)| word.is_some_and(|word| word.0).then_some(expectation))
}

fn in_binary(form: IntegerForm) -> IntegerExpectation {
    IntegerExpectation {
        widths: form.widths,
        order: form.order.unwrap_or(ByteOrder::Big),
        value: form.value.map(|value| Template(value.into_text())),
        plausible: form.plausible.map(|[least, most]| (least, most)),
        more: form.more,
    }
}

fn in_any_form(form: NumbersForm) -> NumbersExpectation {
    let ranges = form.ranges.into_iter().map(|[least, most]| (least, most)).collect();
    NumbersExpectation { ranges, messages: form.messages.unwrap_or(1), differ: form.differ }
}

fn records(form: RecordsForm) -> RecordsExpectation {
    let ranges = form.ranges.into_iter().map(|(name, [least, most])| (name, (least, most))).collect();
    RecordsExpectation {
        about: form.about,
        pattern: form.pattern,
        count: form.count,
        ranges,
        time_within: form.time_within,
        agrees_with: form.agrees_with.as_deref().map(wire_of),
        differ: form.differ,
    }
}

fn http(form: ResponseForm) -> HttpResponse {
    let header = form.header.into_iter().map(|(name, value)| (name, Template(value)));
    let body = form.body.and_then(|body| match body {
        BodyForm { file: Some(name), .. } => Some(Body::File(Template(name))),
        BodyForm { contains: Some(text), .. } => Some(Body::Contains(Template(text))),
        BodyForm { exactly, .. } => exactly.map(|exactly| Body::Exactly(payload(exactly))),
    });
    HttpResponse { status: form.status.unwrap_or_default(), header: header.collect(), crlf: form.crlf, body }
}
