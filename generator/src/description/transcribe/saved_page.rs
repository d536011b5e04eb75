//! The dialect of a documentation page saved as text: it has no markup, only lines.
//!
//! ```text
//! Retrieve a thing                 the title: summary
//!
//! GET /things/{id}/                the request line
//! Returns one thing.               description, up to the first section
//!
//! Path parameters                  entries of lines: name, type, maybe `required`, description
//!
//! id
//! string
//! required
//! The id of the thing.
//!
//! Example response                 JSON, then prose about it
//!
//! Response fields                  entries again
//! ```
//!
//! An entry starts at a line without blanks that is followed by a type. The pages state no status for their example
//! response: it is recorded as 200, with a note. Sample requests repeat the entries, so they are checked but not
//! transcribed, except for the media types in their headers. A body whose media type they do not name is one of any media
//! type, also if its example is JSON. Sentences such as "One of a, b, or c" are prose and make no enum.

use serde_json::{Map, Value, json};

use super::Style;
use super::document::Document;
use super::json::Example;
use super::media_types::MediaTypes;
use super::object::Object;
use super::page::{Passage, Section, split};
use super::reader::{PageReader, request_line};

/// Whether a line starts an operation. `transcribe` compares the number of these lines with the number of operations.
pub(super) fn is_operation_marker(line: Passage<'_>) -> bool {
    request_line(line.trim()).is_some()
}

/// The kind of a section of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SectionKind {
    Parameters(&'static str),
    Body,
    ExampleRequest,
    ExampleResponse,
    ResponseFields,
}

fn section_of(line: &str) -> Option<SectionKind> {
    Some(match line.trim() {
        "Path parameters" => SectionKind::Parameters("path"),
        "Query parameters" => SectionKind::Parameters("query"),
        "Header parameters" => SectionKind::Parameters("header"),
        "Body parameters" => SectionKind::Body,
        "Example request" => SectionKind::ExampleRequest,
        "Example response" => SectionKind::ExampleResponse,
        "Response fields" => SectionKind::ResponseFields,
        _ => return None,
    })
}

/// Reads a page without the lines that its site adds around it.
pub(super) fn read<'a>(reader: &mut PageReader<'a, '_>, style: &Style) -> Document {
    let site_lines = &style.site_lines;
    let mut document = Document::default();
    let (preamble, operations) = split(reader.page.whole(), |lines| {
        let mut following = lines.iter().skip(1).filter(|line| !line.is_blank());
        let title = lines.first().filter(|line| !line.is_blank())?;
        if is_operation_marker(*title) || section_of(title.text).is_some() {
            return None;
        }
        is_operation_marker(*following.next()?).then_some(())
    });
    let prose = without_site_lines(reader, site_lines, preamble);
    if let Some(text) = prose.markdown() {
        let mut info = reader.object(prose.trim());
        info.set("description", text);
        document.info = Some(info);
    }
    let mut noted_status = false;
    for mut part in operations {
        part.body = without_site_lines(reader, site_lines, part.body);
        read_operation(reader, &part, &mut document, &mut noted_status);
    }
    document
}

/// Removes the lines of the site from the start and the end of a passage, with a note for each.
fn without_site_lines<'a>(
    reader: &mut PageReader<'a, '_>,
    site_lines: &[String],
    passage: Passage<'a>,
) -> Passage<'a> {
    let mut kept = passage.trim();
    loop {
        let first = kept.lines().next();
        let last = kept.lines().last();
        let chrome =
            |line: &Passage<'_>| site_lines.iter().any(|ignored| line.text.trim() == ignored);
        if let Some(line) = first.filter(chrome) {
            reader.note(
                "site-chrome",
                line,
                "a line of the site, not of the page, is ignored",
            );
            kept = kept.from(line.text.len()).trim();
        } else if let Some(line) = last.filter(chrome) {
            reader.note(
                "site-chrome",
                line,
                "a line of the site, not of the page, is ignored",
            );
            kept = kept.part(0, line.start - kept.start).trim();
        } else {
            return kept;
        }
    }
}

