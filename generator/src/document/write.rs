//! Schemas as JSON Schema (OpenAPI 3.1).

use serde_json::{Map, Value as Json, json};

use super::{AlternativesKind, Facet, Schema, SchemaKey};

/// The keyword of a facet that is written as it stands.
pub(super) fn keyword(facet: Facet) -> Option<&'static str> {
    match facet {
        Facet::Format
        | Facet::Enum
        | Facet::Minimum
        | Facet::Maximum
        | Facet::ExclusiveMinimum
        | Facet::ExclusiveMaximum
        | Facet::MultipleOf
        | Facet::MinLength
        | Facet::MaxLength
        | Facet::Pattern
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::UniqueItems
        | Facet::MinProperties
        | Facet::MaxProperties
        | Facet::ReadOnly
        | Facet::WriteOnly
        | Facet::ContentEncoding
        | Facet::ContentMediaType
        | Facet::Default
        | Facet::Deprecated
        | Facet::Arbitrary
        | Facet::Title
        | Facet::Description
        | Facet::Examples
        | Facet::EnumNames
        | Facet::EnumDescriptions
        | Facet::AdditionalProperties => Some(facet.name()),
        _ => None,
    }
}

/// Facets that are prose: they do not make two schemas different types.
pub(super) fn is_prose(facet: Facet) -> bool {
    matches!(
        facet,
        Facet::Title
            | Facet::Description
            | Facet::Examples
            | Facet::Default
            | Facet::Deprecated
            | Facet::EnumDescriptions
            | Facet::Arbitrary
    )
}

/// How [`write`] writes.
struct Style<'a> {
    prose: bool,
    reference: &'a dyn Fn(&Schema) -> Option<String>,
    decorate: &'a dyn Fn(&Schema, &mut Map<String, Json>),
}

/// The structure of a schema without prose: equal for schemas that are the same type. `canonical` names what a schema refers to.
#[must_use]
pub fn structure(schema: &Schema, canonical: &dyn Fn(&Schema) -> Option<SchemaKey>) -> Json {
    let style = Style {
        prose: false,
        reference: canonical,
        decorate: &|_, _| {},
    };
    write(schema, &style)
}

/// A schema in full. `reference` gives the `$ref` text of a schema that refers to another one; `decorate` may add keys
/// to each schema that is written.
#[must_use]
pub fn full(
    schema: &Schema,
    reference: &dyn Fn(&Schema) -> Option<String>,
    decorate: &dyn Fn(&Schema, &mut Map<String, Json>),
) -> Json {
    write(
        schema,
        &Style {
            prose: true,
            reference,
            decorate,
        },
    )
}

fn write(schema: &Schema, style: &Style<'_>) -> Json {
    let mut map = Map::new();
    if schema.reference.is_some()
        && let Some(reference) = (style.reference)(schema)
    {
        write_reference(schema, reference, style, &mut map);
        return Json::Object(map);
    }
    write_type(schema, &mut map);
    for (facet, fact) in schema.facts.iter() {
        if let Some(keyword) = keyword(facet)
            && (style.prose || !is_prose(facet))
        {
            map.insert(keyword.to_owned(), (*fact.value).clone());
        }
    }
    write_nullable_enum(schema, &mut map);
    write_object(schema, style, &mut map);
    if let Some(items) = &schema.items {
        map.insert("items".to_owned(), write(items, style));
    }
    if !schema.prefix_items.is_empty() {
        let items = schema
            .prefix_items
            .iter()
            .map(|item| write(item, style))
            .collect();
        map.insert("prefixItems".to_owned(), Json::Array(items));
    }
    write_alternatives(schema, style, &mut map);
    (style.decorate)(schema, &mut map);
    map.sort_keys();
    Json::Object(map)
}

