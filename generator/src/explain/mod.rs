//! Explains an item of the API: every claim with its position, the verdict, the rule, the resolution, and the Rust items.
//!
//! An item can be named by any of its names: `retrieve_project`, `retrieveProject`, `GET /projects/{}/{}/`, `Project`,
//! `Project.firstEvent`, `Project.first_event`, `list_organization_projects.cursor`. The explanation needs only the merged
//! document, so that it works even if sources still contradict each other. Only the Rust items need the frozen API.

mod index;
mod rust_items;
mod text;

use serde::Serialize;

use crate::api::lower::Lowered;
use crate::description::document::{Facet, Fact, Origin, Provenance};
use crate::description::pointers::Pointers;
use crate::description::suggest;
use crate::project::Project;
use crate::reconcile::judged::{Judged, JudgedFacet, SourcePosition};
use crate::reconcile::merge::rules::Verdict;
use crate::reconcile::merge::{Claim, Finding, Merged};

use index::{Item, index};

pub use text::{render, render_differences};

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
    pub facets: Vec<JudgedFacet>,
    /// The subjects of its parts.
    pub parts: Vec<String>,
    /// Its Rust items.
    pub rust: Vec<String>,
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
                judged: Judged::new(merged, &project.sources).with_pointers(&pointers),
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

/// Every facet on which sources differ: contradictions first, then by item and facet.
#[must_use]
pub fn differences(project: &Project, merged: &Merged) -> Vec<JudgedFacet> {
    let pointers = Pointers::new(&project.sources);
    let judged = Judged::new(merged, &project.sources);
    judged.with_pointers(&pointers).differences()
}

/// Explanations or differences as JSON.
///
/// # Errors
/// If serialising fails. It does not fail for values of this module.
pub fn to_json<T: Serialize>(explanations: &[T]) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(explanations)
}

struct Explainer<'a> {
    project: &'a Project,
    merged: &'a Merged,
    lowered: Option<&'a Lowered>,
    judged: Judged<'a>,
}

impl Explainer<'_> {
    fn item(&self, item: &Item<'_>) -> Explanation {
        let mut facets: Vec<JudgedFacet> = Vec::new();
        let about = |finding: &&Finding| {
            finding.subject == item.subject || item.further_subjects.contains(&finding.subject)
        };
        for finding in self.merged.findings.iter().filter(about) {
            facets.push(self.judged.facet(finding));
        }
        for (facet, fact) in item.facts.iter().flat_map(|facts| facts.iter()) {
            if !facets.iter().any(|known| known.facet == facet.name()) {
                facets.push(self.of_one_source(&item.subject, facet, fact));
            }
        }
        facets.sort_by_key(|facet| facet.facet);
        Explanation {
            subject: item.subject.clone(),
            names: item.other_names(),
            described: self.positions(item.provenance),
            facets,
            parts: item.parts.clone(),
            rust: rust_items::of(self.project, self.lowered, item),
        }
    }

    /// A facet of an item that only one source describes.
    fn of_one_source(&self, place: &str, facet: Facet, fact: &Fact) -> JudgedFacet {
        let claim = |origin: Origin| {
            let value = fact.value.clone();
            self.judged.claim(&Claim { value, origin })
        };
        JudgedFacet {
            place: place.to_owned(),
            facet: facet.name(),
            verdict: Verdict::Single,
            rule: None,
            value: (*fact.value).clone(),
            claims: fact.provenance.iter().map(claim).collect(),
            silent: Vec::new(),
            decision: None,
        }
    }

    fn positions(&self, provenance: &Provenance) -> Vec<SourcePosition> {
        let origins = provenance.iter();
        origins.map(|origin| self.judged.origin(origin)).collect()
    }
}
