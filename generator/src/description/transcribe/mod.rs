//! Transcribes markdown API references to OpenAPI documents. There is one reader for each dialect.
//!
//! The output is YAML of OpenAPI 3.1. It makes exactly the claims that the page makes. Silence is not a claim: for a
//! blank cell the key is missing, even if OpenAPI requires it (`description` of a response, `schema` of a parameter,
//! `title` of the info). Everything that cannot be transcribed is reported, except for code samples, which only repeat
//! the tables.
//!
//! # Where facts come from
//!
//! - `x-transcribed-from` at the root is the path of the page.
//! - `x-origin: "line:column"` is the first key of every mapping for an object of the page: path item, operation,
//!   parameter, request body, response, media type, header, schema, property, tag, server, security scheme, one of
//!   several examples. Line and column count from 1. They are the position of the row, heading or line that states the
//!   object; for an operation, the request line. Mappings whose keys are names (`paths`, `responses`, `content`,
//!   `properties`, `security` …) have no `x-origin`, because it would be a name there.
//! - `x-origins: {key: "line:column"}` follows it. It lists the keys of the mapping that are stated on another line.
//!
//! # Pipeline
//!
//! The reader splits the page into sections at the lines that the renderer of the dialect writes. Each section is
//! parsed as markdown of its own, so that an unclosed code fence in a description affects that description only. At
//! last, the number of operations is compared with the number of lines that announce one; a difference is an error.

mod blocks;
mod document;
mod json;
mod media_types;
mod object;
mod page;
mod reader;
mod saved_page;
mod swagger_to_slate;
mod table;
#[cfg(test)]
mod tests;
mod widdershins;

use std::fmt;
use std::str::FromStr;

use crate::description::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::description::source::{FileId, SourceMap};

use document::Document;
use page::{Page, Passage};
use reader::PageReader;

