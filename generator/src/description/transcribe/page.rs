//! A markdown page and its passages, with their positions.

use crate::description::source::{FileId, SourceMap, Span};

/// A markdown page.
#[derive(Debug)]
pub(super) struct Page<'a> {
    file: FileId,
    path: &'a str,
    text: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> Page<'a> {
    /// The page of a file, or `None` for an id of another map.
    pub(super) fn new(sources: &'a SourceMap, file: FileId) -> Option<Self> {
        let source = sources.get(file)?;
        let text: &str = &source.text;
        let mut line_starts = vec![0];
        line_starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Some(Self {
            file,
            path: &source.path,
            text,
            line_starts,
        })
    }

    /// The path of the page in the source map.
    pub(super) fn path(&self) -> &'a str {
        self.path
    }

    /// The whole text, without the byte order mark.
    pub(super) fn whole(&self) -> Passage<'a> {
        let whole = Passage {
            start: 0,
            text: self.text,
        };
        whole.strip_prefix("\u{feff}").unwrap_or(whole)
    }

    /// The passage between two byte offsets.
    pub(super) fn slice(&self, start: usize, end: usize) -> Passage<'a> {
        Passage {
            start,
            text: self.text.get(start..end).unwrap_or(""),
        }
    }

    /// The position of the start of a passage.
    pub(super) fn span(&self, passage: Passage<'_>) -> Span {
        let line = self
            .line_starts
            .partition_point(|start| *start <= passage.start)
            .max(1);
        let line_start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(line_start..passage.start).unwrap_or("");
        let column = before.chars().count() + 1;
        Span::new(self.file, saturate(line), saturate(column))
    }
}

fn saturate(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A part of the page's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passage<'a> {
    /// The byte offset in the page.
    pub(super) start: usize,
    /// The text, a slice of the page.
    pub(super) text: &'a str,
}

impl<'a> Passage<'a> {
    /// The byte offset after the passage.
    pub(super) fn end(self) -> usize {
        self.start + self.text.len()
    }

    /// Whether the passage is empty or whitespace.
    pub(super) fn is_blank(self) -> bool {
        self.text.trim().is_empty()
    }

    /// The part between two byte offsets, relative to the start of this passage.
    pub(super) fn part(self, start: usize, end: usize) -> Self {
        Self {
            start: self.start + start,
            text: self.text.get(start..end).unwrap_or(""),
        }
    }

    /// The part from a byte offset, relative to the start of this passage, to the end.
    pub(super) fn from(self, start: usize) -> Self {
        self.part(start, self.text.len())
    }

    /// The passage without leading and trailing whitespace.
    pub(super) fn trim(self) -> Self {
        let trimmed = self.text.trim_start();
        let skipped = self.text.len() - trimmed.len();
        Self {
            start: self.start + skipped,
            text: trimmed.trim_end(),
        }
    }

    /// The passage without a prefix, or `None` if it does not have the prefix.
    pub(super) fn strip_prefix(self, prefix: &str) -> Option<Self> {
        let text = self.text.strip_prefix(prefix)?;
        Some(Self {
            start: self.start + prefix.len(),
            text,
        })
    }

    /// The passage without a suffix, or `None` if it does not have the suffix.
    pub(super) fn strip_suffix(self, suffix: &str) -> Option<Self> {
        let text = self.text.strip_suffix(suffix)?;
        Some(Self {
            start: self.start,
            text,
        })
    }

    /// The text between the first `before` and the next `after`.
    pub(super) fn between(self, before: &str, after: &str) -> Option<Self> {
        let start = self.text.find(before)? + before.len();
        let length = self.text.get(start..)?.find(after)?;
        Some(self.part(start, start + length))
    }

    /// The lines, without line ends.
    pub(super) fn lines(self) -> impl Iterator<Item = Passage<'a>> {
        let mut start = self.start;
        self.text.split_inclusive('\n').map(move |line| {
            let passage = Passage {
                start,
                text: line.trim_end_matches(['\n', '\r']),
            };
            start += line.len();
            passage
        })
    }

    /// The trimmed markdown with `\n` line ends, or `None` if it is empty.
    pub(super) fn markdown(self) -> Option<String> {
        let text = self.trim().text;
        (!text.is_empty()).then(|| text.replace("\r\n", "\n"))
    }
}

