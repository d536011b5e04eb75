//! Turns the merged document into the frozen [`Api`]. Every type, every name and every choice is decided here.

mod alternatives;
mod boxing;
mod content;
mod directions;
mod docs;
mod moved;
mod nested_names;
mod operation;
mod public_names;
mod recursion;
mod schema;
mod structures;
mod type_builder;
mod undescribed;
mod unions;
mod webhook;
mod wire;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::api::names::{self, Collision, Lock, NameKind, UnnamedItem, case};
use crate::api::{
    Api, Name, Operation, OperationType, SecurityDeclaration, SecurityRequirements, Server,
    ServerVariable, Source, Tag, TypeDefinition, TypeId,
};
use crate::description::document::{self, Facet};
use crate::http::Direction;
use crate::path_template::template_names;
use crate::reconcile::merge::{Merged, identity, operation_subject};

pub use moved::{MovedOperation, follow_moved_operations};

use nested_names::NestedNames;
use operation::OperationNames;
use public_names::PublicNames;
use type_builder::TypeBuilder;

/// The frozen API and its names.
#[derive(Debug)]
pub struct Lowered {
    /// The API.
    pub api: Api,
    /// The names to write to `names.lock`.
    pub lock: Lock,
    /// The items that got a number because another item has their name.
    pub collisions: Vec<Collision>,
}

/// Lowers a merged document. `lock` has the pinned names.
pub fn lower(merged: &Merged, lock: &Lock) -> Lowered {
    let mut collisions = Vec::new();
    let names = name_operations(merged, lock, &mut collisions);
    let mut types = TypeBuilder::new(merged);
    let items: Vec<String> = merged
        .document
        .operations
        .iter()
        .map(operation_subject)
        .collect();
    let described = merged.document.operations.iter().zip(&names).zip(&items);
    let mut operations: Vec<_> = described
        .map(|((operation, names), item)| {
            operation::lower(operation, names, item, Direction::Request, &mut types)
        })
        .collect();
    let mut locked = Lock::default();
    let mut webhooks = webhook::lower(&mut types, lock, &mut locked, &mut collisions);
    let webhook_operations = webhooks.iter_mut().flat_map(|all| &mut all.operations);
    let all_operations = operations.iter_mut().chain(webhook_operations);
    let mut types = finish_types(types, lock, all_operations, &mut locked, &mut collisions);
    let webhook_operations = webhooks.iter().flat_map(|all| &all.operations);
    undescribed::describe(&mut types, operations.iter().chain(webhook_operations));
    pin_operations(merged, &names, &mut locked);
    let mut api = Api {
        operations,
        webhooks,
        types,
        ..without_items(merged, tags(merged, &names))
    };
    let webhooks = merged.document.webhooks.iter();
    let webhooks: Vec<String> = webhooks.map(document::Webhook::item).collect();
    let names = PublicNames {
        pinned: lock,
        locked: &mut locked,
        collisions: &mut collisions,
    };
    settle(&mut api, names, &items, &webhooks);
    Lowered {
        api,
        lock: locked,
        collisions,
    }
}

/// Pins the names of operations and of the parameters of their paths.
fn pin_operations(merged: &Merged, names: &[OperationNames], locked: &mut Lock) {
    for (operation, names) in merged.document.operations.iter().zip(names) {
        let item = operation_subject(operation);
        let method = names.method.plain().to_owned();
        locked.tags.insert(item.clone(), names.tag.clone());
        operation::pin_type_name(names, &item, locked);
        locked.operations.insert(item.clone(), method);
        moved::pin_id(operation, &item, locked);
        if !names.path_parameters.is_empty() {
            let parameters = names.path_parameters.clone();
            locked
                .path_parameters
                .insert(identity(operation), parameters);
        }
    }
}

/// What is of the API as a whole, without operations, webhooks and types.
fn without_items(merged: &Merged, tags: Vec<Tag>) -> Api {
    let document = &merged.document;
    let schemes = document.security_schemes.iter();
    let declarations = schemes
        .clone()
        .map(|(name, scheme)| (name.clone(), declaration(scheme, merged)));
    let servers = document.servers.iter();
    Api {
        title: merged.text(Facet::Title).unwrap_or_default().to_owned(),
        version: merged.text(Facet::Version).unwrap_or_default().to_owned(),
        description: merged.text(Facet::Description).map(str::to_owned),
        servers: servers.map(|stated| server(stated, merged)).collect(),
        sources: sources(merged),
        security_schemes: schemes
            .map(|(name, scheme)| (name.clone(), scheme.scheme.clone()))
            .collect(),
        security_declarations: declarations.collect(),
        tags,
        operations: Vec::new(),
        headers: Vec::new(),
        webhooks: None,
        types: Vec::new(),
    }
}

