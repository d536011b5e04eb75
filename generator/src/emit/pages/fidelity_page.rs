//! The fidelity page: how well each operation is known, and where any JSON may stand.

use serde::Serialize;

use super::template;
use crate::description::document::Document;
use crate::emit::doc;
use crate::reconcile::fidelity::{ArbitrarySchema, Fidelity, arbitrary_schemas};

const TEMPLATE: &str = include_str!("../../../../templates/FIDELITY.md.jinja");

#[derive(Serialize)]
struct Page<'a> {
    operations: Vec<Line<'a>>,
    explained: Vec<Explained>,
    unexplained: Vec<String>,
}

/// All texts are markdown.
#[derive(Serialize)]
struct Line<'a> {
    operation: String,
    known: &'a Fidelity,
}

#[derive(Serialize)]
struct Explained {
    place: String,
    reason: String,
}

/// Renders `FIDELITY.md`.
///
/// # Errors
/// The template has a defect.
pub fn generate(document: &Document, known: &[Fidelity]) -> Result<Vec<u8>, minijinja::Error> {
    let (explained, unexplained): (Vec<ArbitrarySchema>, Vec<ArbitrarySchema>) =
        arbitrary_schemas(document)
            .into_iter()
            .partition(|place| place.reason.is_some());
    let explained = explained.iter().map(|place| Explained {
        place: doc::code(&place.subject),
        reason: doc::plain(place.reason.as_deref().unwrap_or_default()),
    });
    let operations = known.iter().map(|known| Line {
        operation: doc::code(&known.operation),
        known,
    });
    let page = Page {
        operations: operations.collect(),
        explained: explained.collect(),
        unexplained: unexplained
            .iter()
            .map(|place| doc::code(&place.subject))
            .collect(),
    };
    Ok(template::render(TEMPLATE, &page)?.into_bytes())
}
