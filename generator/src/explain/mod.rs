//! Explains an item of the API: every claim with its position, the verdict, the rule, the resolution, and the Rust items.
//!
//! An item can be named by any of its names: `retrieve_project`, `retrieveProject`, `GET /projects/{}/{}/`, `Project`,
//! `Project.firstEvent`, `Project.first_event`, `list_organization_projects.cursor`. Names that other commands print are resolved,
//! too: `GET /projects/{} path 1`, `sentry_api::models::Project::first_event`. The explanation needs only the merged
//! document, so that it works even if sources still contradict each other. Only the Rust items need the frozen API.

mod index;
mod resolve;
mod rust_items;
mod stated;
mod text;

use serde::Serialize;

use crate::api::lower::Lowered;
use crate::description::document::{Origin, Provenance};
use crate::description::pointers::Pointers;
use crate::description::suggest;
use crate::project::Project;
use crate::reconcile::judged::{Judged, JudgedFacet, SourcePosition};
use crate::reconcile::merge::rules::Verdict;
use crate::reconcile::merge::{Claim, Finding, Merged, THE_API};

use index::{Item, ItemKind, index};
use resolve::Names;
use stated::Stated;

pub use text::{render, render_differences, render_examples};

/// An item that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// A name of the item.
    pub name: String,
    /// What it is the name of.
    pub meaning: &'static str,
}

/// An item of each kind, with a name that it can be asked by.
#[must_use]
pub fn examples(merged: &Merged, lowered: Option<&Lowered>) -> Vec<Example> {
    let items = index(merged, lowered);
    let is_part = |item: &Item, end: &dyn Fn(&str) -> bool| {
        let rest = item
            .subject
            .split_once(' ')
            .and_then(|(_, rest)| rest.split_once(' '));
        matches!(item.kind, ItemKind::Other) && rest.is_some_and(|(_, rest)| end(rest))
    };
    let is_status = |part: &str| part.len() == 3 && part.starts_with(|c: char| c.is_ascii_digit());
    type IsOfKind<'f> = &'f dyn Fn(&Item) -> bool;
    let kinds: [(&str, IsOfKind<'_>); 8] = [
        ("the API: its title, version and servers", &|item| {
            matches!(item.kind, ItemKind::Api)
        }),
        ("an operation", &|item| {
            matches!(item.kind, ItemKind::Operation(_))
        }),
        ("a parameter", &|item| {
            is_part(item, &|part| part.starts_with("query "))
        }),
        ("a response", &|item| is_part(item, &is_status)),
        ("a type", &|item| matches!(item.kind, ItemKind::Type(_))),
        ("a property", &|item| {
            matches!(item.kind, ItemKind::Property(..))
        }),
        ("a webhook", &|item| {
            matches!(item.kind, ItemKind::Webhook(_))
        }),
        ("a security scheme", &|item| {
            matches!(item.kind, ItemKind::SecurityScheme)
        }),
    ];
    let mut examples = Vec::new();
    for (meaning, is_wanted) in kinds {
        let Some(item) = items.iter().find(|item| is_wanted(item)) else {
            continue;
        };
        let name = item.short_name().to_owned();
        examples.push(Example { name, meaning });
        if matches!(item.kind, ItemKind::Operation(_)) {
            examples.push(Example {
                name: item.subject.clone(),
                meaning: "the same, by method and path",
            });
        }
    }
    examples
}

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
    let pointers = Pointers::new(&project.sources);
    let names = Names {
        project,
        merged,
        lowered,
        items: &items,
    };
    let explained: Vec<Explanation> = names
        .find(item)
        .into_iter()
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
    let suggestion = suggest::closest(item, names.clone())
        .or_else(|| suggest::containing(item, names))
        .map(str::to_owned);
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
    fn item(&self, item: &Item) -> Explanation {
        let mut facets: Vec<JudgedFacet> = Vec::new();
        let about = |finding: &&Finding| {
            finding.subject == item.subject || item.further_subjects.contains(&finding.subject)
        };
        for finding in self.merged.findings.iter().filter(about) {
            facets.push(self.judged.facet(finding));
        }
        for stated in &item.stated {
            let is_same = |known: &JudgedFacet| {
                known.facet == stated.facet.name() && known.place == stated.place
            };
            if !facets.iter().any(is_same) {
                facets.push(self.without_finding(stated));
            }
        }
        if matches!(item.kind, ItemKind::Api) {
            self.apply_own_texts(&mut facets);
        }
        facets.sort_by(|a, b| (a.facet, &a.place).cmp(&(b.facet, &b.place)));
        Explanation {
            subject: item.subject.clone(),
            names: item.other_names(),
            described: self.positions(&item.provenance),
            facets,
            parts: item.parts.clone(),
            rust: rust_items::of(self.project, self.lowered, item),
        }
    }

    /// A facet about which nothing was found: only one source describes the item, or all that do have it.
    fn without_finding(&self, stated: &Stated) -> JudgedFacet {
        let Stated { place, facet, fact } = stated;
        let claim = |origin: Origin| {
            let value = fact.value.clone();
            self.judged.claim(&Claim { value, origin })
        };
        let (verdict, rule) = if fact.provenance.is_of_one_source() {
            (Verdict::Single, None)
        } else {
            (Verdict::Identical, Some("all claims are equal"))
        };
        JudgedFacet {
            place: place.clone(),
            facet: facet.name(),
            verdict,
            rule,
            value: (*fact.value).clone(),
            claims: fact.provenance.iter().map(claim).collect(),
            silent: Vec::new(),
            decision: None,
        }
    }

    /// Replaces the texts of the API by those that the manifest states. The claims of the sources stay.
    fn apply_own_texts(&self, facets: &mut Vec<JudgedFacet>) {
        for (facet, text) in &self.merged.own_texts {
            let (value, rule) = (text.as_str().into(), Some("the manifest states it"));
            let verdict = Verdict::Annotation;
            match facets.iter_mut().find(|known| known.facet == facet.name()) {
                Some(known) => {
                    known.value = value;
                    known.rule = rule;
                    known.verdict = verdict;
                }
                None => facets.push(JudgedFacet {
                    place: THE_API.to_owned(),
                    facet: facet.name(),
                    verdict,
                    rule,
                    value,
                    claims: Vec::new(),
                    silent: Vec::new(),
                    decision: None,
                }),
            }
        }
    }

    fn positions(&self, provenance: &Provenance) -> Vec<SourcePosition> {
        let origins = provenance.iter();
        origins.map(|origin| self.judged.origin(origin)).collect()
    }
}