fn read_operation<'a>(
    reader: &mut PageReader<'a, '_>,
    part: &Section<'a, ()>,
    document: &mut Document,
    noted_status: &mut bool,
) {
    let Some(line) = part.body.lines().find(|line| !line.is_blank()) else {
        return;
    };
    let Some((method, path)) = request_line(line.trim()) else {
        return;
    };
    let behind = part.body.from(line.end() - part.body.start);
    let (prose, sections) = split(behind, |lines| section_of(lines.first()?.text));
    let mut operation = reader.object(line);
    operation.set_from(
        "summary",
        part.heading.text.trim(),
        reader.span(part.heading),
    );
    let prose = prose.trim();
    if let Some(text) = prose.markdown() {
        operation.set_from("description", text, reader.span(prose));
    }
    let mut parameters: Vec<Value> = Vec::new();
    let mut in_path = Vec::new();
    let mut response = ResponseParts::default();
    let samples = |section: &&Section<'_, _>| section.kind == SectionKind::ExampleRequest;
    let samples = sections.iter().find(samples);
    let media_types = MediaTypes::of_samples(samples.map(|section| section.body));
    for section in &sections {
        let body = section.body.trim();
        match section.kind {
            SectionKind::Parameters(location) => {
                for entry in entries(reader, body) {
                    if location == "path" {
                        in_path.push((entry.name.text.to_owned(), entry.name));
                    }
                    parameters.push(parameter(reader, location, &entry).into_value());
                }
            }
            SectionKind::Body => {
                let schema = object_schema(reader, section.heading, body);
                let mut content = reader.object(section.heading);
                content.set("schema", schema);
                let mut request = reader.object(section.heading);
                let content = json!({ media_types.of_request(): content.into_value() });
                request.set("content", content);
                operation.set_from("requestBody", request, reader.span(section.heading));
            }
            SectionKind::ExampleRequest => reader.check_sample_urls(body),
            SectionKind::ExampleResponse => response.read_example(reader, section.heading, body),
            SectionKind::ResponseFields => response.fields = Some((section.heading, body)),
        }
    }
    reader.check_path(path.text, line, &in_path);
    if !parameters.is_empty() {
        operation.set("parameters", parameters);
    }
    if let Some(object) = response.into_object(reader, &media_types, noted_status) {
        operation.set("responses", json!({ STATUS: object.into_value() }));
    }
    document.add_operation(reader, method, path, operation);
}

/// The status of responses, for which the pages state none.
const STATUS: &str = "200";

/// What the sections of an operation state about the response.
#[derive(Default)]
struct ResponseParts<'a> {
    heading: Option<Passage<'a>>,
    example: Option<(Value, Passage<'a>)>,
    prose: Option<Passage<'a>>,
    fields: Option<(Passage<'a>, Passage<'a>)>,
}

impl<'a> ResponseParts<'a> {
    /// Reads one JSON value. The text after it is prose about the response.
    fn read_example(
        &mut self,
        reader: &mut PageReader<'a, '_>,
        heading: Passage<'a>,
        body: Passage<'a>,
    ) {
        self.heading = Some(heading);
        let mut values = serde_json::Deserializer::from_str(body.text).into_iter::<Example>();
        match values.next() {
            Some(Ok(example)) => {
                self.example = Some((reader.example(example, body), body));
                let prose = body.from(values.byte_offset()).trim();
                self.prose = (!prose.is_blank()).then_some(prose);
            }
            Some(Err(_)) => {
                reader.json(body.text, body);
            }
            None => {}
        }
    }

    fn into_object(
        self,
        reader: &mut PageReader<'a, '_>,
        media_types: &MediaTypes,
        noted_status: &mut bool,
    ) -> Option<Object> {
        let origin = self.heading.or(self.fields.map(|(heading, _)| heading))?;
        if !*noted_status {
            *noted_status = true;
            reader.note(
                "status-not-stated",
                origin,
                format!(
                    "the page states no status for its responses; they are recorded as {STATUS}"
                ),
            );
        }
        let mut content = reader.object(origin);
        if let Some((heading, body)) = self.fields {
            let fields = object_schema(reader, heading, body);
            let is_array = self
                .example
                .as_ref()
                .is_some_and(|(value, _)| value.is_array());
            let schema = if is_array {
                let mut array = reader.object(heading);
                array.set("type", "array");
                array.set("items", fields);
                array
            } else {
                fields
            };
            content.set_from("schema", schema, reader.span(heading));
        }
        if let Some((value, at)) = self.example {
            content.set_from("example", value, reader.span(at));
        }
        let mut response = reader.object(origin);
        if let Some((text, at)) = self.prose.and_then(|at| Some((at.markdown()?, at))) {
            response.set_from("description", text, reader.span(at));
        }
        if content.get("schema").is_some() || content.get("example").is_some() {
            let media_type = media_types.of_response(STATUS);
            response.set("content", json!({ media_type: content.into_value() }));
        }
        Some(response)
    }
}