/// Decides everything that follows from the types and operations of an API: how to tell the alternatives of unions apart,
/// what the client sends, and all names that are not pinned. Earlier decisions are replaced.
pub fn complete(api: &mut Api) {
    let ids = |operations: &[Operation]| -> Vec<String> {
        let ids = operations.iter().map(|operation| operation.id.clone());
        ids.collect()
    };
    let items = ids(&api.operations);
    let webhooks = api.webhooks.as_ref();
    let webhooks = webhooks.map_or_else(Vec::new, |all| ids(&all.operations));
    let names = PublicNames {
        pinned: &Lock::default(),
        locked: &mut Lock::default(),
        collisions: &mut Vec::new(),
    };
    settle(api, names, &items, &webhooks);
}

/// `items` and `webhooks` are the keys of the operations and webhooks in `names.lock`.
fn settle(api: &mut Api, mut names: PublicNames<'_>, items: &[String], webhooks: &[String]) {
    unions::settle(api);
    wire::settle(api);
    names.settle(api, items, webhooks);
}

fn name_operations(
    merged: &Merged,
    lock: &Lock,
    collisions: &mut Vec<Collision>,
) -> Vec<OperationNames> {
    let operations = &merged.document.operations;
    let unnamed: Vec<UnnamedItem> = operations
        .iter()
        .map(|operation| {
            let by_rule = names::operation::candidates(operation.method, &operation.path);
            let id = operation.facts.text(Facet::OperationId);
            let priority = u8::from(id.is_none());
            let candidates = id.map(str::to_owned).into_iter().chain(by_rule).collect();
            UnnamedItem {
                item: operation_subject(operation),
                candidates,
                priority,
                provenance: docs::provenance(&operation.provenance, merged),
            }
        })
        .collect();
    let methods = names::assign(
        NameKind::Operation,
        &unnamed,
        &lock.operations,
        &reserved_methods(lock),
        collisions,
    );
    let items: Vec<String> = unnamed.into_iter().map(|unnamed| unnamed.item).collect();
    let (known, pinned) = (&lock.operations, &lock.operation_types);
    let type_names = operation::type_names(&methods, &items, known, pinned);
    operations
        .iter()
        .zip(methods)
        .zip(type_names)
        .map(|((operation, method), type_name)| {
            let pinned = lock.tags.get(&operation_subject(operation));
            let tag = pinned.cloned().unwrap_or_else(|| operation::tag(operation));
            let own = template_names(&operation.path).map(str::to_owned);
            let own: Vec<String> = own.collect();
            let pinned = lock.path_parameters.get(&identity(operation));
            let path_parameters = match pinned.filter(|pinned| pinned.len() == own.len()) {
                Some(pinned) => pinned.clone(),
                None => own,
            };
            OperationNames {
                path_parameters,
                type_name,
                tag_module: tag_module(&tag),
                tag,
                method,
            }
        })
        .collect()
}

/// The module of a tag. It has its own file, so that its name must be a valid file name.
fn tag_module(tag: &str) -> Name {
    let name = case::snake(tag, "api");
    if names::modules::is_file_name(name.plain()) {
        name
    } else {
        Name::new(&format!("{}_", name.plain())).unwrap_or(name)
    }
}

/// Methods that every emitted client or server has.
const RESERVED_METHODS: [&str; 10] = [
    "new", "builder", "clone", "default", "request", "execute", "base_url", "error", "router",
    "send",
];

/// Names that no new operation gets: the methods that every client or server has, and the methods that are pinned to a
/// media type of another operation's body.
fn reserved_methods(lock: &Lock) -> Vec<&str> {
    let pinned: HashSet<&String> = lock.operations.values().collect();
    let others = lock.client_methods.values();
    let others = others.filter(|name| !pinned.contains(name));
    RESERVED_METHODS
        .into_iter()
        .chain(others.map(String::as_str))
        .collect()
}

fn tags(merged: &Merged, names: &[OperationNames]) -> Vec<Tag> {
    let mut modules: IndexMap<Name, String> = IndexMap::new();
    for name in names {
        modules
            .entry(name.tag_module.clone())
            .or_insert_with(|| name.tag.clone());
    }
    modules.sort_unstable_keys();
    // The trait of a group is in the same module as the types of its operations.
    let types = names.iter().flat_map(|name| {
        let stem = names::stem(&name.type_name);
        OperationType::OF_SERVER.map(|ty| format!("{stem}{}", ty.suffix()))
    });
    // `S` is the type parameter of the functions that serve a group.
    let own = ["Service", "S"].map(str::to_owned);
    let reserved: Vec<String> = types.chain(own).collect();
    let reserved: Vec<&str> = reserved.iter().map(String::as_str).collect();
    let traits = names::unique(
        modules.values().map(|tag| case::pascal(tag, "Api")),
        &reserved,
    );
    modules
        .into_iter()
        .zip(traits)
        .map(|((module, name), server_trait)| Tag {
            description: merged.document.tags.get(&name).cloned().flatten(),
            name,
            module,
            server_trait,
        })
        .collect()
}

