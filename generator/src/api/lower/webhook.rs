//! Turns webhooks and callbacks of the document into operations that a user of the API serves.

use std::collections::BTreeMap;

use crate::api::names::{self, Collision, Lock, NameKind, UnnamedItem, case};
use crate::api::{self, Name, PathPart, PathTemplate, Tag, Webhooks};
use crate::description::document::{Facet, Operation, Webhook, WebhookOwner};
use crate::http::Direction;
use crate::reconcile::merge::Merged;

use super::docs;
use super::operation::{self, OperationNames};
use super::type_builder::TypeBuilder;

/// Functions that every module of webhooks has.
const RESERVED: [&str; 4] = ["dispatch", "handler", "router", "routes"];

/// Lowers the webhooks, if there are any. Their names are added to `locked`.
pub(super) fn lower(
    types: &mut TypeBuilder<'_>,
    lock: &Lock,
    locked: &mut Lock,
    collisions: &mut Vec<Collision>,
) -> Option<Webhooks> {
    let merged = types.merged;
    let webhooks = &merged.document.webhooks;
    if webhooks.is_empty() {
        return None;
    }
    let group = Tag {
        name: "webhooks".to_owned(),
        module: case::snake("webhooks", "webhooks"),
        server_trait: case::pascal("webhooks", "Webhooks"),
        description: None,
    };
    let names = names(merged, &group, lock, collisions);
    let mut operations = Vec::new();
    let mut named = BTreeMap::new();
    for (webhook, names) in webhooks.iter().zip(names) {
        let item = webhook.item();
        let lowered = operation::lower(
            &webhook.operation,
            &names,
            &item,
            Direction::Response,
            types,
        );
        operations.push(served(webhook, lowered));
        operation::pin_type_name(&names, &item, locked);
        locked
            .webhooks
            .insert(item.clone(), names.method.plain().to_owned());
        named.insert(item, names.method);
    }
    Some(Webhooks {
        group,
        operations,
        names: named,
    })
}

/// The operation as a server has it: its path is its name, and its documentation says what it is.
fn served(webhook: &Webhook, lowered: api::Operation) -> api::Operation {
    let template = format!("/{}", lowered.name.plain());
    let Operation { method, path, .. } = &webhook.operation;
    let note = match &webhook.owner {
        WebhookOwner::Api => format!("The webhook {}.", docs::code(path)),
        WebhookOwner::Operation {
            method: owner,
            path: owner_path,
            name,
        } => format!(
            "The callback {} of {}: {}.",
            docs::code(name),
            docs::code(&format!("{owner} {owner_path}")),
            docs::code(&format!("{method} {path}"))
        ),
    };
    let mut lowered = api::Operation {
        path: PathTemplate {
            parts: vec![PathPart::Literal(template.clone())],
            template,
        },
        ..lowered
    };
    lowered.docs.notes.insert(0, note);
    lowered
}

/// The names of the webhooks. They are unique among the webhooks, which have their own module.
fn names(
    merged: &Merged,
    group: &Tag,
    lock: &Lock,
    collisions: &mut Vec<Collision>,
) -> Vec<OperationNames> {
    let webhooks = &merged.document.webhooks;
    let unnamed: Vec<UnnamedItem> = webhooks
        .iter()
        .map(|webhook| unnamed(webhook, merged))
        .collect();
    let methods: Vec<Name> = names::assign(
        NameKind::Webhook,
        &unnamed,
        &lock.webhooks,
        &RESERVED,
        collisions,
    );
    let items: Vec<String> = unnamed.into_iter().map(|unnamed| unnamed.item).collect();
    let (known, pinned) = (&lock.webhooks, &lock.operation_types);
    let type_names = operation::type_names(&methods, &items, known, pinned);
    let named = methods.into_iter().zip(type_names);
    let named = named.map(|(method, type_name)| OperationNames {
        method,
        type_name,
        tag: group.name.clone(),
        tag_module: group.module.clone(),
        path_parameters: Vec::new(),
    });
    named.collect()
}

/// The possible names of a webhook: its operationId, its own name, then with the operation that it belongs to, and then
/// with its method.
fn unnamed(webhook: &Webhook, merged: &Merged) -> UnnamedItem {
    let id = webhook.operation.facts.text(Facet::OperationId);
    let name = webhook.name().to_owned();
    let mut candidates: Vec<String> = id.map(str::to_owned).into_iter().collect();
    candidates.push(name.clone());
    let qualified = match &webhook.owner {
        WebhookOwner::Api => name,
        WebhookOwner::Operation { method, path, .. } => {
            let owner = names::operation::candidates(*method, path);
            let owner = owner.into_iter().next().unwrap_or_default();
            let qualified = format!("{owner} {name}");
            candidates.push(qualified.clone());
            qualified
        }
    };
    let method = webhook.operation.method.key();
    candidates.push(format!("{method} {qualified}"));
    UnnamedItem {
        item: webhook.item(),
        candidates,
        priority: u8::from(id.is_none()),
        provenance: docs::provenance(&webhook.operation.provenance, merged),
    }
}
