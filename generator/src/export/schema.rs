//! Schemas of 3.1 as schemas of 3.0.

use serde_json::{Map, Value as Json, json};

use super::{Export, entries};
use crate::description::tree::{Node, Value};

/// Keywords that 3.0 does not have and that nothing in it replaces.
const LOST: [&str; 16] = [
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependentSchemas",
    "dependentRequired",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
    "$defs",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
];

/// Keywords that say nothing about values.
const SILENT: [&str; 3] = ["$schema", "$id", "$comment"];

impl Export {
    pub(super) fn schema(&mut self, node: &Node) -> Json {
        match &node.value {
            Value::Boolean(true) => return json!({}),
            Value::Boolean(false) => return json!({ "not": {} }),
            _ => {}
        }
        let mut schema = Map::new();
        for entry in entries(node) {
            let (key, value) = (entry.key.as_str(), &entry.value);
            let rewritten = match key {
                "properties" => self.map(value, Self::schema),
                "items" | "not" => self.schema(value),
                "additionalProperties" if value.as_bool().is_none() => self.schema(value),
                "allOf" | "oneOf" | "anyOf" | "prefixItems" => self.list(value, Self::schema),
                "patternProperties" => {
                    self.lose(
                        entry.key_span,
                        "OpenAPI 3.0 has no `patternProperties`: all other properties have these types",
                    );
                    let schemas = entries(value).map(|entry| self.schema(&entry.value));
                    let schemas: Vec<Json> = schemas.collect();
                    schema.insert("additionalProperties".to_owned(), one_of_any(schemas));
                    continue;
                }
                _ if SILENT.contains(&key) => continue,
                _ if LOST.contains(&key) => {
                    self.lose(entry.key_span, format!("OpenAPI 3.0 has no `{key}`"));
                    continue;
                }
                _ => value.to_json(),
            };
            schema.insert(key.to_owned(), rewritten);
        }
        self.constant(&mut schema);
        self.examples(node, &mut schema);
        self.content(node, &mut schema);
        self.prefix_items(node, &mut schema);
        bounds(&mut schema);
        null_alternative(&mut schema);
        types(&mut schema);
        reference(schema)
    }

    fn constant(&mut self, schema: &mut Map<String, Json>) {
        if let Some(value) = schema.remove("const") {
            schema.insert("enum".to_owned(), json!([value]));
        }
    }

    fn examples(&mut self, node: &Node, schema: &mut Map<String, Json>) {
        let Some(Json::Array(examples)) = schema.remove("examples") else {
            return;
        };
        if examples.len() > 1 {
            let at = node.get("examples").map_or(node.span, |it| it.span);
            self.lose(
                at,
                "OpenAPI 3.0 has one example of a schema: the first one is kept",
            );
        }
        if let Some(first) = examples.into_iter().next() {
            schema.entry("example").or_insert(first);
        }
    }

    fn content(&mut self, node: &Node, schema: &mut Map<String, Json>) {
        let encoding = schema.remove("contentEncoding");
        let media_type = schema.remove("contentMediaType");
        let format = match (encoding.as_ref().and_then(Json::as_str), &media_type) {
            (Some("base64"), None) => "byte",
            (None, Some(media_type)) if media_type == "application/octet-stream" => "binary",
            (None, None) => return,
            (Some("base64"), Some(_)) => {
                let at = node.get("contentMediaType").map_or(node.span, |it| it.span);
                self.lose(at, "OpenAPI 3.0 has no `contentMediaType`");
                "byte"
            }
            _ => {
                self.lose(
                    node.span,
                    "OpenAPI 3.0 cannot say how this content is encoded",
                );
                return;
            }
        };
        schema.entry("format").or_insert_with(|| format.into());
    }

    fn prefix_items(&mut self, node: &Node, schema: &mut Map<String, Json>) {
        let Some(Json::Array(mut prefix)) = schema.remove("prefixItems") else {
            return;
        };
        let at = node.get("prefixItems").map_or(node.span, |it| it.span);
        self.lose(
            at,
            "OpenAPI 3.0 has no `prefixItems`: each item is of one of these types",
        );
        prefix.extend(
            schema
                .remove("items")
                .filter(|it| *it != json!({ "not": {} })),
        );
        schema.insert("items".to_owned(), one_of_any(prefix));
    }
}

