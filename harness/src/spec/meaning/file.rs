//! Files of the file format as files of the model.

use std::collections::BTreeMap;

use crate::spec::document::{At, Document};
use crate::spec::form::FileForm;
use crate::spec::{Fault, FileContent, Fixtures, Problem, Template};

/// The files of the table at a path, in the order of the file.
pub(super) fn files(
    document: &Document<'_>,
    at: &At<'_>,
    mut forms: BTreeMap<String, FileForm>,
    fixtures: &Fixtures,
) -> Result<Vec<(String, FileContent)>, Fault> {
    let mut files = Vec::new();
    for name in document.keys(at) {
        let Some(form) = forms.remove(&name) else { continue };
        let content = match form {
            FileForm { fixture: Some(fixture), .. } => match fixtures.get(&fixture) {
                Some(bytes) => FileContent::Bytes(bytes.clone()),
                None => {
                    let known = fixtures.keys().cloned().collect();
                    let problem = Problem::Unknown { what: "fixture", name: fixture, known };
                    return Err(document.fault(&at.key(&name).key("fixture"), problem));
                }
            },
            FileForm { text: Some(text), .. } => FileContent::Text(Template(text)),
            FileForm { random_bytes: Some(length), .. } => FileContent::Random(length),
            FileForm { absent: Some(_), .. } => FileContent::Absent,
            FileForm { .. } => continue,
        };
        files.push((name, content));
    }
    Ok(files)
}
