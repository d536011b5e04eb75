//! Scores how well each operation is known: how much is typed, and how many sources describe it.
//!
//! A supplement of the maintainers is no independent source: what it says is not counted as said by one more.
//!
//! What is refuted (`x-refuted`) is not known, whatever its type. A contradiction with a resolution lowers no score: whoever
//! decided it has looked, and a new source is asked about once.
//!
//! A score does not grade the API. It is a guard: if it falls, the crate got worse, and [`Lock`] requires a reason.

mod arbitrary;
mod body_counts;
mod lock;

use std::collections::HashMap;

use serde::Serialize;

use crate::description::document::{Facet, Facts, Operation, Provenance};
use crate::reconcile::merge::rules::Verdict;
use crate::reconcile::merge::{Merged, item, operation_subject};

pub use arbitrary::{ArbitrarySchema, arbitrary_schemas};
use body_counts::BodyCounts;
pub use lock::Lock;

/// The points for each part of a score; 100 in total.
mod points {
    pub(super) const BODIES: usize = 45;
    pub(super) const PARAMETERS: usize = 35;
    /// All points if at least two documents describe the operation, half of the points for one document.
    pub(super) const SOURCES: usize = 10;
    pub(super) const CORROBORATED: usize = 10;
}

/// How well an operation is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fidelity {
    /// The operation, as `names.lock` writes it: `GET /issues/{}/`.
    pub operation: String,
    /// The score, 0 to 100.
    pub score: u8,
    /// The schemas in the request body and in the bodies of success responses that have a type, or a reason for having none, and
    /// that nothing refutes.
    pub bodies: Share,
    /// The parameters that have a type, and that nothing refutes.
    pub parameters: Share,
    /// The number of documents that describe the operation: of sources that are no supplement.
    pub documents: usize,
    /// The parameters, bodies and responses that no two documents describe, or that are refuted.
    pub uncorroborated: Share,
    /// The parameters, responses and schemas in bodies that are refuted.
    pub refuted: usize,
    /// The number of contradictions, all with a resolution, about the operation and the schemas in its bodies. They do not
    /// change the score.
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
    let mut uncorroborated = Share::default();
    let mut refuted = 0;
    for parameter in &operation.parameters {
        if is_firm(&parameter.provenance, merged) {
            let is_refuted = is_refuted(&parameter.facts) || is_refuted(&parameter.schema.facts);
            parameters.add(!parameter.schema.is_unconstrained() && !is_refuted);
            uncorroborated.add(documents(&parameter.provenance, merged) < 2 || is_refuted);
            refuted += usize::from(is_refuted);
        }
    }
    let body = operation.body.iter();
    let body = body.map(|body| (&body.provenance, &body.facts));
    let responses = operation.responses.values();
    let responses = responses.map(|response| (&response.provenance, &response.facts));
    for (provenance, facts) in body.chain(responses) {
        if is_firm(provenance, merged) {
            uncorroborated.add(documents(provenance, merged) < 2 || is_refuted(facts));
            refuted += usize::from(is_refuted(facts));
        }
    }
    count_bodies(operation, merged, body_counts);
    let documents = documents(&operation.provenance, merged);
    let below = body_counts.finish();
    let bodies = below.typed;
    let contradictions = contradictions.about(&subject) + below.contradictions;
    let corroborated = Share {
        count: uncorroborated.of - uncorroborated.count,
        of: uncorroborated.of,
    };
    let score = bodies.points(points::BODIES)
        + parameters.points(points::PARAMETERS)
        + points::SOURCES * documents.min(2) / 2
        + corroborated.points(points::CORROBORATED);
    Fidelity {
        operation: subject,
        score: u8::try_from(score).unwrap_or(100),
        bodies,
        parameters,
        documents,
        uncorroborated,
        refuted: refuted + below.refuted,
        contradictions,
    }
}

/// Counts the schemas in the request body and in the bodies of success responses.
fn count_bodies(operation: &Operation, merged: &Merged, body_counts: &mut BodyCounts<'_>) {
    let successes = operation.responses.iter();
    let successes = successes.filter(|(status, _)| status.is_success());
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let contents = contents.chain(successes.flat_map(|(_, response)| &response.contents));
    for (media_type, content) in contents {
        match &content.schema {
            Some(schema) => body_counts.body(schema),
            None if !is_firm(&content.provenance, merged) => {}
            None => {
                // Bytes and text need no schema.
                body_counts.body_without_schema(!media_type.to_ascii_lowercase().contains("json"));
            }
        }
    }
}

/// The number of distinct sources that are no supplement.
fn documents(provenance: &Provenance, merged: &Merged) -> usize {
    let mut sources: Vec<_> = provenance.iter().map(|origin| origin.source).collect();
    sources.dedup();
    sources.retain(|source| !merged.is_supplement(*source));
    sources.len()
}

/// Whether a source that does not yield states it. A yielding source must not lower a score.
fn is_firm(provenance: &Provenance, merged: &Merged) -> bool {
    provenance
        .iter()
        .any(|origin| !merged.yields(origin.source))
}

/// Whether a source states what refutes the item.
fn is_refuted(facts: &Facts) -> bool {
    facts.get(Facet::Refuted).is_some()
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

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn an_empty_share_gets_all_points() {
        assert_eq!(Share::default().points(40), 40);
        assert_eq!(Share { count: 1, of: 3 }.points(40), 13);
    }
}