/// One entry: name, type, `required`, description.
struct Entry<'a> {
    name: Passage<'a>,
    data_type: Passage<'a>,
    required: Option<Passage<'a>>,
    description: Option<Passage<'a>>,
}

/// The entries of a section. Lines before the first entry are reported.
fn entries<'a>(reader: &mut PageReader<'a, '_>, body: Passage<'a>) -> Vec<Entry<'a>> {
    let mut is_type_line = false;
    let (before, parts) = split(body, |lines| {
        if std::mem::take(&mut is_type_line) {
            return None;
        }
        let name = lines.first()?.text.trim();
        let single_word = !name.is_empty() && !name.contains(char::is_whitespace);
        is_type_line = single_word && type_of(lines.get(1)?.text.trim()).is_some();
        is_type_line.then_some(())
    });
    reader.unread(before);
    let mut entries = Vec::new();
    for part in parts {
        let mut lines = part.body.lines();
        let Some(data_type) = lines.next() else {
            continue;
        };
        let behind = part.body.from(data_type.end() - part.body.start);
        let required = lines.next().filter(|line| line.text.trim() == "required");
        let description = match required {
            Some(line) => part.body.from(line.end() - part.body.start),
            None => behind,
        };
        entries.push(Entry {
            name: part.heading.trim(),
            data_type: data_type.trim(),
            required: required.map(Passage::trim),
            description: Some(description.trim()).filter(|text| !text.is_blank()),
        });
    }
    entries
}

/// Splits `integer`, `string[]` or `integer<int64>` into type, format and whether it is an array.
fn type_of(text: &str) -> Option<(&str, Option<&str>, bool)> {
    let (single, is_array) = match text.strip_suffix("[]") {
        Some(single) => (single, true),
        None => (text, false),
    };
    let (name, format) = match single
        .strip_suffix('>')
        .and_then(|rest| rest.split_once('<'))
    {
        Some((name, format)) => (name, Some(format)),
        None => (single, None),
    };
    let known = [
        "string", "integer", "number", "boolean", "object", "array", "null",
    ];
    known.contains(&name).then_some((name, format, is_array))
}

/// The schema of an entry. `at` is its position: the name, or for a parameter the type.
fn schema(reader: &PageReader<'_, '_>, entry: &Entry<'_>, at: Passage<'_>) -> Object {
    let stated = reader.span(entry.data_type);
    let mut schema = reader.object(at);
    if let Some((name, format, is_array)) = type_of(entry.data_type.text) {
        let mut single = reader.object(entry.data_type);
        let target = if is_array { &mut single } else { &mut schema };
        target.set_from("type", name, stated);
        if let Some(format) = format {
            target.set_from("format", format, stated);
        }
        if is_array {
            schema.set_from("type", "array", stated);
            schema.set_from("items", single, stated);
        }
    }
    schema
}

fn parameter(reader: &mut PageReader<'_, '_>, location: &str, entry: &Entry<'_>) -> Object {
    let mut parameter = reader.object(entry.name);
    parameter.set("name", entry.name.text);
    parameter.set("in", location);
    describe(reader, &mut parameter, entry);
    if let Some(required) = entry.required {
        parameter.set_from("required", true, reader.span(required));
    }
    let schema = schema(reader, entry, entry.data_type);
    parameter.set("schema", schema);
    parameter
}

fn describe(reader: &PageReader<'_, '_>, object: &mut Object, entry: &Entry<'_>) {
    if let Some((text, at)) = entry.description.and_then(|at| Some((at.markdown()?, at))) {
        object.set_from("description", text, reader.span(at));
    }
}

/// An object schema that has the entries of a section as properties.
fn object_schema<'a>(
    reader: &mut PageReader<'a, '_>,
    heading: Passage<'a>,
    body: Passage<'a>,
) -> Object {
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    for entry in entries(reader, body) {
        let mut property = schema(reader, &entry, entry.name);
        describe(reader, &mut property, &entry);
        properties.insert(entry.name.text.to_owned(), property.into_value());
        if entry.required.is_some() {
            required.push(entry.name.text.into());
        }
    }
    let mut schema = reader.object(heading);
    schema.set("type", "object");
    schema.set("properties", properties);
    if !required.is_empty() {
        schema.set("required", required);
    }
    schema
}
