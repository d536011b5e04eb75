//! What the generator says about its input: collected, located, and with a way out.

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
                    .line_start(excerpt.line)
                    .annotation(
                        kind.span(excerpt.range.clone())
                            .label(excerpt.label.as_str()),
                    ),
            );
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        Renderer::plain().render(&[group])
    }
}

/// The part of a long line that an excerpt shows around its position, in characters.
const EXCERPT_WIDTH: usize = 160;

struct Excerpt {
    path: String,
    line: usize,
    line_text: String,
    range: std::ops::Range<usize>,
    label: String,
}

fn excerpt(sources: &SourceMap, label: &Label) -> Excerpt {
    let text = sources.get(label.at.file).map_or("", |file| &*file.text);
    let line_number = label.at.line.max(1) as usize;
    let line = text.lines().nth(line_number - 1).unwrap_or("");
    let column = (label.at.column.max(1) as usize) - 1;
    let skipped = column.saturating_sub(EXCERPT_WIDTH / 2);
    let shown: String = line.chars().skip(skipped).take(EXCERPT_WIDTH).collect();
    let start = shown
        .char_indices()
        .nth(column - skipped)
        .map_or(shown.len(), |(at, _)| at);
    let word = shown[start..]
        .find([' ', ',', ':', '|', '}', ']'])
        .unwrap_or(shown.len() - start);
    let end = if word == 0 {
        shown[start..]
            .chars()
            .next()
            .map_or(start, |first| start + first.len_utf8())
    } else {
        start + word
    };
    // The renderer counts columns in the excerpt, so a clipped one states the position itself.
    let text = match (skipped > 0, label.text.as_str()) {
        (false, text) => text.to_owned(),
        (true, "") => format!("line {}, column {}", label.at.line, label.at.column),
        (true, text) => format!(
            "{text} (line {}, column {})",
            label.at.line, label.at.column
        ),
    };
    Excerpt {
        path: sources.path(label.at.file).to_owned(),
        line: line_number,
        line_text: shown,
        range: start..end,
        label: text,
    }
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
