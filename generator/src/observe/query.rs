//! The values of query parameters, which are texts, as the JSON values that their schemas are about.

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::scrub;
use crate::description::document::conformance::{self, MismatchKind};
use crate::description::document::{Facet, Parameter, Schema, SchemaKey};
use crate::http::{Direction, ParameterStyle};

/// The value that a text of a query or a form stands for; that of an array, an array, with what is between its items. Empty for
/// what is written in several parameters, or as names and values.
pub(super) fn values(
    text: &str,
    schema: &Schema,
    separator: Option<char>,
    components: &IndexMap<SchemaKey, Schema>,
) -> Vec<Json> {
    let mut chain = schema.with_referred(components);
    let has_type = |it: &Schema, ty: &str| it.types().any(|known| known == ty);
    let items = schema
        .with_referred(components)
        .find_map(|it| it.items.as_deref());
    match items {
        Some(items) => {
            let texts = match separator {
                Some(separator) => text.split(separator).collect(),
                None => vec![text],
            };
            let values = texts.into_iter().map(|text| value(text, items, components));
            vec![Json::Array(values.collect())]
        }
        None if chain.any(|it| has_type(it, "object") || has_type(it, "array")) => Vec::new(),
        None => vec![value(text, schema, components)],
    }
}

/// What is between the items of an array in one parameter. `None` if each has a parameter of its own.
pub(super) fn separator(parameter: &Parameter) -> Option<char> {
    let style = parameter.facts.text(Facet::Style);
    let style = style.and_then(ParameterStyle::of_key);
    let is_exploded = parameter.facts.flag(Facet::Explode);
    match style {
        Some(ParameterStyle::SpaceDelimited) => Some(' '),
        Some(ParameterStyle::PipeDelimited) => Some('|'),
        _ if is_exploded == Some(false) => Some(','),
        _ => None,
    }
}

/// The object that the parts of a parameter are of: `filter[name]=Tom` is the property `name` of `filter`. Without parts that
/// are objects themselves, and undescribed ones whose names may not be printed. The first of two values of a part counts,
/// unless it is an array.
pub(super) fn deep_object(
    query: &[(String, Option<String>)],
    parameter: &Parameter,
    components: &IndexMap<SchemaKey, Schema>,
) -> Map<String, Json> {
    let mut object = Map::new();
    for (name, text) in query {
        let part = name.strip_prefix(&parameter.name);
        let part = part.and_then(|it| it.strip_prefix('[')?.strip_suffix(']'));
        let (Some(part), Some(text)) = (part.filter(|it| !it.contains(['[', ']'])), text) else {
            continue;
        };
        match property(&parameter.schema, part, components) {
            Some(schema) => {
                for value in values(text, schema, None, components) {
                    add(&mut object, part, value);
                }
            }
            None if scrub::name(part) == part => add(&mut object, part, text.as_str().into()),
            None => {}
        }
    }
    object
}

/// Adds a value to an object. Arrays of one name are one array, and of other values the first one counts.
pub(super) fn add(object: &mut Map<String, Json>, name: &str, value: Json) {
    match (value, object.get_mut(name)) {
        (Json::Array(more), Some(Json::Array(known))) => known.extend(more),
        (_, Some(_)) => {}
        (value, None) => drop(object.insert(name.to_owned(), value)),
    }
}

/// The value that differs least from its schema.
fn value(text: &str, schema: &Schema, components: &IndexMap<SchemaKey, Schema>) -> Json {
    let scalar = serde_json::from_str(text).ok();
    let scalar = scalar.filter(|it: &Json| it.is_number() || it.is_boolean());
    let readings = [Some(Json::from(text)), scalar].into_iter().flatten();
    let distance = |value: &Json| {
        let mismatches =
            conformance::mismatches(value, schema, components, Some(Direction::Request));
        let is_of_type = mismatches.iter().all(|it| it.kind != MismatchKind::Type);
        (!is_of_type, mismatches.len())
    };
    readings.min_by_key(distance).unwrap_or_default()
}

/// How deep alternatives of alternatives are followed.
const DEPTH: usize = 8;

/// The property of a schema, or of one of its parts.
pub(super) fn property<'s>(
    schema: &'s Schema,
    name: &str,
    components: &'s IndexMap<SchemaKey, Schema>,
) -> Option<&'s Schema> {
    property_below(schema, name, components, DEPTH)
}

fn property_below<'s>(
    schema: &'s Schema,
    name: &str,
    components: &'s IndexMap<SchemaKey, Schema>,
    depth: usize,
) -> Option<&'s Schema> {
    let depth = depth.checked_sub(1)?;
    schema.with_referred(components).find_map(|it| {
        let parts = || it.all_of.iter().chain(&it.alternatives);
        let in_parts = || parts().find_map(|part| property_below(part, name, components, depth));
        it.properties.get(name).or_else(in_parts)
    })
}
