//! Why an item of the API is what it is: every claim with its position, the verdict, the rule, the decision, and what
//! became of it in Rust.
//!
//! An item is asked for by any of its names: `retrieve_project`, `retrieveProject`, `GET /projects/{}/{}/`, `Project`,
//! `Project.firstEvent`, `Project.first_event`, `list_organization_projects.cursor`. It is read off the merged document,
//! so that an API whose sources still contradict each other can be explained, too; only the Rust items need the frozen API.

mod index;
mod pointers;
mod rust;
mod text;

use serde::Serialize;
use serde_json::Value as Json;

use crate::document::{SaidBy, SourceId};
use crate::lower::Lowered;
use crate::merge::{Finding, Merged};
use crate::project::Project;
use crate::suggest;

use index::{Item, index};
use pointers::Pointers;

pub use text::render;

/// Everything there is to say about an item.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// The item, as findings and `resolutions.toml` name it.
    pub subject: String,
    /// Its other names: in Rust, in sources.
    pub names: Vec<String>,
    /// Who describes it: `source file:line:column`.
    pub described: Vec<Place>,
    /// What is said of it, facet by facet.
    pub facets: Vec<Facet>,
    /// What it consists of: the subjects of its parts.
    pub parts: Vec<String>,
    /// What it became in Rust.
    pub rust: Vec<String>,
}

/// A source and a position in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The source.
    pub source: String,
    /// `file:line:column`.
    pub at: String,
    /// JSON pointer of that place in its document; none in a markdown page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// A facet of an item.
#[derive(Debug, Clone, Serialize)]
pub struct Facet {
    /// Its name.
    pub name: &'static str,
    /// The value that holds.
    pub value: Json,
    /// The verdict; `single` when only one source speaks.
    pub verdict: &'static str,
    /// The rule that led to it, when more than one source speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// The claims in order of authority.
    pub claims: Vec<Claim>,
    /// The decision on a contradiction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// What a source says.
#[derive(Debug, Clone, Serialize)]
pub struct Claim {
    /// The value.
    pub value: Json,
    /// Who says so.
    #[serde(flatten)]
    pub place: Place,
}

/// A decision on a contradiction.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// The value that holds.
    pub value: Json,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub at: String,
}

/// No item has that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is called `{item}`{}", suggestion.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
pub struct NotFound {
    /// What was asked for.
    pub item: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// Explains every item that has this name.
///
/// # Errors
/// Nothing has it.
pub fn explain(
    project: &Project,
    merged: &Merged,
    lowered: Option<&Lowered>,
    item: &str,
) -> Result<Vec<Explanation>, NotFound> {
    let items = index(merged, lowered);
    let wanted = index::normal(item);
    let pointers = Pointers::new(&project.sources);
    let explained: Vec<Explanation> = items
        .iter()
        .filter(|candidate| {
            candidate
                .names
                .iter()
                .any(|name| index::normal(name) == wanted)
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
/// Never for explanations of this module; serialising can fail in general.
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
                let claims = self.places(&fact.said);
                let claims = claims.into_iter().map(|place| Claim {
                    value: (*fact.value).clone(),
                    place,
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
            described: self.places(item.said),
            facets,
            parts: item.parts.clone(),
            rust: rust::items(self.project, self.lowered, item),
        }
    }

    fn finding(&self, finding: &Finding) -> Facet {
        let claims = finding.claims.iter().map(|claim| Claim {
            value: (*claim.value).clone(),
            place: self.place(claim.said.by, claim.said.at),
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

    fn places(&self, said: &SaidBy) -> Vec<Place> {
        said.iter()
            .map(|said| self.place(said.by, said.at))
            .collect()
    }

    fn place(&self, by: SourceId, at: crate::source::Span) -> Place {
        Place {
            source: self.merged.source(by).to_owned(),
            at: self.project.sources.display(at),
            pointer: self.pointers.at(at),
        }
    }
}
