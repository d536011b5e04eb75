//! The fidelity page: how well each operation is known, and where any JSON may stand.

use serde::Serialize;

use super::template;
use crate::description::document::Facet;
use crate::description::source::SourceMap;
use crate::emit::doc;
use crate::reconcile::fidelity::{ArbitrarySchema, Fidelity, arbitrary_schemas};
use crate::reconcile::judged::{Judged, JudgedRemark};
use crate::reconcile::merge::Merged;

#[derive(Serialize)]
struct Page<'a> {
    operations: Vec<Line<'a>>,
    refuted: Vec<Refuted>,
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
struct Refuted {
    place: String,
    reason: String,
    source: String,
    at: String,
}

#[derive(Serialize)]
struct Explained {
    place: String,
    reason: String,
}

/// Renders `FIDELITY.md`. `sources` are the files that were merged.
///
/// # Errors
/// The template has a defect.
pub fn generate(
    merged: &Merged,
    known: &[Fidelity],
    sources: &SourceMap,
) -> Result<Vec<u8>, minijinja::Error> {
    let (explained, unexplained): (Vec<ArbitrarySchema>, Vec<ArbitrarySchema>) =
        arbitrary_schemas(&merged.document)
            .into_iter()
            .partition(|place| place.reason.is_some());
    let remarks = Judged::new(merged, sources).remarks().into_iter();
    let refuted = remarks.filter(|remark| remark.key == Facet::Refuted.name());
    let refuted = refuted.map(|remark: JudgedRemark| {
        let position = &remark.position.position;
        Refuted {
            place: doc::code(&remark.place),
            reason: doc::lines(&remark.text).join(" "),
            source: doc::code(&remark.position.source),
            at: doc::code(&format!("{}:{}", position.file, position.line)),
        }
    });
    let explained = explained.iter().map(|place| Explained {
        place: doc::code(&place.subject),
        reason: doc::lines(place.reason.as_deref().unwrap_or_default()).join(" "),
    });
    let operations = known.iter().map(|known| Line {
        operation: doc::code(&known.operation),
        known,
    });
    let page = Page {
        operations: operations.collect(),
        refuted: refuted.collect(),
        explained: explained.collect(),
        unexplained: unexplained
            .iter()
            .map(|place| doc::code(&place.subject))
            .collect(),
    };
    Ok(template::render(specweave_templates::FIDELITY, &page)?.into_bytes())
}
