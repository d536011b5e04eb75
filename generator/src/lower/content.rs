//! Bodies by media type: how each is read and written, which is preferred, and which carries something of its own.

use indexmap::IndexMap;

use crate::document::{self, Facet, Schema};
use crate::ir::{self, BodyEncoding, Example, Type};
use crate::merge::Merged;

use super::docs;
use super::drafts::{Direction, Drafts, Place};

/// The contents of a body by media type, the preferred one first.
pub(super) fn contents(
    contents: &IndexMap<String, document::Content>,
    direction: Direction,
    place: &Place,
    drafts: &mut Drafts<'_>,
) -> Vec<ir::Content> {
    let mut lowered: Vec<ir::Content> = Vec::new();
    let mut schemas = Vec::new();
    for (written, content) in contents {
        let media_type = written
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        if lowered.iter().any(|other| other.media_type == media_type) {
            continue;
        }
        let encoding = encoding(&media_type, content.schema.as_ref());
        let ty = match (&content.schema, encoding) {
            (_, BodyEncoding::Binary) => Type::Binary,
            (_, BodyEncoding::Text) => Type::String,
            (None, _) => Type::Any,
            (Some(schema), _) => drafts.nullable_type(schema, direction, place),
        };
        let provenance = |fact: &document::Fact| {
            docs::provenance(&fact.said, drafts.merged)
                .into_iter()
                .next()
        };
        let examples = content
            .examples
            .iter()
            .filter_map(|fact| {
                Some(Example {
                    value: (*fact.value).clone(),
                    provenance: provenance(fact)?,
                })
            })
            .collect();
        lowered.push(ir::Content {
            media_type,
            encoding,
            ty,
            properties: content.encodings.clone(),
            examples,
            distinct: true,
        });
        schemas.push(content.schema.as_ref());
    }
    let mut sorted: Vec<_> = lowered.into_iter().zip(schemas).collect();
    sorted.sort_by_key(|(content, _)| preference(content.encoding));
    let mut sorted = sorted.into_iter();
    let Some((preferred, _)) = sorted.next() else {
        return Vec::new();
    };
    let mut contents = vec![preferred];
    for (mut content, schema) in sorted {
        content.distinct = is_distinct(&contents, &content, schema, drafts.merged);
        contents.push(content);
    }
    contents
}

/// Whether a content carries something that none before it does. XML of the same schema, or text of the same string, is
/// the same thing in another notation.
fn is_distinct(
    others: &[ir::Content],
    content: &ir::Content,
    schema: Option<&Schema>,
    merged: &Merged,
) -> bool {
    let is_new = others.iter().all(|other| other.ty != content.ty);
    let text_stands = || {
        let mut json = others.iter();
        json.any(|other| other.encoding == BodyEncoding::Json && other.ty == Type::String)
    };
    match content.encoding {
        BodyEncoding::EventStream => true,
        BodyEncoding::Json | BodyEncoding::Form => schema.is_some() && is_new,
        BodyEncoding::Multipart => {
            schema.is_some_and(|schema| is_new || holds_a_file(schema, merged))
        }
        BodyEncoding::Text | BodyEncoding::Binary => match schema {
            Some(schema) => is_text(schema, merged) && !text_stands(),
            // OpenAPI 3.1 describes octets by leaving out the schema.
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

/// JSON goes first: it says most about its types.
fn preference(encoding: BodyEncoding) -> u8 {
    match encoding {
        BodyEncoding::Json => 0,
        BodyEncoding::Multipart => 1,
        BodyEncoding::Form => 2,
        BodyEncoding::EventStream => 3,
        BodyEncoding::Text => 4,
        BodyEncoding::Binary => 5,
    }
}

fn encoding(media_type: &str, schema: Option<&Schema>) -> BodyEncoding {
    let is_octets = schema.is_some_and(|schema| schema.facts.text(Facet::Format) == Some("binary"));
    match media_type {
        "*/*" | "application/*" if is_octets => BodyEncoding::Binary,
        "application/x-www-form-urlencoded" => BodyEncoding::Form,
        "multipart/form-data" => BodyEncoding::Multipart,
        "text/event-stream" => BodyEncoding::EventStream,
        "*/*" | "application/*" => BodyEncoding::Json,
        other if other.ends_with("/json") || other.ends_with("+json") => BodyEncoding::Json,
        other if other.starts_with("text/") => BodyEncoding::Text,
        _ => BodyEncoding::Binary,
    }
}
