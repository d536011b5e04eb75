//! Values in a description that their own schema refuses: examples, defaults, values of enums.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::alternatives::lacking;
use super::walk;
use super::{Described, Findings};
use crate::description::document::conformance::{self, Mismatch, MismatchKind, shown};
use crate::description::document::{Content, Facet, Fact, Schema, SchemaKey};
use crate::description::source::Span;
use crate::description::tree::{Entry, Mapping, Node, Value, push_token};
use crate::http::Direction;
use crate::media_type::is_json;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let components = &described.document.schemas;
    let mut examples = Examples {
        components,
        by_place: IndexMap::new(),
    };
    walk::schemas(described.document, &mut |_, schema| {
        if let Some(fact) = schema.facts.get(Facet::Examples) {
            examples.add_all(fact, schema);
        }
        if let Some(fact) = schema.facts.get(Facet::Default) {
            default(fact, schema, components, findings);
        }
        enum_values(schema, findings);
    });
    let headers = walk::headers(described.document);
    for parameter in walk::parameters(described.document).chain(headers) {
        if let Some(fact) = parameter.facts.get(Facet::Examples)
            && parameter.media_type.is_none()
        {
            examples.add_all(fact, &parameter.schema);
        }
    }
    let called = described.document.webhooks.iter().map(|it| &it.operation);
    for operation in described.document.operations.iter().chain(called) {
        if let Some(body) = &operation.body {
            examples.of_contents(&body.contents, Direction::Request);
        }
        for response in operation.responses.values() {
            examples.of_contents(&response.contents, Direction::Response);
        }
    }
    examples.report(findings);
    without_value(described.tree, findings);
}

/// The keys below which everything is data.
const DATA: [&str; 5] = ["example", "default", "enum", "const", "value"];

/// Reports the named examples of parameters and bodies that are none.
fn without_value(node: &Node, findings: &mut Findings) {
    let Value::Mapping(mapping) = &node.value else {
        let items = node.as_sequence().into_iter().flatten();
        return items.for_each(|item| without_value(item, findings));
    };
    let has = |key| mapping.entry(key).is_some();
    for Entry { key, value, .. } in &mapping.entries {
        match (key.as_str(), value.as_mapping()) {
            ("examples", Some(examples)) if has("schema") || has("in") || has("content") => {
                examples_without_value(examples, findings);
            }
            ("examples", _) => {}
            // The keys are names.
            ("properties" | "schemas" | "parameters" | "headers" | "responses", Some(named)) => {
                let values = named.iter().map(|(_, value)| value);
                values.for_each(|value| without_value(value, findings));
            }
            (key, _) if DATA.contains(&key) || key.starts_with("x-") => {}
            _ => without_value(value, findings),
        }
    }
}

fn examples_without_value(examples: &Mapping, findings: &mut Findings) {
    // The last two are those of OpenAPI 3.2.
    let kinds = [
        "value",
        "externalValue",
        "$ref",
        "dataValue",
        "serializedValue",
    ];
    for entry in &examples.entries {
        let has_value = kinds.iter().any(|key| entry.value.get(key).is_some());
        if !has_value && !entry.key.starts_with("x-") {
            let message = format!("the example `{}` has no `value`", entry.key);
            findings.add(
                "example-without-value",
                message,
                entry.key_span,
                "this example",
            );
        }
    }
}

/// Examples by their places. A schema that is made of parts has the examples of its parts, too, and an example need match only
/// the part that it was written for: what counts is the schema from which it differs least.
struct Examples<'d> {
    components: &'d IndexMap<SchemaKey, Schema>,
    by_place: IndexMap<(Span, usize), Differences<'d>>,
}

/// How an example differs from a schema: in its form, in notation, or in what only a closer look shows.
#[derive(Clone)]
struct Differences<'d> {
    of_form: Vec<Mismatch<'d>>,
    quoted: Option<String>,
    /// A bound that it is beyond, or what it lacks of the alternative that it names.
    further: Option<String>,
}

impl<'d> Examples<'d> {
    fn add_all(&mut self, fact: &'d Fact, schema: &'d Schema) {
        let at = fact.provenance.first().at;
        let examples = fact.value.as_array().into_iter().flatten();
        for (index, example) in examples.enumerate() {
            self.add((at, index), example, schema, None);
        }
    }

