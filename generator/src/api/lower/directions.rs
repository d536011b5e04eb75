//! Which schemas need different types for requests and responses.
//!
//! In a response type, every field may be absent. A request type has required fields, has no read-only properties, and tells
//! null from absent. Where that makes no difference, requests and responses share one type.

use std::collections::{HashMap, HashSet};

use crate::description::document::{Content, Document, Facet, Schema, Webhook};

/// The components that requests and responses use, and those that need two types.
#[derive(Debug, Default)]
pub(super) struct Directions {
    requests: HashSet<String>,
    responses: HashSet<String>,
    differ: HashSet<String>,
}

impl Directions {
    pub(super) fn of(document: &Document) -> Self {
        let mut directions = Self::default();
        let mut requests: Vec<&Schema> = Vec::new();
        let mut responses: Vec<&Schema> = Vec::new();
        for operation in &document.operations {
            requests.extend(
                operation
                    .parameters
                    .iter()
                    .map(|parameter| &parameter.schema),
            );
            requests.extend(
                operation
                    .body
                    .iter()
                    .flat_map(|body| schemas(body.contents.values())),
            );
            for response in operation.responses.values() {
                responses.extend(schemas(response.contents.values()));
                responses.extend(response.headers.values().map(|header| &header.schema));
            }
        }
        // The API writes the requests of webhooks. Their types are those of responses.
        for Webhook { operation, .. } in &document.webhooks {
            let parameters = operation.parameters.iter();
            responses.extend(parameters.map(|parameter| &parameter.schema));
            let bodies = operation.body.iter();
            responses.extend(bodies.flat_map(|body| schemas(body.contents.values())));
            for response in operation.responses.values() {
                responses.extend(schemas(response.contents.values()));
                responses.extend(response.headers.values().map(|header| &header.schema));
            }
        }
        directions.requests = reach(document, requests);
        directions.responses = reach(document, responses);
        directions.differ = differing(document);
        directions
    }

    pub(super) fn in_request(&self, key: &str) -> bool {
        self.requests.contains(key)
    }

    pub(super) fn in_response(&self, key: &str) -> bool {
        self.responses.contains(key)
    }

    /// Whether a component has one type for requests and another for responses.
    pub(super) fn is_split(&self, key: &str) -> bool {
        self.in_request(key) && self.in_response(key) && self.differ.contains(key)
    }

    /// Whether a schema has different types in requests and responses.
    pub(super) fn differs(&self, schema: &Schema) -> bool {
        let component = schema.reference.as_ref();
        component.is_some_and(|key| self.differ.contains(key))
            || schema.properties.values().any(property_differs)
            || schema.children().any(|child| self.differs(child))
    }
}

/// The components that have different types in requests and responses, because of a property or of a component that they
/// refer to.
fn differing(document: &Document) -> HashSet<String> {
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut open: Vec<&str> = Vec::new();
    for (key, schema) in &document.schemas {
        let mut parts = vec![schema];
        while let Some(part) = parts.pop() {
            if let Some(used) = &part.reference {
                users.entry(used).or_default().push(key);
            }
            if part.properties.values().any(property_differs) {
                open.push(key);
            }
            parts.extend(part.children());
        }
    }
    let mut differ = HashSet::new();
    while let Some(key) = open.pop() {
        if differ.insert(key.to_owned()) {
            open.extend(users.get(key).into_iter().flatten());
        }
    }
    differ
}

/// A property that is required, nullable, read-only or write-only is not the same field in requests and responses.
fn property_differs(property: &Schema) -> bool {
    [
        Facet::Required,
        Facet::Nullable,
        Facet::ReadOnly,
        Facet::WriteOnly,
    ]
    .iter()
    .any(|facet| property.facts.flag(*facet) == Some(true))
}

fn schemas<'d>(contents: impl Iterator<Item = &'d Content>) -> impl Iterator<Item = &'d Schema> {
    contents.filter_map(|content| content.schema.as_ref())
}

/// The components that schemas refer to, directly or through others.
fn reach<'d>(document: &'d Document, mut open: Vec<&'d Schema>) -> HashSet<String> {
    let mut reached = HashSet::new();
    while let Some(schema) = open.pop() {
        if let Some(key) = &schema.reference
            && !reached.contains(key)
            && let Some(component) = document.schemas.get(key)
        {
            reached.insert(key.clone());
            open.push(component);
        }
        open.extend(schema.children());
        // A discriminator may name alternatives that are not listed.
        if let Some(discriminator) = schema
            .discriminator
            .as_ref()
            .filter(|_| !schema.alternatives.is_empty())
        {
            for key in discriminator.mapping.values() {
                if let Some(component) = document.schemas.get(key)
                    && reached.insert(key.clone())
                {
                    open.push(component);
                }
            }
        }
    }
    reached
}
