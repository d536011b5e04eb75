//! Reads the parameter table. Its rows located in `body` are the request body.

use serde_json::Value;

use crate::description::transcribe::media_types::MediaTypes;
use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::Passage;
use crate::description::transcribe::reader::PageReader;
use crate::description::transcribe::table::cell_prose;

use super::examples;
use super::rows::{PropertyRow, nest, read_rows};
use super::schema::Schemas;
use super::sections::{OperationSectionKind, Sections, find};

/// Sets `parameters` and `requestBody` of an operation and compares them with its path.
pub(super) fn read<'a>(
    reader: &mut PageReader<'a, '_>,
    sections: &Sections<'a>,
    (path, request): (Passage<'a>, Passage<'a>),
    schemas: &Schemas<'_, 'a>,
    media_types: &MediaTypes,
    operation: &mut Object,
) {
    let rows = find(sections, OperationSectionKind::Parameters)
        .map(|part| read_rows(reader, part.body))
        .unwrap_or_default();
    let (body, others): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| row.location.is_some_and(|cell| cell.text == "body"));
    let in_path: Vec<_> = others
        .iter()
        .filter(|row| row.location.is_some_and(|cell| cell.text == "path"))
        .map(|row| (row.name.clone(), row.at))
        .collect();
    reader.check_path(path.text, request, &in_path);

    let mut parameters: Vec<Value> = Vec::new();
    for row in nest(others) {
        let duplicate = parameters.iter().any(|each| {
            each.get("name").and_then(Value::as_str) == Some(row.name.as_str())
                && each.get("in").and_then(Value::as_str) == row.location.map(|cell| cell.text)
        });
        if duplicate {
            reader.warn(
                "duplicate-parameter",
                row.at,
                format!("the parameter `{}` is described twice", row.name),
                "the first row counts",
            );
        } else if let Some(parameter) = parameter(reader, &row, schemas) {
            parameters.push(parameter.into_value());
        }
    }
    if !parameters.is_empty() {
        operation.set("parameters", parameters);
    }
    read_body(
        reader,
        sections,
        nest(body),
        schemas,
        media_types,
        operation,
    );
}

fn parameter<'a>(
    reader: &mut PageReader<'a, '_>,
    row: &PropertyRow<'a>,
    schemas: &Schemas<'_, 'a>,
) -> Option<Object> {
    let location = row.location.map_or("", |cell| cell.text);
    if !["path", "query", "header", "cookie"].contains(&location) {
        reader.warn(
            "parameter-location",
            row.at,
            format!("`{location}` is not a parameter location"),
            "the row is not transcribed; add the parameter in an overlay",
        );
        return None;
    }
    let mut parameter = reader.object(row.at);
    parameter.set("name", row.name.as_str());
    parameter.set("in", location);
    describe(reader, &mut parameter, row);
    if let Some(schema) = schemas.of_type(reader, row) {
        parameter.set("schema", schema);
    }
    Some(parameter)
}

fn describe<'a>(reader: &PageReader<'a, '_>, object: &mut Object, row: &PropertyRow<'a>) {
    if let Some(cell) = row.description
        && let Some(text) = cell_prose(cell)
    {
        object.set_from("description", text, reader.span(cell));
    }
    if let Some(required) = row.required {
        object.set("required", required);
    }
}

fn read_body<'a>(
    reader: &mut PageReader<'a, '_>,
    sections: &Sections<'a>,
    rows: Vec<PropertyRow<'a>>,
    schemas: &Schemas<'_, 'a>,
    media_types: &MediaTypes,
    operation: &mut Object,
) {
    let section = find(sections, OperationSectionKind::BodyExample);
    let examples = section
        .map(|part| examples::read(reader, part.body))
        .unwrap_or_default();
    let Some(at) = rows
        .first()
        .map(|row| row.at)
        .or(section.map(|part| part.heading))
    else {
        return;
    };
    for row in rows.iter().skip(1) {
        reader.warn(
            "second-body",
            row.at,
            "an operation has one request body; this row does not belong to it",
            "the row is not transcribed; describe the body in an overlay",
        );
    }
    let mut body = reader.object(at);
    let mut schema = None;
    if let Some(row) = rows.first() {
        describe(reader, &mut body, row);
        schema = schemas.of_type(reader, row);
    }
    if let Some(content) = examples::content(reader, at, media_types.of_request(), schema, examples)
    {
        body.set("content", content);
    }
    operation.set_from("requestBody", body, reader.span(at));
}
