//! Reads the responses: their table, their schemas, their examples, their headers.

use serde_json::{Map, Value};

use crate::description::transcribe::blocks::Content;
use crate::description::transcribe::media_types::MediaTypes;
use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::{Passage, split};
use crate::description::transcribe::reader::{PageReader, is_status};
use crate::description::transcribe::table::{Padding, Table, cell_prose, cell_text};

use super::combined::{self, Place, SchemaRows};
use super::examples::{self, Example};
use super::rows::PropertyRow;
use super::schema::Schemas;
use super::sections::{OperationSectionKind, Sections, find};
use super::types::Type;

/// A row of the response table, with the facts from other sections.
struct Response<'a> {
    at: Passage<'a>,
    status: String,
    description: Option<String>,
    schema: Option<Passage<'a>>,
    examples: Vec<Example<'a>>,
    inline: Option<(Passage<'a>, SchemaRows<'a>)>,
    headers: Map<String, Value>,
}

/// Sets `responses` of an operation.
pub(super) fn read<'a>(
    reader: &mut PageReader<'a, '_>,
    sections: &Sections<'a>,
    schemas: &Schemas<'_, 'a>,
    media_types: &MediaTypes,
    operation: &mut Object,
) {
    let mut responses = Vec::new();
    if let Some(part) = find(sections, OperationSectionKind::Responses) {
        for table in tables(reader, part.body) {
            add_rows(reader, &table, &mut responses);
        }
    }
    if let Some(part) = find(sections, OperationSectionKind::ExampleResponses) {
        for example in examples::read(reader, part.body) {
            assign_example(reader, example, &mut responses);
        }
    }
    if let Some(part) = find(sections, OperationSectionKind::ResponseSchemas) {
        add_inline_schemas(reader, part.body, &mut responses);
    }
    if let Some(part) = find(sections, OperationSectionKind::ResponseHeaders) {
        for table in tables(reader, part.body) {
            add_headers(reader, &table, &mut responses);
        }
    }
    if responses.is_empty() {
        return;
    }
    let mut mapping: Map<String, Value> = Map::new();
    for response in responses {
        let status = response.status.clone();
        let value = response
            .into_object(reader, schemas, media_types)
            .into_value();
        mapping.insert(status, value);
    }
    operation.set("responses", mapping);
}

fn tables<'a>(reader: &mut PageReader<'a, '_>, body: Passage<'a>) -> Vec<Table<'a>> {
    let mut tables = Vec::new();
    for block in reader.blocks(body) {
        match &block.content {
            Content::Table(rows) => tables.push(Table::new(reader, rows, Padding::None)),
            _ => reader.unread(block.at),
        }
    }
    tables
}

fn add_rows<'a>(
    reader: &mut PageReader<'a, '_>,
    table: &Table<'a>,
    responses: &mut Vec<Response<'a>>,
) {
    for row in &table.rows {
        let status = table.cell(row, "Status").map(cell_text).unwrap_or_default();
        let status = status.trim().to_owned();
        if !is_status(&status) || responses.iter().any(|each| each.status == status) {
            reader.warn(
                "response-code",
                row.at,
                format!("`{status}` is not a single status"),
                "the row is not transcribed; give its response in an overlay",
            );
            continue;
        }
        let stated_cell = |title, nothing| {
            let cell = table.cell(row, title).map(Passage::trim)?;
            (!cell.is_blank() && cell.text != nothing).then_some(cell)
        };
        responses.push(Response {
            at: row.at,
            status,
            description: stated_cell("Description", "none").and_then(cell_prose),
            schema: stated_cell("Schema", "None"),
            examples: Vec::new(),
            inline: None,
            headers: Map::new(),
        });
    }
}

