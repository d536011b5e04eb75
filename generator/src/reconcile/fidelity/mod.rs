//! Scores how well each operation is known: how much is typed, how many sources describe it, and where they disagree.
//!
//! A score does not grade the API. It is a guard: if it falls, the crate got worse, and [`Lock`] requires a reason.

mod arbitrary;
mod body_counts;
mod lock;

use std::collections::HashMap;

use serde::Serialize;

use crate::description::document::{Operation, Provenance};
use crate::reconcile::merge::rules::Verdict;
use crate::reconcile::merge::{Merged, operation_subject};

pub use arbitrary::{ArbitrarySchema, arbitrary_schemas};
use body_counts::BodyCounts;
pub use lock::Lock;

/// The points for each part of a score; 100 in total.
mod points {
    pub(super) const BODIES: usize = 40;
    pub(super) const PARAMETERS: usize = 30;
    /// All points if at least two sources describe the operation, half of the points for one source.
    pub(super) const SOURCES: usize = 10;
    pub(super) const CORROBORATED: usize = 10;
    /// Each contradiction loses two points, even if it has a resolution.
    pub(super) const NO_CONTRADICTIONS: usize = 10;
}

/// How well an operation is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fidelity {
    /// The operation, as `names.lock` writes it: `GET /issues/{}/`.
    pub operation: String,
    /// The score, 0 to 100.
    pub score: u8,
    /// The schemas in the request body and in the bodies of success responses that have a type, or a reason for having none.
    pub bodies: Share,
    /// The parameters with a type.
    pub parameters: Share,
    /// The number of sources that describe the operation.
    pub sources: usize,
    /// The parameters, bodies and responses that only one source describes.
    pub single_source: Share,
    /// The number of contradictions, all with a resolution, about the operation and the schemas in its bodies.
    pub contradictions: usize,
}

/// A share: a count out of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// The count.
    pub count: usize,
    /// The total.
    pub of: usize,
}

impl Share {
    fn add(&mut self, counts: bool) {
        self.count += usize::from(counts);
        self.of += 1;
    }

    /// This share of a number of points, rounded down. All points if the total is 0.
    fn points(self, all: usize) -> usize {
        (self.count * all).checked_div(self.of).unwrap_or(all)
    }
}

/// Scores each operation, in the order of the effective API.
#[must_use]
pub fn of(merged: &Merged) -> Vec<Fidelity> {
    let contradictions = Contradictions::of(merged);
    let mut body_counts = BodyCounts::new(merged, &contradictions);
    let operations = merged.document.operations.iter();
    operations
        .map(|operation| fidelity(operation, merged, &contradictions, &mut body_counts))
        .collect()
}

fn fidelity(
    operation: &Operation,
    merged: &Merged,
    contradictions: &Contradictions<'_>,
    body_counts: &mut BodyCounts<'_>,
) -> Fidelity {
    let subject = operation_subject(operation);
    let mut parameters = Share::default();
    let mut single_source = Share::default();
    for parameter in &operation.parameters {
        if is_firm(&parameter.provenance, merged) {
            parameters.add(!parameter.schema.is_unconstrained());
        }
    }
    let parameters_provenance = operation
        .parameters
        .iter()
        .map(|parameter| &parameter.provenance);
    let body_provenance = operation.body.iter().map(|body| &body.provenance);
    let responses_provenance = operation
        .responses
        .values()
        .map(|response| &response.provenance);
    for provenance in parameters_provenance
        .chain(body_provenance)
        .chain(responses_provenance)
    {
        if is_firm(provenance, merged) {
            single_source.add(sources(provenance) == 1);
        }
    }
    let successes = operation.responses.iter();
    let successes = successes.filter(|(status, _)| status.is_success());
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    for (media_type, content) in
        contents.chain(successes.flat_map(|(_, response)| &response.contents))
    {
        match &content.schema {
            Some(schema) => body_counts.body(schema),
            // Bytes and text need no schema.
            None if !is_firm(&content.provenance, merged) => {}
            None => {
                body_counts.body_without_schema(!media_type.to_ascii_lowercase().contains("json"));
            }
        }
    }
    let sources = sources(&operation.provenance);
    let (bodies, contradictions_below) = body_counts.finish();
    let contradictions = contradictions.about(&subject) + contradictions_below;
    let corroborated = Share {
        count: single_source.of - single_source.count,
        of: single_source.of,
    };
    let score = bodies.points(points::BODIES)
        + parameters.points(points::PARAMETERS)
        + points::SOURCES * sources.min(2) / 2
        + corroborated.points(points::CORROBORATED)
        + points::NO_CONTRADICTIONS.saturating_sub(2 * contradictions);
    Fidelity {
        operation: subject,
        score: u8::try_from(score).unwrap_or(100),
        bodies,
        parameters,
        sources,
        single_source,
        contradictions,
    }
}

/// The number of distinct sources.
fn sources(provenance: &Provenance) -> usize {
    let mut sources: Vec<_> = provenance.iter().map(|origin| origin.source).collect();
    sources.dedup();
    sources.len()
}

/// Whether a source that does not yield states it. A yielding source must not lower a score.
fn is_firm(provenance: &Provenance, merged: &Merged) -> bool {
    provenance
        .iter()
        .any(|origin| !merged.yields(origin.source))
}

/// The number of contradictions about each operation or component.
struct Contradictions<'m> {
    by_item: HashMap<&'m str, usize>,
}

impl<'m> Contradictions<'m> {
    fn of(merged: &'m Merged) -> Self {
        let mut by_item: HashMap<&str, usize> = HashMap::new();
        for finding in &merged.findings {
            let yielded = finding
                .resolution
                .as_ref()
                .is_some_and(|resolution| resolution.yielded);
            if finding.judgement.verdict == Verdict::Contradictory && !yielded {
                *by_item.entry(item(&finding.subject)).or_default() += 1;
            }
        }
        Self { by_item }
    }

    fn about(&self, item: &str) -> usize {
        self.by_item.get(item).copied().unwrap_or(0)
    }
}

/// The operation or component of a subject: `GET /issues/{}/` of `GET /issues/{}/ query cursor`, `Project` of
/// `Project.teams[]`.
fn item(subject: &str) -> &str {
    let mut spaces = subject.match_indices(' ');
    match (spaces.next(), spaces.next()) {
        (Some((method, _)), end) if subject[method..].starts_with(" /") => {
            end.map_or(subject, |(end, _)| &subject[..end])
        }
        _ => subject
            .split(['.', '[', '{', '|'])
            .next()
            .unwrap_or(subject),
    }
}

#[cfg(test)]
mod tests {
    use super::{Share, item};

    #[test]
    fn the_item_of_a_subject_is_its_operation_or_its_component() {
        assert_eq!(item("GET /a/{}/ query b.c"), "GET /a/{}/");
        assert_eq!(item("GET /a/{}/"), "GET /a/{}/");
        assert_eq!(item("Project.teams[].id"), "Project");
        assert_eq!(item("the API"), "the API");
    }

    #[test]
    fn an_empty_share_gets_all_points() {
        assert_eq!(Share::default().points(40), 40);
        assert_eq!(Share { count: 1, of: 3 }.points(40), 13);
    }
}
