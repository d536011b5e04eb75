//! The Rust items of an item.

use crate::api::lower::Lowered;
use crate::api::{Api, Name, Operation, Presence, TypeDefinition, TypeKind};
use crate::emit::rust::type_text;
use crate::project::Project;

use super::index::{Item, ItemKind};

/// The paths of an item's Rust items, as a downstream crate uses them.
pub(super) fn of(project: &Project, lowered: Option<&Lowered>, item: &Item) -> Vec<String> {
    let (Some(lowered), Ok(library)) = (lowered, project.package.library()) else {
        return Vec::new();
    };
    let spell = |ty| type_text(&lowered.api, &library, ty);
    match &item.kind {
        ItemKind::Operation(key) => {
            let Some(name) = lowered.lock.operations.get(key) else {
                return Vec::new();
            };
            let mut operations = lowered.api.operations.iter();
            operations
                .find(|operation| operation.name.plain() == name)
                .map(|operation| methods(&lowered.api, &library, operation))
                .unwrap_or_default()
        }
        ItemKind::Webhook(key) => {
            let name = lowered.lock.webhooks.get(key);
            name.map(|name| format!("{library}::server::webhooks::Webhooks::{name}"))
                .into_iter()
                .collect()
        }
        ItemKind::Type(key) => definitions(lowered, key)
            .map(|definition| format!("{library}::models::{}", definition.name))
            .collect(),
        ItemKind::Property(key, property) => definitions(lowered, key)
            .filter_map(|definition| {
                let TypeKind::Struct(structure) = &definition.kind else {
                    return None;
                };
                let field = structure
                    .fields
                    .iter()
                    .find(|field| field.wire_name == *property)?;
                let ty = spell(&field.ty);
                let ty = match field.presence {
                    Presence::Required => ty,
                    Presence::Optional | Presence::Nullable => {
                        format!("Option<{ty}>")
                    }
                    Presence::ThreeState => format!("{library}::types::Change<{ty}>"),
                };
                Some(format!(
                    "{library}::models::{}::{}: {ty}",
                    definition.name, field.name
                ))
            })
            .collect(),
        ItemKind::Api | ItemKind::SecurityScheme | ItemKind::Other => Vec::new(),
    }
}

/// The methods of an operation: that of the client, and that of the server trait if the server has a route for it.
fn methods(api: &Api, library: &Name, operation: &Operation) -> Vec<String> {
    let client = format!("{library}::client::Client::{}", operation.client_method);
    let server = api.server_trait_of(operation).map(|server_trait| {
        let (module, name) = (&operation.tag, &operation.name);
        format!("{library}::server::operations::{module}::{server_trait}::{name}")
    });
    std::iter::once(client).chain(server).collect()
}

/// The types of a component: one, or one for requests and one for responses.
fn definitions<'l>(lowered: &'l Lowered, key: &str) -> impl Iterator<Item = &'l TypeDefinition> {
    let pointer = crate::description::document::key::pointer(key);
    lowered
        .api
        .types
        .iter()
        .filter(move |definition| definition.schema == pointer)
}