    fn of_contents(&mut self, contents: &'d IndexMap<String, Content>, direction: Direction) {
        for (media_type, content) in contents {
            let Some(schema) = content.schema.as_ref().filter(|_| is_json(media_type)) else {
                continue;
            };
            // A text beside JSON is an example in another notation.
            let examples = content.examples.iter();
            for (index, example) in examples.filter(|it| !it.value.is_string()).enumerate() {
                let at = example.provenance.first().at;
                self.add((at, index), &example.value, schema, Some(direction));
            }
        }
    }

    fn add(
        &mut self,
        place: (Span, usize),
        example: &'d Json,
        schema: &'d Schema,
        direction: Option<Direction>,
    ) {
        let found = conformance::mismatches(example, schema, self.components, direction);
        let (quoted, of_form): (Vec<_>, Vec<_>) = found.into_iter().partition(is_quoted);
        let found = Differences {
            further: beyond(example, schema, self.components, "", DEPTH)
                .or_else(|| lacking(example, schema, self.components, direction)),
            quoted: quoted.first().map(ToString::to_string),
            of_form,
        };
        let count = |it: &Differences<'_>| {
            let notation = it.quoted.is_some();
            (it.of_form.len(), it.further.is_some(), notation)
        };
        let known = self.by_place.entry(place);
        let least = known.or_insert_with(|| found.clone());
        if count(&found) < count(least) {
            *least = found;
        }
    }

    fn report(self, findings: &mut Findings) {
        for ((at, _), found) in self.by_place {
            if let Some(further) = found.further.filter(|_| found.of_form.is_empty()) {
                let message = format!("an example does not match its schema: {further}");
                findings.add("example-mismatch", message, at, "this example");
            }
            if let Some(quoted) = found.quoted {
                let message =
                    format!("an example is a text where another type is described: {quoted}");
                findings.add("quoted-example", message, at, "this example");
            }
            let (undocumented, wrong): (Vec<_>, Vec<_>) = found
                .of_form
                .iter()
                .partition(|it| it.kind == MismatchKind::UndocumentedProperty);
            let kinds = [
                (
                    "example-mismatch",
                    "an example does not match its schema",
                    wrong,
                ),
                (
                    "undocumented-in-example",
                    "an example has what its schema does not",
                    undocumented,
                ),
            ];
            for (code, what, of_kind) in kinds {
                if let Some(first) = of_kind.first() {
                    let more = match of_kind.len() - 1 {
                        0 => String::new(),
                        more => format!("; {more} more"),
                    };
                    findings.add(code, format!("{what}: {first}{more}"), at, "this example");
                }
            }
        }
    }
}

/// Whether a difference is one of notation: an example of a number or a boolean that is written as a text, as tools do that
/// know texts alone.
fn is_quoted(mismatch: &Mismatch<'_>) -> bool {
    let (MismatchKind::Type, Some(Json::String(text))) = (mismatch.kind, mismatch.value) else {
        return false;
    };
    match mismatch.expected.as_str() {
        "integer" => text.parse::<i64>().is_ok(),
        "number" => text.parse::<f64>().is_ok(),
        "boolean" => text.parse::<bool>().is_ok(),
        _ => false,
    }
}

