//! Splits a passage into its top-level markdown blocks.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::page::Passage;

/// A top-level markdown block.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// The text of the block.
    pub(super) at: Passage<'a>,
    /// The content.
    pub(super) content: Content<'a>,
}

/// The content of a block.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// A code block.
    Code(Code),
    /// A block quote.
    Quote,
    /// An HTML block.
    Html,
    /// A table: the lines of its rows, the header first.
    Table(Vec<Passage<'a>>),
    /// A paragraph, a heading, a list or a rule.
    Text,
}

/// A code block.
#[derive(Debug)]
pub(super) struct Code {
    /// The first word after the fence; empty for an indented block.
    pub(super) language: String,
    /// The code.
    pub(super) text: String,
    /// Whether the fence is closed.
    pub(super) closed: bool,
}

/// The blocks of a passage, in order.
pub(super) fn blocks<'a>(passage: Passage<'a>) -> Vec<Block<'a>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut open: Option<Block<'a>> = None;
    for (event, range) in Parser::new_ext(passage.text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    open = Some(start(passage, &tag, &range));
                } else if matches!(tag, Tag::TableHead | Tag::TableRow)
                    && let Some(Content::Table(rows)) = open.as_mut().map(|b| &mut b.content)
                {
                    rows.push(passage.part(range.start, range.end).trim());
                }
                depth += 1;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    found.extend(open.take());
                }
            }
            Event::Text(text) => {
                if let Some(Content::Code(code)) = open.as_mut().map(|b| &mut b.content) {
                    code.text.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

fn start<'a>(passage: Passage<'a>, tag: &Tag<'_>, range: &Range<usize>) -> Block<'a> {
    let at = passage.part(range.start, range.end);
    let content = match tag {
        Tag::CodeBlock(kind) => {
            let language = match kind {
                CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or(""),
                CodeBlockKind::Indented => "",
            };
            Content::Code(Code {
                language: language.to_owned(),
                text: String::new(),
                closed: matches!(kind, CodeBlockKind::Indented) || has_closing_fence(at.text),
            })
        }
        Tag::BlockQuote(_) => Content::Quote,
        Tag::HtmlBlock => Content::Html,
        Tag::Table(_) => Content::Table(Vec::new()),
        _ => Content::Text,
    };
    Block { at, content }
}

/// Whether the last line of a fenced block closes the fence of its first line.
fn has_closing_fence(block: &str) -> bool {
    let mut lines = block.trim_end().lines();
    let first = lines.next().unwrap_or("").trim_start();
    let Some(mark) = first.chars().next() else {
        return false;
    };
    let length = first.chars().take_while(|each| *each == mark).count();
    lines.next_back().is_some_and(|last| {
        let last = last.trim();
        last.chars().count() >= length && last.chars().all(|each| each == mark)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Block<'_>> {
        blocks(Passage { start: 0, text })
    }

    #[test]
    fn rows_of_a_table_are_kept_whole_even_with_too_many_cells() {
        let found = read("|A|B|\n|---|---|\n|1|2|3|\n");
        let Content::Table(rows) = &found[0].content else {
            panic!("not a table: {found:?}");
        };
        let rows: Vec<_> = rows.iter().map(|row| row.text).collect();
        assert_eq!(rows, ["|A|B|", "|1|2|3|"]);
    }

    #[test]
    fn an_unclosed_fence_is_seen() {
        let closed = |text| match &read(text)[0].content {
            Content::Code(code) => code.closed,
            other => panic!("not code: {other:?}"),
        };
        assert!(closed("```json\n{}\n```\n"));
        assert!(closed("```\na\n`````\n"));
        assert!(!closed("`````\na\n```\n"));
        assert!(!closed("```"));
    }

    #[test]
    fn code_keeps_language_and_text() {
        let found = read("> 200 Response\n\n```json\n{\"a\": 1}\n```\n");
        assert!(matches!(found[0].content, Content::Quote));
        let Content::Code(code) = &found[1].content else {
            panic!("not code");
        };
        assert_eq!(
            (code.language.as_str(), code.text.as_str()),
            ("json", "{\"a\": 1}\n")
        );
    }
}
