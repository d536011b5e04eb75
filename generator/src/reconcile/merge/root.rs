//! Merges what a description says of the API as a whole.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::claims::{Claim, ClaimJudge, Item, claims_of};
use super::source_ids;
use super::subject::{THE_API, security_scheme_subject};
use crate::description::document::{Document, Facet, Provenance, SecurityScheme, Server};
use crate::http::Direction;

/// Merges title, servers, tags and security schemes of the whole API.
pub(super) fn merge(documents: &[Document], document: &mut Document, judge: &mut ClaimJudge<'_>) {
    merge_info(documents, document, judge);
    document.servers = servers(documents, judge);
    for described in documents {
        for (name, description) in &described.tags {
            let known = document
                .tags
                .entry(name.clone())
                .or_insert_with(|| description.clone());
            if known.is_none() {
                known.clone_from(description);
            }
        }
    }
    document.tags.sort_unstable_keys();
    merge_security_schemes(documents, document, judge);
}

/// The servers that a source has, which were decided for.
fn servers(documents: &[Document], judge: &mut ClaimJudge<'_>) -> Vec<Server> {
    let urls = |document: &Document| {
        let urls = document.servers.iter().map(|server| server.url.as_str());
        json!(urls.collect::<Vec<_>>())
    };
    let claims = documents.iter().filter_map(|document| {
        Some(Claim {
            value: urls(document).into(),
            origin: document.servers.first()?.provenance.first(),
        })
    });
    let item = Item {
        subject: &THE_API,
        direction: Direction::Response,
        provenance: None,
    };
    let Some(decided) = judge.settle(item, Facet::Servers, claims) else {
        return Vec::new();
    };
    let mut stated = documents
        .iter()
        .filter(|document| urls(document) == *decided.value);
    stated
        .next()
        .map(|document| document.servers.clone())
        .unwrap_or_default()
}

/// Merges title, version and description of the API.
fn merge_info(documents: &[Document], document: &mut Document, judge: &mut ClaimJudge<'_>) {
    let facts = documents.iter().flat_map(|document| document.facts.iter());
    let claims: Vec<_> = facts
        .flat_map(|(facet, fact)| claims_of(facet, fact))
        .collect();
    let origins = claims.iter().map(|(_, claim)| claim.origin);
    let provenance = Provenance::from_all(origins);
    let item = Item {
        subject: &THE_API,
        direction: Direction::Response,
        provenance: provenance.as_ref(),
    };
    judge.settle_all(item, claims, &mut document.facts);
}

/// A scheme with the scopes that others of its name have for the same flows: operations can require each of them.
fn with_all_scopes(first: &SecurityScheme, all: &[&SecurityScheme]) -> Json {
    let mut written = first.written.clone();
    let flows = written.get_mut("flows").and_then(Json::as_object_mut);
    for (flow, described) in flows.into_iter().flatten() {
        let Some(scopes) = described.get_mut("scopes").and_then(Json::as_object_mut) else {
            continue;
        };
        let others = all.iter().filter_map(|other| {
            let flow = other.written.get("flows")?.get(flow)?;
            flow.get("scopes")?.as_object()
        });
        for (scope, text) in others.flatten() {
            scopes.entry(scope.clone()).or_insert_with(|| text.clone());
        }
        scopes.sort_keys();
    }
    written
}

/// Merges the security schemes. Those of one name are equal but for their descriptions and for where their tokens come from.
fn merge_security_schemes(
    documents: &[Document],
    document: &mut Document,
    judge: &mut ClaimJudge<'_>,
) {
    let owners = source_ids(documents, |document| !document.security_schemes.is_empty());
    let mut declared: BTreeMap<&String, Vec<&SecurityScheme>> = BTreeMap::new();
    for (name, scheme) in documents
        .iter()
        .flat_map(|document| &document.security_schemes)
    {
        declared.entry(name).or_default().push(scheme);
    }
    for (name, schemes) in declared {
        let subject = security_scheme_subject(name);
        let claim = |scheme: &&SecurityScheme| Claim {
            value: scheme.written.clone().into(),
            origin: scheme.provenance.first(),
        };
        let item = Item {
            subject: &subject,
            direction: Direction::Response,
            provenance: None,
        };
        judge.settle(item, Facet::SecurityScheme, schemes.iter().map(claim));
        let origins = schemes.iter().flat_map(|scheme| scheme.provenance.iter());
        let (Some(first), Some(provenance)) = (schemes.first(), Provenance::from_all(origins))
        else {
            continue;
        };
        judge.record_presence(
            &subject,
            "security scheme",
            owners.iter().copied(),
            &provenance,
        );
        let scheme = SecurityScheme {
            provenance,
            written: with_all_scopes(first, &schemes),
            ..(*first).clone()
        };
        document.security_schemes.insert(name.clone(), scheme);
    }
}
