//! Explains an item of the API: every claim with its position, the verdict, the rule, the resolution, and the Rust items.
//!
//! An item can be named by any of its names: `retrieve_project`, `retrieveProject`, `GET /projects/{}/{}/`, `Project`,
//! `Project.firstEvent`, `Project.first_event`, `list_organization_projects.cursor`. The explanation needs only the merged
//! document, so that it works even if sources still contradict each other. Only the Rust items need the frozen API.

mod index;
mod pointers;
mod rust_items;
mod text;

use serde::Serialize;
use serde_json::Value as Json;

use crate::api::lower::Lowered;
use crate::description::document::{Provenance, SourceId};
use crate::description::suggest;
use crate::project::Project;
use crate::reconcile::merge::{Finding, Merged};

use index::{Item, index};
use pointers::Pointers;

pub use text::render;

/// The explanation of an item.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The subject of the item in findings and in `resolutions.toml`.
    pub subject: String,
    /// Its other names, in Rust and in the sources.
    pub names: Vec<String>,
    /// The sources that describe it, with positions.
    pub described: Vec<SourcePosition>,
    /// Its facets.
    pub facets: Vec<Facet>,
    /// The subjects of its parts.
    pub parts: Vec<String>,
    /// Its Rust items.
    pub rust: Vec<String>,
}

/// A source and a position in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourcePosition {
    /// The source.
    pub source: String,
    /// `file:line:column`.
    pub at: String,
    /// JSON pointer of the position in its document. `None` in a markdown page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// A facet of an item.
#[derive(Debug, Clone, Serialize)]
pub struct Facet {
    /// Its name.
    pub name: &'static str,
    /// The effective value.
    pub value: Json,
    /// The verdict. `single` if only one source has a claim.
    pub verdict: &'static str,
    /// The rule of the verdict, if more than one source has a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// The claims in order of authority.
    pub claims: Vec<Claim>,
    /// The resolution of a contradiction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// The claim of a source.
#[derive(Debug, Clone, Serialize)]
pub struct Claim {
    /// The value.
    pub value: Json,
    /// The source and the position.
    #[serde(flatten)]
    pub position: SourcePosition,
}

/// The resolution of a contradiction.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// The value that was chosen.
    pub value: Json,
    /// The reason.
    pub reason: String,
    /// `file:line:column`.
    pub at: String,
}

/// No item has that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is called `{item}`{}", suggestion.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
pub struct NotFound {
    /// The name.
    pub item: String,
    /// A similar name that exists.
    pub suggestion: Option<String>,
}

/// Explains every item with this name.
///
/// # Errors
/// If no item has this name.
pub fn explain(
    project: &Project,
    merged: &Merged,
    lowered: Option<&Lowered>,
    item: &str,
) -> Result<Vec<Explanation>, NotFound> {
    let items = index(merged, lowered);
    let wanted = index::normalized(item);
    let pointers = Pointers::new(&project.sources);
    let explained: Vec<Explanation> = items
        .iter()
        .filter(|candidate| {
            candidate
                .names
                .iter()
                .any(|name| index::normalized(name) == wanted)
        })
        .map(|found| {
            Explainer {
                project,
                merged,
                lowered,
                pointers: &pointers,
            }
            .item(found)
        })
        .collect();
    if !explained.is_empty() {
        return Ok(explained);
    }
    let names = items
        .iter()
        .flat_map(|item| &item.names)
        .map(String::as_str);
    let suggestion = suggest::closest(item, names).map(str::to_owned);
    Err(NotFound {
        item: item.to_owned(),
        suggestion,
    })
}

/// Explanations as JSON.
///
/// # Errors
/// If serialising fails. It does not fail for explanations of this module.
pub fn to_json(explanations: &[Explanation]) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(explanations)
}

struct Explainer<'a> {
    project: &'a Project,
    merged: &'a Merged,
    lowered: Option<&'a Lowered>,
    pointers: &'a Pointers<'a>,
}

impl Explainer<'_> {
    fn item(&self, item: &Item<'_>) -> Explanation {
        let mut facets: Vec<Facet> = Vec::new();
        let about = |finding: &&Finding| {
            finding.subject == item.subject || item.inputs.contains(&finding.subject)
        };
        for finding in self.merged.findings.iter().filter(about) {
            facets.push(self.finding(finding));
        }
        for (facet, fact) in item.facts.iter().flat_map(|facts| facts.iter()) {
            if !facets.iter().any(|known| known.name == facet.name()) {
                let claims = self.positions(&fact.provenance);
                let claims = claims.into_iter().map(|position| Claim {
                    value: (*fact.value).clone(),
                    position,
                });
                facets.push(Facet {
                    name: facet.name(),
                    value: (*fact.value).clone(),
                    verdict: "single",
                    rule: None,
                    claims: claims.collect(),
                    decision: None,
                });
            }
        }
        facets.sort_by_key(|facet| facet.name);
        Explanation {
            subject: item.subject.clone(),
            names: item.other_names(),
            described: self.positions(item.provenance),
            facets,
            parts: item.parts.clone(),
            rust: rust_items::of(self.project, self.lowered, item),
        }
    }

    fn finding(&self, finding: &Finding) -> Facet {
        let claims = finding.claims.iter().map(|claim| Claim {
            value: (*claim.value).clone(),
            position: self.position(claim.origin.source, claim.origin.at),
        });
        let decision = finding.resolution.as_ref().map(|resolution| Decision {
            value: resolution.decision.clone(),
            reason: resolution.reason.clone(),
            at: self.project.sources.display(resolution.at),
        });
        Facet {
            name: finding.facet.name(),
            value: finding.outcome().clone(),
            verdict: finding.judgement.verdict.name(),
            rule: Some(finding.judgement.rule),
            claims: claims.collect(),
            decision,
        }
    }

    fn positions(&self, provenance: &Provenance) -> Vec<SourcePosition> {
        provenance
            .iter()
            .map(|origin| self.position(origin.source, origin.at))
            .collect()
    }

    fn position(&self, by: SourceId, at: crate::description::source::Span) -> SourcePosition {
        SourcePosition {
            source: self.merged.source(by).to_owned(),
            at: self.project.sources.display(at),
            pointer: self.pointers.at(at),
        }
    }
}
