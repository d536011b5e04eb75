//! The conflicts page: figures per source and verdict, then every contradiction with its claims and the decision.

use std::collections::BTreeMap;

use serde::Serialize;

use super::template;
use crate::api::Api;
use crate::emit::doc;
use crate::reconcile::merge::rules::Verdict;
use crate::reconcile::merge::{Finding, Merged};

const TEMPLATE: &str = include_str!("../../../../templates/RECONCILIATION.md.jinja");

const VERDICTS: [Verdict; 4] = [
    Verdict::Identical,
    Verdict::Annotation,
    Verdict::Compatible,
    Verdict::Contradictory,
];

#[derive(Serialize)]
struct Page {
    operations: usize,
    descriptions: usize,
    sources: Vec<SourceLine>,
    verdicts: Vec<Figure>,
    contradictions: Vec<Contradiction>,
}

#[derive(Serialize)]
struct Figure {
    name: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Contradiction {
    subject: String,
    facet: &'static str,
    claims: Vec<ClaimLine>,
    rule: &'static str,
    decision: String,
    reason: String,
}

#[derive(Serialize)]
struct ClaimLine {
    source: String,
    value: String,
}

#[derive(Serialize)]
struct SourceLine {
    id: String,
    title: String,
    operations: usize,
    alone: usize,
    /// Facets of which no other source speaks.
    single: usize,
    /// Facets of which others speak too, by verdict in the order of [`VERDICTS`].
    verdicts: Vec<usize>,
}

/// Renders `RECONCILIATION.md`.
///
/// # Errors
/// The template has a defect.
pub fn generate(api: &Api, merged: &Merged) -> Result<Vec<u8>, minijinja::Error> {
    let page = Page {
        operations: api.operations.len(),
        descriptions: merged.described.iter().sum(),
        sources: sources(api, merged),
        verdicts: verdicts(&merged.findings),
        contradictions: contradictions(merged),
    };
    Ok(template::render(TEMPLATE, &page)?.into_bytes())
}

fn sources(api: &Api, merged: &Merged) -> Vec<SourceLine> {
    let alone = |id: &str| {
        let operations = api.operations.iter();
        operations.filter(|operation| matches!(operation.docs.provenance.as_slice(), [only] if only.source == id)).count()
    };
    let lines = api
        .sources
        .iter()
        .enumerate()
        .map(|(index, source)| SourceLine {
            single: merged.single.get(index).copied().unwrap_or(0),
            verdicts: verdicts_of(index, &merged.findings),
            id: doc::code(&source.id),
            title: doc::plain(&source.title),
            operations: source.operations,
            alone: alone(&source.id),
        });
    lines.collect()
}

/// How many facets have a claim of a source, by verdict.
fn verdicts_of(source: usize, findings: &[Finding]) -> Vec<usize> {
    let speaks = |finding: &&Finding| {
        let mut claims = finding.claims.iter();
        claims.any(|claim| usize::from(claim.origin.source.0) == source)
    };
    let spoken: Vec<Verdict> = findings
        .iter()
        .filter(speaks)
        .map(|finding| finding.judgement.verdict)
        .collect();
    let count = |verdict| spoken.iter().filter(|other| **other == verdict).count();
    VERDICTS.map(count).to_vec()
}

fn verdicts(findings: &[Finding]) -> Vec<Figure> {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.judgement.verdict).or_default() += 1;
    }
    VERDICTS
        .iter()
        .map(|verdict| Figure {
            name: verdict.name(),
            count: counts.get(verdict).copied().unwrap_or(0),
        })
        .collect()
}

fn contradictions(merged: &Merged) -> Vec<Contradiction> {
    merged
        .findings
        .iter()
        .filter_map(|finding| {
            let resolution = finding.resolution.as_ref()?;
            let claims = finding.claims.iter().map(|claim| ClaimLine {
                source: doc::code(merged.source(claim.origin.source)),
                value: doc::code(&claim.value.to_string()),
            });
            let mut claims: Vec<ClaimLine> = claims.collect();
            claims.dedup_by(|a, b| a.source == b.source && a.value == b.value);
            Some(Contradiction {
                subject: doc::code(&finding.subject),
                facet: finding.facet.name(),
                claims,
                rule: finding.judgement.rule,
                decision: doc::code(&resolution.decision.to_string()),
                reason: doc::lines(&resolution.reason).join(" "),
            })
        })
        .collect()
}
