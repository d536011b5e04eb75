//! From webhooks and callbacks of the document to what a server of the API's user is called with.

use crate::document::{Facet, Operation, Webhook, WebhookOrigin};
use crate::ir::{self, Name, PathPart, PathTemplate, Tag, Webhooks};
use crate::merge::Merged;
use crate::names::{self, Collision, Kind, Lock, Wanted, case};

use super::docs;
use super::drafts::{Direction, Drafts};
use super::operation::{self, OperationNames};

/// Functions that the module of the webhooks has anyway.
const RESERVED: [&str; 4] = ["dispatch", "handler", "router", "routes"];

/// The webhooks, if there are any. Their names are put into `locked`.
pub(super) fn lower(
    drafts: &mut Drafts<'_>,
    lock: &Lock,
    locked: &mut Lock,
    collisions: &mut Vec<Collision>,
) -> Option<Webhooks> {
    let merged = drafts.merged;
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
    for (webhook, names) in webhooks.iter().zip(names) {
        let item = webhook.item();
        let place = (item.as_str(), Direction::Response);
        let lowered = operation::lower(&webhook.operation, &names, place, drafts, merged);
        operations.push(called(webhook, lowered));
        locked
            .webhooks
            .insert(item, names.method.plain().to_owned());
    }
    Some(Webhooks { group, operations })
}

/// The operation as a server has it: at a path that is its name, and with what it is in words.
fn called(webhook: &Webhook, lowered: ir::Operation) -> ir::Operation {
    let template = format!("/{}", lowered.name.plain());
    let Operation { method, path, .. } = &webhook.operation;
    let what = match &webhook.origin {
        WebhookOrigin::Api => format!("The webhook {}.", docs::code(path)),
        WebhookOrigin::Operation {
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
    let mut lowered = ir::Operation {
        path: PathTemplate {
            parts: vec![PathPart::Literal(template.clone())],
            template,
        },
        ..lowered
    };
    lowered.docs.notes.insert(0, what);
    lowered
}

/// The names, which are unique among the webhooks alone: they have a module of their own.
fn names(
    merged: &Merged,
    group: &Tag,
    lock: &Lock,
    collisions: &mut Vec<Collision>,
) -> Vec<OperationNames> {
    let webhooks = &merged.document.webhooks;
    let wanted: Vec<Wanted> = webhooks
        .iter()
        .map(|webhook| wanted(webhook, merged))
        .collect();
    let methods: Vec<Name> = names::assign(
        Kind::Webhook,
        &wanted,
        &lock.webhooks,
        &RESERVED,
        collisions,
    );
    let type_names = operation::type_names(&methods);
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

/// By its operationId, or else by its own name, then the operation that it belongs to, and then its method.
fn wanted(webhook: &Webhook, merged: &Merged) -> Wanted {
    let id = webhook.operation.facts.text(Facet::OperationId);
    let name = webhook.name().to_owned();
    let mut candidates: Vec<String> = id.map(str::to_owned).into_iter().collect();
    candidates.push(name.clone());
    let qualified = match &webhook.origin {
        WebhookOrigin::Api => name,
        WebhookOrigin::Operation { method, path, .. } => {
            let owner = names::operation::candidates(*method, path);
            let owner = owner.into_iter().next().unwrap_or_default();
            let qualified = format!("{owner} {name}");
            candidates.push(qualified.clone());
            qualified
        }
    };
    let method = webhook.operation.method.key();
    candidates.push(format!("{method} {qualified}"));
    Wanted {
        item: webhook.item(),
        candidates,
        priority: u8::from(id.is_none()),
        provenance: docs::provenance(&webhook.operation.said, merged),
    }
}
