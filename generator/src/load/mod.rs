//! From text to the spanned tree: YAML 1.2 with the core schema, and JSON.
//!
//! What YAML leaves open or other readers do differently is decided here:
//!
//! - Keys are strings: `200:` is the key `"200"`. A null key and a key that is a mapping or a
//!   sequence are errors, and so is a key that stands twice.
//! - One document a file; anything else is an error.
//! - Anchors and aliases are expanded, up to a budget. A node that came from an alias keeps the
//!   position of its anchor, where its text stands.
//! - The merge key `<<`, which is not part of YAML 1.2 but which descriptions of APIs use, merges. A
//!   quoted `"<<"` is an ordinary key.
//! - Tags are errors, except for those of the core schema.
//! - `.inf`, `.nan` and `1e400` are errors, since JSON cannot express them. An integer beyond 64
//!   bits is kept as it is written.
//! - Mappings and sequences nest at most 128 deep.
//! - Where braces, brackets and quotes are continued further left than YAML allows, or after tabs, a
//!   text is read as most readers do, with a warning.

mod builder;
mod json;
mod layout;
mod scalar;
mod yaml;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, SourceFile, SourceMap, Span};
use crate::tree::Node;

pub(crate) use builder::MAX_DEPTH;
pub use scalar::written_number;
pub(crate) use yaml::measure;

/// Parses the text of a file.
///
/// A text that starts with `{` or `[` is read as JSON, and where that fails as YAML, whose flow
/// style looks the same.
///
/// Returns `None` exactly if it added an error to `diagnostics`.
#[must_use]
pub fn parse(sources: &SourceMap, file: FileId, diagnostics: &mut Diagnostics) -> Option<Node> {
    let Some(source) = sources.get(file) else {
        diagnostics.push(Diagnostic::error("unknown-file", "the file was not read"));
        return None;
    };
    let mut found = Diagnostics::default();
    let root = parse_text(source, file, &mut found);
    let failed = found.has_errors();
    diagnostics.extend(found);
    match root {
        Some(_) if failed => None,
        Some(root) => Some(root),
        None => {
            if !failed {
                diagnostics.push(empty(file));
            }
            None
        }
    }
}

fn parse_text(source: &SourceFile, file: FileId, found: &mut Diagnostics) -> Option<Node> {
    let input = Input::new(&source.text, file);
    let start = input.text.trim_start_matches([' ', '\t', '\r', '\n']);
    if !start.starts_with(['{', '[']) {
        return yaml::read(&input, found);
    }
    let mut of_json = Diagnostics::default();
    let json_error = match json::read(&input, &mut of_json) {
        Ok(root) => {
            found.extend(of_json);
            return root;
        }
        Err(error) => error,
    };
    let mut of_yaml = Diagnostics::default();
    let root = yaml::read(&input, &mut of_yaml);
    // Each reader fails where its own syntax ends; the one that understood more of the text is
    // the one whose complaint helps, unless the name of the file tells which syntax is meant.
    let is_named_json = source.path.ends_with(".json");
    let yaml_error = of_yaml
        .items()
        .iter()
        .find(|item| item.code == yaml::SYNTAX)
        .and_then(|item| item.labels.first());
    match yaml_error {
        Some(label) if is_named_json || label.at <= json_error.at => {
            found.push(json_error.diagnostic())
        }
        _ => {
            if is_named_json && !of_yaml.has_errors() {
                found.push(
                    Diagnostic::warning(
                        "json-read-as-yaml",
                        "this is not valid JSON, but it is YAML",
                    )
                    .at(json_error.at, json_error.expected)
                    .help("mend the syntax, or rename the file to `.yaml`"),
                );
            }
            found.extend(of_yaml);
        }
    }
    root
}

fn empty(file: FileId) -> Diagnostic {
    Diagnostic::error("empty-document", "the document is empty")
        .at(Span::new(file, 1, 1), "no value stands in this file")
        .help("is this the right file?")
}

fn not_representable(text: &str, at: Span, pointer: String) -> Diagnostic {
    let shown: String = text.chars().take(40).collect();
    Diagnostic::error(
        "number-out-of-range",
        format!("`{shown}` is a number that JSON cannot express"),
    )
    .pointer(pointer)
    .at(at, "neither an integer nor a finite float of 64 bits")
    .help("remove the value, or quote it if it is meant as text")
}

/// A text without its byte order mark.
struct Input<'a> {
    text: &'a str,
    file: FileId,
    /// The byte order mark counts as a column of the first line, as it does in the source map.
    skipped: u32,
    /// How many columns of a line are none of the file's, by the number of the line.
    added: Option<&'a BTreeMap<usize, usize>>,
}

impl<'a> Input<'a> {
    fn new(text: &'a str, file: FileId) -> Self {
        let stripped = text.strip_prefix('\u{feff}');
        Self {
            text: stripped.unwrap_or(text),
            file,
            skipped: stripped.is_some().into(),
            added: None,
        }
    }

    /// The same file with another layout.
    fn relaxed<'r>(&self, relaxed: &'r layout::Relaxed) -> Input<'r> {
        Input {
            text: &relaxed.text,
            file: self.file,
            skipped: self.skipped,
            added: Some(&relaxed.added),
        }
    }

    /// The span of a line and a column, both counted from 1.
    fn span(&self, line: usize, column: usize) -> Span {
        let added = self.added.and_then(|added| added.get(&line)).copied();
        let column = column.saturating_sub(added.unwrap_or(0)).max(1);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        let skipped = if line == 1 { self.skipped } else { 0 };
        Span::new(self.file, line, column.saturating_add(skipped))
    }
}

#[cfg(test)]
mod tests;
