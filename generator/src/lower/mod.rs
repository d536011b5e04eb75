//! From the merged document to the frozen [`Api`]: every type, name and choice is settled here.

mod arms;
mod content;
mod docs;
mod drafts;
mod members;
mod operation;
mod recursion;
mod split;
mod types;
mod webhook;

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::ir::{
    Api, Name, SecurityRequirements, Server, ServerVariable, Source, Tag, TypeDefinition, TypeId,
};
use crate::merge::{Merged, identity, operation_subject};
use crate::names::{self, Collision, Kind, Lock, Wanted, case};

use drafts::{Direction, Drafts};
use members::Members;
use operation::OperationNames;

/// The frozen API with the names that were given.
#[derive(Debug)]
pub struct Lowered {
    /// The API.
    pub api: Api,
    /// All names, to be written to `names.lock`.
    pub lock: Lock,
    /// Items that got another name than they want because other ones have it.
    pub collisions: Vec<Collision>,
}

/// Lowers a merged document. `lock` pins names.
pub fn lower(merged: &Merged, titles: &[String], lock: &Lock) -> Lowered {
    let mut collisions = Vec::new();
    let names = name_operations(merged, lock, &mut collisions);
    let tags = tags(merged, &names);
    let mut drafts = Drafts::new(merged);
    let mut operations: Vec<_> = merged
        .document
        .operations
        .iter()
        .zip(&names)
        .map(|(operation, names)| {
            let place = (&*operation_subject(operation), Direction::Request);
            operation::lower(operation, names, place, &mut drafts, merged)
        })
        .collect();
    let mut locked = Lock::default();
    let mut webhooks = webhook::lower(&mut drafts, lock, &mut locked, &mut collisions);
    let called = webhooks.iter_mut().flat_map(|all| &mut all.operations);
    let calls = operations.iter_mut().chain(called);
    let types = finish_types(drafts, lock, calls, &mut locked, &mut collisions);
    for (operation, names) in merged.document.operations.iter().zip(&names) {
        let item = operation_subject(operation);
        locked.tags.insert(item.clone(), names.tag.clone());
        locked
            .operations
            .insert(item, names.method.plain().to_owned());
        if !names.path_parameters.is_empty() {
            locked
                .path_parameters
                .insert(identity(operation), names.path_parameters.clone());
        }
    }
    let document = &merged.document;
    let api = Api {
        title: document.title.clone().unwrap_or_default(),
        version: document.version.clone().unwrap_or_default(),
        description: document.description.clone(),
        servers: document.servers.iter().map(server).collect(),
        sources: sources(merged, titles),
        security_schemes: document
            .security_schemes
            .iter()
            .map(|(name, scheme)| (name.clone(), scheme.scheme.clone()))
            .collect(),
        tags,
        operations,
        webhooks,
        types,
    };
    Lowered {
        api,
        lock: locked,
        collisions,
    }
}

fn name_operations(
    merged: &Merged,
    lock: &Lock,
    collisions: &mut Vec<Collision>,
) -> Vec<OperationNames> {
    let operations = &merged.document.operations;
    let wanted: Vec<Wanted> = operations
        .iter()
        .map(|operation| {
            let by_rule = names::operation::candidates(operation.method, &operation.path);
            let id = operation.facts.text(crate::document::Facet::OperationId);
            let priority = u8::from(id.is_none());
            let candidates = id.map(str::to_owned).into_iter().chain(by_rule).collect();
            Wanted {
                item: operation_subject(operation),
                candidates,
                priority,
                provenance: docs::provenance(&operation.said, merged),
            }
        })
        .collect();
    let methods = names::assign(
        Kind::Operation,
        &wanted,
        &lock.operations,
        &RESERVED_METHODS,
        collisions,
    );
    let type_names = operation::type_names(&methods);
    operations
        .iter()
        .zip(methods)
        .zip(type_names)
        .map(|((operation, method), type_name)| {
            let pinned = lock.tags.get(&operation_subject(operation));
            let tag = pinned.cloned().unwrap_or_else(|| operation::tag(operation));
            let own = path_parameters(&operation.path);
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

/// The module of a tag, which has a file of its own.
fn tag_module(tag: &str) -> Name {
    let name = case::snake(tag, "api");
    match names::modules::is_name_of_a_file(name.plain()) {
        true => name,
        false => Name::new(&format!("{}_", name.plain())).unwrap_or(name),
    }
}

/// The names of a path's parameters, in order.
fn path_parameters(path: &str) -> Vec<String> {
    let parts = path.split('{').skip(1);
    let names = parts.filter_map(|part| Some(part.split_once('}')?.0.to_owned()));
    names.collect()
}

/// Methods that the emitted client and server have anyway.
const RESERVED_METHODS: [&str; 10] = [
    "new", "builder", "clone", "default", "request", "execute", "base_url", "error", "router",
    "send",
];

/// What the emitter of the server puts behind an operation's type name.
const SERVER_SUFFIXES: [&str; 3] = ["Request", "RequestBody", "Response"];

fn tags(merged: &Merged, names: &[OperationNames]) -> Vec<Tag> {
    let mut modules: IndexMap<Name, String> = IndexMap::new();
    for name in names {
        modules
            .entry(name.tag_module.clone())
            .or_insert_with(|| name.tag.clone());
    }
    modules.sort_unstable_keys();
    // The trait of a group stands beside the types of its operations.
    let types = names.iter().flat_map(|name| {
        let stem = names::stem(&name.type_name);
        SERVER_SUFFIXES.map(|suffix| format!("{stem}{suffix}"))
    });
    let reserved: Vec<String> = types.chain(["Service".to_owned()]).collect();
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

fn sources(merged: &Merged, titles: &[String]) -> Vec<Source> {
    let titles = titles.iter().map(Some).chain(std::iter::repeat(None));
    merged
        .sources
        .iter()
        .zip(&merged.described)
        .zip(titles)
        .map(|((source, operations), title)| Source {
            id: source.id.clone(),
            title: title.cloned().unwrap_or_else(|| source.id.clone()),
            operations: *operations,
        })
        .collect()
}

fn server(server: &crate::document::Server) -> Server {
    let variable = |variable: &crate::document::ServerVariable| ServerVariable {
        default: variable.default.clone(),
        allowed: variable.allowed.clone(),
        description: variable.description.clone(),
    };
    Server {
        url: server.url.clone(),
        description: server.description.clone(),
        variables: server
            .variables
            .iter()
            .map(|(name, value)| (name.clone(), variable(value)))
            .collect(),
    }
}

/// Security requirements as the document writes them.
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

/// Gives the drafts and their members their names, boxes what is recursive, and sorts the types by name.
fn finish_types<'o>(
    drafts: Drafts<'_>,
    lock: &Lock,
    operations: impl Iterator<Item = &'o mut crate::ir::Operation>,
    locked: &mut Lock,
    collisions: &mut Vec<Collision>,
) -> Vec<TypeDefinition> {
    let (wanted, mut definitions) = drafts.finish(&lock.types);
    let names = names::assign(Kind::Type, &wanted, &lock.types, &[], collisions);
    for ((definition, name), wanted) in definitions.iter_mut().zip(&names).zip(&wanted) {
        definition.name = name.clone();
        let (item, name) = (wanted.item.clone(), name.plain().to_owned());
        locked.types.insert(item, name);
        Members {
            item: &wanted.item,
            provenance: &wanted.provenance,
            pinned: lock,
            locked,
            collisions,
        }
        .settle(&mut definition.kind);
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
    sorted
}