/// A section of a page: an opening line and everything up to the next opening line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section<'a, Kind> {
    /// The kind of section, which the opening line states.
    pub(super) kind: Kind,
    /// The opening line.
    pub(super) heading: Passage<'a>,
    /// The text after the opening line.
    pub(super) body: Passage<'a>,
}

/// Splits a passage into sections at the lines that `classify` recognises. `classify` gets a line and all lines after
/// it. Returns the text before the first section, and the sections.
///
/// Splitting by lines, before any markdown is parsed, confines an unclosed code fence to its section.
pub(super) fn split<'a, Kind>(
    passage: Passage<'a>,
    mut classify: impl FnMut(&[Passage<'a>]) -> Option<Kind>,
) -> (Passage<'a>, Vec<Section<'a, Kind>>) {
    let lines: Vec<_> = passage.lines().collect();
    let mut openings: Vec<(Kind, Passage<'a>, usize)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(rest) = lines.get(index..) else {
            continue;
        };
        if let Some(kind) = classify(rest) {
            let body_start = lines
                .get(index + 1)
                .map_or(passage.end(), |next| next.start);
            openings.push((kind, *line, body_start));
        }
    }
    let ends: Vec<usize> = openings
        .iter()
        .skip(1)
        .map(|(_, heading, _)| heading.start)
        .chain([passage.end()])
        .collect();
    let first = openings
        .first()
        .map_or(passage.end(), |(_, heading, _)| heading.start);
    let parts = openings
        .into_iter()
        .zip(ends)
        .map(|((kind, heading, body_start), end)| Section {
            kind,
            heading,
            body: passage.part(body_start - passage.start, end - passage.start),
        })
        .collect();
    (passage.part(0, first - passage.start), parts)
}

/// Splits off the front matter (the `---` block at the top), if there is one.
pub(super) fn front_matter<'a>(whole: Passage<'a>) -> (Option<Passage<'a>>, Passage<'a>) {
    let mut lines = whole.lines();
    let Some(first) = lines.next().filter(|line| line.text.trim_end() == "---") else {
        return (None, whole);
    };
    for line in lines {
        if line.text.trim_end() == "---" {
            let matter = whole.part(first.end() - whole.start, line.start - whole.start);
            return (Some(matter), whole.from(line.end() - whole.start));
        }
    }
    (None, whole)
}

/// The value of a top-level `key: value` line in the front matter, without YAML quotes.
pub(super) fn front_matter_value<'a>(matter: Passage<'a>, key: &str) -> Option<Passage<'a>> {
    let value = matter
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(":"))?
        .trim();
    let unquoted = ["\"", "'"]
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    Some(unquoted.unwrap_or(value)).filter(|value| !value.is_blank())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Passage<'_> {
        Passage { start: 0, text }
    }

    #[test]
    fn positions_count_characters_and_lines_from_one() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.md", "eins\nzwölf drei\n");
        let page = Page::new(&sources, file).unwrap();
        let at = page.slice("eins\nzwölf ".len(), "eins\nzwölf drei".len());
        assert_eq!(at.text, "drei");
        assert_eq!(page.span(at), Span::new(file, 2, 7));
    }

    #[test]
    fn split_keeps_the_text_before_the_first_section() {
        let (before, parts) = split(whole("a\n# b\nc\nd\n# e"), |lines| {
            lines.first()?.text.starts_with("# ").then_some(())
        });
        assert_eq!(before.text, "a\n");
        let read: Vec<_> = parts
            .iter()
            .map(|part| (part.heading.text, part.body.text))
            .collect();
        assert_eq!(read, [("# b", "c\nd\n"), ("# e", "")]);
    }

    #[test]
    fn front_matter_may_have_blanks_after_its_dashes() {
        let (matter, rest) = front_matter(whole("--- \n\ntitle: \"A B\" \n\n--- \nrest"));
        let title = front_matter_value(matter.unwrap(), "title").unwrap();
        assert_eq!((title.text, rest.text), ("A B", "\nrest"));
    }

    #[test]
    fn an_unclosed_front_matter_is_text() {
        assert_eq!(front_matter(whole("---\ntitle: x\n")).0, None);
    }
}
