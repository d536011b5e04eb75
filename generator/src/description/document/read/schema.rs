//! Reads schemas.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::fact::meant;
use super::not_read::is_extension;
use super::{Dialect, DocumentReader, article};
use crate::description::diagnostic::Diagnostic;
use crate::description::document::form::Form;
use crate::description::document::{
    AlternativesKind, Discriminator, Facet, Fact, Origin, Provenance, Schema,
};
use crate::description::external::looks_like_path;
use crate::description::tree::{Entry, Mapping, Node, Value, push_token};

/// Keywords whose value becomes a fact unchanged.
const PLAIN: [(&str, Facet); 19] = [
    ("format", Facet::Format),
    ("nullable", Facet::Nullable),
    ("enum", Facet::Enum),
    ("x-enum-varnames", Facet::EnumNames),
    ("x-enum-descriptions", Facet::EnumDescriptions),
    ("multipleOf", Facet::MultipleOf),
    ("minLength", Facet::MinLength),
    ("maxLength", Facet::MaxLength),
    ("pattern", Facet::Pattern),
    ("minItems", Facet::MinItems),
    ("maxItems", Facet::MaxItems),
    ("uniqueItems", Facet::UniqueItems),
    ("minProperties", Facet::MinProperties),
    ("maxProperties", Facet::MaxProperties),
    ("readOnly", Facet::ReadOnly),
    ("writeOnly", Facet::WriteOnly),
    ("contentEncoding", Facet::ContentEncoding),
    ("contentMediaType", Facet::ContentMediaType),
    ("deprecated", Facet::Deprecated),
];

/// Keywords that have code of their own.
const STRUCTURAL: [&str; 23] = [
    "$ref",
    "type",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "items",
    "prefixItems",
    "oneOf",
    "anyOf",
    "allOf",
    "discriminator",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "title",
    "description",
    "default",
    "example",
    "examples",
    "$schema",
];

/// Keywords for people and for other formats than JSON.
const NOT_READ: [&str; 3] = ["$comment", "externalDocs", "xml"];

/// Keywords that are known but have no effect on Rust types.
const NOT_EXPRESSED: [&str; 17] = [
    "not",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependentRequired",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentSchema",
    "$defs",
    "$id",
    "$anchor",
    "definitions",
];

/// Keywords of a schema that references inside it can be relative to.
const ENCLOSING: [&str; 4] = ["$id", "$schema", "$defs", "definitions"];

impl<'a> DocumentReader<'a> {
    /// Reads a schema.
    pub(super) fn schema(&mut self, node: &'a Node) -> Schema {
        let mut schema = Schema::empty(self.provenance(node));
        match &node.value {
            Value::Mapping(mapping) => {
                let encloses = self.references.enclosing.is_empty()
                    || ENCLOSING.iter().any(|key| mapping.get(key).is_some());
                if encloses {
                    self.references.enclosing.push(node);
                }
                self.read_keywords(node, mapping, &mut schema);
                if encloses {
                    self.references.enclosing.pop();
                }
            }
            // `true` allows any value, like an empty schema.
            Value::Boolean(true) => {}
            Value::Boolean(false) => self.diagnostics.push(
                Diagnostic::note(
                    "not-expressed",
                    "a schema that no value matches is read as any JSON",
                )
                .at(node.span, "here"),
            ),
            Value::Null => {}
            _ => self.expected(node, "a schema: an object or a boolean"),
        }
        schema
    }

    fn read_keywords(&mut self, node: &'a Node, mapping: &'a Mapping, schema: &mut Schema) {
        for entry in &mapping.entries {
            let plain = PLAIN.iter().find(|(keyword, _)| *keyword == entry.key);
            match plain {
                Some((_, facet)) => self.value(&entry.value, *facet, &mut schema.facts),
                None => self.check_keyword(entry),
            }
        }
        if let Some(reference) = mapping.get("$ref") {
            schema.reference = self.schema_reference(reference);
        }
        self.read_type(mapping, schema);
        self.read_bounds(mapping, schema);
        self.read_prose(mapping, schema);
        self.read_object(mapping, schema);
        self.read_array(mapping, schema);
        self.read_combinations(mapping, schema);
        if schema.only_type().is_none() && schema.facts.get(Facet::Type).is_none() {
            infer_type(schema, self.provenance(node));
        }
    }