/// `anyOf` of schemas, or the only one.
fn one_of_any(mut schemas: Vec<Json>) -> Json {
    schemas.dedup();
    match schemas.len() {
        1 => schemas.remove(0),
        _ => json!({ "anyOf": schemas }),
    }
}

/// Exclusive bounds are numbers in 3.1, and flags of the other bounds in 3.0.
fn bounds(schema: &mut Map<String, Json>) {
    let pairs = [
        ("exclusiveMinimum", "minimum", 1.0),
        ("exclusiveMaximum", "maximum", -1.0),
    ];
    for (exclusive, inclusive, sign) in pairs {
        let Some(bound) = schema.get(exclusive).filter(|it| it.is_number()).cloned() else {
            continue;
        };
        schema.remove(exclusive);
        let number = |value: &Json| value.as_f64().unwrap_or_default() * sign;
        let is_wider = schema
            .get(inclusive)
            .is_some_and(|other| number(other) > number(&bound));
        if !is_wider {
            schema.insert(inclusive.to_owned(), bound);
            schema.insert(exclusive.to_owned(), true.into());
        }
    }
}

/// An alternative of null becomes `nullable`.
fn null_alternative(schema: &mut Map<String, Json>) {
    for key in ["oneOf", "anyOf"] {
        let Some(Json::Array(alternatives)) = schema.get_mut(key) else {
            continue;
        };
        let count = alternatives.len();
        // What `types` has made of `{type: null}`.
        alternatives.retain(|it| *it != json!({ "nullable": true, "enum": [null] }));
        if alternatives.len() == count {
            continue;
        }
        if let [_] = alternatives.as_slice()
            && let Some(only) = schema.remove(key)
            && !schema.contains_key("allOf")
        {
            schema.insert("allOf".to_owned(), only);
        }
        schema.insert("nullable".to_owned(), true.into());
    }
}

/// A list of types becomes one type, `nullable`, or alternatives.
fn types(schema: &mut Map<String, Json>) {
    let types = match schema.get("type") {
        Some(Json::String(one)) => vec![one.clone()],
        Some(Json::Array(types)) => {
            let types = types.iter().filter_map(Json::as_str);
            types.map(str::to_owned).collect()
        }
        _ => return,
    };
    let is_nullable = types.iter().any(|ty| ty == "null");
    let types: Vec<&String> = types.iter().filter(|ty| *ty != "null").collect();
    let mut type_now = None;
    match types.as_slice() {
        [] => {
            schema.insert("enum".to_owned(), json!([null]));
        }
        [one] => type_now = Some((*one).clone()),
        several => {
            let alternatives: Vec<Json> = several
                .iter()
                .map(|ty| match ty.as_str() {
                    "array" => json!({ "type": ty, "items": {} }),
                    _ => json!({ "type": ty }),
                })
                .collect();
            let alternatives = json!({ "anyOf": alternatives });
            if let Some(Json::Array(parts)) = schema.get_mut("allOf") {
                parts.push(alternatives);
            } else if schema.contains_key("anyOf") {
                schema.insert("allOf".to_owned(), json!([alternatives]));
            } else if let Some(alternatives) = alternatives.get("anyOf") {
                schema.insert("anyOf".to_owned(), alternatives.clone());
            }
        }
    }
    schema.remove("type");
    if let Some(ty) = type_now {
        if ty == "array" {
            // 3.0 demands `items`.
            schema.entry("items").or_insert_with(|| json!({}));
        }
        schema.insert("type".to_owned(), ty.into());
    }
    if is_nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
}

/// In 3.0, what stands beside a reference is ignored, so that it goes around it.
fn reference(mut schema: Map<String, Json>) -> Json {
    let Some(reference) = schema.get("$ref").cloned() else {
        return Json::Object(schema);
    };
    let says_more = schema
        .keys()
        .any(|key| key != "$ref" && !key.starts_with("x-"));
    let reference = json!({ "$ref": reference });
    if !says_more {
        return reference;
    }
    schema.remove("$ref");
    match schema.get_mut("allOf") {
        Some(Json::Array(parts)) => parts.insert(0, reference),
        _ => {
            schema.insert("allOf".to_owned(), json!([reference]));
        }
    }
    Json::Object(schema)
}
