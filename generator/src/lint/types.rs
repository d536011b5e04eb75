//! Types that are probably not meant: dates as plain strings, identifiers of two types, impossible bounds.

use indexmap::IndexMap;

use super::walk;
use super::{Described, Findings};
use crate::description::document::conformance::{is_date, is_date_time};
use crate::description::document::{Facet, Schema};
use crate::description::source::Span;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let mut identifiers: IndexMap<&str, IndexMap<&str, Span>> = IndexMap::new();
    walk::schemas(described.document, &mut |name, schema| {
        if let Some(name) = name {
            date_as_string(name, schema, findings);
            if is_identifier(name)
                && let Some(ty @ ("integer" | "string")) = schema.only_type()
            {
                let types = identifiers.entry(name).or_default();
                types.entry(ty).or_insert_with(|| walk::place(schema));
            }
        }
        boolean_as_string(schema, findings);
        bounds(schema, findings);
        if schema.only_type() == Some("array")
            && schema.items.is_none()
            && schema.prefix_items.is_empty()
            && schema.reference.is_none()
            && schema.alternatives.is_empty()
            && schema.facts.get(Facet::Arbitrary).is_none()
            && !described.is_transcribed
        {
            findings.add(
                "array-without-items",
                "nothing is said about the items of an array",
                walk::place(schema),
                "this array",
            );
        }
    });
    for (name, types) in &identifiers {
        if types.len() > 1 {
            let places: Vec<(Span, String)> = types
                .iter()
                .map(|(ty, at)| (*at, format!("{ty} here")))
                .collect();
            findings.add_all(
                "identifier-of-two-types",
                format!("`{name}` is an integer in one place, and a string in another"),
                &places,
            );
        }
    }
}

/// Whether a name is one of an identifier of something that it names: `project_id`, not `id`.
fn is_identifier(name: &str) -> bool {
    let stem = name
        .strip_suffix("_id")
        .or_else(|| name.strip_suffix("Id"))
        .or_else(|| name.strip_suffix("ID"));
    let general = [
        "external", "parent", "object", "entity", "source", "target", "resource", "client",
        "request",
    ];
    stem.is_some_and(|stem| {
        let stem = stem.to_ascii_lowercase();
        !stem.is_empty() && !general.contains(&stem.as_str())
    })
}

fn date_as_string(name: &str, schema: &Schema, findings: &mut Findings) {
    let is_plain = schema.only_type() == Some("string")
        && [Facet::Format, Facet::Enum, Facet::Pattern]
            .iter()
            .all(|facet| schema.facts.get(*facet).is_none());
    if !is_plain {
        return;
    }
    let examples = schema.facts.list(Facet::Examples);
    let examples: Vec<&str> = examples
        .iter()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let format = match () {
        () if examples.is_empty() => return,
        () if examples.iter().all(|it| is_date_time(it)) => "date-time",
        () if examples.iter().all(|it| is_date(it)) => "date",
        () => return,
    };
    findings.add(
        "date-as-string",
        format!("`{name}` is a plain string, and its example is a {format}"),
        walk::place(schema),
        &format!("without `format: {format}`"),
    );
}

fn boolean_as_string(schema: &Schema, findings: &mut Findings) {
    let mut values: Vec<&str> = schema
        .facts
        .list(Facet::Enum)
        .iter()
        .filter_map(serde_json::Value::as_str)
        .collect();
    values.sort_unstable();
    if values == ["false", "true"] && schema.only_type() == Some("string") {
        let at = schema
            .facts
            .get(Facet::Enum)
            .map(|fact| fact.provenance.first().at);
        findings.add(
            "boolean-as-string",
            "the texts `true` and `false` stand for a boolean",
            at.unwrap_or_else(|| walk::place(schema)),
            "this enum",
        );
    }
}

/// The bounds of which the first must not exceed the second.
const BOUNDS: [(Facet, Facet); 4] = [
    (Facet::Minimum, Facet::Maximum),
    (Facet::MinLength, Facet::MaxLength),
    (Facet::MinItems, Facet::MaxItems),
    (Facet::MinProperties, Facet::MaxProperties),
];

fn bounds(schema: &Schema, findings: &mut Findings) {
    for (least, most) in BOUNDS {
        let number = |facet| {
            let fact = schema.facts.get(facet)?;
            Some((fact.value.as_f64()?, fact.provenance.first().at))
        };
        if let (Some((low, at)), Some((high, _))) = (number(least), number(most))
            && low > high
        {
            findings.add(
                "impossible-bounds",
                format!(
                    "no value is allowed: `{}` is {low} and `{}` is {high}",
                    least.name(),
                    most.name()
                ),
                at,
                "this bound",
            );
        }
    }
}
