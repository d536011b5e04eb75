//! Parses text to the spanned tree: YAML 1.2 with the core schema, and JSON.
//!
//! YAML leaves some cases open, and other parsers differ in them. This parser decides:
//!
//! - Keys are strings: `200:` is the key `"200"`. A null key, a key that is a mapping or a sequence, and a
//!   duplicate key are errors.
//! - A file holds one document. Several documents are an error.
//! - Anchors and aliases are expanded, up to a budget. A node that an alias repeats keeps the
//!   position of its anchor.
//! - The merge key `<<` is not part of YAML 1.2, but descriptions of APIs use it, so it merges. A
//!   quoted `"<<"` is an ordinary key.
//! - Tags are errors, except for those of the core schema.
//! - `.inf`, `.nan` and `1e400` are errors, because JSON cannot express them. An integer beyond 64
//!   bits keeps its spelling.
//! - Mappings and sequences nest at most 128 deep.
//! - A document that continues braces, brackets or quotes further left than YAML allows, or after tabs, is parsed
//!   as most parsers do, with a warning.

mod builder;
mod json;
mod layout;
mod scalar;
mod yaml;

use std::collections::BTreeMap;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::source::{FileId, SourceFile, SourceMap, Span};
use crate::description::tree::Node;

pub(crate) use builder::MAX_DEPTH;
pub use scalar::written_number;
pub(crate) use yaml::measure;

/// Parses the text of a file.
///
/// A text that starts with `{` or `[` is parsed as JSON. If that fails, it is parsed as YAML, because YAML's flow
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
    // Each parser fails where its own syntax ends. The parser that got further reports the more useful error,
    // unless the file name says which syntax is meant.
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
                    .help("fix the syntax, or rename the file to `.yaml`"),
                );
            }
            found.extend(of_yaml);
        }
    }
    root
}

fn empty(file: FileId) -> Diagnostic {
    Diagnostic::error("empty-document", "the document is empty")
        .at(Span::new(file, 1, 1), "the file holds no value")
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
    /// The byte order mark counts as a column of the first line, as in the source map.
    skipped: u32,
    /// By line number: how many columns were inserted before the line and are not part of the file.
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

    /// The same file with a relaxed layout.
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
