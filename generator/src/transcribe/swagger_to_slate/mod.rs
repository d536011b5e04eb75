//! The dialect of swagger-to-slate: a heading a path, a heading a method, tables of parameters and responses.
//!
//! ```text
//! # /PATHS/{UPPERCASED}/
//! ## ***GET***
//! **Summary:** …
//! **Description:** …
//! ### HTTP Request
//! `***GET*** /paths/{lowercased}/`
//! **Parameters**      | Name | Located in | Description | Required | Type |
//! **Responses**       | Code | Description |
//! ```

mod operation;
mod parameters;

use super::document::Document;
use super::object::Object;
use super::page::{Part, Passage, front_matter, front_matter_value, split};
use super::reader::Reader;

/// What a section of the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// `# Introduction` or another heading before the first path.
    Preamble,
    /// `# /PATH`.
    Path,
    /// `## ***GET***`.
    Operation,
}

/// Whether a line opens an operation; `transcribe` counts these lines and the operations.
pub(super) fn is_operation_marker(line: Passage<'_>) -> bool {
    line.text.starts_with("## ***") && line.text.trim_end().ends_with("***")
}

/// Reads a page.
pub(super) fn read<'a>(reader: &mut Reader<'a, '_>) -> Document {
    let (matter, rest) = front_matter(reader.page.whole());
    let mut seen_path = false;
    let (before, sections) = split(rest, |lines| {
        let line = *lines.first()?;
        if is_operation_marker(line) {
            return Some(Section::Operation);
        }
        if line.text.starts_with("# /") {
            seen_path = true;
            return Some(Section::Path);
        }
        (!seen_path && line.text.starts_with("# ")).then_some(Section::Preamble)
    });
    let mut document = Document::default();
    let mut info = None;
    read_info(reader, matter, before, &sections, &mut info);
    document.info = info;

    let mut blank_types = BlankTypes::default();
    let mut heading = None;
    for section in &sections {
        match section.kind {
            Section::Preamble => {}
            Section::Path => heading = section.heading.strip_prefix("# ").map(Passage::trim),
            Section::Operation => {
                operation::read(reader, section, heading, &mut document, &mut blank_types);
            }
        }
        if section.kind == Section::Path {
            reader.unread(section.body);
        }
    }
    blank_types.report(reader);
    document
}

/// The rows whose Type column is blank: one finding a document, not one a row.
#[derive(Debug, Default)]
struct BlankTypes<'a> {
    first: Option<Passage<'a>>,
    blank: usize,
    rows: usize,
}

impl<'a> BlankTypes<'a> {
    fn count(&mut self, row: Passage<'a>, blank: bool) {
        self.rows += 1;
        if blank {
            self.blank += 1;
            self.first.get_or_insert(row);
        }
    }

    fn report(&self, reader: &mut Reader<'a, '_>) {
        if let Some(first) = self.first {
            reader.warn(
                "blank-type-column",
                first,
                format!(
                    "{} of {} parameters have a blank Type column, this one being the first",
                    self.blank, self.rows
                ),
                "they are transcribed without a schema; another source or an overlay must say their types",
            );
        }
    }
}

/// Title from the front matter; description and version from what stands before the first path.
fn read_info<'a>(
    reader: &mut Reader<'a, '_>,
    matter: Option<Passage<'a>>,
    before: Passage<'a>,
    sections: &[Part<'a, Section>],
    info: &mut Option<Object>,
) {
    reader.unread(before);
    if let Some(title) = matter.and_then(|matter| front_matter_value(matter, "title")) {
        let info = info.get_or_insert_with(|| reader.object(title));
        info.set_from("title", title.text, reader.span(title));
    }
    for section in sections {
        if section.kind != Section::Preamble {
            continue;
        }
        if section.heading.text.trim_end() != "# Introduction" {
            reader.unread(section.heading);
            continue;
        }
        let (prose, fields) = split(section.body, |lines| {
            let line = lines.first()?.text;
            (line.starts_with("**") && line.contains(":**")).then_some(())
        });
        let info = info.get_or_insert_with(|| reader.object(section.heading));
        if let Some(text) = prose.markdown() {
            info.set_from("description", text, reader.span(prose.trim()));
        }
        for field in fields {
            let version = field
                .heading
                .strip_prefix("**Version:**")
                .map(Passage::trim);
            match version.filter(|version| !version.is_blank()) {
                Some(version) => info.set_from("version", version.text, reader.span(version)),
                None => reader.unread(field.heading),
            }
            reader.unread(field.body);
        }
    }
}
