//! Diagnostics: what the generator reports about its input, with positions and help.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::description::source::{SourceMap, Span};

/// The severity of a diagnostic.
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

/// A position with a text about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Label {
    /// The position.
    pub at: Span,
    /// The text; may be empty.
    pub text: String,
}

/// A problem in the input, or a fact worth knowing about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The severity of a diagnostic.
    pub severity: Severity,
    /// A stable kebab-case name of the rule, such as `duplicate-key`.
    pub code: &'static str,
    /// One sentence without a full stop.
    pub message: String,
    /// JSON pointer into the document, when there is one.
    pub pointer: Option<String>,
    /// The positions it is about, the first being the primary one.
    pub labels: Vec<Label>,
    /// How to fix the problem, or an entry to paste.
    pub help: Option<String>,
    /// The item that loses information, such as `GET /pets` or a component. Set if a part of the item is left out or read
    /// with a loss.
    #[serde(skip)]
    pub leaves_out: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without positions. Add them with [`at`](Self::at).
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

    /// Adds a position and a text about it.
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

    /// Marks the diagnostic: a part of `item` is left out or read with a loss.
    #[must_use]
    pub fn leaves_out_of(mut self, item: impl Into<String>) -> Self {
        self.leaves_out = Some(item.into());
        self
    }

    /// Adds the help text.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Renders the diagnostic with excerpts of its positions, without colour.
    #[must_use]
    pub fn render(&self, sources: &SourceMap) -> String {
        self.render_by(sources, Renderer::plain())
    }

    /// Renders the diagnostic with excerpts of its positions, with the colours of a terminal.
    #[must_use]
    pub fn render_styled(&self, sources: &SourceMap) -> String {
        self.render_by(sources, Renderer::styled())
    }

    fn render_by(&self, sources: &SourceMap, renderer: Renderer) -> String {
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
            let (line, column) = (excerpt.line as usize, excerpt.column as usize);
            group = if excerpt.is_far {
                let origin = Origin::path(excerpt.path).line(line).char_column(column);
                let said = [excerpt.label, excerpt.text].map(str::trim);
                let said = said.into_iter().filter(|part| !part.is_empty());
                let said: Vec<&str> = said.collect();
                group
                    .element(origin)
                    .element(Level::NOTE.message(said.join(": ")))
            } else {
                let mark = kind.span(excerpt.range.clone()).label(excerpt.label);
                let snippet = Snippet::source(excerpt.text).path(excerpt.path);
                group.element(snippet.line_start(line).annotation(mark))
            };
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer.term_width(WIDTH).render(&[group])
    }
}

/// Columns of what is rendered; longer lines are clipped.
const WIDTH: usize = 140;

/// The column up to which the renderer is given a line from its beginning: it counts all that stands before a position, for
/// each finding anew, and a document in one line may have millions of columns.
const FARTHEST: u32 = 20_000;

/// The place that a label is about.
struct Excerpt<'s> {
    path: &'s str,
    line: u32,
    column: u32,
    /// What is shown of the line.
    text: &'s str,
    /// What the label is about in the text, in bytes.
    range: std::ops::Range<usize>,
    label: &'s str,
    /// Whether the text does not begin where the line does.
    is_far: bool,
}

fn excerpt<'s>(sources: &'s SourceMap, label: &'s Label) -> Excerpt<'s> {
    let Span { file, line, column } = label.at;
    let (line, column) = (line.max(1), column.max(1));
    let text = sources.get(file).map_or("", |file| &*file.text);
    let offset = |column: u32| sources.offset(Span::new(file, line, column));
    let width = u32::try_from(WIDTH).unwrap_or(u32::MAX);
    let is_far = column > FARTHEST;
    let from = if is_far { column - width / 2 } else { 1 };
    let (start, at) = (offset(from), offset(column));
    let end = offset(column.saturating_add(width));
    let marked = text.get(at..end).unwrap_or_default();
    let word = marked.find([' ', ',', ':', '|', '}', ']', '\n']);
    let length = match word.unwrap_or(marked.len()) {
        0 => marked.chars().next().map_or(0, char::len_utf8),
        length => length,
    };
    Excerpt {
        path: sources.shown_path(file),
        line,
        column,
        text: text.get(start..end).unwrap_or_default(),
        range: at - start..at - start + length,
        label: &label.text,
        is_far,
    }
}

