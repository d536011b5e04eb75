//! Positions and syntax errors of the TOML files that maintainers write: manifest, resolutions, lock files.

use super::diagnostic::Diagnostic;
use super::source::{FileId, Span};

/// The diagnostic for a TOML file that does not parse.
#[must_use]
pub fn toml_error(text: &str, file: FileId, error: &toml::de::Error) -> Diagnostic {
    let at = span_at(text, file, error.span().map_or(0, |span| span.start));
    Diagnostic::error("invalid-toml", error.message().trim().replace('\n', " ")).at(at, "here")
}

/// The line and column of a byte offset in a text.
#[must_use]
pub fn span_at(text: &str, file: FileId, offset: usize) -> Span {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |line| line.chars().count())
        + 1;
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Span::new(file, narrow(line), narrow(column))
}
