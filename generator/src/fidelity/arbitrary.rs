//! Places where the API takes or sends any JSON, and the reasons.

use serde::Serialize;

use crate::document::{Document, Facet, Schema};
use crate::merge::{Subject, operation_subject};

/// A place where any JSON, any object or any list may stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arbitrary {
    /// As findings name it: `Project.options`, `GET /issues/{}/ 200[]`.
    pub place: String,
    /// Why (`x-arbitrary`), if some source says it.
    pub reason: Option<String>,
}

/// Every such place in the bodies and parameters of an effective API, components first.
#[must_use]
pub fn arbitrary(document: &Document) -> Vec<Arbitrary> {
    let mut found = Vec::new();
    for (key, schema) in &document.schemas {
        collect(&Subject::Item(key), schema, &mut found);
    }
    for operation in &document.operations {
        let subject = operation_subject(operation);
        for parameter in &operation.parameters {
            let place = format!("{subject} {} {}", parameter.location.key(), parameter.name);
            collect(&Subject::Item(&place), &parameter.schema, &mut found);
        }
        let body = operation
            .body
            .iter()
            .flat_map(|body| body.contents.values());
        let place = format!("{subject} body");
        for schema in body.filter_map(|content| content.schema.as_ref()) {
            collect(&Subject::Item(&place), schema, &mut found);
        }
        for (status, response) in &operation.responses {
            let place = format!("{subject} {status}");
            let contents = response.contents.values();
            for schema in contents.filter_map(|content| content.schema.as_ref()) {
                collect(&Subject::Item(&place), schema, &mut found);
            }
        }
    }
    found
}

fn collect(place: &Subject<'_>, schema: &Schema, found: &mut Vec<Arbitrary>) {
    if is_arbitrary(schema) {
        found.push(Arbitrary {
            place: place.to_string(),
            reason: reason(schema).map(str::to_owned),
        });
    }
    for (name, property) in &schema.properties {
        collect(&Subject::Property(place, name), property, found);
    }
    let items = (Subject::Items(place), &schema.items);
    let further = (Subject::FurtherProperties(place), &schema.additional);
    for (place, child) in [items, further] {
        // Of a list or map of anything the reason may stand one level up.
        if let Some(child) = child
            .as_deref()
            .filter(|child| !(is_arbitrary(child) && reason(schema).is_some()))
        {
            collect(&place, child, found);
        }
    }
    for (index, item) in schema.prefix_items.iter().enumerate() {
        collect(&Subject::ItemAt(place, index), item, found);
    }
    for (index, alternative) in schema.alternatives.iter().enumerate() {
        collect(&Subject::Alternative(place, index), alternative, found);
    }
}

/// Whether any JSON may stand here, or any object or any list.
pub(super) fn is_arbitrary(schema: &Schema) -> bool {
    const CONTAINERS: [&str; 3] = ["object", "array", "null"];
    let narrowed = schema.reference.is_some()
        || schema.children().next().is_some()
        || schema.facts.get(Facet::Enum).is_some()
        // An object that allows no property is the empty object.
        || schema.facts.flag(Facet::AdditionalProperties) == Some(false);
    !narrowed
        && schema.types().all(|kind| CONTAINERS.contains(&kind))
        && schema.only_type() != Some("null")
}

/// Why any JSON may stand here.
pub(super) fn reason(schema: &Schema) -> Option<&str> {
    schema.facts.text(Facet::Arbitrary)
}
