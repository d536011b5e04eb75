//! The structure of schemas: what makes two of them the same type. The octets are equal where [`write::structure`] is,
//! which is JSON for people to read; to make and compare them takes a fraction of the time.
//!
//! [`write::structure`]: super::write::structure

use std::io::Write as _;

use serde_json::Value as Json;

use super::write::{is_prose, keyword};
use super::{AlternativesKind, Facet, Schema, SchemaKey};

/// The structure of a schema without prose, as octets that are equal for schemas that are the same type. `canonical` names
/// what a schema refers to.
#[must_use]
pub fn octets(schema: &Schema, canonical: &dyn Fn(&Schema) -> Option<SchemaKey>) -> Vec<u8> {
    let mut writer = Writer {
        octets: Vec::new(),
        canonical,
    };
    writer.schema(schema);
    writer.octets
}

struct Writer<'a> {
    octets: Vec<u8>,
    canonical: &'a dyn Fn(&Schema) -> Option<SchemaKey>,
}

impl Writer<'_> {
    fn schema(&mut self, schema: &Schema) {
        self.octets.push(b'{');
        if schema.reference.is_some()
            && let Some(reference) = (self.canonical)(schema)
        {
            self.word("$ref", &reference);
            if is_nullable(schema) {
                self.octets.push(b'?');
            }
            for facet in [Facet::ReadOnly, Facet::WriteOnly] {
                self.fact(schema, facet);
            }
        } else {
            self.types(schema);
            self.facts(schema);
            self.object(schema);
            self.schemas("items", schema.items.as_deref());
            self.schemas("prefixItems", &schema.prefix_items);
            self.alternatives(schema);
        }
        self.octets.push(b'}');
    }

    /// A name and a text, with its length: no other two make the same text.
    fn word(&mut self, name: &str, text: &str) {
        self.octets.extend_from_slice(name.as_bytes());
        self.octets.extend_from_slice(&text.len().to_le_bytes());
        self.octets.extend_from_slice(text.as_bytes());
    }

    fn types(&mut self, schema: &Schema) {
        let mut types = schema.types().peekable();
        if types.peek().is_none() {
            return;
        }
        let mut is_nullable = is_nullable(schema);
        for kind in types {
            is_nullable &= kind != "null";
            self.word("type", kind);
        }
        if is_nullable {
            self.word("type", "null");
        }
    }

    fn facts(&mut self, schema: &Schema) {
        let mut facets: Vec<Facet> = schema.facts.iter().map(|(facet, _)| facet).collect();
        facets.sort_unstable();
        for facet in facets {
            let is_schema = facet == Facet::AdditionalProperties && schema.additional.is_some();
            if keyword(facet).is_some() && !is_prose(facet) && !is_schema {
                self.fact(schema, facet);
            }
            if facet == Facet::Enum && is_nullable(schema) {
                self.octets.push(b'?');
            }
        }
    }

    fn fact(&mut self, schema: &Schema, facet: Facet) {
        let Some(fact) = schema.facts.get(facet) else {
            return;
        };
        match &*fact.value {
            Json::String(text) => self.word(facet.name(), text),
            value => {
                self.octets.extend_from_slice(facet.name().as_bytes());
                // Writing to memory cannot fail.
                let _ = write!(self.octets, "{value}");
            }
        }
    }

    fn object(&mut self, schema: &Schema) {
        for (name, property) in &schema.properties {
            self.word("property", name);
            if property.facts.flag(Facet::Required) == Some(true) {
                self.octets.push(b'!');
            }
            self.schema(property);
        }
        let elsewhere = schema.required_elsewhere.iter();
        let mut elsewhere: Vec<&str> = elsewhere.map(|(name, _)| name.as_str()).collect();
        elsewhere.sort_unstable();
        elsewhere.dedup();
        for name in elsewhere {
            self.word("required", name);
        }
        self.schemas("additionalProperties", schema.additional.as_deref());
    }

    fn schemas<'s>(&mut self, name: &str, schemas: impl IntoIterator<Item = &'s Schema>) {
        for schema in schemas {
            self.octets.extend_from_slice(name.as_bytes());
            self.schema(schema);
        }
    }

    fn alternatives(&mut self, schema: &Schema) {
        if schema.alternatives.is_empty() {
            return;
        }
        let keyword = match schema.alternatives_kind {
            AlternativesKind::OneOf => "oneOf",
            AlternativesKind::AnyOf => "anyOf",
        };
        self.schemas(keyword, &schema.alternatives);
        if is_nullable(schema) && schema.facts.get(Facet::Type).is_none() {
            self.octets.push(b'?');
        }
        let Some(discriminator) = &schema.discriminator else {
            return;
        };
        self.word("discriminator", &discriminator.property);
        for (value, key) in &discriminator.mapping {
            let mut target = Schema::empty(schema.said.clone());
            target.reference = Some(key.clone());
            let reference = (self.canonical)(&target);
            self.word("value", value);
            self.word("mapped", reference.as_ref().unwrap_or(key));
        }
    }
}

fn is_nullable(schema: &Schema) -> bool {
    schema.facts.flag(Facet::Nullable) == Some(true)
}
