//! Removes degenerate alternatives: null, a single one, repeated ones, constants.

use std::collections::HashSet;

use indexmap::IndexSet;
use serde_json::{Value as Json, json};

use crate::description::document::json_schema::structure;
use crate::description::document::{Facet, Fact, Schema};

pub(super) fn simplify(schema: &mut Schema) {
    if schema.alternatives.is_empty() {
        return;
    }
    lift_null_alternatives(schema);
    drop_validation_alternatives(schema);
    push_down(schema);
    flatten_nested(schema);
    drop_repeated(schema);
    if join_enumerations(schema) {
        return;
    }
    if schema.alternatives.len() == 1
        && schema.properties.is_empty()
        && schema.discriminator.is_none()
    {
        collapse(schema);
    }
}

fn is_null(alternative: &Schema) -> bool {
    alternative.only_type() == Some("null")
        || (alternative.facts.get(Facet::Enum).is_none()
            && alternative.is_unconstrained()
            && alternative.facts.flag(Facet::Nullable) == Some(true))
}

fn lift_null_alternatives(schema: &mut Schema) {
    let mut nullable = None;
    for alternative in &schema.alternatives {
        if is_null(alternative) || alternative.facts.flag(Facet::Nullable) == Some(true) {
            nullable = Some(alternative.provenance.clone());
        }
    }
    schema
        .alternatives
        .retain(|alternative| !is_null(alternative));
    if let Some(provenance) = nullable {
        schema
            .facts
            .set(Facet::Nullable, Fact::new(json!(true), provenance));
    }
}

/// Removes the alternatives if they only constrain the schema itself (`anyOf: [{required: [a]}, {required: [b]}]`).
fn drop_validation_alternatives(schema: &mut Schema) {
    let constrains = |alternative: &Schema| {
        alternative.is_unconstrained()
            || (alternative.only_type() == Some("object")
                && alternative.properties.is_empty()
                && alternative.additional.is_none()
                && alternative.reference.is_none())
    };
    let parent_has_type = !schema.properties.is_empty() || schema.types().next().is_some();
    let none_is_a_type = if schema.properties.is_empty() {
        schema.alternatives.iter().all(Schema::is_unconstrained)
    } else {
        schema.alternatives.iter().all(constrains)
    };
    if parent_has_type && none_is_a_type {
        schema.alternatives.clear();
        schema.discriminator = None;
    }
}

/// Copies the type and the items beside the alternatives to the alternatives that state none.
fn push_down(schema: &mut Schema) {
    let kind = schema
        .only_type()
        .is_some()
        .then(|| schema.facts.get(Facet::Type).cloned());
    let items = schema.items.clone();
    for alternative in &mut schema.alternatives {
        let is_open = alternative.reference.is_none() && alternative.alternatives.is_empty();
        if let Some(Some(kind)) = &kind
            && is_open
        {
            alternative.facts.set_missing(Facet::Type, kind.clone());
        }
        if is_open
            && alternative.only_type() == Some("array")
            && alternative.prefix_items.is_empty()
            && alternative
                .items
                .as_ref()
                .is_none_or(|items| items.is_unconstrained())
        {
            alternative.items.clone_from(&items);
        }
    }
}

/// Replaces an alternative that consists of alternatives by those alternatives.
fn flatten_nested(schema: &mut Schema) {
    let nested = |alternative: &Schema| {
        !alternative.alternatives.is_empty()
            && alternative.properties.is_empty()
            && alternative.discriminator.is_none()
            && alternative.reference.is_none()
    };
    if schema.discriminator.is_some() || !schema.alternatives.iter().any(nested) {
        return;
    }
    let alternatives = std::mem::take(&mut schema.alternatives);
    for mut alternative in alternatives {
        if nested(&alternative) {
            schema.alternatives.append(&mut alternative.alternatives);
        } else {
            schema.alternatives.push(alternative);
        }
    }
}

/// Keeps the first of alternatives that allow the same values.
fn drop_repeated(schema: &mut Schema) {
    if schema.alternatives.len() < 2 {
        return;
    }
    let mut known = HashSet::new();
    schema.alternatives.retain(|alternative| {
        let mut structure = structure(alternative, &|referred| referred.reference.clone());
        structure.sort_all_objects();
        known.insert(structure)
    });
}

/// Joins alternatives that are strings (constants, enums or any string) to one open enum.
fn join_enumerations(schema: &mut Schema) -> bool {
    let plain = |alternative: &Schema| {
        alternative.reference.is_none()
            && alternative.facts.get(Facet::Format).is_none()
            && alternative.alternatives.is_empty()
            && match alternative.facts.get(Facet::Enum) {
                Some(_) => alternative
                    .facts
                    .list(Facet::Enum)
                    .iter()
                    .all(Json::is_string),
                None => alternative.only_type() == Some("string"),
            }
    };
    let enumerated = schema
        .alternatives
        .iter()
        .any(|alternative| alternative.facts.get(Facet::Enum).is_some());
    if !enumerated || !schema.properties.is_empty() || !schema.alternatives.iter().all(plain) {
        return false;
    }
    let provenance = schema.provenance.clone();
    let mut values: IndexSet<Json> = IndexSet::new();
    let mut descriptions: Vec<Json> = Vec::new();
    for alternative in std::mem::take(&mut schema.alternatives) {
        let description = alternative
            .facts
            .text(Facet::Description)
            .or(alternative.facts.text(Facet::Title));
        for value in alternative.facts.list(Facet::Enum) {
            if values.insert(value.clone()) {
                descriptions.push(json!(description.unwrap_or_default()));
            }
        }
    }
    schema.discriminator = None;
    if descriptions.iter().any(|text| text != "") {
        schema.facts.set_missing(
            Facet::EnumDescriptions,
            Fact::new(Json::Array(descriptions), provenance.clone()),
        );
    }
    schema.facts.set(
        Facet::Type,
        Fact::new(json!(["string"]), provenance.clone()),
    );
    schema
        .facts
        .set(Facet::Enum, Fact::new(Json::from_iter(values), provenance));
    true
}

/// Replaces the schema by its only alternative. Facts of the schema win over facts of the alternative.
pub(super) fn collapse(schema: &mut Schema) {
    let Some(alternative) = schema.alternatives.pop() else {
        return;
    };
    let outer = std::mem::replace(schema, alternative);
    for (facet, fact) in outer.facts.iter() {
        if facet != Facet::Type {
            schema.facts.set(facet, fact.clone());
        }
    }
    schema.provenance = outer.provenance;
}
