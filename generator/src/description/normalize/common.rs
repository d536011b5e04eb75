//! Moves the properties beside alternatives into each alternative, because a Rust enum has no fields of its own.

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::all_of::join;
use super::alternatives::collapse;
use super::for_each_schema;
use crate::description::document::{Discriminator, Document, Facet, Fact, Schema, SchemaKey, key};

pub(super) fn distribute(document: &mut Document) {
    // The components that alternatives refer to, before any of them is changed.
    let mut wanted: Vec<SchemaKey> = Vec::new();
    for_each_schema(document, &mut |schema| {
        if has_common_properties(schema) {
            let alternatives = schema.alternatives.iter();
            wanted.extend(alternatives.filter_map(|alternative| alternative.reference.clone()));
        }
    });
    let mut components: IndexMap<SchemaKey, Schema> = IndexMap::new();
    while let Some(key) = wanted.pop() {
        if let Some(schema) = document.schemas.get(&key)
            && !components.contains_key(&key)
        {
            wanted.extend(schema.reference.clone());
            components.insert(key, schema.clone());
        }
    }
    for_each_schema(document, &mut |schema| {
        if has_common_properties(schema) {
            distribute_one(schema, &components);
        }
    });
}

fn has_common_properties(schema: &Schema) -> bool {
    !schema.alternatives.is_empty() && !schema.properties.is_empty()
}

fn distribute_one(schema: &mut Schema, components: &IndexMap<SchemaKey, Schema>) {
    let mut common = Schema::empty(schema.provenance.clone());
    common.properties = schema.properties.clone();
    common.required_elsewhere = schema.required_elsewhere.clone();
    common.additional = schema.additional.clone();
    if let Some(fact) = schema.facts.get(Facet::AdditionalProperties) {
        common.facts.set(Facet::AdditionalProperties, fact.clone());
    }
    let has_them = |alternative: &Schema| {
        let target = target(alternative, components);
        let has = |name| target.is_some_and(|target| target.properties.contains_key(name));
        common.properties.keys().all(has)
    };
    if schema.alternatives.iter().all(has_them) {
        return;
    }
    let discriminator = schema.discriminator.as_deref();
    let alternatives = schema.alternatives.iter();
    let alternatives = alternatives
        .map(|alternative| with_common(alternative, &common, discriminator, components));
    // If an alternative is not an object, it cannot have properties. Then nothing is changed.
    let Some(alternatives) = alternatives.collect::<Option<Vec<Schema>>>() else {
        return;
    };
    schema.discriminator = None;
    schema.alternatives = alternatives;
    schema.properties.clear();
    schema.required_elsewhere.clear();
    schema.additional = None;
    schema.facts.take(Facet::AdditionalProperties);
    if schema.alternatives.len() == 1 {
        collapse(schema);
    }
}

/// The schema of an alternative, with references followed.
fn target<'s>(
    alternative: &'s Schema,
    components: &'s IndexMap<SchemaKey, Schema>,
) -> Option<&'s Schema> {
    let mut referred = alternative.with_referred(components);
    referred.find(|schema| schema.reference.is_none())
}

/// An alternative joined with the common properties. Returns `None` if it is not an object.
fn with_common(
    alternative: &Schema,
    common: &Schema,
    discriminator: Option<&Discriminator>,
    components: &IndexMap<SchemaKey, Schema>,
) -> Option<Schema> {
    let target = target(alternative, components)?;
    let is_object = matches!(target.only_type(), None | Some("object"))
        && target.alternatives.is_empty()
        && target.items.is_none()
        && target.prefix_items.is_empty()
        && target.facts.get(Facet::Enum).is_none();
    if !is_object {
        return None;
    }
    let mut joined = target.clone();
    join(&mut joined, common.clone());
    let object = Fact::new(json!(["object"]), alternative.provenance.clone());
    joined.facts.set_missing(Facet::Type, object);
    if let Some(key) = &alternative.reference {
        let title = Fact::new(json!(key::name(key)), alternative.provenance.clone());
        joined.facts.set(Facet::Title, title);
        if let Some(discriminator) = discriminator {
            set_discriminator_value(&mut joined, key, discriminator);
        }
    }
    Some(joined)
}

/// Makes the discriminator's property a constant: its value is the one that the discriminator maps to the component.
fn set_discriminator_value(
    alternative: &mut Schema,
    key: &SchemaKey,
    discriminator: &Discriminator,
) {
    let mapped = discriminator.mapping.iter();
    let mut values = mapped
        .filter(|(_, mapped)| *mapped == key)
        .map(|(value, _)| value);
    let (first, more) = (values.next(), values.next());
    let value = match (first, more) {
        (Some(value), None) => value.clone(),
        (Some(_), Some(_)) => return,
        (None, _) => key::name(key),
    };
    let fact = |value: Json| Fact::new(value, alternative.provenance.clone());
    let mut property = Schema::empty(alternative.provenance.clone());
    property.facts.set(Facet::Type, fact(json!(["string"])));
    property.facts.set(Facet::Enum, fact(json!([value])));
    property.facts.set(Facet::Required, fact(json!(true)));
    alternative
        .properties
        .insert(discriminator.property.clone(), property);
}
