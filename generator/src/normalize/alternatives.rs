//! Alternatives that are none: an arm that is null, a single arm, arms that are constants.

use indexmap::IndexSet;
use serde_json::{Value as Json, json};

use crate::document::{Facet, Fact, Schema};

pub(super) fn simplify(schema: &mut Schema) {
    if schema.alternatives.is_empty() {
        return;
    }
    lift_null_arms(schema);
    drop_validation_arms(schema);
    hand_down(schema);
    flatten_nested(schema);
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

fn is_null(arm: &Schema) -> bool {
    arm.only_type() == Some("null")
        || (arm.facts.get(Facet::Enum).is_none()
            && arm.says_nothing()
            && arm.facts.flag(Facet::Nullable) == Some(true))
}

fn lift_null_arms(schema: &mut Schema) {
    let mut nullable = None;
    for arm in &schema.alternatives {
        if is_null(arm) || arm.facts.flag(Facet::Nullable) == Some(true) {
            nullable = Some(arm.said.clone());
        }
    }
    schema.alternatives.retain(|arm| !is_null(arm));
    if let Some(said) = nullable {
        schema
            .facts
            .set(Facet::Nullable, Fact::new(json!(true), said));
    }
}

/// Arms that only constrain what stands beside them (`anyOf: [{required: [a]}, {required: [b]}]`) are no types.
fn drop_validation_arms(schema: &mut Schema) {
    let constrains = |arm: &Schema| {
        arm.says_nothing()
            || (arm.only_type() == Some("object")
                && arm.properties.is_empty()
                && arm.additional.is_none()
                && arm.reference.is_none())
    };
    let is_said_beside = !schema.properties.is_empty() || schema.types().next().is_some();
    let none_is_a_type = match schema.properties.is_empty() {
        true => schema.alternatives.iter().all(Schema::says_nothing),
        false => schema.alternatives.iter().all(constrains),
    };
    if is_said_beside && none_is_a_type {
        schema.alternatives.clear();
        schema.discriminator = None;
    }
}

/// A type, and items, that stand beside alternatives hold for those that say nothing of them.
fn hand_down(schema: &mut Schema) {
    let kind = schema
        .only_type()
        .is_some()
        .then(|| schema.facts.get(Facet::Type).cloned());
    let items = schema.items.clone();
    for arm in &mut schema.alternatives {
        let is_open = arm.reference.is_none() && arm.alternatives.is_empty();
        if let Some(Some(kind)) = &kind
            && is_open
        {
            arm.facts.set_missing(Facet::Type, kind.clone());
        }
        if is_open
            && arm.only_type() == Some("array")
            && arm.prefix_items.is_empty()
            && arm.items.as_ref().is_none_or(|items| items.says_nothing())
        {
            arm.items.clone_from(&items);
        }
    }
}

/// An alternative of alternatives is one of the outer alternatives.
fn flatten_nested(schema: &mut Schema) {
    let nested = |arm: &Schema| {
        !arm.alternatives.is_empty()
            && arm.properties.is_empty()
            && arm.discriminator.is_none()
            && arm.reference.is_none()
    };
    if schema.discriminator.is_some() || !schema.alternatives.iter().any(nested) {
        return;
    }
    let arms = std::mem::take(&mut schema.alternatives);
    for mut arm in arms {
        if nested(&arm) {
            schema.alternatives.append(&mut arm.alternatives);
        } else {
            schema.alternatives.push(arm);
        }
    }
}

/// Strings that are constants, enumerated or free make one open enum.
fn join_enumerations(schema: &mut Schema) -> bool {
    let plain = |arm: &Schema| {
        arm.reference.is_none()
            && arm.facts.get(Facet::Format).is_none()
            && arm.alternatives.is_empty()
            && match arm.facts.get(Facet::Enum) {
                Some(_) => arm.facts.list(Facet::Enum).iter().all(Json::is_string),
                None => arm.only_type() == Some("string"),
            }
    };
    let enumerated = schema
        .alternatives
        .iter()
        .any(|arm| arm.facts.get(Facet::Enum).is_some());
    if !enumerated || !schema.properties.is_empty() || !schema.alternatives.iter().all(plain) {
        return false;
    }
    let said = schema.said.clone();
    let mut values: IndexSet<Json> = IndexSet::new();
    let mut descriptions: Vec<Json> = Vec::new();
    for arm in std::mem::take(&mut schema.alternatives) {
        let description = arm
            .facts
            .text(Facet::Description)
            .or(arm.facts.text(Facet::Title));
        for value in arm.facts.list(Facet::Enum) {
            if values.insert(value.clone()) {
                descriptions.push(json!(description.unwrap_or_default()));
            }
        }
    }
    schema.discriminator = None;
    if descriptions.iter().any(|text| text != "") {
        schema.facts.set_missing(
            Facet::EnumDescriptions,
            Fact::new(Json::Array(descriptions), said.clone()),
        );
    }
    schema
        .facts
        .set(Facet::Type, Fact::new(json!(["string"]), said.clone()));
    schema
        .facts
        .set(Facet::Enum, Fact::new(Json::from_iter(values), said));
    true
}

/// A single arm is the schema itself; what stands beside it wins over what it says.
pub(super) fn collapse(schema: &mut Schema) {
    let Some(arm) = schema.alternatives.pop() else {
        return;
    };
    let outer = std::mem::replace(schema, arm);
    for (facet, fact) in outer.facts.iter() {
        if facet != Facet::Type {
            schema.facts.set(facet, fact.clone());
        }
    }
    schema.said = outer.said;
}
