//! Merges webhooks and callbacks. Two of them are the same if owner, name and method are equal.

use std::collections::BTreeMap;

use super::schema::SchemaMerger;
use super::source_ids;
use crate::description::document::{Document, Operation, SourceId, Webhook};

/// Merges the webhooks of documents in order of authority. Sorts them by identity.
pub(super) fn merge(
    documents: &[Document],
    document: &mut Document,
    merger: &mut SchemaMerger<'_, '_, '_>,
) {
    let mut groups: BTreeMap<String, Vec<&Webhook>> = BTreeMap::new();
    for webhook in documents.iter().flat_map(|document| &document.webhooks) {
        groups.entry(webhook.item()).or_default().push(webhook);
    }
    let with_webhooks: Vec<SourceId> =
        source_ids(documents, |document| !document.webhooks.is_empty());
    for (item, group) in &groups {
        let described: Vec<&Operation> = group.iter().map(|webhook| &webhook.operation).collect();
        let Some(first) = group.first() else { continue };
        if let Some(operation) = merger.operation(item, &first.operation.path, &described) {
            let owners = with_webhooks.iter().copied();
            let provenance = &operation.provenance;
            merger
                .judge
                .record_presence(item, "webhook", owners, provenance);
            document.webhooks.push(Webhook {
                owner: first.owner.clone(),
                operation,
            });
        }
    }
    let left_out = documents.iter().map(|document| {
        document
            .webhooks_found
            .saturating_sub(document.webhooks.len())
    });
    document.webhooks_found = groups.len() + left_out.sum::<usize>();
}
