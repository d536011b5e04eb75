//! Values in a description that their own schema refuses: examples, defaults, values of enums.

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::walk;
use super::{Described, Findings};
use crate::description::document::conformance::{self, Mismatch, MismatchKind, shown};
use crate::description::document::{Content, Facet, Fact, Schema, SchemaKey};
use crate::description::source::Span;
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
    for parameter in walk::parameters(described.document) {
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
}

/// Examples by their places. A schema that is made of parts has the examples of its parts, too, and an example need match only
/// the part that it was written for: what counts is the schema from which it differs least.
struct Examples<'d> {
    components: &'d IndexMap<SchemaKey, Schema>,
    by_place: IndexMap<(Span, usize), Vec<Mismatch<'d>>>,
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
        let mut found = conformance::mismatches(example, schema, self.components, direction);
        found.retain(|mismatch| !is_readable(mismatch));
        let known = self.by_place.entry(place);
        let least = known.or_insert_with(|| found.clone());
        if found.len() < least.len() {
            *least = found;
        }
    }

    fn report(self, findings: &mut Findings) {
        for ((at, _), found) in self.by_place {
            let (undocumented, wrong): (Vec<_>, Vec<_>) = found
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
fn is_readable(mismatch: &Mismatch<'_>) -> bool {
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

fn default(
    fact: &Fact,
    schema: &Schema,
    components: &IndexMap<SchemaKey, Schema>,
    findings: &mut Findings,
) {
    // A default of null says that there is none.
    if fact.value.is_null() {
        return;
    }
    let found = conformance::mismatches(&fact.value, schema, components, None);
    let kinds = [MismatchKind::Type, MismatchKind::EnumValue];
    let Some(first) = found
        .iter()
        .find(|it| it.pointer.is_empty() && kinds.contains(&it.kind))
    else {
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
    let is_wrong = |value: &&Json| {
        let ty = conformance::type_of(value);
        let is_integer = ty == "integer" && types.contains(&"number");
        let is_right = value.is_null() || is_integer || types.contains(&ty);
        !is_right
    };
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