    /// Reports a keyword that is not in [`PLAIN`] and has no code of its own.
    fn check_keyword(&mut self, entry: &Entry) {
        let (key, at) = (entry.key.as_str(), entry.key_span);
        if STRUCTURAL.contains(&key) {
            return;
        }
        if is_extension(key) {
            return self.extension_not_read(entry);
        }
        if NOT_READ.contains(&key) {
            return self.key_not_read(entry, "a schema");
        }
        if NOT_EXPRESSED.contains(&key) {
            if !matches!(key, "$defs" | "definitions" | "$id") {
                self.diagnostics.push(
                    Diagnostic::note("not-expressed", format!("`{key}` is not expressed in Rust"))
                        .at(at, "this keyword"),
                );
            }
            return;
        }
        let known = STRUCTURAL
            .iter()
            .chain(&NOT_READ)
            .chain(PLAIN.iter().map(|(keyword, _)| keyword))
            .copied();
        self.unknown_key(key, at, known, "a schema");
    }

    fn read_type(&mut self, mapping: &'a Mapping, schema: &mut Schema) {
        if let Some(node) = mapping.get("type") {
            let names = match &node.value {
                Value::Sequence(items) => items,
                _ => std::slice::from_ref(node),
            };
            let mut types = Vec::new();
            for name in names {
                match name.as_str() {
                    Some("null") => schema
                        .facts
                        .set(Facet::Nullable, self.fact(name, json!(true))),
                    Some(
                        known @ ("string" | "number" | "integer" | "boolean" | "array" | "object"),
                    ) => {
                        types.push(known);
                    }
                    // An unquoted null in a list of types means "null".
                    None if name.value == Value::Null => {
                        schema
                            .facts
                            .set(Facet::Nullable, self.fact(name, json!(true)));
                    }
                    other => {
                        types.extend(other.and_then(meant_type));
                        if other == Some("file") {
                            let binary = self.fact(name, json!("binary"));
                            schema.facts.set_missing(Facet::Format, binary);
                        }
                        self.unknown_type(name, other);
                    }
                }
            }
            if types.is_empty() && schema.facts.flag(Facet::Nullable) == Some(true) {
                types.push("null");
            }
            if !types.is_empty() {
                let fact = Fact::new(self.types(&types), self.provenance(node));
                schema.facts.set(Facet::Type, fact);
            }
        }
        if let Some(node) = mapping.get("const") {
            schema.facts.set(
                Facet::Enum,
                self.fact(node, Json::Array(vec![node.to_json()])),
            );
        }
    }

    /// A list of types. Lists of a single type are shared, because nearly all schemas have one.
    fn types(&mut self, types: &[&str]) -> Arc<Json> {
        let [single] = types else {
            return Arc::new(json!(types));
        };
        let known = &mut self.lone_types;
        match known.iter().find(|(kind, _)| kind == single) {
            Some((_, list)) => Arc::clone(list),
            None => {
                let list = Arc::new(json!(types));
                known.push(((*single).to_owned(), Arc::clone(&list)));
                list
            }
        }
    }

    fn unknown_type(&mut self, node: &Node, name: Option<&str>) {
        let read = match name.and_then(meant_type) {
            Some(kind) => format!("it is read as `{kind}`"),
            None => "it is ignored".to_owned(),
        };
        let found = name.map_or_else(|| article(node.kind()), |name| format!("`{name}`"));
        self.diagnostics.push(
            Diagnostic::warning("unknown-type", format!("{found} is not a type; {read}"))
                .at(
                    node.span,
                    "expected string, number, integer, boolean, array, object or null",
                )
                .help("correct the document, or fix it in an overlay"),
        );
    }

