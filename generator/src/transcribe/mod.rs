//! Markdown API references as OpenAPI documents: one reader a dialect, one form of output.
//!
//! The output is YAML in the shape of OpenAPI 3.1, and it claims exactly what the page claims. Silence is not a claim:
//! a blank cell leaves its key out, even where OpenAPI demands the key (`description` of a response, `schema` of a
//! parameter, `title` of the info). What cannot be carried over is reported, never dropped in silence, with the
//! exception of code samples: they are renderings of what the tables say.
//!
//! # Where facts come from
//!
//! - `x-transcribed-from` at the root is the path of the page.
//! - `x-origin: "line:column"` is the first key of every mapping that stands for an object of the page: path item,
//!   operation, parameter, request body, response, media type, header, schema, property, tag, server, security scheme,
//!   one of several examples. Line and column count from 1 and lead to the row, heading or line that states the
//!   object; an operation is stated by its request line. Mappings whose keys are names (`paths`, `responses`,
//!   `content`, `properties`, `security` …) have none, since there it would be a name.
//! - `x-origins: {key: "line:column"}` behind it lists the keys of the mapping that are stated on another line.
//!
//! # Pipeline
//!
//! The page is cut into sections at the lines which the renderer of the dialect writes, then each section is parsed as
//! markdown by itself, so that a fence which somebody forgot to close in a description spoils that description only.
//! At last the operations are counted against the lines that announce one; a difference is an error.

mod blocks;
mod document;
mod json;
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

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, SourceMap};

use page::{Page, Passage};
use reader::Reader;

/// Who rendered a markdown page, and thereby what its headings and tables mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkdownDialect {
    /// Pages rendered by swagger-to-slate: tables without schemas.
    SwaggerToSlate,
    /// Pages rendered by Widdershins 4: typed tables, schemas and examples.
    Widdershins,
    /// Documentation pages saved as plain text: headings without marks and example payloads.
    SavedPage,
}

/// How a page is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// Who rendered it.
    pub dialect: MarkdownDialect,
    /// Lines that a site puts around its saved pages, and that are none of the page.
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
    const ALL: [Self; 3] = [Self::SwaggerToSlate, Self::Widdershins, Self::SavedPage];

    /// The name by which configuration calls the dialect.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SwaggerToSlate => "swagger-to-slate",
            Self::Widdershins => "widdershins",
            Self::SavedPage => "saved-page",
        }
    }

    fn is_operation_marker(self, line: Passage<'_>) -> bool {
        match self {
            Self::SwaggerToSlate => swagger_to_slate::is_operation_marker(line),
            Self::Widdershins => widdershins::is_operation_marker(line),
            Self::SavedPage => saved_page::is_operation_marker(line),
        }
    }
}

impl fmt::Display for MarkdownDialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The error of a name that is no [`MarkdownDialect`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no markdown dialect; there are swagger-to-slate, widdershins and saved-page")]
pub struct UnknownMarkdownDialect(String);

impl FromStr for MarkdownDialect {
    type Err = UnknownMarkdownDialect;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.name() == name)
            .ok_or_else(|| UnknownMarkdownDialect(name.to_owned()))
    }
}

/// Reads the markdown `file` of `sources` and returns the YAML text.
///
/// Defects of the page go to `diagnostics` with file, line and column. The text is `None` when there is no such file
/// or when it describes no operation; it may also be incomplete when `diagnostics` has errors, so write it only
/// without.
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
    let mut reader = Reader::new(&page, diagnostics);
    let document = match dialect {
        MarkdownDialect::SwaggerToSlate => swagger_to_slate::read(&mut reader),
        MarkdownDialect::Widdershins => widdershins::read(&mut reader),
        MarkdownDialect::SavedPage => saved_page::read(&mut reader, &style.site_lines),
    };
    check_site_lines(&mut reader, style);
    let announced = count_operations(&mut reader, dialect, document.operations());
    if announced == 0 || document.operations() == 0 {
        return None;
    }
    let path = page.path();
    match serde_yaml::to_string(&document.into_value(path)) {
        Ok(yaml) => Some(format!(
            "# Transcribed from {path} by `cargo xtask transcribe`. Do not edit: put fixes into an overlay.\n{yaml}"
        )),
        Err(error) => {
            let message = format!("the transcription of {path} cannot be written: {error}");
            diagnostics.push(Diagnostic::error("yaml", message));
            None
        }
    }
}

/// A line that is to be ignored and is nowhere on the page is left from another one, or misspelt.
fn check_site_lines(reader: &mut Reader<'_, '_>, style: &Style) {
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

/// Compares the operations found with the lines that announce one, and returns the number of the latter.
fn count_operations(
    reader: &mut Reader<'_, '_>,
    dialect: MarkdownDialect,
    transcribed: usize,
) -> usize {
    let whole = reader.page.whole();
    let announced = whole
        .lines()
        .filter(|line| dialect.is_operation_marker(*line))
        .count();
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
