//! What an item became in Rust.

use crate::emit::rust::{CratePath, type_text};
use crate::ir::{Presence, TypeDefinition, TypeKind};
use crate::lower::Lowered;
use crate::project::Project;

use super::index::{Item, Kind};

/// The Rust items of an item, as a downstream crate writes them.
pub(super) fn items(project: &Project, lowered: Option<&Lowered>, item: &Item<'_>) -> Vec<String> {
    let (Some(lowered), Ok(library)) = (lowered, project.package.library()) else {
        return Vec::new();
    };
    let root = CratePath::downstream(&library);
    let spell = |ty| type_text(&lowered.api, &root, ty);
    match &item.kind {
        Kind::Operation(key) => {
            let Some(name) = lowered.lock.operations.get(key) else {
                return Vec::new();
            };
            let operation = lowered
                .api
                .operations
                .iter()
                .find(|operation| operation.name.plain() == name);
            operation
                .map(|operation| {
                    let group = lowered
                        .api
                        .tags
                        .iter()
                        .find(|tag| tag.module == operation.tag);
                    let group = group.map_or("", |tag| tag.server_trait.as_str());
                    let module = &operation.tag;
                    vec![
                        format!("::{library}::client::Client::{}", operation.name),
                        format!(
                            "::{library}::server::operations::{module}::{group}::{}",
                            operation.name
                        ),
                    ]
                })
                .unwrap_or_default()
        }
        Kind::Webhook(key) => {
            let name = lowered.lock.webhooks.get(key);
            name.map(|name| format!("::{library}::server::webhooks::Webhooks::{name}"))
                .into_iter()
                .collect()
        }
        Kind::Type(key) => definitions(lowered, key)
            .map(|definition| format!("::{library}::models::{}", definition.name))
            .collect(),
        Kind::Property(key, property) => definitions(lowered, key)
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
                        format!("::std::option::Option<{ty}>")
                    }
                    Presence::ThreeState => format!("::{library}::types::Change<{ty}>"),
                };
                Some(format!(
                    "::{library}::models::{}::{}: {ty}",
                    definition.name, field.name
                ))
            })
            .collect(),
        Kind::Other => Vec::new(),
    }
}

/// The types that a component became: one, or one a direction.
fn definitions<'l>(lowered: &'l Lowered, key: &str) -> impl Iterator<Item = &'l TypeDefinition> {
    let pointer = crate::document::key::pointer(key);
    lowered
        .api
        .types
        .iter()
        .filter(move |definition| definition.schema == pointer)
}