fn sources(merged: &Merged) -> Vec<Source> {
    let sources = merged.sources.iter();
    sources
        .map(|source| Source {
            id: source.declared.id.clone(),
            title: source.declared.title.clone(),
            operations: source.operations,
        })
        .collect()
}

fn declaration(scheme: &document::SecurityScheme, merged: &Merged) -> SecurityDeclaration {
    let keys = ["flows", "openIdConnectUrl"].iter();
    let mut tokens = keys.filter_map(|key| scheme.written.get(key));
    SecurityDeclaration {
        provenance: docs::provenance(&scheme.provenance, merged),
        tokens: tokens.next().map(ToString::to_string).unwrap_or_default(),
    }
}

fn server(server: &document::Server, merged: &Merged) -> Server {
    let variable = |variable: &document::ServerVariable| ServerVariable {
        name: Name::placeholder(),
        choices: None,
        default: variable.default.clone(),
        allowed: variable.allowed.clone(),
        description: variable.description.clone(),
    };
    Server {
        url: server.url.clone(),
        name: Name::placeholder(),
        description: server.description.clone(),
        variables: server
            .variables
            .iter()
            .map(|(name, value)| (name.clone(), variable(value)))
            .collect(),
        provenance: docs::provenance(&server.provenance, merged),
    }
}

/// Reads the security requirements of an operation.
fn security(value: &serde_json::Value) -> SecurityRequirements {
    let scopes = |value: &serde_json::Value| {
        let texts = value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(serde_json::Value::as_str);
        texts.map(str::to_owned).collect::<Vec<String>>()
    };
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_object)
        .map(|alternative| {
            alternative
                .iter()
                .map(|(name, value)| (name.clone(), scopes(value)))
                .collect()
        })
        .collect()
}

/// Names the types, their fields and their variants, boxes recursive and large types, and sorts the types by name.
fn finish_types<'o>(
    types: TypeBuilder<'_>,
    lock: &Lock,
    operations: impl Iterator<Item = &'o mut Operation>,
    locked: &mut Lock,
    collisions: &mut Vec<Collision>,
) -> Vec<TypeDefinition> {
    let (unnamed, mut definitions) = types.finish(&lock.types);
    let names = names::assign(NameKind::Type, &unnamed, &lock.types, &[], collisions);
    for ((definition, name), unnamed) in definitions.iter_mut().zip(&names).zip(&unnamed) {
        definition.name = name.clone();
        let (item, name) = (unnamed.item.clone(), name.plain().to_owned());
        locked.types.insert(item, name);
        NestedNames {
            item: &unnamed.item,
            is_known: lock.types.contains_key(&unnamed.item),
            provenance: &unnamed.provenance,
            pinned: lock,
            locked,
            collisions,
        }
        .set(&mut definition.kind);
    }
    let mut order: Vec<usize> = (0..definitions.len()).collect();
    order.sort_by(|a, b| names.get(*a).cmp(&names.get(*b)));
    let position: HashMap<usize, TypeId> = order
        .iter()
        .enumerate()
        .map(|(new, old)| (*old, TypeId::new(new)))
        .collect();
    let mut slots: Vec<Option<TypeDefinition>> = definitions.into_iter().map(Some).collect();
    let mut sorted: Vec<TypeDefinition> = order
        .iter()
        .filter_map(|old| slots.get_mut(*old).and_then(Option::take))
        .collect();
    let renumber = &mut |id: &mut TypeId| {
        if let Some(new) = position.get(&id.index()) {
            *id = *new;
        }
    };
    for definition in &mut sorted {
        recursion::for_each_id(definition, renumber);
    }
    for operation in operations {
        recursion::for_each_id_of_operation(operation, renumber);
    }
    recursion::break_alias_cycles(&mut sorted);
    recursion::box_cycles(&mut sorted);
    let items = order.iter().filter_map(|old| unnamed.get(*old));
    let items: Vec<String> = items.map(|unnamed| unnamed.item.clone()).collect();
    boxing::box_large(&mut sorted, &items, lock, locked);
    sorted
}