/// The bounds of numbers and lengths: whether a value keeps one, and what it is otherwise.
type Bound = (Facet, fn(f64, f64) -> bool, &'static str);

const OF_NUMBERS: [Bound; 4] = [
    (Facet::Minimum, |it, bound| it >= bound, "less than"),
    (Facet::Maximum, |it, bound| it <= bound, "more than"),
    (
        Facet::ExclusiveMinimum,
        |it, bound| it > bound,
        "not more than",
    ),
    (
        Facet::ExclusiveMaximum,
        |it, bound| it < bound,
        "not less than",
    ),
];

const OF_TEXTS: [Bound; 2] = [
    (Facet::MinLength, |it, bound| it >= bound, "shorter than"),
    (Facet::MaxLength, |it, bound| it <= bound, "longer than"),
];

const OF_LISTS: [Bound; 2] = [
    (Facet::MinItems, |it, bound| it >= bound, "shorter than"),
    (Facet::MaxItems, |it, bound| it <= bound, "longer than"),
];

/// How deep values inside values are followed.
const DEPTH: usize = 32;

/// The bound of its schema that a value, or one inside of it, is beyond.
fn beyond(
    value: &Json,
    schema: &Schema,
    components: &IndexMap<SchemaKey, Schema>,
    pointer: &str,
    depth: usize,
) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let own = || beyond_own(value, schema, components, pointer);
    let chain = || schema.with_referred(components);
    let inside = |value: &Json, schema: &Schema, token: &str| {
        let pointer = push_token(pointer, token);
        beyond(value, schema, components, &pointer, depth)
    };
    own().or_else(|| match value {
        Json::Object(object) => object.iter().find_map(|(name, value)| {
            let property = chain().find_map(|it| it.properties.get(name))?;
            inside(value, property, name)
        }),
        Json::Array(items) => {
            let of_items = chain().find_map(|it| it.items.as_deref())?;
            items.iter().find_map(|item| inside(item, of_items, "*"))
        }
        _ => None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "no length is that large")]
fn beyond_own(
    value: &Json,
    schema: &Schema,
    components: &IndexMap<SchemaKey, Schema>,
    pointer: &str,
) -> Option<String> {
    let (measure, bounds): (f64, &[Bound]) = match value {
        Json::Number(number) => (number.as_f64()?, &OF_NUMBERS),
        Json::String(text) => (text.chars().count() as f64, &OF_TEXTS),
        Json::Array(items) => (items.len() as f64, &OF_LISTS),
        _ => return None,
    };
    let stated = |facet| {
        let mut chain = schema.with_referred(components);
        chain.find_map(|it| it.facts.get(facet)?.value.as_f64())
    };
    bounds.iter().find_map(|(facet, keeps, what)| {
        let bound = stated(*facet).filter(|bound| !keeps(measure, *bound))?;
        let at = match pointer {
            "" => String::new(),
            pointer => format!(" at `{pointer}`"),
        };
        Some(format!(
            "{}{at} is {what} the `{}` of {bound}",
            shown(value),
            facet.name()
        ))
    })
}

fn default(
    fact: &Fact,
    schema: &Schema,
    components: &IndexMap<SchemaKey, Schema>,
    findings: &mut Findings,
) {
    let found = conformance::mismatches(&fact.value, schema, components, None);
    let is_null = |it: &Mismatch<'_>| it.pointer.is_empty() && it.kind == MismatchKind::Null;
    if found.iter().any(is_null) {
        let message = "the default is null, which its schema does not allow";
        let at = fact.provenance.first().at;
        findings.add("null-default", message, at, "this default");
        return;
    }
    let kinds = [
        MismatchKind::Type,
        MismatchKind::EnumValue,
        MismatchKind::Format,
    ];
    let mut found = found.iter();
    let first = found.find(|it| it.pointer.is_empty() && kinds.contains(&it.kind));
    let first = first.map(ToString::to_string);
    let Some(first) = first.or_else(|| beyond(&fact.value, schema, components, "", DEPTH)) else {
        return;
    };
    findings.add(
        "default-mismatch",
        format!("the default does not match its schema: {first}"),
        fact.provenance.first().at,
        "this default",
    );
}

fn enum_values(schema: &Schema, findings: &mut Findings) {
    let types: Vec<&str> = schema.types().collect();
    let Some(fact) = schema.facts.get(Facet::Enum).filter(|_| !types.is_empty()) else {
        return;
    };
    let is_wrong =
        |value: &&Json| !value.is_null() && !conformance::is_of_any(value, types.iter().copied());
    let values = fact.value.as_array();
    let wrong: Vec<&Json> = values.into_iter().flatten().filter(is_wrong).collect();
    if let Some(first) = wrong.first() {
        findings.add(
            "enum-value-of-another-type",
            format!(
                "the enum has {}, which is no {}",
                shown(first),
                types.join(" or ")
            ),
            fact.provenance.first().at,
            "in this list",
        );
    }
}
