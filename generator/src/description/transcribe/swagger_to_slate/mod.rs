//! The dialect of swagger-to-slate: a heading for each path, a heading for each method, tables of parameters and
//! responses.
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

use super::Style;
use super::document::Document;
use super::object::Object;
use super::page::{Passage, Section, front_matter, front_matter_value, split};
use super::reader::PageReader;

/// The kind of a section of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SectionKind {
    /// `# Introduction` or another heading before the first path.
    Preamble,
    /// `# /PATH`.
    Path,
    /// `## ***GET***`.
    Operation,
}

/// Whether a line starts an operation. `transcribe` compares the number of these lines with the number of operations.
pub(super) fn is_operation_marker(line: Passage<'_>) -> bool {
    line.text.starts_with("## ***") && line.text.trim_end().ends_with("***")
}

/// Reads a page.
pub(super) fn read<'a>(reader: &mut PageReader<'a, '_>, _: &Style) -> Document {
    let (matter, rest) = front_matter(reader.page.whole());
    let mut seen_path = false;
    let (before, sections) = split(rest, |lines| {
        let line = *lines.first()?;
        if is_operation_marker(line) {
            return Some(SectionKind::Operation);
        }
        if line.text.starts_with("# /") {
            seen_path = true;
            return Some(SectionKind::Path);
        }
        (!seen_path && line.text.starts_with("# ")).then_some(SectionKind::Preamble)
    });
    let mut document = Document::default();
    let mut info = None;
    read_info(reader, matter, before, &sections, &mut info);
    document.info = info;

    let mut blank_types = BlankTypes::default();
    let mut heading = None;
    for section in &sections {
        match section.kind {
            SectionKind::Preamble => {}
            SectionKind::Path => heading = section.heading.strip_prefix("# ").map(Passage::trim),
            SectionKind::Operation => {
                operation::read(reader, section, heading, &mut document, &mut blank_types);
            }
        }
        if section.kind == SectionKind::Path {
            reader.unread(section.body);
        }
    }
    blank_types.report(reader);
    document
}

/// Counts rows with a blank Type column, so that there is one diagnostic for a page and not one for each row.
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

    fn report(&self, reader: &mut PageReader<'a, '_>) {
        if let Some(first) = self.first {
            reader.warn(
                "blank-type-column",
                first,
                format!(
                    "{} of {} parameters have a blank Type column, this is the first",
                    self.blank, self.rows
                ),
                "they are transcribed without a schema; another source or an overlay must state their types",
            );
        }
    }
}

/// Reads the title from the front matter, and description and version from the text before the first path.
fn read_info<'a>(
    reader: &mut PageReader<'a, '_>,
    matter: Option<Passage<'a>>,
    before: Passage<'a>,
    sections: &[Section<'a, SectionKind>],
    info: &mut Option<Object>,
) {
    reader.unread(before);
    if let Some(title) = matter.and_then(|matter| front_matter_value(matter, "title")) {
        let info = info.get_or_insert_with(|| reader.object(title));
        info.set_from("title", title.text, reader.span(title));
    }
    for section in sections {
        if section.kind != SectionKind::Preamble {
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
