//! Finds schemas that allow arbitrary JSON, with the reasons for it.

use serde::Serialize;

use crate::description::document::{Document, Facet, Schema};
use crate::reconcile::merge::{Subject, operation_subject};

/// A schema that allows any JSON, any object or any array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArbitrarySchema {
    /// The subject, as in findings: `Project.options`, `GET /issues/{}/ 200[]`.
    pub subject: String,
    /// The reason (`x-arbitrary`), if a source states one.
    pub reason: Option<String>,
}

/// All such schemas in the bodies and parameters of an effective API, components first.
#[must_use]
pub fn arbitrary_schemas(document: &Document) -> Vec<ArbitrarySchema> {
    let mut found = Vec::new();
    for (key, schema) in &document.schemas {
        collect(&Subject::Item(key), schema, &mut found);
    }
    for operation in &document.operations {
        let subject = operation_subject(operation);
        for parameter in &operation.parameters {
            let item = format!("{subject} {} {}", parameter.location.key(), parameter.name);
            collect(&Subject::Item(&item), &parameter.schema, &mut found);
        }
        let body = operation
            .body
            .iter()
            .flat_map(|body| body.contents.values());
        let item = format!("{subject} body");
        for schema in body.filter_map(|content| content.schema.as_ref()) {
            collect(&Subject::Item(&item), schema, &mut found);
        }
        for (status, response) in &operation.responses {
            let item = format!("{subject} {status}");
            let contents = response.contents.values();
            for schema in contents.filter_map(|content| content.schema.as_ref()) {
                collect(&Subject::Item(&item), schema, &mut found);
            }
        }
    }
    found
}

fn collect(subject: &Subject<'_>, schema: &Schema, found: &mut Vec<ArbitrarySchema>) {
    if is_arbitrary(schema) {
        found.push(ArbitrarySchema {
            subject: subject.to_string(),
            reason: reason(schema).map(str::to_owned),
        });
    }
    for (name, property) in &schema.properties {
        collect(&Subject::Property(subject, name), property, found);
    }
    let items = (Subject::Items(subject), &schema.items);
    let further = (Subject::AdditionalProperties(subject), &schema.additional);
    for (subject, child) in [items, further] {
        // The reason for arbitrary items or values can be on the array or map.
        if let Some(child) = child
            .as_deref()
            .filter(|child| !(is_arbitrary(child) && reason(schema).is_some()))
        {
            collect(&subject, child, found);
        }
    }
    for (index, item) in schema.prefix_items.iter().enumerate() {
        collect(&Subject::ItemAt(subject, index), item, found);
    }
    for (index, alternative) in schema.alternatives.iter().enumerate() {
        collect(&Subject::Alternative(subject, index), alternative, found);
    }
}

/// Whether a schema allows any JSON, any object or any array.
pub(super) fn is_arbitrary(schema: &Schema) -> bool {
    const CONTAINERS: [&str; 3] = ["object", "array", "null"];
    let narrowed = schema.reference.is_some()
        || schema.children().next().is_some()
        || schema.facts.get(Facet::Enum).is_some()
        // An object without allowed properties is the empty object.
        || schema.facts.flag(Facet::AdditionalProperties) == Some(false);
    !narrowed
        && schema.types().all(|kind| CONTAINERS.contains(&kind))
        && schema.only_type() != Some("null")
}

/// The reason why a schema allows arbitrary JSON.
pub(super) fn reason(schema: &Schema) -> Option<&str> {
    schema.facts.text(Facet::Arbitrary)
}
