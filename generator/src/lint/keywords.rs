//! Keywords that say less than their authors meant: those of another version of OpenAPI, those of another type, and values that
//! stand twice.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::walk;
use super::{Described, Findings};
use crate::description::document::{Facet, Fact, Schema};
use crate::description::source::Span;
use crate::description::tree::{Entry, Mapping, Node};

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let version = described.tree.get("openapi").and_then(Node::as_str);
    if version.is_some_and(|version| !version.starts_with("3.0")) {
        let mut found = IndexMap::new();
        walk::written_schemas(described.tree, &mut |schema| {
            of_version_3_0(schema, &mut found);
        });
        for ((keyword, instead), places) in found {
            let message = format!("OpenAPI 3.0 alone has this `{keyword}`; {instead}");
            findings.add_all("keyword-of-3.0", message, &places);
        }
    }
    walk::schemas(described.document, &mut |_, schema| {
        repeated_values(schema, findings);
        empty_enum(schema, findings);
        bounds_of_other_types(schema, findings);
        format_of_another_type(schema, findings);
        read_only_and_write_only(schema, findings);
    });
    walk::written_schemas(described.tree, &mut |schema| {
        repeated_required(schema, findings);
    });
}

/// The places of keywords, by the keyword and what OpenAPI 3.1 has instead.
type Places<'d> = IndexMap<(&'d str, &'static str), Vec<(Span, String)>>;

fn of_version_3_0<'d>(schema: &'d Mapping, found: &mut Places<'d>) {
    for entry in &schema.entries {
        if let Some(instead) = replaced(schema, entry) {
            let places = found.entry((&entry.key, instead)).or_default();
            places.push((entry.key_span, "this keyword".to_owned()));
        }
    }
}

/// What OpenAPI 3.1 has instead of a keyword of 3.0.
fn replaced(mapping: &Mapping, entry: &Entry) -> Option<&'static str> {
    entry.value.as_bool()?;
    let has = |key| mapping.entry(key).is_some();
    match entry.key.as_str() {
        "nullable" if has("type") => Some("3.1 has `null` among the `type`"),
        "nullable" if has("$ref") || has("allOf") || has("anyOf") || has("oneOf") => {
            Some("3.1 has `type: 'null'` among the alternatives")
        }
        "exclusiveMinimum" | "exclusiveMaximum" if has("type") => Some("3.1 has the bound itself"),
        _ => None,
    }
}

fn repeated_values(schema: &Schema, findings: &mut Findings) {
    let Some(fact) = schema.facts.get(Facet::Enum) else {
        return;
    };
    let values: &[Json] = fact.value.as_array().map_or(&[], Vec::as_slice);
    let mut seen = HashSet::new();
    if let Some(value) = values.iter().find(|value| !seen.insert(*value)) {
        let message = format!("the enum has {value} twice");
        findings.add(
            "repeated-enum-value",
            message,
            fact.provenance.first().at,
            "in this list",
        );
    }
}

fn empty_enum(schema: &Schema, findings: &mut Findings) {
    let fact = schema.facts.get(Facet::Enum);
    let is_empty = |it: &&Fact| it.value.as_array().is_some_and(Vec::is_empty);
    if let Some(fact) = fact.filter(is_empty) {
        let message = "the enum has no value, so that nothing is allowed";
        findings.add(
            "empty-enum",
            message,
            fact.provenance.first().at,
            "this list",
        );
    }
}

/// The keywords that mean something for values of some types alone.
const OF_TYPES: [(&[Facet], &[&str]); 4] = [
    (
        &[
            Facet::Minimum,
            Facet::Maximum,
            Facet::ExclusiveMinimum,
            Facet::ExclusiveMaximum,
            Facet::MultipleOf,
        ],
        &["integer", "number"],
    ),
    (
        &[Facet::MinLength, Facet::MaxLength, Facet::Pattern],
        &["string"],
    ),
    (&[Facet::MinItems, Facet::MaxItems], &["array"]),
    (&[Facet::MinProperties, Facet::MaxProperties], &["object"]),
];

fn bounds_of_other_types(schema: &Schema, findings: &mut Findings) {
    let types: Vec<&str> = schema.types().collect();
    for (facets, wanted) in OF_TYPES {
        if types.is_empty() || types.iter().any(|ty| wanted.contains(ty)) {
            continue;
        }
        for facet in facets {
            let Some(fact) = schema.facts.get(*facet) else {
                continue;
            };
            let (keyword, types) = (facet.name(), types.join(" or "));
            let message = format!("`{keyword}` means nothing for a value of the type {types}");
            let at = fact.provenance.first().at;
            findings.add("bound-of-another-type", message, at, "this keyword");
        }
    }
}

/// The formats that are of strings alone.
const OF_STRINGS: [&str; 14] = [
    "binary",
    "byte",
    "date",
    "date-time",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "password",
    "regex",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

fn format_of_another_type(schema: &Schema, findings: &mut Findings) {
    let types: Vec<&str> = schema.types().collect();
    let Some(fact) = schema.facts.get(Facet::Format) else {
        return;
    };
    let format = fact.value.as_str().unwrap_or_default();
    if types.is_empty() || types.contains(&"string") || !OF_STRINGS.contains(&format) {
        return;
    }
    let types = types.join(" or ");
    let message = format!("`format: {format}` means nothing for a value of the type {types}");
    let at = fact.provenance.first().at;
    findings.add("format-of-another-type", message, at, "this format");
}

fn read_only_and_write_only(schema: &Schema, findings: &mut Findings) {
    let flag = |facet| {
        let fact = schema.facts.get(facet)?;
        (fact.value.as_bool() == Some(true)).then(|| fact.provenance.first().at)
    };
    if let (Some(read_only), Some(write_only)) = (flag(Facet::ReadOnly), flag(Facet::WriteOnly)) {
        let message = "a schema is both `readOnly` and `writeOnly`, so that nobody may send it";
        let places = [
            (write_only, "`writeOnly`".to_owned()),
            (read_only, "`readOnly`".to_owned()),
        ];
        findings.add_all("read-only-and-write-only", message, &places);
    }
}

/// Reports the names that stand twice in a list of required properties.
fn repeated_required(schema: &Mapping, findings: &mut Findings) {
    let names = schema.get("required").and_then(Node::as_sequence);
    let names = names.into_iter().flatten();
    let mut seen = HashSet::new();
    for (name, node) in names.filter_map(|it| Some((it.as_str()?, it))) {
        if !seen.insert(name) {
            let message = format!("`{name}` stands twice among the `required`");
            findings.add("repeated-required", message, node.span, "in this list");
        }
    }
}
