//! The dialect of Widdershins 4: typed tables, schemas, examples, code samples.
//!
//! ```text
//! <h1 id="title">Title v1.0</h1>            info, servers
//! # Authentication                          security schemes
//! <h1 id="title-tag">Tag</h1>               tag
//! ## Summary                                operation, with
//! <a id="opIdId"></a>                         its id,
//! > Code samples                              samples (read only for their media types),
//! `GET /path`                                 request line and description,
//! > Body parameter                            an example of the body,
//! <h3 id="…-parameters">                      parameters and body,
//! > Example responses                         examples,
//! <h3 id="…-responses">                       responses,
//! <h3 id="…-responseschema">                  schemas of responses that are not components,
//! ### Callbacks                               callbacks, which are left out,
//! <aside class="…">                           security
//! # Schemas                                 components
//! <h2 id="tocS_Name">Name</h2>
//! ```
//!
//! The heading of an operation is its summary, unless the first paragraph after the request line is emphasised: then
//! that is the summary. `none` in a table means that the document does not state the fact. The `v` of the version in
//! the title is removed, because the renderer adds it.

mod callbacks;
mod combined;
mod components;
mod examples;
mod info;
mod operation;
mod parameters;
mod responses;
mod rows;
mod schema;
mod sections;
mod types;

use serde_json::Value;

use super::Style;
use super::document::Document;
use super::page::{Passage, front_matter, split};
use super::reader::{PageReader, request_line};

/// The kind of a section of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SectionKind {
    /// The first `<h1 id=…>`.
    Title,
    /// `# Authentication`.
    Authentication,
    /// Any other `<h1 id=…>`.
    Tag,
    /// `## Summary`.
    Operation,
    /// `# Schemas`.
    Schemas,
    /// `<h2 id="tocS…">`.
    Schema,
}

/// Whether a line is a request line. `transcribe` compares the number of these lines with the number of operations.
pub(super) fn is_operation_marker(line: Passage<'_>) -> bool {
    request_in_code(line).is_some()
}

/// `` `GET /path` ``.
fn request_in_code(line: Passage<'_>) -> Option<(&'static str, Passage<'_>)> {
    request_line(line.trim().strip_prefix("`")?.strip_suffix("`")?)
}

/// The value of an attribute of the first tag of a line.
fn attribute<'a>(line: Passage<'a>, name: &str) -> Option<Passage<'a>> {
    line.between(&format!(" {name}=\""), "\"")
}

/// What the lines of the page so far have opened.
#[derive(Debug, Default)]
struct Seen {
    title: bool,
    callbacks: callbacks::Seen,
}

fn section_of(lines: &[Passage<'_>], seen: &mut Seen) -> Option<SectionKind> {
    let line = lines.first()?.text.trim_end();
    if line.starts_with("<h1 id=\"") {
        let is_tag = std::mem::replace(&mut seen.title, true);
        return Some(if is_tag {
            SectionKind::Tag
        } else {
            SectionKind::Title
        });
    }
    let is_operation = opens_operation(lines);
    let is_of_callback = seen.callbacks.is_of_callback(line, is_operation);
    match line {
        "# Authentication" => Some(SectionKind::Authentication),
        "# Schemas" => Some(SectionKind::Schemas),
        _ if line.starts_with("<h2 id=\"tocS") => Some(SectionKind::Schema),
        _ => (is_operation && !is_of_callback).then_some(SectionKind::Operation),
    }
}

/// Whether the first line is the heading of an operation.
fn opens_operation(lines: &[Passage<'_>]) -> bool {
    let is_heading = lines
        .first()
        .is_some_and(|line| line.text.starts_with("## "));
    let next = lines.iter().skip(1).find(|line| !line.is_blank());
    is_heading
        && next.is_some_and(|next| {
            next.text.starts_with("<a id=\"opId")
                || next.text.trim_end() == "> Code samples"
                || is_operation_marker(*next)
        })
}

/// Reads a page.
pub(super) fn read<'a>(reader: &mut PageReader<'a, '_>, _: &Style) -> Document {
    let (matter, rest) = front_matter(reader.page.whole());
    let mut seen = Seen::default();
    let (before, sections) = split(rest, |lines| section_of(lines, &mut seen));
    if !before.trim().text.starts_with("<!--") {
        reader.unread(before);
    }
    let mut document = Document::default();
    info::read(reader, matter, &sections, &mut document);
    let (components, known) = components::read(reader, &sections);
    let schemas = schema::Schemas { components: &known };
    let mut tag = None;
    for section in &sections {
        match section.kind {
            SectionKind::Title | SectionKind::Authentication | SectionKind::Schema => {}
            SectionKind::Tag => tag = info::read_tag(reader, section, &mut document),
            SectionKind::Operation => {
                operation::read(reader, section, tag, &schemas, &mut document)
            }
            SectionKind::Schemas => reader.unread(section.body),
        }
    }
    for component in components {
        let name = component.name.text.to_owned();
        let value: Value = component.into_value(reader, &schemas);
        document.schemas.insert(name, value);
    }
    document
}
