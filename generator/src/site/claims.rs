//! What each source says of an item, side by side.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{markdown, words};
use crate::description::document::Webhook;
use crate::description::source::SourceMap;
use crate::reconcile::judged::{Judged, JudgedFacet};
use crate::reconcile::merge::rules::Verdict;
use crate::reconcile::merge::{Merged, item};

/// The judged facets of each operation, webhook and component.
pub(super) struct ClaimsByItem {
    by_item: BTreeMap<String, Vec<Facet>>,
    /// The keys of the webhooks and callbacks, the longest first.
    webhooks: Vec<String>,
}

/// A facet with what the sources say.
#[derive(Clone, Serialize)]
pub(super) struct Facet {
    pub(super) place: String,
    pub(super) facet: &'static str,
    pub(super) verdict: &'static str,
    rule: Option<&'static str>,
    value: String,
    claims: Vec<Claim>,
    silent: Vec<String>,
    decision: Option<Decision>,
}

#[derive(Clone, Serialize)]
struct Claim {
    source: String,
    value: String,
    at: String,
    /// Whether it is what the API has.
    is_used: bool,
}

#[derive(Clone, Serialize)]
struct Decision {
    reason: String,
    at: String,
}

/// The facets of an item: those on which its sources differ, and the others.
#[derive(Serialize)]
pub(super) struct Claims {
    pub(super) differing: Vec<Facet>,
    pub(super) agreeing: Vec<Facet>,
}

impl ClaimsByItem {
    pub(super) fn new(merged: &Merged, sources: &SourceMap) -> Self {
        let judged = Judged::new(merged, sources);
        let webhooks = merged.document.webhooks.iter();
        let mut webhooks: Vec<String> = webhooks.map(Webhook::item).collect();
        webhooks.sort_by_key(|item| Reverse(item.len()));
        let mut claims = Self {
            by_item: BTreeMap::new(),
            webhooks,
        };
        for finding in &merged.findings {
            let item = claims.item(&finding.subject).to_owned();
            let facets = claims.by_item.entry(item).or_default();
            facets.push(Facet::new(judged.facet(finding)));
        }
        claims
    }

    /// The operation, webhook or component of a subject.
    fn item<'s>(&'s self, subject: &'s str) -> &'s str {
        if !["webhook ", "callback "]
            .iter()
            .any(|it| subject.starts_with(it))
        {
            return item(subject);
        }
        let mut webhooks = self.webhooks.iter().map(String::as_str);
        let webhook = webhooks.find(|it| is_part(subject, it));
        webhook.unwrap_or_else(|| item(subject))
    }

    /// The facets of a subject and of its parts.
    pub(super) fn of(&self, subject: &str) -> Claims {
        let facets = self.by_item.get(self.item(subject)).into_iter().flatten();
        let (agreeing, differing) = facets
            .filter(|facet| is_part(&facet.place, subject))
            .cloned()
            .partition(|facet: &Facet| facet.verdict == Verdict::Identical.name());
        Claims {
            differing,
            agreeing,
        }
    }

    /// All facets with a verdict.
    pub(super) fn with(&self, verdict: Verdict) -> Vec<Facet> {
        let facets = self.by_item.values().flatten();
        let facets = facets.filter(|facet| facet.verdict == verdict.name());
        facets.cloned().collect()
    }
}

/// Whether a subject is another one, or a part of it.
fn is_part(subject: &str, of: &str) -> bool {
    let rest = subject.strip_prefix(of);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '.', '[', '{', '|']))
}

impl Facet {
    fn new(judged: JudgedFacet) -> Self {
        let result = judged
            .decision
            .as_ref()
            .map_or(&judged.value, |it| &it.value);
        let claims = judged.claims.iter().map(|claim| Claim {
            source: claim.position.source.clone(),
            value: words::value(&claim.value),
            at: claim.position.position.at.to_string(),
            is_used: claim.value == *result,
        });
        Self {
            claims: claims.collect(),
            value: words::value(result),
            decision: judged.decision.as_ref().map(|decision| Decision {
                reason: markdown::to_inline_html(&decision.reason),
                at: decision.position.at.to_string(),
            }),
            place: judged.place,
            facet: judged.facet,
            verdict: judged.verdict.name(),
            rule: judged.rule,
            silent: judged.silent,
        }
    }
}
