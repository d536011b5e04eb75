//! Reads one operation: its prose and its security.

use serde_json::{Map, Value};

use crate::description::diagnostic::Severity;
use crate::description::transcribe::blocks::Content;
use crate::description::transcribe::document::Document;
use crate::description::transcribe::media_types::MediaTypes;
use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::{Passage, Section};
use crate::description::transcribe::reader::PageReader;

use super::schema::Schemas;
use super::sections::{OperationSectionKind, Sections, find, sections, security_after};
use super::{SectionKind, attribute, callbacks, parameters, request_in_code, responses};

/// Reads one operation into the document.
pub(super) fn read<'a>(
    reader: &mut PageReader<'a, '_>,
    section: &Section<'a, SectionKind>,
    tag: Option<Passage<'a>>,
    schemas: &Schemas<'_, 'a>,
    document: &mut Document,
) {
    let (own, security, left_out) = callbacks::leave_out(reader, section.body);
    document.left_out += left_out;
    let (before, sections) = sections(own);
    let request = find(&sections, OperationSectionKind::Request)
        .and_then(|part| Some((part, request_in_code(part.heading)?)));
    let Some((request, (method, path))) = request else {
        reader.report(
            Severity::Error,
            "no-request-line",
            section.heading,
            "the operation has no line `METHOD /path` in code",
            "correct the markdown: without it neither method nor path are known",
        );
        return;
    };
    report_repeated(reader, &sections);
    let mut operation = reader.object(request.heading);
    if let Some(tag) = tag {
        operation.set_from("tags", vec![tag.text], reader.span(tag));
    }
    read_title(reader, section.heading, before, &mut operation);
    read_prose(reader, request.body, &mut operation);

    let samples = find(&sections, OperationSectionKind::CodeSamples).map(|part| part.body);
    if let Some(samples) = samples {
        reader.check_sample_urls(samples);
    }
    let media_types = MediaTypes::of_samples(samples);
    parameters::read(
        reader,
        &sections,
        (path, request.heading),
        schemas,
        &media_types,
        &mut operation,
    );
    responses::read(reader, &sections, schemas, &media_types, &mut operation);
    let after_callbacks = security_after(security);
    let security = find(&sections, OperationSectionKind::Security).or(after_callbacks.as_ref());
    if let Some(part) = security {
        read_security(reader, part, document, &mut operation);
    }
    document.add_operation(reader, method, path, operation);
}

/// Reports sections that are not transcribed: repeated ones.
fn report_repeated<'a>(reader: &mut PageReader<'a, '_>, sections: &Sections<'a>) {
    for (index, part) in sections.iter().enumerate() {
        let is_first = sections.iter().position(|each| each.kind == part.kind) == Some(index);
        if !is_first {
            reader.unread(part.heading);
        }
    }
}

/// Reads summary and id from the heading and the anchor.
fn read_title<'a>(
    reader: &mut PageReader<'a, '_>,
    heading: Passage<'a>,
    before: Passage<'a>,
    operation: &mut Object,
) {
    let summary = heading.text.trim_start_matches('#').trim();
    operation.set_from("summary", summary, reader.span(heading));
    for line in before.lines().filter(|line| !line.is_blank()) {
        match attribute(line, "id").and_then(|id| id.strip_prefix("opId")) {
            Some(id) => operation.set_from("operationId", id.text, reader.span(id)),
            None => reader.unread(line),
        }
    }
}

/// Reads the text after the request line: a summary if the whole first paragraph is emphasised, and the description.
fn read_prose<'a>(reader: &mut PageReader<'a, '_>, body: Passage<'a>, operation: &mut Object) {
    let mut description = body.trim();
    reader.check_prose(description);
    let blocks = crate::description::transcribe::blocks::blocks(description);
    if let Some(first) = blocks.first()
        && matches!(first.content, Content::Text)
        && let Some(summary) = emphasised(first.at.trim())
        && let Some(text) = summary.markdown()
    {
        operation.set_from("summary", text, reader.span(summary));
        description = description.from(first.at.end() - description.start).trim();
    }
    if let Some(text) = description.markdown() {
        operation.set_from("description", text, reader.span(description));
    }
}

