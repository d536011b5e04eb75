//! Prose of a description as rustdoc: pure ASCII, and clean under `rustdoc -D warnings` whatever it says.

mod inline;
mod markdown;
mod text;

pub use inline::code;
pub use markdown::lines;

use crate::emit::code::Code;
use crate::ir::Docs;

/// `#[doc]` attributes for prose, notes and provenance.
#[must_use]
pub fn attributes(docs: &Docs) -> Code {
    to_comments(&item_lines(docs, None))
}

/// `#[doc]` attributes for prose, notes and provenance; `fallback` (markdown of ours) stands in for missing prose.
#[must_use]
pub fn attributes_or(docs: &Docs, fallback: &str) -> Code {
    to_comments(&item_lines(docs, Some(fallback)))
}

/// `#[doc]` attributes for markdown of a description.
#[must_use]
pub fn text_attributes(text: &str) -> Code {
    to_comments(&lines(text))
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
    let text = text::to_ascii(&text.replace(char::is_control, " "));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of an item's rustdoc, without the blank that follows `///`.
fn item_lines(docs: &Docs, fallback: Option<&str>) -> Vec<String> {
    let mut paragraphs: Vec<Vec<String>> = Vec::new();
    let mut add = |text: &str| {
        let rendered = lines(text);
        if !rendered.is_empty() {
            paragraphs.push(rendered);
        }
    };
    let description = docs.description.as_deref().unwrap_or_default();
    let summary = docs.summary.as_deref().unwrap_or_default();
    // Many descriptions repeat the summary in their first line.
    if description.trim_start().lines().next().map(str::trim_end) != Some(summary.trim()) {
        add(summary);
    }
    add(description);
    let notes = docs.notes.iter().map(String::as_str);
    let deprecation = docs.deprecated.then_some("**Deprecated.**");
    let mut rest: Vec<Vec<String>> = deprecation
        .into_iter()
        .chain(notes)
        .map(lines)
        .filter(|rendered| !rendered.is_empty())
        .collect();
    if paragraphs.is_empty() {
        paragraphs.extend(fallback.map(lines));
    }
    paragraphs.append(&mut rest);
    paragraphs.extend(provenance_line(docs));
    paragraphs.join(&String::new())
}

/// `Described by ...`, each source once and in the order given.
fn provenance_line(docs: &Docs) -> Option<Vec<String>> {
    let mut sources: Vec<String> = Vec::new();
    for provenance in &docs.provenance {
        let source = code(&provenance.source);
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    if sources.is_empty() {
        return None;
    }
    Some(lines(&format!("Described by {}.", sources.join(", "))))
}

/// One comment a line.
fn to_comments(lines: &[String]) -> Code {
    let mut code = Code::new();
    for line in lines {
        match line.as_str() {
            "" => code.document(""),
            line => code.document(&format!(" {line}")),
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::item_lines;
    use crate::ir::Docs;

    #[test]
    fn prose_comes_before_notes_and_the_fallback_only_without_prose() {
        let mut docs = Docs {
            summary: Some("Lists teams".to_owned()),
            description: Some("Lists teams".to_owned()),
            deprecated: true,
            notes: vec!["Default: `1`.".to_owned()],
            provenance: Vec::new(),
        };
        let expected = ["Lists teams", "", "**Deprecated.**", "", "Default: `1`."];
        assert_eq!(item_lines(&docs, Some("The `x` property.")), expected);
        docs.summary = Some("  ".to_owned());
        docs.description = None;
        assert_eq!(
            item_lines(&docs, Some("The `x` property."))[0],
            "The `x` property."
        );
    }
}