    fn read_bounds(&mut self, mapping: &'a Mapping, schema: &mut Schema) {
        let pairs = [
            (
                "minimum",
                Facet::Minimum,
                "exclusiveMinimum",
                Facet::ExclusiveMinimum,
            ),
            (
                "maximum",
                Facet::Maximum,
                "exclusiveMaximum",
                Facet::ExclusiveMaximum,
            ),
        ];
        for (keyword, facet, exclusive_keyword, exclusive_facet) in pairs {
            let bound = mapping.get(keyword);
            let exclusive = mapping.get(exclusive_keyword);
            // OpenAPI 3.0 writes an exclusive bound as a bound with a boolean.
            let flag = exclusive.and_then(|node| meant(node, Form::Flag));
            let is_exclusive = flag == Some(json!(true));
            if let Some(node) = bound {
                let facet = if is_exclusive { exclusive_facet } else { facet };
                self.value(node, facet, &mut schema.facts);
            }
            if let Some(node) = exclusive
                && flag.is_none()
            {
                self.value(node, exclusive_facet, &mut schema.facts);
            }
        }
    }

    fn read_prose(&mut self, mapping: &'a Mapping, schema: &mut Schema) {
        let texts = [
            Facet::Title,
            Facet::Description,
            Facet::Arbitrary,
            Facet::Refuted,
            Facet::Reason,
        ];
        for facet in texts {
            self.prose(mapping, facet.name(), facet, &mut schema.facts);
        }
        if let Some(node) = mapping.get("default") {
            schema
                .facts
                .set(Facet::Default, self.fact(node, node.to_json()));
        }
        let mut examples = Vec::new();
        examples.extend(mapping.get("example").map(Node::to_json));
        if let Some(node) = mapping.get("examples") {
            match node.as_sequence() {
                Some(items) => examples.extend(items.iter().map(Node::to_json)),
                None => examples.push(node.to_json()),
            }
        }
        if let Some(node) = mapping.get("example").or_else(|| mapping.get("examples")) {
            schema
                .facts
                .set(Facet::Examples, self.fact(node, Json::Array(examples)));
        }
    }

    fn read_object(&mut self, mapping: &'a Mapping, schema: &mut Schema) {
        if let Some(properties) = mapping.get("properties") {
            match self.group(properties).as_mapping() {
                Some(properties) => {
                    schema.properties.reserve(properties.entries.len());
                    for (name, node) in properties.iter() {
                        let property = self.schema(node);
                        schema.properties.insert(name.to_owned(), property);
                    }
                }
                None => self.expected(properties, "an object of properties"),
            }
        }
        self.read_required(mapping, schema);
        self.read_further_properties(mapping, schema);
    }

    /// Merges `patternProperties` and `additionalProperties` to the schema of one map.
    fn read_further_properties(&mut self, mapping: &'a Mapping, schema: &mut Schema) {
        let others = mapping.get("additionalProperties");
        let patterns = mapping.get("patternProperties");
        let patterns = patterns.and_then(|node| Some((node, node.as_mapping()?)));
        let patterns = patterns.filter(|(_, patterns)| patterns.iter().next().is_some());
        if let Some((node, _)) = patterns {
            let note = Diagnostic::note(
                "not-expressed",
                "`patternProperties` are read as `additionalProperties`: names are not compared with the patterns",
            );
            self.diagnostics
                .push(note.at(node.span, "these properties"));
        }
        match others.map(|node| (node, &node.value)) {
            // `additionalProperties: false` does not forbid the properties that match a pattern.
            Some((_, Value::Boolean(false))) if patterns.is_some() => {}
            Some((node, Value::Boolean(true))) if patterns.is_some() => {
                schema.additional = Some(Box::new(Schema::empty(self.provenance(node))));
            }
            Some((node, Value::Boolean(allowed))) => {
                let fact = self.fact(node, json!(allowed));
                schema.facts.set(Facet::AdditionalProperties, fact);
            }
            Some((node, _)) => schema.additional = Some(Box::new(self.schema(node))),
            None => {}
        }
        if let Some((node, patterns)) = patterns {
            let rest = schema.additional.take();
            schema.additional = self.pattern_schema(node, patterns, rest);
        }
    }

