//! `request_schemas.json` of the emitted crate: the schemas of parameters and request bodies, which the server checks
//! requests against. It is data and no Rust, so that nobody pays for it at compile time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::lines::lines;
use crate::api::{Api, ParameterLocation};
use crate::description::document::json_schema::structure;
use crate::description::document::{self, Document, Facet, Schema};

/// Keywords that restrict no value, or that the types of Rust are for.
const NO_CHECKS: [&str; 5] = [
    "discriminator",
    "x-enum-varnames",
    "writeOnly",
    "contentEncoding",
    "contentMediaType",
];

/// Keywords that restrict values beyond what the types of Rust do.
const RESTRICTIONS: [&str; 14] = [
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// Formats that are checked.
const FORMATS: [&str; 11] = [
    "byte",
    "date",
    "date-time",
    "email",
    "int32",
    "ipv4",
    "ipv6",
    "uint32",
    "uri",
    "url",
    "uuid",
];

/// Whether the server checks a format.
#[must_use]
pub fn is_checked(format: &str) -> bool {
    FORMATS.contains(&format)
}

/// The file, and whether it has patterns.
///
/// # Errors
/// None in practice: nothing in it can fail to be JSON.
pub fn generate(api: &Api, document: &Document) -> Result<(Vec<u8>, bool), serde_json::Error> {
    let mut writer = Writer {
        document,
        schemas: BTreeMap::new(),
    };
    let lowered = api.served();
    let ids = lowered.map(|one| ((one.method, one.path.template.as_str()), one.id.as_str()));
    let ids: HashMap<_, _> = ids.collect();
    let operations = document.operations.iter().filter_map(|operation| {
        let id = ids.get(&(operation.method, operation.path.as_str()))?;
        Some((*id, writer.operation(operation)?))
    });
    let operations: BTreeMap<&str, Value> = operations.collect();
    let schemas = writer.schemas;
    let all = schemas.values().chain(operations.values());
    let patterns = all.clone().any(has_pattern);
    let text = format!(
        "{{\n\"schemas\": {},\n\"operations\": {}\n}}\n",
        lines(schemas.iter().map(|(name, schema)| (name.as_str(), schema)))?,
        lines(operations.iter().map(|(id, schema)| (*id, schema)))?,
    );
    Ok((text.into_bytes(), patterns))
}

struct Writer<'a> {
    document: &'a Document,
    /// The component schemas that requests refer to.
    schemas: BTreeMap<String, Value>,
}

impl Writer<'_> {
    fn operation(&mut self, operation: &document::Operation) -> Option<Value> {
        let mut parameters = Map::new();
        for parameter in &operation.parameters {
            let required = parameter.location == ParameterLocation::Path
                || parameter.facts.flag(Facet::Required) == Some(true);
            let mut written = Map::new();
            if required {
                written.insert("required".to_owned(), true.into());
            }
            let schema = self.schema(&parameter.schema);
            if self.is_restricted(&schema, &mut BTreeSet::new()) {
                written.insert("restricted".to_owned(), true.into());
            }
            written.insert("schema".to_owned(), schema);
            let key = format!("{} {}", parameter.location.key(), parameter.name);
            parameters.insert(key, written.into());
        }
        let mut bodies = Map::new();
        let mut written = Map::new();
        if let Some(body) = &operation.body {
            for (media_type, content) in &body.contents {
                if let Some(schema) = &content.schema {
                    let bare = media_type.split(';').next().unwrap_or_default();
                    bodies.insert(bare.trim().to_ascii_lowercase(), self.schema(schema));
                }
            }
            if body.facts.flag(Facet::Required) == Some(true) {
                written.insert("required".to_owned(), true.into());
            }
        }
        if parameters.is_empty() && bodies.is_empty() {
            return None;
        }
        let mut seen = BTreeSet::new();
        let mut all = parameters.values().chain(bodies.values());
        if all.any(|schema| self.is_restricted(schema, &mut seen)) {
            written.insert("restricted".to_owned(), true.into());
        }
        if !parameters.is_empty() {
            written.insert("parameters".to_owned(), parameters.into());
        }
        if !bodies.is_empty() {
            written.insert("bodies".to_owned(), bodies.into());
        }
        Some(written.into())
    }

    /// A schema, whose references are added to the components.
    fn schema(&mut self, schema: &Schema) -> Value {
        let mut written = structure(schema, &|schema| schema.reference.clone());
        let mut references = BTreeSet::new();
        prepare(&mut written, &mut references);
        for name in references {
            if self.schemas.contains_key(&name) {
                continue;
            }
            if let Some(schema) = self.document.schemas.get(&*name) {
                // Before its own references, which may lead back to it.
                self.schemas.insert(name.clone(), json!({}));
                let written = self.schema(schema);
                self.schemas.insert(name, written);
            }
        }
        written
    }

    /// Whether a schema, or one that it refers to, restricts values beyond their types.
    fn is_restricted(&self, value: &Value, seen: &mut BTreeSet<String>) -> bool {
        match value {
            Value::Object(object) => object.iter().any(|(key, value)| match key.as_str() {
                "$ref" => value.as_str().is_some_and(|name| {
                    seen.insert(name.to_owned())
                        && self
                            .schemas
                            .get(name)
                            .is_some_and(|schema| self.is_restricted(schema, seen))
                }),
                "properties" => value.as_object().is_some_and(|properties| {
                    properties
                        .values()
                        .any(|property| self.is_restricted(property, seen))
                }),
                "additionalProperties" if *value == false => true,
                "format" => true,
                key if RESTRICTIONS.contains(&key) => true,
                _ => self.is_restricted(value, seen),
            }),
            Value::Array(items) => items.iter().any(|item| self.is_restricted(item, seen)),
            _ => false,
        }
    }
}

/// Removes what is not checked from a schema, and finds its references.
fn prepare(value: &mut Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            object.retain(|key, value| match (key.as_str(), &*value) {
                ("format", Value::String(format)) => FORMATS.contains(&format.as_str()),
                (key, _) => !NO_CHECKS.contains(&key),
            });
            for (key, value) in object.iter_mut() {
                match (key.as_str(), value) {
                    ("$ref", Value::String(name)) => {
                        references.insert(name.clone());
                    }
                    ("properties", Value::Object(properties)) => {
                        for property in properties.values_mut() {
                            prepare(property, references);
                        }
                    }
                    ("enum", _) => {}
                    (_, value) => prepare(value, references),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| prepare(item, references)),
        _ => {}
    }
}

/// Whether a schema has a pattern.
fn has_pattern(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.iter().any(|(key, value)| match key.as_str() {
            "pattern" if value.is_string() => true,
            "enum" => false,
            "properties" => value
                .as_object()
                .is_some_and(|properties| properties.values().any(has_pattern)),
            _ => has_pattern(value),
        }),
        Value::Array(items) => items.iter().any(has_pattern),
        _ => false,
    }
}
