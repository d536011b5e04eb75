//! Writes schemas as JSON Schema (OpenAPI 3.1).

use serde_json::Value as Json;

use super::{Facet, Object, Schema, SchemaKey, Written};

/// The keyword of a facet, if its value is written unchanged.
fn keyword(facet: Facet) -> Option<&'static str> {
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
        | Facet::Refuted
        | Facet::Title
        | Facet::Description
        | Facet::Examples
        | Facet::EnumNames
        | Facet::EnumDescriptions
        | Facet::AdditionalProperties => Some(facet.name()),
        _ => None,
    }
}

/// Whether a facet is prose. Schemas that differ only in prose are the same type.
fn is_prose(facet: Facet) -> bool {
    matches!(
        facet,
        Facet::Title
            | Facet::Description
            | Facet::Examples
            | Facet::Default
            | Facet::Deprecated
            | Facet::EnumDescriptions
            | Facet::Arbitrary
            | Facet::Refuted
            | Facet::Reason
    )
}

/// Writes a part of a schema, which is a schema itself. It gets the schema, unless the part is only one in JSON, such as the
/// schema of null, and a function that makes the object of the part.
pub type WritePart<'s, 'f> = dyn Fn(Option<&Schema>, &dyn Fn() -> Object<'s>) -> Written<'s> + 'f;

/// The options of [`write`].
struct Style<'s, 'f> {
    prose: bool,
    reference: &'f dyn Fn(&Schema) -> Option<String>,
    decorate: &'f dyn Fn(&'s Schema, &mut Object<'s>),
    part: &'f WritePart<'s, 'f>,
}

/// Writes a part as an object.
fn whole_part<'s>(_: Option<&Schema>, write: &dyn Fn() -> Object<'s>) -> Written<'s> {
    write().into()
}

/// The structure of a schema, without prose. Equal for schemas that are the same type. `canonical` returns the key of the schema that a reference leads to.
#[must_use]
pub fn structure(schema: &Schema, canonical: &dyn Fn(&Schema) -> Option<SchemaKey>) -> Json {
    Written::Object(structure_of_parts(schema, canonical, &whole_part)).to_json()
}

/// The structure of a schema whose parts are written by `part`.
#[must_use]
pub fn structure_of_parts<'s>(
    schema: &'s Schema,
    canonical: &dyn Fn(&Schema) -> Option<SchemaKey>,
    part: &WritePart<'s, '_>,
) -> Object<'s> {
    let style = Style {
        prose: false,
        reference: canonical,
        decorate: &|_, _| {},
        part,
    };
    write(schema, &style)
}

/// The complete schema. `reference` returns the `$ref` text for a schema that refers to another one. `decorate` can add
/// keys to each schema that is written.
#[must_use]
pub fn full<'s>(
    schema: &'s Schema,
    reference: &dyn Fn(&Schema) -> Option<String>,
    decorate: &dyn Fn(&'s Schema, &mut Object<'s>),
) -> Object<'s> {
    write(
        schema,
        &Style {
            prose: true,
            reference,
            decorate,
            part: &whole_part,
        },
    )
}

fn write_part<'s>(schema: &'s Schema, style: &Style<'s, '_>) -> Written<'s> {
    (style.part)(Some(schema), &|| write(schema, style))
}

fn write<'s>(schema: &'s Schema, style: &Style<'s, '_>) -> Object<'s> {
    let mut object = Object::default();
    if schema.reference.is_some()
        && let Some(reference) = (style.reference)(schema)
    {
        write_reference(schema, reference, style, &mut object);
        return object;
    }
    write_type(schema, &mut object);
    write_facts(schema, style, &mut object);
    write_object(schema, style, &mut object);
    if let Some(items) = &schema.items {
        object.push("items", write_part(items, style));
    }
    object.push_list("prefixItems", write_all(&schema.prefix_items, style));
    write_alternatives(schema, style, &mut object);
    (style.decorate)(schema, &mut object);
    object.sort();
    object
}

fn write_all<'s>(schemas: &'s [Schema], style: &Style<'s, '_>) -> Vec<Written<'s>> {
    let schemas = schemas.iter();
    schemas.map(|schema| write_part(schema, style)).collect()
}