/// Makes the dialects of a table: a variant, its name in configuration files, and the module that reads it, which has
/// `is_operation_marker` and `read`. Where a page has as many operations in two of them, the first is the stricter one.
macro_rules! dialects {
    ($($(#[$docs:meta])* $variant:ident, $name:literal, $module:ident;)*) => {
        /// The dialect of a markdown page: the renderer, and so the meaning of headings and tables.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum MarkdownDialect {
            $($(#[$docs])* $variant,)*
        }

        impl MarkdownDialect {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name of the dialect in configuration files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            fn is_operation_marker(self, line: Passage<'_>) -> bool {
                match self {
                    $(Self::$variant => $module::is_operation_marker(line),)*
                }
            }

            fn read(self, reader: &mut PageReader<'_, '_>, style: &Style) -> Document {
                match self {
                    $(Self::$variant => $module::read(reader, style),)*
                }
            }
        }
    };
}

dialects! {
    /// Pages rendered by swagger-to-slate: tables without schemas.
    SwaggerToSlate, "swagger-to-slate", swagger_to_slate;
    /// Pages rendered by Widdershins 4: typed tables, schemas and examples.
    Widdershins, "widdershins", widdershins;
    /// Documentation pages saved as plain text: headings without marks and example payloads.
    SavedPage, "saved-page", saved_page;
}

/// The style of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// The dialect.
    pub dialect: MarkdownDialect,
    /// Lines that a site adds around its saved pages. They are not part of the page.
    pub site_lines: Vec<String>,
}

impl From<MarkdownDialect> for Style {
    fn from(dialect: MarkdownDialect) -> Self {
        Self {
            dialect,
            site_lines: Vec::new(),
        }
    }
}

impl MarkdownDialect {
    /// The names of all dialects, for messages.
    #[must_use]
    pub fn names() -> String {
        let names: Vec<&str> = Self::ALL.iter().map(|dialect| dialect.name()).collect();
        names.join(", ")
    }
}

impl fmt::Display for MarkdownDialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The error for a name that is not a [`MarkdownDialect`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no markdown dialect; there are {}", .0, MarkdownDialect::names())]
pub struct UnknownMarkdownDialect(String);

impl FromStr for MarkdownDialect {
    type Err = UnknownMarkdownDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|dialect| dialect.name() == name)
            .ok_or_else(|| UnknownMarkdownDialect(name.to_owned()))
    }
}

/// The dialect of a page: that with most operations in it. `None` if it has none in any dialect.
#[must_use]
pub fn dialect_of(sources: &SourceMap, file: FileId) -> Option<MarkdownDialect> {
    let page = Page::new(sources, file)?;
    let count = |dialect: MarkdownDialect| {
        let lines = page
            .whole()
            .lines()
            .filter(|line| dialect.is_operation_marker(*line));
        lines.count()
    };
    let dialects = MarkdownDialect::ALL.iter().copied();
    let counted = dialects.map(|dialect| (count(dialect), dialect));
    let found = counted.filter(|(count, _)| *count > 0);
    // Of equal counts, the first dialect is the stricter one.
    let (_, dialect) = found.rev().max_by_key(|(count, _)| *count)?;
    Some(dialect)
}

/// Transcribes the markdown `file` of `sources` and returns YAML text.
///
/// Defects of the page are added to `diagnostics` with file, line and column. Returns `None` if there is no such file or
/// if the page describes no operation. The text can be incomplete if `diagnostics` has errors; write it only if there
/// are none.
#[must_use]
pub fn transcribe(
    sources: &SourceMap,
    file: FileId,
    style: &Style,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let dialect = style.dialect;
    let Some(page) = Page::new(sources, file) else {
        diagnostics.push(Diagnostic::error(
            "no-such-file",
            "the markdown was not read",
        ));
        return None;
    };
    let mut reader = PageReader::new(&page, diagnostics);
    let document = dialect.read(&mut reader, style);
    check_site_lines(&mut reader, style);
    let announced = count_operations(&mut reader, dialect, &document);
    if announced == 0 || document.operations() == 0 {
        return None;
    }
    let path = page.path();
    match serde_yaml::to_string(&document.into_value(path)) {
        Ok(yaml) => Some(format!(
            "# Transcribed from {path} by `specweave transcribe`. Do not edit: put fixes into an overlay.\n{yaml}"
        )),
        Err(error) => {
            let message = format!("the transcription of {path} cannot be written: {error}");
            diagnostics.push(Diagnostic::error("yaml", message));
            None
        }
    }
}

/// Reports a site line that is not on the page: it belongs to another page, or is misspelt.
fn check_site_lines(reader: &mut PageReader<'_, '_>, style: &Style) {
    let whole = reader.page.whole();
    for ignored in &style.site_lines {
        let is_there = style.dialect == MarkdownDialect::SavedPage
            && whole.lines().any(|line| line.text.trim() == ignored);
        if !is_there {
            reader.report(
                Severity::Error,
                "unused-site-line",
                whole,
                format!("no line of the page is the site's `{ignored}`"),
                "correct `site_lines` in the manifest; only saved pages have such lines",
            );
        }
    }
}

/// Compares the operations found with the lines that announce one, except for those of callbacks. Returns the number of these
/// lines.
fn count_operations(
    reader: &mut PageReader<'_, '_>,
    dialect: MarkdownDialect,
    document: &Document,
) -> usize {
    let transcribed = document.operations();
    let whole = reader.page.whole();
    let announced = whole
        .lines()
        .filter(|line| dialect.is_operation_marker(*line))
        .count()
        .saturating_sub(document.left_out);
    let (severity, help) = if announced == transcribed && announced > 0 {
        (Severity::Note, "")
    } else {
        let help =
            "check that the page is of this dialect, and correct the headings and request lines";
        (Severity::Error, help)
    };
    let message = format!(
        "{transcribed} operations are transcribed, {announced} are announced by the {dialect} page"
    );
    reader.report(severity, "operation-count", whole, message, help);
    announced
}
