//! Replaces a null among the values of an enum by `nullable`.

use serde_json::{Value as Json, json};

use crate::description::document::{Facet, Fact, Schema};

pub(super) fn lift(schema: &mut Schema) {
    let Some(fact) = schema.facts.get(Facet::Enum) else {
        return;
    };
    let provenance = fact.provenance.clone();
    let Some(values) = fact.value.as_array() else {
        return;
    };
    if !values.contains(&Json::Null) {
        return;
    }
    let rest: Vec<Json> = values
        .iter()
        .filter(|value| !value.is_null())
        .cloned()
        .collect();
    schema.facts.take(Facet::Enum);
    if !rest.is_empty() {
        schema.facts.set(
            Facet::Enum,
            Fact::new(Json::Array(rest), provenance.clone()),
        );
    }
    schema
        .facts
        .set(Facet::Nullable, Fact::new(json!(true), provenance));
}