    /// The schema of a map whose values match the schema of any pattern, or `rest`. The patterns themselves are not checked.
    fn pattern_schema(
        &mut self,
        at: &Node,
        patterns: &'a Mapping,
        rest: Option<Box<Schema>>,
    ) -> Option<Box<Schema>> {
        // Sorted: the order of keys in the document must not reach the output.
        let mut entries: Vec<(&str, &Node)> = patterns.iter().collect();
        entries.sort_unstable_by_key(|(pattern, _)| *pattern);
        let mut seen = Vec::new();
        entries.retain(|(_, node)| {
            let value = node.to_json();
            let is_new = !seen.contains(&value);
            seen.push(value);
            is_new
        });
        let mut alternatives: Vec<Schema> = rest.into_iter().map(|rest| *rest).collect();
        for (_, node) in entries {
            alternatives.push(self.schema(node));
        }
        if alternatives.len() < 2 {
            return alternatives.pop().map(Box::new);
        }
        let mut schema = Schema::empty(self.provenance(at));
        if !alternatives.iter().any(Schema::is_unconstrained) {
            schema.alternatives = alternatives;
            schema.alternatives_kind = AlternativesKind::AnyOf;
        }
        Some(Box::new(schema))
    }

    fn read_required(&mut self, mapping: &'a Mapping, schema: &mut Schema) {
        let Some(node) = mapping.get("required") else {
            return;
        };
        let Some(items) = node.as_sequence() else {
            // A habit from OpenAPI 2: `required: true` on a property has no meaning in OpenAPI 3.
            self.diagnostics.push(
                Diagnostic::warning(
                    "unexpected-value",
                    "`required` of a schema is a list of property names; it is ignored",
                )
                .at(node.span, format!("this is {}", article(node.kind())))
                .help("list the property in the `required` of the object that has it"),
            );
            return;
        };
        // The first of two equal names counts.
        let mut names: IndexMap<&str, &Node> = IndexMap::new();
        for item in items {
            match item.as_str() {
                Some(name) => drop(names.entry(name).or_insert(item)),
                None => self.expected(item, "a property name"),
            }
        }
        let list = self.provenance(node);
        let [is_listed, is_not] = [true, false].map(|listed| Arc::new(json!(listed)));
        for (name, property) in &mut schema.properties {
            let fact = match names.get(name.as_str()) {
                Some(item) => {
                    let provenance = Provenance::single(self.source, item.span);
                    Fact::new(Arc::clone(&is_listed), provenance)
                }
                None => Fact::new(Arc::clone(&is_not), list.clone()),
            };
            property.facts.set(Facet::Required, fact);
        }
        for (name, item) in names {
            if !schema.properties.contains_key(name) {
                let origin = Origin {
                    source: self.source,
                    at: item.span,
                };
                schema.required_elsewhere.push((name.to_owned(), origin));
            }
        }
    }

    fn read_array(&mut self, mapping: &'a Mapping, schema: &mut Schema) {
        match mapping.get("items") {
            Some(node) if node.as_sequence().is_some() => {
                for item in node.as_sequence().unwrap_or_default() {
                    let item = self.schema(item);
                    schema.prefix_items.push(item);
                }
            }
            // `items: false` allows no items after `prefixItems`.
            Some(node) if node.as_bool() == Some(false) && mapping.get("prefixItems").is_some() => {
            }
            Some(node) => schema.items = Some(Box::new(self.schema(node))),
            None => {}
        }
        for item in mapping
            .get("prefixItems")
            .and_then(Node::as_sequence)
            .unwrap_or_default()
        {
            let item = self.schema(item);
            schema.prefix_items.push(item);
        }
    }

