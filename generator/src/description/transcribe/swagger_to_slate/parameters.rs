//! Reads the parameter table: `| Name | Located in | Description | Required | Type |`.
//!
//! The dialect renders Swagger 2 documents. A row located in `body` is the request body; rows located in `formData` are
//! properties of the request body. The table states only a name and a simple type for both.

use serde_json::{Map, Value, json};

use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::Passage;
use crate::description::transcribe::reader::PageReader;
use crate::description::transcribe::table::{Row, Table, cell_prose, cell_text};

use super::BlankTypes;

/// A row of the table.
struct Parameter<'a> {
    at: Passage<'a>,
    name: String,
    location: String,
    description: Option<String>,
    required: Option<bool>,
    data_type: String,
}

/// Sets `parameters` and `requestBody` of an operation and compares them with its path.
pub(super) fn read<'a>(
    reader: &mut PageReader<'a, '_>,
    table: Option<Table<'a>>,
    request: Passage<'a>,
    path: &str,
    operation: &mut Object,
    blank_types: &mut BlankTypes<'a>,
) {
    let rows: Vec<_> = table
        .iter()
        .flat_map(|table| table.rows.iter().map(move |row| (table, row)))
        .filter_map(|(table, row)| parameter(reader, table, row))
        .collect();
    let in_path: Vec<_> = rows
        .iter()
        .filter(|row| row.location == "path")
        .map(|row| (row.name.clone(), row.at))
        .collect();
    reader.check_path(path, request, &in_path);

    let mut parameters: Vec<Value> = Vec::new();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    let mut form = Vec::new();
    for row in &rows {
        blank_types.count(row.at, row.data_type.is_empty());
        let key = (row.name.as_str(), row.location.as_str());
        match row.location.as_str() {
            _ if seen.contains(&key) => reader.warn(
                "duplicate-parameter",
                row.at,
                format!(
                    "the {} parameter `{}` is described twice",
                    row.location, row.name
                ),
                "the first row counts",
            ),
            "path" | "query" | "header" | "cookie" => {
                parameters.push(parameter_object(reader, row).into_value());
            }
            "body" => {
                let mut body = reader.object(row.at);
                describe(&mut body, row);
                operation.set_from("requestBody", body, reader.span(row.at));
            }
            "formData" => form.push(row),
            _ => reader.warn(
                "parameter-location",
                row.at,
                format!("`{}` is not a parameter location", row.location),
                "the row is not transcribed; add the parameter in an overlay",
            ),
        }
        seen.push(key);
    }
    if !parameters.is_empty() {
        operation.set("parameters", parameters);
    }
    if let Some(body) = form_body(reader, &form) {
        operation.set_from("requestBody", body.clone(), body.origin());
    }
}

fn parameter<'a>(
    reader: &mut PageReader<'a, '_>,
    table: &Table<'a>,
    row: &Row<'a>,
) -> Option<Parameter<'a>> {
    let text = |title| table.cell(row, title).map(cell_text).unwrap_or_default();
    let name = text("Name");
    if name.trim().is_empty() {
        reader.warn(
            "blank-name",
            row.at,
            "the parameter has no name",
            "the row is not transcribed",
        );
        return None;
    }
    reader.check_name(&name, row.at);
    let required = match text("Required").trim() {
        "Yes" => Some(true),
        "No" => Some(false),
        other => {
            reader.warn(
                "required-column",
                row.at,
                format!("the Required column has `{other}`, neither Yes nor No"),
                "the cell is ignored",
            );
            None
        }
    };
    Some(Parameter {
        at: row.at,
        name,
        location: text("Located in").trim().to_owned(),
        description: table.cell(row, "Description").and_then(cell_prose),
        required,
        data_type: text("Type").trim().to_owned(),
    })
}

fn describe(object: &mut Object, row: &Parameter<'_>) {
    if let Some(description) = &row.description {
        object.set("description", description.as_str());
    }
    if let Some(required) = row.required {
        object.set("required", required);
    }
}

fn parameter_object(reader: &mut PageReader<'_, '_>, row: &Parameter<'_>) -> Object {
    let mut object = reader.object(row.at);
    object.set("name", row.name.as_str());
    object.set("in", row.location.as_str());
    describe(&mut object, row);
    if let Some(schema) = schema(reader, row) {
        object.set("schema", schema);
    }
    object
}

/// The body of a form. It is `multipart/form-data` if there is a file, else Swagger's default media type.
fn form_body(reader: &mut PageReader<'_, '_>, rows: &[&Parameter<'_>]) -> Option<Object> {
    let first = rows.first()?;
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    for row in rows {
        let mut property = schema(reader, row).unwrap_or_else(|| reader.object(row.at));
        if let Some(description) = &row.description {
            property.set("description", description.as_str());
        }
        properties.insert(row.name.clone(), property.into_value());
        if row.required == Some(true) {
            required.push(row.name.as_str().into());
        }
    }
    let mut form = reader.object(first.at);
    form.set("type", "object");
    form.set("properties", properties);
    if !required.is_empty() {
        form.set("required", required);
    }
    let mut media_type = reader.object(first.at);
    media_type.set("schema", form);
    let name = if rows.iter().any(|row| row.data_type == "file") {
        "multipart/form-data"
    } else {
        "application/x-www-form-urlencoded"
    };
    let mut body = reader.object(first.at);
    body.set("content", json!({ name: media_type.into_value() }));
    Some(body)
}

/// The schema for the Type column, or `None` if the cell is blank.
fn schema(reader: &mut PageReader<'_, '_>, row: &Parameter<'_>) -> Option<Object> {
    let (data_type, format) = match row.data_type.as_str() {
        "" => return None,
        "long" => ("integer", Some("int64")),
        "float" => ("number", Some("float")),
        "double" => ("number", Some("double")),
        "byte" => ("string", Some("byte")),
        "binary" | "file" => ("string", Some("binary")),
        "date" => ("string", Some("date")),
        "dateTime" => ("string", Some("date-time")),
        "password" => ("string", Some("password")),
        text => match text.split_once(" (") {
            Some((name, format)) => (name, format.strip_suffix(')')),
            None => (text, None),
        },
    };
    if !["string", "integer", "number", "boolean", "array", "object"].contains(&data_type) {
        reader.warn(
            "unknown-type",
            row.at,
            format!("`{}` is not a type of this dialect", row.data_type),
            "the parameter is transcribed without a schema; give it one in an overlay",
        );
        return None;
    }
    let mut schema = reader.object(row.at);
    schema.set("type", data_type);
    if let Some(format) = format {
        schema.set("format", format);
    }
    Some(schema)
}