/// The text of a paragraph `*text*`.
fn emphasised(paragraph: Passage<'_>) -> Option<Passage<'_>> {
    let inner = paragraph.strip_prefix("*")?.strip_suffix("*")?;
    let is_whole = !inner.text.contains('*') && inner.text == inner.text.trim();
    is_whole.then_some(inner)
}

/// Reads `<aside>`: the alternative security requirements, or that there are none.
fn read_security<'a>(
    reader: &mut PageReader<'a, '_>,
    part: &Section<'a, OperationSectionKind>,
    document: &Document,
    operation: &mut Object,
) {
    let text = reader.page.slice(part.heading.start, part.body.end());
    let end = text.text.find("</aside>").unwrap_or(text.text.len());
    reader.unread(text.from((end + "</aside>".len()).min(text.text.len())));
    let inside = text.part(0, end);
    if inside
        .text
        .contains("This operation does not require authentication")
    {
        operation.set_from(
            "security",
            Value::Array(Vec::new()),
            reader.span(part.heading),
        );
        return;
    }
    let Some(colon) = inside.text.find("methods:") else {
        reader.unread(part.heading);
        return;
    };
    let list = inside.from(colon + "methods:".len()).trim();
    let mut alternatives = Vec::new();
    for (name, scopes) in requirements(list) {
        if name.text == "None" {
            alternatives.push(Value::Object(Map::new()));
            continue;
        }
        if !document.security_schemes.contains_key(name.text) {
            reader.warn(
                "undeclared-security-scheme",
                name,
                format!("the page declares no security scheme `{}`", name.text),
                "declare it in an overlay",
            );
        }
        let scopes: Vec<Value> = scopes.split_whitespace().map(Value::from).collect();
        let requirement = Map::from_iter([(name.text.to_owned(), Value::Array(scopes))]);
        alternatives.push(Value::Object(requirement));
    }
    if !alternatives.is_empty() {
        operation.set_from("security", alternatives, reader.span(list));
    }
}

/// Splits `a, b ( Scopes: x y )` into names and scopes.
fn requirements(list: Passage<'_>) -> Vec<(Passage<'_>, &str)> {
    let mut found = Vec::new();
    let mut rest = list;
    while !rest.is_blank() {
        let name_end = rest.text.find([',', '(']).unwrap_or(rest.text.len());
        let name = rest.part(0, name_end).trim();
        let mut end = name_end;
        let mut scopes = "";
        if rest.from(name_end).text.starts_with('(') {
            let inner = rest.from(name_end + 1);
            let close = inner.text.find(')').unwrap_or(inner.text.len());
            scopes = inner.part(0, close).text.trim();
            scopes = scopes.strip_prefix("Scopes:").unwrap_or(scopes);
            end = (name_end + 1 + close + 1).min(rest.text.len());
        }
        if !name.is_blank() {
            found.push((name, scopes));
        }
        let next = rest.from(end).trim();
        rest = next.strip_prefix(",").unwrap_or(next);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn security_alternatives_with_scopes() {
        let text = "key, oauth ( Scopes: read:a write:a ), None";
        let read: Vec<_> = requirements(Passage { start: 0, text })
            .into_iter()
            .map(|(name, scopes)| (name.text, scopes.trim()))
            .collect();
        assert_eq!(
            read,
            [("key", ""), ("oauth", "read:a write:a"), ("None", "")]
        );
    }

    #[test]
    fn only_a_wholly_emphasised_paragraph_is_a_summary() {
        let read = |text| emphasised(Passage { start: 0, text }).map(|inner| inner.text);
        assert_eq!(read("*a\nb*"), Some("a\nb"));
        assert_eq!(read("**a**"), None);
        assert_eq!(read("*a* and *b*"), None);
    }
}
