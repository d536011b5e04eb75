//! The contents of a body by media type: how each is read and written, which is preferred, and which differ in what they
//! carry.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::api::{self, BodyEncoding, Example, Name, Type};
use crate::description::document::{self, Facet, Schema};
use crate::http::Direction;
use crate::media_type;
use crate::reconcile::merge::Merged;

use super::docs;
use super::type_builder::{SchemaPosition, TypeBuilder};

/// The contents of a body, one for each media type, the preferred one first.
pub(super) fn contents(
    contents: &IndexMap<String, document::Content>,
    direction: Direction,
    position: &SchemaPosition,
    types: &mut TypeBuilder<'_>,
) -> Vec<api::Content> {
    let mut lowered: Vec<(api::Content, Option<&Schema>)> = Vec::new();
    for (written, described) in contents {
        let media_type = media_type::essence(written);
        let is_same = |(other, _): &(api::Content, _)| other.media_type == media_type;
        if !lowered.iter().any(is_same) {
            let content = content(media_type, described, direction, position, types);
            lowered.push((content, described.schema.as_ref()));
        }
    }
    lowered.sort_by_key(|(content, _)| preference(content.encoding));
    let mut contents: Vec<api::Content> = Vec::new();
    for (mut content, schema) in lowered {
        let is_preferred = contents.is_empty();
        content.distinct = is_preferred || is_distinct(&contents, &content, schema, types.merged);
        contents.push(content);
    }
    contents
}

/// The content of a media type. Whether it is distinct is not known yet.
fn content(
    media_type: String,
    content: &document::Content,
    direction: Direction,
    position: &SchemaPosition,
    types: &mut TypeBuilder<'_>,
) -> api::Content {
    let merged = types.merged;
    let schema = content.schema.as_ref();
    let is_lines = direction == Direction::Response
        && media_type::is_json_lines(&media_type)
        && schema.is_some_and(|schema| !is_text(schema, merged));
    let encoding = if is_lines {
        BodyEncoding::JsonLines
    } else {
        encoding(&media_type, schema)
    };
    let ty = match (schema, encoding) {
        (_, BodyEncoding::Binary) => Type::Binary,
        (_, BodyEncoding::Text) => Type::String,
        (None, _) => Type::Any,
        (Some(schema), _) => types.nullable_type(schema, direction, position),
    };
    let example = |fact: &document::Fact| {
        let mut provenance = docs::provenance(&fact.provenance, merged).into_iter();
        Some(Example {
            value: Arc::clone(&fact.value),
            provenance: provenance.next()?,
        })
    };
    let bounds = match schema {
        Some(schema) if !matches!(ty, Type::Named(_)) => docs::of_use(schema, merged),
        _ => api::Docs::default(),
    };
    api::Content {
        media_type,
        variant: Name::placeholder(),
        client_name: None,
        sent_media_type: String::new(),
        encoding,
        ty,
        properties: content.encodings.clone(),
        form_styles: Vec::new(),
        examples: content.examples.iter().filter_map(example).collect(),
        bounds,
        distinct: true,
        provenance: docs::provenance(&content.provenance, merged),
    }
}

/// Whether a content carries something that none of the `others` does. XML of the same schema, and text of the same
/// string, are only other notations.
fn is_distinct(
    others: &[api::Content],
    content: &api::Content,
    schema: Option<&Schema>,
    merged: &Merged,
) -> bool {
    let is_new = others.iter().all(|other| other.ty != content.ty);
    let is_in_json = || {
        let mut json = others.iter();
        json.any(|other| other.encoding == BodyEncoding::Json && other.ty == Type::String)
    };
    match content.encoding {
        BodyEncoding::EventStream | BodyEncoding::JsonLines => true,
        BodyEncoding::Json | BodyEncoding::Form => schema.is_some() && is_new,
        BodyEncoding::Multipart => {
            schema.is_some_and(|schema| is_new || holds_a_file(schema, merged))
        }
        BodyEncoding::Text | BodyEncoding::Binary => match schema {
            Some(schema) => is_text(schema, merged) && !is_in_json(),
            // In OpenAPI 3.1, a content without a schema is binary.
            None => content.encoding == BodyEncoding::Binary && !content.media_type.contains("xml"),
        },
    }
}

/// The component that a schema refers to, or the schema itself.
fn target<'d>(schema: &'d Schema, merged: &'d Merged) -> &'d Schema {
    let key = schema.reference.as_ref();
    key.and_then(|key| merged.document.schemas.get(key))
        .unwrap_or(schema)
}

fn is_text(schema: &Schema, merged: &Merged) -> bool {
    target(schema, merged).only_type() == Some("string")
}

fn is_file(schema: &Schema, merged: &Merged) -> bool {
    let schema = target(schema, merged);
    let item = schema.items.as_deref().map(|item| target(item, merged));
    let formats = [Some(schema), item].into_iter().flatten();
    formats
        .filter_map(|schema| schema.facts.text(Facet::Format))
        .any(|format| format == "binary")
}

fn holds_a_file(schema: &Schema, merged: &Merged) -> bool {
    let mut properties = target(schema, merged).properties.values();
    properties.any(|property| is_file(property, merged))
}

/// The rank of an encoding, the preferred one first. JSON has the most precise types.
fn preference(encoding: BodyEncoding) -> u8 {
    match encoding {
        BodyEncoding::Json => 0,
        BodyEncoding::Multipart => 1,
        BodyEncoding::Form => 2,
        BodyEncoding::EventStream => 3,
        BodyEncoding::JsonLines => 4,
        BodyEncoding::Text => 5,
        BodyEncoding::Binary => 6,
    }
}

fn encoding(media_type: &str, schema: Option<&Schema>) -> BodyEncoding {
    let is_binary = schema.is_some_and(|schema| schema.facts.text(Facet::Format) == Some("binary"));
    match media_type {
        "*/*" | "application/*" if is_binary => BodyEncoding::Binary,
        "application/x-www-form-urlencoded" => BodyEncoding::Form,
        "multipart/form-data" => BodyEncoding::Multipart,
        "text/event-stream" => BodyEncoding::EventStream,
        "*/*" | "application/*" => BodyEncoding::Json,
        other if media_type::is_json(other) => BodyEncoding::Json,
        other if other.starts_with("text/") => BodyEncoding::Text,
        _ => BodyEncoding::Binary,
    }
}
