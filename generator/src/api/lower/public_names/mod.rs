//! Public names other than those of operations, types, fields and variants: names for media types, servers, response
//! headers, and further methods of the client. A name is pinned if a later change of a description could give it to another
//! item.

mod headers;
mod media_types;
mod servers;

use std::collections::BTreeMap;

use crate::api::names::{self, Collision, Lock, NameKind, UnnamedItem};
use crate::api::{Api, Name, Operation, OperationType};

use super::nested_names::NestedNames;

/// Methods of the emitted client, whose names no operation gets. `clone` would hide the method of the trait, and those of
/// `Into` and `TryInto` would hide the operation.
const CLIENT_METHODS: [&str; 8] = [
    "base_url",
    "builder",
    "call",
    "clone",
    "into",
    "operations",
    "request",
    "try_into",
];

/// Methods of the emitted requests, whose names no setter of a parameter gets.
const REQUEST_METHODS: [&str; 15] = [
    "accept",
    "call",
    "clone",
    "extra_query",
    "header",
    "into_future",
    "items",
    "max_items",
    "pages",
    "raw",
    "resume",
    "retry",
    "send",
    "send_streaming",
    "timeout",
];

/// The most arguments of a method. An operation with more required arguments takes them in a struct.
const MOST_ARGUMENTS: usize = 6;

/// The media type of JSON.
const JSON: &str = "application/json";

/// Decides these names.
pub(super) struct PublicNames<'a> {
    /// The pinned names.
    pub(super) pinned: &'a Lock,
    /// Receives the names to pin.
    pub(super) locked: &'a mut Lock,
    /// Receives the items whose name another one has.
    pub(super) collisions: &'a mut Vec<Collision>,
}

impl PublicNames<'_> {
    /// Decides all of them. `items` and `webhooks` are the keys of the operations and webhooks in `names.lock`.
    pub(super) fn settle(&mut self, api: &mut Api, items: &[String], webhooks: &[String]) {
        for (operation, item) in api.operations.iter_mut().zip(items) {
            self.operation(operation, item);
        }
        let webhook_operations = api.webhooks.iter_mut().flat_map(|all| &mut all.operations);
        for (operation, item) in webhook_operations.zip(webhooks) {
            self.operation(operation, item);
        }
        self.methods_by_media_type(&mut api.operations, items);
        for (operation, item) in api.operations.iter_mut().zip(items) {
            self.calls_by_media_type(operation, item);
        }
        api.headers = self.headers(api);
        self.servers(&mut api.servers);
    }

    /// Sets the names that depend on a single operation.
    fn operation(&mut self, operation: &mut Operation, item: &str) {
        NestedNames {
            item,
            is_known: [&self.pinned.operations, &self.pinned.webhooks]
                .iter()
                .any(|known| known.contains_key(item)),
            provenance: &[],
            pinned: self.pinned,
            locked: self.locked,
            collisions: self.collisions,
        }
        .set_parameters(&mut operation.parameters);
        operation.constant = constant(&operation.name);
        operation.client_method = unless_taken(&operation.name, &CLIENT_METHODS);
        operation.required_type = required_type(operation);
        self.setters(operation, item);
        self.variants_of_body(operation, item);
        self.variants_of_responses(operation, item);
    }

    /// Names the setters. They differ from the methods of the emitted requests and from those that are pinned to a media
    /// type.
    fn setters(&self, operation: &mut Operation, item: &str) {
        let mut taken: Vec<&str> = REQUEST_METHODS.to_vec();
        let pinned = self.pinned.client_methods.range(format!("{item} ")..);
        let own = pinned.take_while(|(pinned, _)| {
            let rest = pinned.strip_prefix(item);
            rest.is_some_and(|rest| rest.starts_with(' '))
        });
        taken.extend(own.map(|(_, name)| name.as_str()));
        for parameter in &mut operation.parameters {
            parameter.setter = unless_taken(&parameter.name, &taken);
        }
        if let Some(body) = &mut operation.request_body {
            body.setter = unless_taken(&body.name, &taken);
        }
    }

    /// Returns unique names. The pinned names of removed items are free.
    fn assign(&mut self, kind: NameKind, unnamed: &[UnnamedItem], reserved: &[&str]) -> Vec<Name> {
        let pinned = self.pinned.section(kind);
        let pinned: BTreeMap<String, String> = unnamed
            .iter()
            .filter_map(|unnamed| pinned.get_key_value(&unnamed.item))
            .map(|(item, name)| (item.clone(), name.clone()))
            .collect();
        names::assign(kind, unnamed, &pinned, reserved, self.collisions)
    }

    fn pin(&mut self, kind: NameKind, unnamed: &[UnnamedItem], names: &[Name]) {
        let entries = unnamed.iter().zip(names);
        let entries =
            entries.map(|(unnamed, name)| (unnamed.item.clone(), name.plain().to_owned()));
        self.locked.section_mut(kind).extend(entries);
    }
}

/// The name, with an underscore if it is in use. Other names in snake case do not end in an underscore.
fn unless_taken(name: &Name, taken: &[&str]) -> Name {
    if taken.contains(&name.plain()) {
        Name::new(&format!("{}_", name.plain())).unwrap_or_else(|_| name.clone())
    } else {
        name.clone()
    }
}

/// The constant of an operation. A name without a letter (`_0`) gets a prefix, because a parameter could have it too. No
/// other name has two underscores in a row.
fn constant(name: &Name) -> Name {
    let screaming = name.plain().to_ascii_uppercase();
    let has_letter = screaming.contains(|letter: char| letter.is_ascii_uppercase());
    let constant = if has_letter {
        Name::new(&screaming)
    } else {
        Name::new(&format!("OPERATION_{screaming}"))
    };
    constant.unwrap_or_else(|_| Name::placeholder())
}

/// The struct of required arguments, if a method would have too many.
fn required_type(operation: &Operation) -> Option<Name> {
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter(|parameter| parameter.required).count();
    let body = operation.request_body.as_ref();
    let body = usize::from(body.is_some_and(|body| body.required));
    if parameters + body <= MOST_ARGUMENTS {
        return None;
    }
    Name::new(&operation.name_of(OperationType::Required)).ok()
}
