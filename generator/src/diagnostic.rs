//! What the generator says about its input: collected, located, and with a way out.

use std::borrow::Cow;
use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use crate::source::{SourceMap, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// The output is written, but a maintainer should look.
    Warning,
    /// A fact worth knowing, such as a construct that was skipped on purpose.
    Note,
}

/// A position with what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Label {
    /// Where.
    pub at: Span,
    /// What stands there; may be empty.
    pub text: String,
}

/// One finding about the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable kebab-case name of the rule, such as `duplicate-key`.
    pub code: &'static str,
    /// One sentence without a full stop.
    pub message: String,
    /// JSON pointer into the document, when there is one.
    pub pointer: Option<String>,
    /// The positions it is about, the first being the primary one.
    pub labels: Vec<Label>,
    /// What to do, or an entry ready to paste.
    pub help: Option<String>,
    /// Set when something of the input is left out or read as less than it says: the item that it belongs to, such as
    /// `GET /pets` or a component.
    #[serde(skip)]
    pub leaves_out: Option<String>,
}

impl Diagnostic {
    /// A finding without positions; add them with [`at`](Self::at).
    #[must_use]
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            pointer: None,
            labels: Vec::new(),
            help: None,
            leaves_out: None,
        }
    }

    /// An error.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note.
    #[must_use]
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Adds a position and what stands there.
    #[must_use]
    pub fn at(mut self, at: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            at,
            text: text.into(),
        });
        self
    }

    /// Adds the JSON pointer.
    #[must_use]
    pub fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Says that something of an item is left out, or read as less than it says.
    #[must_use]
    pub fn leaves_out_of(mut self, item: impl Into<String>) -> Self {
        self.leaves_out = Some(item.into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Renders the finding with the excerpts of its positions, without colour.
    #[must_use]
    pub fn render(&self, sources: &SourceMap) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let title = match &self.pointer {
            Some(pointer) => format!("{} (at {pointer})", self.message),
            None => self.message.clone(),
        };
        let mut group = Group::with_title(level.primary_title(title).id(self.code));
        let excerpts: Vec<_> = self
            .labels
            .iter()
            .map(|label| excerpt(sources, label))
            .collect();
        for (index, excerpt) in excerpts.iter().enumerate() {
            let kind = if index == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            group = group.element(
                Snippet::source(excerpt.line_text.as_str())
                    .path(excerpt.path.as_str())
                    .line_start(excerpt.line as usize)
                    .annotation(
                        kind.span(excerpt.range.clone())
                            .label(excerpt.label.as_str()),
                    ),
            );
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        with_true_columns(&Renderer::plain().render(&[group]), &excerpts)
    }
}

/// The part of a long line that an excerpt shows around its position, in characters.
const EXCERPT_WIDTH: u32 = 160;

struct Excerpt {
    path: String,
    line: u32,
    line_text: String,
    range: std::ops::Range<usize>,
    label: String,
    /// How many characters of the line stand before the excerpt.
    skipped: u32,
    /// The column in the line.
    column: u32,
}

fn excerpt(sources: &SourceMap, label: &Label) -> Excerpt {
    let Span { file, line, column } = label.at;
    let (line, column) = (line.max(1), column.max(1));
    let text = sources.get(file).map_or("", |file| &*file.text);
    let skipped = (column - 1).saturating_sub(EXCERPT_WIDTH / 2);
    let from = sources.offset(Span::new(file, line, skipped + 1));
    let rest = text.get(from..).unwrap_or_default();
    let shown: String = rest
        .chars()
        .take(EXCERPT_WIDTH as usize)
        .take_while(|character| *character != '\n')
        .collect();
    let shown = shown.trim_end_matches('\r').to_owned();
    let start = shown
        .char_indices()
        .nth((column - 1 - skipped) as usize)
        .map_or(shown.len(), |(at, _)| at);
    let marked = shown.get(start..).unwrap_or_default();
    let word = marked
        .find([' ', ',', ':', '|', '}', ']'])
        .unwrap_or(marked.len());
    let end = match word {
        0 => start + marked.chars().next().map_or(0, char::len_utf8),
        word => start + word,
    };
    // The renderer counts columns in the excerpt, so the label of a clipped one states the position, too.
    let text = match (skipped > 0, label.text.as_str()) {
        (false, text) => text.to_owned(),
        (true, "") => format!("line {line}, column {column}"),
        (true, text) => format!("{text} (line {line}, column {column})"),
    };
    Excerpt {
        path: sources.path(file).to_owned(),
        line,
        column,
        line_text: shown,
        range: start..end,
        label: text,
        skipped,
    }
}

/// Writes the columns of the lines into the headers of clipped excerpts, which the renderer counts in the excerpts.
fn with_true_columns(rendered: &str, excerpts: &[Excerpt]) -> String {
    let mut clipped = excerpts.iter().filter(|excerpt| excerpt.skipped > 0);
    let mut next = clipped.next();
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    for line in rendered.split('\n') {
        let corrected = next.and_then(|excerpt| {
            let place = format!("{}:{}:", excerpt.path, excerpt.line);
            let arrow =
                line.strip_suffix(&format!("{place}{}", excerpt.column - excerpt.skipped))?;
            let is_header = matches!(arrow.trim(), "-->" | ":::");
            is_header.then(|| format!("{arrow}{place}{}", excerpt.column))
        });
        if corrected.is_some() {
            next = clipped.next();
        }
        lines.push(corrected.map_or(Cow::Borrowed(line), Cow::Owned));
    }
    lines.join("\n")
}

/// Findings in the order they were made, errors and all.
#[derive(Debug, Default, Clone, Serialize)]
#[serde(transparent)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds all findings of another list.
    pub fn extend(&mut self, other: Self) {
        self.items.extend(other.items);
    }

    /// Keeps one of findings that say the same of the same place: an item that is referred to often is read as often.
    pub fn deduplicate(&mut self) {
        let mut seen = std::collections::HashSet::new();
        self.items.retain(|item| {
            let place: Vec<Span> = item.labels.iter().map(|label| label.at).collect();
            seen.insert((item.code, item.message.clone(), place))
        });
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items
            .iter()
            .any(|item| item.severity == Severity::Error)
    }

    /// The findings.
    #[must_use]
    pub fn items(&self) -> &[Diagnostic] {
        &self.items
    }

    /// The findings of at least a severity.
    #[must_use]
    pub fn at_least(&self, least: Severity) -> Self {
        let items = self
            .items
            .iter()
            .filter(|item| item.severity <= least)
            .cloned()
            .collect();
        Self { items }
    }

    /// All findings as text, errors last so that a terminal shows them.
    #[must_use]
    pub fn render(&self, sources: &SourceMap) -> String {
        let mut ordered: Vec<&Diagnostic> = self.items.iter().collect();
        ordered.sort_by_key(|item| std::cmp::Reverse(item.severity));
        let rendered: Vec<_> = ordered.iter().map(|item| item.render(sources)).collect();
        rendered.join("\n\n")
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, EXCERPT_WIDTH};
    use crate::source::{SourceMap, Span};

    #[test]
    fn the_header_of_a_long_line_has_its_true_column() {
        let mut sources = SourceMap::default();
        let line = format!("{{\"{}\":1, \"here\": 2}}", "x".repeat(3_000));
        let file = sources.add("api.json", line.as_str());
        let short = sources.add("other.json", "{\"here\": 2}");
        let column = u32::try_from(line.find("\"here\"").unwrap() + 1).unwrap();
        let finding = Diagnostic::warning("unknown-key", "means nothing")
            .at(Span::new(file, 1, column), "this key")
            .at(Span::new(short, 1, 2), "as here")
            .at(Span::new(file, 1, column), "");
        let rendered = finding.render(&sources);
        let header = format!("api.json:1:{column}\n");
        assert_eq!(rendered.matches(&header).count(), 2, "{rendered}");
        assert!(rendered.contains("other.json:1:2\n"), "{rendered}");
        let label = format!("this key (line 1, column {column})");
        assert!(rendered.contains(&label), "{rendered}");
        let clipped = format!("api.json:1:{}\n", EXCERPT_WIDTH / 2 + 1);
        assert!(!rendered.contains(&clipped), "{rendered}");
    }
}