/// Diagnostics of all severities, in the order in which they were added.
#[derive(Debug, Default, Clone, Serialize)]
#[serde(transparent)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds all diagnostics of another list.
    pub fn extend(&mut self, other: Self) {
        self.items.extend(other.items);
    }

    /// The diagnostics with a code.
    #[must_use]
    pub fn of(&self, code: &str) -> Self {
        let items = self.items.iter().filter(|item| item.code == code);
        Self {
            items: items.cloned().collect(),
        }
    }

    /// Removes repeated diagnostics. An item is read once for each reference to it, and reports the same each time.
    pub fn deduplicate(&mut self) {
        let mut seen = std::collections::HashSet::new();
        self.items.retain(|item| {
            let place: Vec<Span> = item.labels.iter().map(|label| label.at).collect();
            seen.insert((item.code, item.message.clone(), place))
        });
    }

    /// Whether any diagnostic is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items
            .iter()
            .any(|item| item.severity == Severity::Error)
    }

    /// The diagnostics.
    #[must_use]
    pub fn items(&self) -> &[Diagnostic] {
        &self.items
    }

    /// The diagnostics of at least this severity.
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

    /// Renders all diagnostics, errors last so that they are visible in a terminal.
    #[must_use]
    pub fn render(&self, sources: &SourceMap) -> String {
        self.render_each(|item| item.render(sources))
    }

    /// Renders all diagnostics with the colours of a terminal, errors last.
    #[must_use]
    pub fn render_styled(&self, sources: &SourceMap) -> String {
        self.render_each(|item| item.render_styled(sources))
    }

    fn render_each(&self, render: impl Fn(&Diagnostic) -> String) -> String {
        let mut ordered: Vec<&Diagnostic> = self.items.iter().collect();
        ordered.sort_by_key(|item| std::cmp::Reverse(item.severity));
        let rendered: Vec<_> = ordered.into_iter().map(render).collect();
        rendered.join("\n\n")
    }
}

/// A number of things: `1 operation`, `2 operations`.
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
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
    use super::{Diagnostic, FARTHEST};
    use crate::description::source::{SourceMap, Span};

    /// A finding in a line that is `before` columns long before what it is about, and in a short one.
    fn rendered(before: usize) -> (String, u32) {
        let mut sources = SourceMap::default();
        let line = format!(
            "{{\"{}\":1, \"here\": 2, \"after\": \"{}\"}}",
            "x".repeat(before),
            "y".repeat(1_000)
        );
        let file = sources.add("api.json", line.as_str());
        let short = sources.add("other.json", "{\"here\": 2}\nnext");
        let column = u32::try_from(line.find("\"here\"").unwrap() + 1).unwrap();
        let finding = Diagnostic::warning("unknown-key", "means nothing")
            .at(Span::new(file, 1, column), "this key")
            .at(Span::new(short, 1, 2), "as here")
            .at(Span::new(file, 1, column), "");
        (finding.render(&sources), column)
    }

    #[test]
    fn a_long_line_is_clipped_and_has_its_true_column() {
        let (rendered, column) = rendered(3_000);
        let header = format!("api.json:1:{column}\n");
        assert_eq!(rendered.matches(&header).count(), 2, "{rendered}");
        assert!(rendered.contains("other.json:1:2\n"), "{rendered}");
        assert!(rendered.contains("^^^^^^ this key\n"), "{rendered}");
        let longest = rendered.lines().map(|line| line.chars().count()).max();
        assert!(longest < Some(160), "{rendered}");
    }

    #[test]
    fn what_is_far_to_the_right_is_told_in_a_note() {
        let (rendered, column) = rendered(FARTHEST as usize);
        let header = format!("api.json:1:{column}\n");
        assert_eq!(rendered.matches(&header).count(), 2, "{rendered}");
        assert!(rendered.contains("other.json:1:2\n"), "{rendered}");
        assert!(rendered.contains("= note: this key: xxx"), "{rendered}");
        assert!(
            rendered.contains("x\":1, \"here\": 2, \"after\""),
            "{rendered}"
        );
        let longest = rendered.lines().map(|line| line.chars().count()).max();
        assert!(longest < Some(260), "{rendered}");
    }
}
