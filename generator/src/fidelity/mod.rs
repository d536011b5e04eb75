//! How well each operation is known: what of it is typed, how many sources say so, and where they disagree.
//!
//! A score is no grade of the API but a guard: when it falls, the crate got worse, and [`Lock`] wants to know why.

mod arbitrary;
mod lock;
mod reach;

use std::collections::HashMap;

use serde::Serialize;

use crate::document::{Operation, SaidBy};
use crate::merge::rules::Verdict;
use crate::merge::{Merged, operation_subject};

pub use arbitrary::{Arbitrary, arbitrary};
pub use lock::Lock;
use reach::Reach;

/// Points of a score for each of what it consists of; 100 together.
mod points {
    pub(super) const BODIES: usize = 40;
    pub(super) const PARAMETERS: usize = 30;
    /// All of them when at least two sources describe the operation, half of them for one.
    pub(super) const SOURCES: usize = 10;
    pub(super) const CORROBORATED: usize = 10;
    /// Two are lost by each contradiction, even a decided one.
    pub(super) const NO_CONTRADICTIONS: usize = 10;
}

/// How well an operation is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fidelity {
    /// The operation, as `names.lock` writes it: `GET /issues/{}/`.
    pub operation: String,
    /// 0 to 100.
    pub score: u8,
    /// Schemas in its request body and the bodies of its successful responses that have a type, or a reason to have none.
    pub bodies: Share,
    /// Parameters that some source gives a type.
    pub parameters: Share,
    /// Number of sources that describe it.
    pub sources: usize,
    /// Of its parameters, bodies and responses those that only one source describes.
    pub single_source: Share,
    /// Contradictions, each decided, about the operation and the schemas in its bodies.
    pub contradictions: usize,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// How many.
    pub count: usize,
    /// Of how many.
    pub of: usize,
}

impl Share {
    fn add(&mut self, counts: bool) {
        self.count += usize::from(counts);
        self.of += 1;
    }

    /// This share of some points, rounded down; all of them where there is nothing to share.
    fn points(self, all: usize) -> usize {
        (self.count * all).checked_div(self.of).unwrap_or(all)
    }
}

/// How well each operation is known, in the order of the effective API.
#[must_use]
pub fn of(merged: &Merged) -> Vec<Fidelity> {
    let contradictions = Contradictions::of(merged);
    let mut reach = Reach::new(merged, &contradictions);
    let operations = merged.document.operations.iter();
    operations
        .map(|operation| fidelity(operation, merged, &contradictions, &mut reach))
        .collect()
}

fn fidelity(
    operation: &Operation,
    merged: &Merged,
    contradictions: &Contradictions<'_>,
    reach: &mut Reach<'_>,
) -> Fidelity {
    let subject = operation_subject(operation);
    let mut parameters = Share::default();
    let mut single_source = Share::default();
    for parameter in &operation.parameters {
        if is_firm(&parameter.said, merged) {
            parameters.add(!parameter.schema.says_nothing());
        }
    }
    let parameters_said = operation.parameters.iter().map(|parameter| &parameter.said);
    let body_said = operation.body.iter().map(|body| &body.said);
    let responses_said = operation.responses.values().map(|response| &response.said);
    for said in parameters_said.chain(body_said).chain(responses_said) {
        if is_firm(said, merged) {
            single_source.add(sources(said) == 1);
        }
    }
    let successes = operation.responses.iter();
    let successes = successes.filter(|(status, _)| status.is_success());
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    for (media_type, content) in
        contents.chain(successes.flat_map(|(_, response)| &response.contents))
    {
        match &content.schema {
            Some(schema) => reach.body(schema),
            // Octets and text need no schema.
            None if !is_firm(&content.said, merged) => {}
            None => {
                reach.body_without_schema(!media_type.to_ascii_lowercase().contains("json"));
            }
        }
    }
    let sources = sources(&operation.said);
    let (bodies, contradictions_below) = reach.finish();
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

/// The number of sources, each counted once.
fn sources(said: &SaidBy) -> usize {
    let mut sources: Vec<_> = said.iter().map(|said| said.by).collect();
    sources.dedup();
    sources.len()
}

/// Whether a source says so that does not yield: what only others add takes nothing away from what was known.
fn is_firm(said: &SaidBy, merged: &Merged) -> bool {
    said.iter().any(|said| !merged.yields(said.by))
}

/// Subjects of contradictions, by the operation or component that they are about.
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

/// `GET /issues/{}/` of `GET /issues/{}/ query cursor`, and `Project` of `Project.teams[]`.
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
    fn where_there_is_nothing_to_share_no_point_is_lost() {
        assert_eq!(Share::default().points(40), 40);
        assert_eq!(Share { count: 1, of: 3 }.points(40), 13);
    }
}