/// The schema of null.
fn null_type<'s>(style: &Style<'s, '_>) -> Written<'s> {
    (style.part)(None, &|| Object::from_iter([("type", "null")]))
}

fn write_reference<'s>(
    schema: &'s Schema,
    reference: String,
    style: &Style<'s, '_>,
    object: &mut Object<'s>,
) {
    if schema.facts.flag(Facet::Nullable) == Some(true) {
        let target = || Object::from_iter([("$ref", reference.clone())]);
        let target = (style.part)(None, &target);
        object.push("anyOf", vec![target, null_type(style)]);
    } else {
        object.push("$ref", reference);
    }
    let beside = [
        Facet::Title,
        Facet::Description,
        Facet::Default,
        Facet::Deprecated,
        Facet::ReadOnly,
        Facet::WriteOnly,
        Facet::Refuted,
    ];
    for facet in beside {
        if let Some(fact) = schema.facts.get(facet)
            && (style.prose || !is_prose(facet))
        {
            object.push(facet.name(), &*fact.value);
        }
    }
    (style.decorate)(schema, object);
}

fn write_type<'s>(schema: &'s Schema, object: &mut Object<'s>) {
    let stated = schema.facts.list(Facet::Type);
    let nullable = schema.facts.flag(Facet::Nullable) == Some(true);
    let adds_null = nullable && schema.types().all(|kind| kind != "null");
    match stated {
        [] => {}
        [single] if !adds_null => object.push("type", single),
        _ => {
            let null = adds_null.then_some(Written::from("null"));
            let types = stated.iter().map(Written::from).chain(null);
            object.push("type", types.collect::<Vec<_>>());
        }
    }
}

fn write_facts<'s>(schema: &'s Schema, style: &Style<'s, '_>, object: &mut Object<'s>) {
    let nullable = schema.facts.flag(Facet::Nullable) == Some(true);
    for (facet, fact) in schema.facts.iter() {
        let Some(keyword) = keyword(facet).filter(|_| style.prose || !is_prose(facet)) else {
            continue;
        };
        match &*fact.value {
            // The values of a nullable enum must include null.
            Json::Array(values) if nullable && facet == Facet::Enum => {
                let values = values.iter().chain([&Json::Null]);
                object.push(keyword, Written::from_iter(values));
            }
            // The schema of `additionalProperties` replaces the boolean.
            _ if facet == Facet::AdditionalProperties && schema.additional.is_some() => {}
            value => object.push(keyword, value),
        }
    }
}

fn write_object<'s>(schema: &'s Schema, style: &Style<'s, '_>, object: &mut Object<'s>) {
    let properties = schema.properties.iter();
    let properties = properties.map(|(name, property)| (name, write_part(property, style)));
    object.push_object("properties", properties.collect());
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
    object.push_list(
        "required",
        required.into_iter().map(Written::from).collect(),
    );
    if let Some(additional) = &schema.additional {
        object.push("additionalProperties", write_part(additional, style));
    }
}

fn write_alternatives<'s>(schema: &'s Schema, style: &Style<'s, '_>, object: &mut Object<'s>) {
    if schema.alternatives.is_empty() {
        return;
    }
    let mut alternatives = write_all(&schema.alternatives, style);
    if schema.facts.flag(Facet::Nullable) == Some(true) && schema.facts.get(Facet::Type).is_none() {
        alternatives.push(null_type(style));
    }
    object.push(schema.alternatives_kind.key(), alternatives);
    if let Some(discriminator) = &schema.discriminator {
        let mut written = Object::default();
        written.push("propertyName", &discriminator.property);
        let mapping = discriminator.mapping.iter();
        let mapping = mapping.map(|(value, key)| {
            let target = Schema {
                reference: Some(key.clone()),
                ..Schema::empty(schema.provenance.clone())
            };
            let reference = (style.reference)(&target);
            (value, reference.unwrap_or_else(|| key.clone()))
        });
        written.push_object("mapping", mapping.collect());
        object.push("discriminator", written);
    }
}
