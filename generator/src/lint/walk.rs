//! Goes through the schemas of a document.

use std::collections::HashSet;

use crate::description::document::{Document, Parameter, Schema};
use crate::description::source::Span;
use crate::description::tree::{Mapping, Node, Value};

/// Calls a function for each schema of a document, with the name of the property that it is of, if any.
pub(super) fn schemas<'d>(
    document: &'d Document,
    visit: &mut dyn FnMut(Option<&'d str>, &'d Schema),
) {
    for schema in document.schemas.values() {
        below(None, schema, visit);
    }
    let called = document.webhooks.iter().map(|it| &it.operation);
    for operation in document.operations.iter().chain(called) {
        for parameter in &operation.parameters {
            below(Some(&parameter.name), &parameter.schema, visit);
        }
        let responses = operation.responses.values();
        let contents = responses
            .clone()
            .flat_map(|response| response.contents.values())
            .chain(
                operation
                    .body
                    .iter()
                    .flat_map(|body| body.contents.values()),
            );
        for content in contents {
            if let Some(schema) = &content.schema {
                below(None, schema, visit);
            }
        }
        for header in responses.flat_map(|response| response.headers.values()) {
            below(Some(&header.name), &header.schema, visit);
        }
    }
}

/// A schema and its parts. Schemas nest as deep as the loader allows, so this needs no limit of its own.
fn below<'d>(
    name: Option<&'d str>,
    schema: &'d Schema,
    visit: &mut dyn FnMut(Option<&'d str>, &'d Schema),
) {
    visit(name, schema);
    for (name, property) in &schema.properties {
        below(Some(name), property, visit);
    }
    let others = schema
        .additional
        .as_deref()
        .into_iter()
        .chain(schema.items.as_deref())
        .chain(&schema.prefix_items)
        .chain(&schema.alternatives)
        .chain(&schema.all_of);
    for other in others {
        below(None, other, visit);
    }
}

/// The components that requests and responses lead to.
pub(super) fn components_by_direction(document: &Document) -> (HashSet<&str>, HashSet<&str>) {
    let (mut sent, mut received) = (HashSet::new(), HashSet::new());
    for operation in &document.operations {
        for content in operation
            .body
            .iter()
            .flat_map(|body| body.contents.values())
        {
            content
                .schema
                .iter()
                .for_each(|it| reach(it, document, &mut sent));
        }
        for content in operation
            .responses
            .values()
            .flat_map(|it| it.contents.values())
        {
            content
                .schema
                .iter()
                .for_each(|it| reach(it, document, &mut received));
        }
    }
    (sent, received)
}

/// Collects the components that a schema leads to.
fn reach<'d>(schema: &'d Schema, document: &'d Document, reached: &mut HashSet<&'d str>) {
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        open.extend(schema.children());
        if let Some(key) = &schema.reference
            && let Some((key, component)) = document.schemas.get_key_value(key)
            && reached.insert(key)
        {
            open.push(component);
        }
    }
}

/// Where a schema is described.
pub(super) fn place(schema: &Schema) -> Span {
    schema.provenance.first().at
}

/// The parameters of all operations, once for each place that describes them.
pub(super) fn parameters(document: &Document) -> impl Iterator<Item = &Parameter> {
    let mut seen = HashSet::new();
    let operations = document.operations.iter();
    operations
        .flat_map(|operation| &operation.parameters)
        .filter(move |parameter| seen.insert(parameter.provenance.first().at))
}

/// The headers of all responses, once for each place that describes them.
pub(super) fn headers(document: &Document) -> impl Iterator<Item = &Parameter> {
    let mut seen = HashSet::new();
    let called = document.webhooks.iter().map(|it| &it.operation);
    let operations = document.operations.iter().chain(called);
    operations
        .flat_map(|operation| operation.responses.values())
        .flat_map(|response| response.headers.values())
        .filter(move |header| seen.insert(header.provenance.first().at))
}

/// Calls a function for each schema of a document, as it is written there.
pub(super) fn written_schemas<'d>(tree: &'d Node, visit: &mut dyn FnMut(&'d Mapping)) {
    let parts = tree.as_mapping().into_iter().flat_map(Mapping::iter);
    for (key, value) in parts.filter(|(key, _)| !key.starts_with("x-")) {
        for (section, value) in value.as_mapping().into_iter().flat_map(Mapping::iter) {
            match (key, section) {
                ("components", "schemas") => each_written(value, visit),
                _ => written_in(section, value, visit),
            }
        }
    }
}

/// The schemas in a part of a document that is none: those of parameters, headers and media types.
fn written_in<'d>(key: &str, node: &'d Node, visit: &mut dyn FnMut(&'d Mapping)) {
    match (key, &node.value) {
        ("schema" | "itemSchema", _) => written(node, visit),
        ("example" | "examples" | "links", _) => {}
        (key, _) if key.starts_with("x-") => {}
        (_, Value::Mapping(mapping)) => {
            let entries = mapping.iter();
            entries.for_each(|(key, value)| written_in(key, value, visit));
        }
        (_, Value::Sequence(items)) => items.iter().for_each(|item| written_in("", item, visit)),
        _ => {}
    }
}

/// A schema, or several ones in a list, with all that are inside of them.
fn written<'d>(node: &'d Node, visit: &mut dyn FnMut(&'d Mapping)) {
    let items = node.as_sequence().into_iter().flatten();
    items.for_each(|item| written(item, visit));
    let Some(mapping) = node.as_mapping() else {
        return;
    };
    visit(mapping);
    for (key, value) in mapping.iter() {
        match key {
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => {
                each_written(value, visit);
            }
            "additionalProperties"
            | "allOf"
            | "anyOf"
            | "contains"
            | "contentSchema"
            | "else"
            | "if"
            | "items"
            | "not"
            | "oneOf"
            | "prefixItems"
            | "propertyNames"
            | "then"
            | "unevaluatedItems"
            | "unevaluatedProperties" => written(value, visit),
            _ => {}
        }
    }
}

/// The schemas of a mapping whose keys are names.
fn each_written<'d>(named: &'d Node, visit: &mut dyn FnMut(&'d Mapping)) {
    for (_, value) in named.as_mapping().into_iter().flat_map(Mapping::iter) {
        written(value, visit);
    }
}