    fn read_combinations(&mut self, mapping: &'a Mapping, schema: &mut Schema) {
        if let Some(node) = mapping.get("allOf") {
            match node.as_sequence() {
                Some(items) => {
                    for item in items {
                        let item = self.schema(item);
                        schema.all_of.push(item);
                    }
                }
                None => self.expected(node, "an array of schemas"),
            }
        }
        for (keyword, kind) in [
            ("oneOf", AlternativesKind::OneOf),
            ("anyOf", AlternativesKind::AnyOf),
        ] {
            let Some(node) = mapping.get(keyword) else {
                continue;
            };
            let Some(items) = node.as_sequence() else {
                self.expected(node, "an array of schemas");
                continue;
            };
            if !schema.alternatives.is_empty() {
                self.diagnostics.push(
                    Diagnostic::note(
                        "not-expressed",
                        "`anyOf` beside `oneOf` is not expressed in Rust",
                    )
                    .at(node.span, "ignored"),
                );
                continue;
            }
            schema.alternatives_kind = kind;
            for item in items {
                let item = self.schema(item);
                schema.alternatives.push(item);
            }
        }
        if let Some(node) = mapping.get("discriminator") {
            schema.discriminator = self.discriminator(node).map(Box::new);
            if schema.alternatives.is_empty() && schema.discriminator.is_some() {
                let note = Diagnostic::note(
                    "not-expressed",
                    "a `discriminator` without `oneOf` or `anyOf` is not expressed in Rust",
                );
                let note = note.at(node.span, "it has no alternatives to tell apart");
                let help = "list the alternatives in `oneOf`, in an overlay";
                self.diagnostics.push(note.help(help));
            }
        }
    }

    fn discriminator(&mut self, node: &'a Node) -> Option<Discriminator> {
        self.extensions_not_read(node);
        // A habit from OpenAPI 2: the discriminator was the name of the property.
        let named = node.get("propertyName").unwrap_or(node);
        let Some(property) = named.as_str() else {
            if self.dialect != Dialect::Transcribed {
                self.expected(node, "a discriminator with a `propertyName`");
            }
            return None;
        };
        let mut mapping = IndexMap::new();
        if let Some(entries) = node.get("mapping").and_then(Node::as_mapping) {
            for entry in &entries.entries {
                // A value of `mapping` is a reference or the bare name of a component.
                let key = match entry.value.as_str() {
                    Some(name) if !looks_like_path(name) && self.has_component(name) => {
                        Some(name.to_owned())
                    }
                    Some(_) => self.schema_reference(&entry.value),
                    None => {
                        self.expected(&entry.value, "the name of a schema or a reference");
                        None
                    }
                };
                if let Some(key) = key {
                    mapping.insert(entry.key.clone(), key);
                }
            }
        }
        Some(Discriminator {
            provenance: self.provenance(node),
            property: property.to_owned(),
            mapping,
        })
    }

    pub(super) fn has_component(&mut self, name: &str) -> bool {
        let pointer = push_token("/components/schemas", name);
        self.root.pointer(&pointer).is_some() || self.locate(None, &pointer).is_some()
    }
}

/// The type that an unknown type name stands for. Some authors write a format as the type, or the type of another
/// language.
fn meant_type(name: &str) -> Option<&'static str> {
    match name.to_ascii_lowercase().as_str() {
        "integer" | "int" | "int32" | "int64" | "long" => Some("integer"),
        "number" | "float" | "double" | "decimal" => Some("number"),
        "boolean" | "bool" => Some("boolean"),
        "string" | "str" | "text" | "date" | "datetime" | "date-time" | "uuid" | "uri" | "url"
        | "email" | "binary" | "file" => Some("string"),
        "array" | "list" => Some("array"),
        "object" | "dict" | "map" => Some("object"),
        _ => None,
    }
}

/// Infers the type of a schema without `type` from its keywords or constants.
fn infer_type(schema: &mut Schema, provenance: Provenance) {
    let kind = if !schema.properties.is_empty() || schema.additional.is_some() {
        "object"
    } else if schema.items.is_some() || !schema.prefix_items.is_empty() {
        "array"
    } else {
        // An enum of strings or integers has their type.
        match schema.facts.list(Facet::Enum) {
            [] => return,
            values if values.iter().all(Json::is_boolean) => "boolean",
            values
                if values.iter().all(Json::is_number)
                    && !values.iter().all(|value| value.as_i64().is_some()) =>
            {
                "number"
            }
            _ => return,
        }
    };
    schema
        .facts
        .set(Facet::Type, Fact::new(json!([kind]), provenance));
}