/// Adds an example to the response whose status or description is in the line before it, or else to the only success.
fn assign_example<'a>(
    reader: &mut PageReader<'a, '_>,
    example: Example<'a>,
    responses: &mut [Response<'a>],
) {
    let label = example.label.map_or("", |label| label.text);
    let label = label.trim_start_matches('>').trim();
    let one = |test: &dyn Fn(&Response<'_>) -> bool| {
        let mut found = responses.iter().enumerate().filter(|(_, each)| test(each));
        let first = found.next().map(|(index, _)| index);
        first.filter(|_| found.next().is_none())
    };
    let stated = label
        .strip_suffix(" Response")
        .filter(|status| is_status(status));
    let index = match stated {
        Some(status) => one(&|each| each.status == status),
        None => one(&|each| each.description.as_deref() == Some(label))
            .or_else(|| one(&|each| each.status.starts_with('2'))),
    };
    match index.and_then(|index| responses.get_mut(index)) {
        Some(response) => response.examples.push(example),
        None => reader.warn(
            "example-without-response",
            example.label.unwrap_or(example.at),
            format!("the response of the example `{label}` is unclear"),
            "the example is not transcribed; give it in an overlay",
        ),
    }
}

/// Reads `Status Code **200**` and a table of properties.
fn add_inline_schemas<'a>(
    reader: &mut PageReader<'a, '_>,
    body: Passage<'a>,
    responses: &mut [Response<'a>],
) {
    let (before, parts) = split(body, |lines| {
        lines
            .first()?
            .strip_prefix("Status Code **")?
            .trim()
            .strip_suffix("**")
    });
    reader.unread(before);
    for part in parts {
        match responses
            .iter_mut()
            .find(|each| each.status == part.kind.text)
        {
            Some(response) => {
                let example = response.examples.first().map(Example::value);
                let rows = combined::read(reader, part.body, Place::Response, example);
                response.inline = Some((part.heading, rows));
            }
            None => reader.warn(
                "schema-without-response",
                part.heading,
                format!("no response has the status `{}`", part.kind.text),
                "the schema is not transcribed; give it in an overlay",
            ),
        }
    }
}

/// Reads the table `|Status|Header|Type|Format|Description|`.
fn add_headers<'a>(
    reader: &mut PageReader<'a, '_>,
    table: &Table<'a>,
    responses: &mut [Response<'a>],
) {
    for row in &table.rows {
        let text = |title| table.cell(row, title).map(cell_text).unwrap_or_default();
        let status = text("Status");
        let owner = responses
            .iter_mut()
            .find(|each| each.status == status.trim());
        let Some(response) = owner.filter(|_| !text("Header").trim().is_empty()) else {
            reader.unread(row.at);
            continue;
        };
        let mut header = reader.object(row.at);
        let description = table.cell(row, "Description").and_then(cell_prose);
        if let Some(description) = description.filter(|text| text != "none") {
            header.set("description", description);
        }
        if let Some(Type::Named { name, .. }) = Type::parse(&text("Type")) {
            let mut schema = reader.object(row.at);
            schema.set("type", name);
            let format = text("Format");
            if !format.trim().is_empty() && format.trim() != "none" {
                schema.set("format", format.trim());
            }
            header.set("schema", schema);
        }
        response
            .headers
            .insert(text("Header").trim().to_owned(), header.into_value());
    }
}

impl<'a> Response<'a> {
    fn into_object(
        self,
        reader: &mut PageReader<'a, '_>,
        schemas: &Schemas<'_, 'a>,
        media_types: &MediaTypes,
    ) -> Object {
        let mut object = reader.object(self.at);
        if let Some(description) = &self.description {
            object.set("description", description.as_str());
        }
        if !self.headers.is_empty() {
            object.set("headers", self.headers.clone());
        }
        if self.schema.is_none() && !self.examples.is_empty() {
            reader.warn(
                "example-without-schema",
                self.at,
                "the table states that the response has no content, but there is an example",
                "the example is transcribed; remove one of the two in an overlay",
            );
        }
        let schema = self.schema(reader, schemas);
        let content = examples::content(
            reader,
            self.at,
            media_types.of_response(&self.status),
            schema,
            self.examples,
        );
        if let Some(content) = content {
            object.set("content", content);
        }
        object
    }

    /// The schema for the Schema column. For `Inline`, it comes from the section of response schemas.
    fn schema(&self, reader: &mut PageReader<'a, '_>, schemas: &Schemas<'_, 'a>) -> Option<Object> {
        let cell = self.schema?;
        if cell.text == "Inline" {
            let (heading, rows) = self.inline.as_ref()?;
            return schemas.of_rows(reader, *heading, rows);
        }
        if let Some((heading, _)) = self.inline {
            reader.unread(heading);
        }
        schemas.of_type(reader, &PropertyRow::of_type(self.at, cell))
    }
}
