//! Prose of a description as rustdoc: pure ASCII, and clean under `rustdoc -D warnings` whatever it says.

mod inline;
mod markdown;
mod text;

pub use inline::code;
pub use markdown::lines;

use std::sync::Arc;

use crate::emit::code::{Code, DOCUMENTATION};
use crate::ir::Docs;

/// Lines of documentation for prose, notes and provenance.
#[must_use]
pub fn comments(docs: &Docs) -> Code {
    to_comments(&paragraphs(docs, None))
}

/// Lines of documentation for prose, notes and provenance; `fallback` (markdown of ours) stands in for missing prose.
#[must_use]
pub fn comments_or(docs: &Docs, fallback: &str) -> Code {
    to_comments(&paragraphs(docs, Some(fallback)))
}

/// Lines of documentation for markdown of a description.
#[must_use]
pub fn text_comments(text: &str) -> Code {
    to_comments(&[lines(text)])
}

/// A line of documentation of ours, as it stands.
#[must_use]
pub fn line(text: &str) -> Code {
    let mut code = Code::new();
    code.document(text);
    code
}

/// Plain text on one line, as markdown that shows it: for titles and names, which are not markdown themselves.
#[must_use]
pub fn plain(text: &str) -> String {
    text::escape(&one_line(text), true)
}

/// Plain text on one line, without control characters and without what turns the direction of writing. Not ASCII
/// where the text is not.
#[must_use]
pub fn one_line(text: &str) -> String {
    let is_clean = |text: &str| {
        let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        is_plain && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ")
    };
    if is_clean(text) {
        return text.to_owned();
    }
    let text = text.replace(char::is_control, " ");
    let text = text::to_ascii(&text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The paragraphs of an item's rustdoc.
fn paragraphs(docs: &Docs, fallback: Option<&str>) -> Vec<Arc<[String]>> {
    let description = docs.description.as_deref().unwrap_or_default();
    let summary = docs.summary.as_deref().unwrap_or_default();
    // Many descriptions repeat the summary in their first line.
    let repeats =
        description.trim_start().lines().next().map(str::trim_end) == Some(summary.trim());
    let prose = [summary, description].map(lines);
    let mut paragraphs: Vec<_> = prose.into_iter().skip(usize::from(repeats)).collect();
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    if paragraphs.is_empty() {
        paragraphs.extend(fallback.map(lines));
    }
    let deprecation = docs.deprecated.then_some("**Deprecated.**");
    let notes = docs.notes.iter().map(String::as_str);
    paragraphs.extend(deprecation.into_iter().chain(notes).map(lines));
    paragraphs.extend(provenance_line(docs));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// `Described by ...`, each source once and in the order given, where there are several.
fn provenance_line(docs: &Docs) -> Option<Arc<[String]>> {
    if !docs.names_sources {
        return None;
    }
    let mut sources: Vec<&str> = Vec::new();
    for provenance in &docs.provenance {
        if !sources.contains(&&*provenance.source) {
            sources.push(&provenance.source);
        }
    }
    if sources.is_empty() {
        return None;
    }
    let sources: Vec<String> = sources.into_iter().map(code).collect();
    Some(lines(&format!("Described by {}.", sources.join(", "))))
}

/// One comment a line, with an empty one between paragraphs.
fn to_comments(paragraphs: &[Arc<[String]>]) -> Code {
    let lines = paragraphs.iter().flat_map(|paragraph| paragraph.iter());
    let bytes: usize = lines.map(|line| line.len() + DOCUMENTATION).sum();
    let mut code = Code::with_capacity(bytes + paragraphs.len() * DOCUMENTATION);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index > 0 {
            code.document("");
        }
        for line in paragraph.iter() {
            code.document(line);
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::paragraphs;
    use crate::ir::Docs;

    #[test]
    fn prose_comes_before_notes_and_the_fallback_only_without_prose() {
        let mut docs = Docs {
            summary: Some("Lists teams".to_owned()),
            description: Some("Lists teams".to_owned()),
            deprecated: true,
            notes: vec!["Default: `1`.".to_owned()],
            ..Docs::default()
        };
        let expected = ["Lists teams", "**Deprecated.**", "Default: `1`."];
        assert_eq!(
            paragraphs(&docs, Some("The `x` property.")).concat(),
            expected
        );
        docs.summary = Some("  ".to_owned());
        docs.description = None;
        assert_eq!(
            paragraphs(&docs, Some("The `x` property.")).concat()[0],
            "The `x` property."
        );
    }
}
