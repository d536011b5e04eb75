//! Discriminators without their property, and mappings that no value can follow.

use std::collections::HashSet;

use super::walk;
use super::{Described, Findings};
use crate::description::document::{Discriminator, Document, Facet, Schema, key};

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let document = described.document;
    walk::schemas(document, &mut |_, schema| {
        without_property(schema, document, findings);
        if let Some(discriminator) = &schema.discriminator {
            mapping(discriminator, schema, document, findings);
        }
    });
}

/// Reports the alternatives that lack the property that tells them apart. What is not described may have any property.
fn without_property(schema: &Schema, document: &Document, findings: &mut Findings) {
    let Some(discriminator) = &schema.discriminator else {
        return;
    };
    let property = &discriminator.property;
    let lacks_property = |alternative: &&Schema| {
        let chain: Vec<&Schema> = alternative.with_referred(&document.schemas).collect();
        let is_described = |it: &&Schema| !it.properties.is_empty() && it.alternatives.is_empty();
        let has_property = |it: &&Schema| it.properties.contains_key(property);
        chain.iter().any(is_described) && !chain.iter().any(has_property)
    };
    if let Some(lacking) = schema.alternatives.iter().find(lacks_property) {
        let message = format!("an alternative lacks `{property}`, which tells them apart");
        let places = [
            (lacking.provenance.first().at, "this alternative".to_owned()),
            (
                discriminator.provenance.first().at,
                "the discriminator".to_owned(),
            ),
        ];
        findings.add_all("discriminator-property", message, &places);
    }
}

/// Reports the values of a mapping that lead to what is no alternative, or to a schema that does not allow the value.
fn mapping(
    discriminator: &Discriminator,
    schema: &Schema,
    document: &Document,
    findings: &mut Findings,
) {
    let alternatives = alternatives(schema, document);
    let property = &discriminator.property;
    for (value, target) in &discriminator.mapping {
        let name = key::name(target);
        let is_other = |known: &HashSet<&str>| !known.contains(target.as_str());
        let message = if alternatives.as_ref().is_some_and(is_other) {
            format!("the mapping leads `{value}` to `{name}`, which is none of the alternatives")
        } else if is_forbidden(value, property, target, document) {
            format!(
                "the mapping leads `{value}` to `{name}`, whose `{property}` is never `{value}`"
            )
        } else {
            continue;
        };
        let at = discriminator.provenance.first().at;
        findings.add("discriminator-mapping", message, at, "this discriminator");
    }
}

/// The components among the alternatives of a schema, and among theirs. `None` if there are none, or if one is described in place,
/// which may have been a component with something beside it.
fn alternatives<'d>(schema: &'d Schema, document: &'d Document) -> Option<HashSet<&'d str>> {
    let mut known = HashSet::new();
    let mut open: Vec<&Schema> = schema.alternatives.iter().collect();
    while let Some(alternative) = open.pop() {
        let is_new = known.insert(alternative.reference.as_deref()?);
        if is_new {
            for referred in alternative.with_referred(&document.schemas) {
                known.extend(referred.reference.as_deref());
                open.extend(&referred.alternatives);
            }
        }
    }
    (!known.is_empty()).then_some(known)
}

/// Whether the values of a property that a component has are listed, and a value is none of them.
fn is_forbidden(value: &str, property: &str, component: &str, document: &Document) -> bool {
    let Some(schema) = document.schemas.get(component) else {
        return false;
    };
    let mut chain = schema.with_referred(&document.schemas);
    let described = chain.find_map(|it| it.properties.get(property));
    let Some(described) = described else {
        return false;
    };
    let chain = described.with_referred(&document.schemas);
    let mut listed = chain.map(|it| it.facts.list(Facet::Enum));
    let listed = listed.find(|values| !values.is_empty()).unwrap_or_default();
    let text = |it: &serde_json::Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
    !listed.is_empty() && listed.iter().map(text).all(|it| it != value)
}
