//! Reads one operation: its prose, its request line, its two tables.

use serde_json::{Map, Value};

use crate::description::diagnostic::Severity;
use crate::description::transcribe::blocks::Content;
use crate::description::transcribe::document::Document;
use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::{Passage, Section, split};
use crate::description::transcribe::reader::{PageReader, is_status, method_key};
use crate::description::transcribe::table::{Padding, Table, cell_prose, cell_text};

use super::{BlankTypes, SectionKind, parameters};

/// The kind of a section of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum OperationSectionKind {
    Summary,
    Description,
    Request,
    Parameters,
    Responses,
}

/// Splits an operation into sections. Each kind is recognised once and in the order of the dialect, so that prose can
/// contain lines that look like the start of a section.
fn sections<'a>(body: Passage<'a>) -> (Passage<'a>, Vec<Section<'a, OperationSectionKind>>) {
    let mut last = None;
    split(body, |lines| {
        let line = lines.first()?.text;
        let kind = match line.trim_end() {
            "### HTTP Request" => OperationSectionKind::Request,
            "**Parameters**" => OperationSectionKind::Parameters,
            "**Responses**" => OperationSectionKind::Responses,
            _ if line.starts_with("**Summary:**") => OperationSectionKind::Summary,
            _ if line.starts_with("**Description:**") => OperationSectionKind::Description,
            _ => return None,
        };
        let in_request = last >= Some(OperationSectionKind::Request);
        let of_request = kind > OperationSectionKind::Request;
        if last >= Some(kind) || of_request != in_request {
            return None;
        }
        last = Some(kind);
        Some(kind)
    })
}

/// Reads one operation into the document.
pub(super) fn read<'a>(
    reader: &mut PageReader<'a, '_>,
    section: &Section<'a, SectionKind>,
    path_heading: Option<Passage<'a>>,
    document: &mut Document,
    blank_types: &mut BlankTypes<'a>,
) {
    let (before, sections) = sections(section.body);
    reader.unread(before);
    let find = |kind| sections.iter().find(|part| part.kind == kind);
    let request = find(OperationSectionKind::Request)
        .and_then(|part| part.body.lines().find(|line| !line.is_blank()));
    let Some((line, (method, path))) = request.and_then(|line| Some((line, request_of(line)?)))
    else {
        reader.report(
            Severity::Error,
            "no-request-line",
            request.unwrap_or(section.heading),
            "the operation has no line `***METHOD*** /path` below `### HTTP Request`",
            "correct the markdown: without it neither method nor path are known",
        );
        return;
    };
    check_headings(reader, section.heading, path_heading, method, path);

    let mut operation = reader.object(line);
    for (kind, label, key) in [
        (OperationSectionKind::Summary, "**Summary:**", "summary"),
        (
            OperationSectionKind::Description,
            "**Description:**",
            "description",
        ),
    ] {
        let Some(part) = find(kind) else { continue };
        let whole = reader.page.slice(part.heading.start, part.body.end());
        let prose = whole.strip_prefix(label).unwrap_or(whole).trim();
        reader.check_prose(prose);
        if let Some(text) = prose.markdown() {
            operation.set_from(key, text, reader.span(prose));
        }
    }
    if let Some(part) = find(OperationSectionKind::Request) {
        let behind = line.end() - part.body.start;
        reader.unread(part.body.from(behind));
    }
    let table =
        find(OperationSectionKind::Parameters).and_then(|part| read_table(reader, part.body));
    parameters::read(reader, table, line, path.text, &mut operation, blank_types);
    if let Some(table) =
        find(OperationSectionKind::Responses).and_then(|part| read_table(reader, part.body))
    {
        operation.set("responses", read_responses(reader, &table));
    }
    document.add_operation(reader, method, path, operation);
}

/// Parses `` `***GET*** /path` `` to method and path.
fn request_of(line: Passage<'_>) -> Option<(&'static str, Passage<'_>)> {
    let inner = line.trim().strip_prefix("`")?.strip_suffix("`")?;
    let inner = inner.strip_prefix("***")?;
    let stars = inner.text.find("***")?;
    let method = method_key(inner.part(0, stars).text)?;
    let path = inner.from(stars + "***".len()).trim();
    path.text.starts_with('/').then_some((method, path))
}

fn check_headings(
    reader: &mut PageReader<'_, '_>,
    method_heading: Passage<'_>,
    path_heading: Option<Passage<'_>>,
    method: &str,
    path: Passage<'_>,
) {
    let help = "the request line counts; correct the heading in the markdown if it is wrong";
    let stated = method_heading.text.trim_start_matches('#').trim();
    if stated.trim_matches('*') != method.to_uppercase() {
        reader.warn(
            "heading-disagrees",
            method_heading,
            format!(
                "the heading has `{stated}`, the request line {}",
                method.to_uppercase()
            ),
            help,
        );
    }
    match path_heading {
        Some(heading) if heading.text.to_uppercase() == path.text.to_uppercase() => {}
        Some(heading) => reader.warn(
            "heading-disagrees",
            heading,
            format!(
                "the heading has `{}`, the request line `{}`",
                heading.text, path.text
            ),
            help,
        ),
        None => reader.warn(
            "heading-disagrees",
            method_heading,
            "the operation is not below a path heading",
            help,
        ),
    }
}

/// The table of a section. Everything else in the section is reported, except for comments.
fn read_table<'a>(reader: &mut PageReader<'a, '_>, body: Passage<'a>) -> Option<Table<'a>> {
    let mut table = None;
    for block in reader.blocks(body) {
        match &block.content {
            Content::Table(rows) if table.is_none() => {
                table = Some(Table::new(reader, rows, Padding::OneBlank));
            }
            Content::Html if block.at.text.starts_with("<!--") => {}
            _ => reader.unread(block.at),
        }
    }
    table
}

fn read_responses<'a>(reader: &mut PageReader<'a, '_>, table: &Table<'a>) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    for row in &table.rows {
        let code = table.cell(row, "Code").map(cell_text).unwrap_or_default();
        if !is_status(&code) || responses.contains_key(&code) {
            reader.warn(
                "response-code",
                row.at,
                format!("`{code}` is not a single status"),
                "the row is not transcribed; give its response in an overlay",
            );
            continue;
        }
        let mut response: Object = reader.object(row.at);
        if let Some(text) = table.cell(row, "Description").and_then(cell_prose) {
            response.set("description", text);
        }
        responses.insert(code, response.into_value());
    }
    Value::Object(responses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_line_gives_method_and_path() {
        let read = |text| request_of(Passage { start: 0, text }).map(|(m, p)| (m, p.text));
        assert_eq!(read("`***GET*** /a/{B}` "), Some(("get", "/a/{B}")));
        assert_eq!(read("`***GOT*** /a`"), None);
        assert_eq!(read("`GET /a`"), None);
    }

    #[test]
    fn prose_may_hold_the_titles_of_later_sections() {
        let text = "**Description:** a\n**Parameters**\n### HTTP Request\n`x`\n**Responses**\n";
        let (_, parts) = sections(Passage { start: 0, text });
        let kinds: Vec<_> = parts.iter().map(|part| part.kind).collect();
        assert_eq!(
            kinds,
            [
                OperationSectionKind::Description,
                OperationSectionKind::Request,
                OperationSectionKind::Responses
            ]
        );
    }
}
