//! Merges what a description says of the API as a whole.

use std::collections::BTreeMap;

use serde_json::json;

use super::claims::{Claim, ClaimJudge, Item};
use super::rules::Direction;
use super::source_ids;
use crate::description::document::{Document, Facet, Origin, Provenance, Server};

/// Merges title, servers, tags and security schemes of the whole API.
pub(super) fn merge(documents: &[Document], document: &mut Document, judge: &mut ClaimJudge<'_>) {
    document.title = documents.iter().find_map(|document| document.title.clone());
    document.version = documents
        .iter()
        .find_map(|document| document.version.clone());
    document.description = documents
        .iter()
        .find_map(|document| document.description.clone());
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
        for (name, scheme) in &described.security_schemes {
            document
                .security_schemes
                .entry(name.clone())
                .or_insert_with(|| scheme.clone());
        }
    }
    document.tags.sort_unstable_keys();
    document.security_schemes.sort_unstable_keys();
    record_security_schemes(documents, judge);
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
        subject: &"the API",
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

/// Records security schemes that only some of the sources declare.
fn record_security_schemes(documents: &[Document], judge: &mut ClaimJudge<'_>) {
    let owners = source_ids(documents, |document| !document.security_schemes.is_empty());
    let mut origins: BTreeMap<&str, Vec<Origin>> = BTreeMap::new();
    for (name, scheme) in documents
        .iter()
        .flat_map(|document| &document.security_schemes)
    {
        let origins = origins.entry(name).or_default();
        origins.extend(scheme.provenance.iter());
    }
    for (name, origins) in origins {
        if let Some(provenance) = Provenance::from_all(origins) {
            let owners = owners.iter().copied();
            let kind = "security scheme";
            judge.record_presence(&format_args!("{kind} {name}"), kind, owners, &provenance);
        }
    }
}