fn write_reference(
    schema: &Schema,
    reference: String,
    style: &Style<'_>,
    map: &mut Map<String, Json>,
) {
    let target = json!({ "$ref": reference });
    if schema.facts.flag(Facet::Nullable) == Some(true) {
        map.insert("anyOf".to_owned(), json!([target, { "type": "null" }]));
    } else {
        map.insert("$ref".to_owned(), Json::String(reference));
    }
    let beside = [
        Facet::Description,
        Facet::Default,
        Facet::Deprecated,
        Facet::ReadOnly,
        Facet::WriteOnly,
    ];
    for facet in beside {
        if let Some(fact) = schema.facts.get(facet)
            && (style.prose || !is_prose(facet))
        {
            map.insert(facet.name().to_owned(), (*fact.value).clone());
        }
    }
    (style.decorate)(schema, map);
}

fn write_type(schema: &Schema, map: &mut Map<String, Json>) {
    let mut types: Vec<Json> = schema.facts.list(Facet::Type).to_vec();
    let nullable = schema.facts.flag(Facet::Nullable) == Some(true);
    if nullable && !types.is_empty() && !types.contains(&json!("null")) {
        types.push(json!("null"));
    }
    match types.as_slice() {
        [] => {}
        [single] => {
            map.insert("type".to_owned(), single.clone());
        }
        _ => {
            map.insert("type".to_owned(), Json::Array(types));
        }
    }
}

/// A nullable enum has to list null among its values.
fn write_nullable_enum(schema: &Schema, map: &mut Map<String, Json>) {
    if schema.facts.flag(Facet::Nullable) == Some(true)
        && let Some(values) = map.get_mut("enum").and_then(Json::as_array_mut)
    {
        values.push(Json::Null);
    }
}

fn write_object(schema: &Schema, style: &Style<'_>, map: &mut Map<String, Json>) {
    if !schema.properties.is_empty() {
        let properties: Map<String, Json> = schema
            .properties
            .iter()
            .map(|(name, property)| (name.clone(), write(property, style)))
            .collect();
        map.insert("properties".to_owned(), Json::Object(properties));
    }
    let listed = schema
        .properties
        .iter()
        .filter(|(_, property)| property.facts.flag(Facet::Required) == Some(true));
    let mut required: Vec<&str> = listed.map(|(name, _)| name.as_str()).collect();
    required.extend(
        schema
            .required_elsewhere
            .iter()
            .map(|(name, _)| name.as_str()),
    );
    required.sort_unstable();
    required.dedup();
    if !required.is_empty() {
        map.insert("required".to_owned(), json!(required));
    }
    if let Some(additional) = &schema.additional {
        map.insert("additionalProperties".to_owned(), write(additional, style));
    }
}

fn write_alternatives(schema: &Schema, style: &Style<'_>, map: &mut Map<String, Json>) {
    if schema.alternatives.is_empty() {
        return;
    }
    let keyword = match schema.alternatives_kind {
        AlternativesKind::OneOf => "oneOf",
        AlternativesKind::AnyOf => "anyOf",
    };
    let mut arms: Vec<Json> = schema
        .alternatives
        .iter()
        .map(|arm| write(arm, style))
        .collect();
    if schema.facts.flag(Facet::Nullable) == Some(true) && schema.facts.get(Facet::Type).is_none() {
        arms.push(json!({ "type": "null" }));
    }
    map.insert(keyword.to_owned(), Json::Array(arms));
    if let Some(discriminator) = &schema.discriminator {
        let mut written = Map::new();
        written.insert("propertyName".to_owned(), json!(discriminator.property));
        if !discriminator.mapping.is_empty() {
            let mapping: Map<String, Json> = discriminator
                .mapping
                .iter()
                .map(|(value, key)| {
                    let target = Schema {
                        reference: Some(key.clone()),
                        ..Schema::empty(schema.said.clone())
                    };
                    let reference = (style.reference)(&target).unwrap_or_else(|| key.clone());
                    (value.clone(), Json::String(reference))
                })
                .collect();
            written.insert("mapping".to_owned(), Json::Object(mapping));
        }
        map.insert("discriminator".to_owned(), Json::Object(written));
    }
}
