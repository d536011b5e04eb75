//! Markdown, parsed and written again with only those constructs that rustdoc takes without a warning.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use pulldown_cmark::{
    Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream,
};

use super::inline::{HARD_BREAK, Inline, longest_run};
use super::text::{UNBROKEN_BLANK, escape_html, is_sentence, to_ascii, wrap};

/// Columns of a line of prose, without indentation.
const WIDTH: usize = 112;

/// Lists and quotes nested deeper than this are written as if they were not nested.
const DEEPEST: usize = 12;

/// Languages that code is labelled with; everything else is labelled `text`. Nothing is left without a label: rustdoc
/// would take it to be Rust.
const LANGUAGES: [&str; 12] = [
    "bash",
    "console",
    "diff",
    "html",
    "http",
    "ini",
    "javascript",
    "json",
    "python",
    "sql",
    "xml",
    "yaml",
];

/// Markdown of a description as lines of rustdoc: ASCII, raw HTML escaped, code fenced and labelled, links only where
/// they lead somewhere, nothing that rustdoc takes for a link to an item.
#[must_use]
pub fn lines(text: &str) -> Arc<[String]> {
    // Whoever panicked while it held the lock left a cache that is as good as any.
    let rendered = || RENDERED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lines) = rendered().get(text) {
        return Arc::clone(lines);
    }
    let lines: Arc<[String]> = render(text).into();
    let mut rendered = rendered();
    if rendered.len() >= MOST_RENDERED {
        rendered.clear();
    }
    rendered.insert(text.to_owned(), Arc::clone(&lines));
    lines
}

/// Markdown of ours as lines of rustdoc: links to items stay. Text of a description may stand in it only as code spans.
#[must_use]
pub fn own_lines(text: &str) -> Arc<[String]> {
    wrap(text, WIDTH).into()
}

/// What was rendered before. Descriptions say the same of a parameter wherever it occurs, and client and server both say
/// it again.
static RENDERED: LazyLock<Mutex<HashMap<String, Arc<[String]>>>> = LazyLock::new(Mutex::default);

/// How many texts are remembered.
const MOST_RENDERED: usize = 8192;

fn render(text: &str) -> Vec<String> {
    if is_sentence(text) {
        return wrap(text, WIDTH);
    }
    parse(text)
}

fn parse(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut writer = Writer {
        events: TextMergeStream::new(Parser::new_ext(text, options)),
    };
    join(writer.blocks(0).blocks, true)
}

/// One block, line by line.
struct Block {
    lines: Vec<String>,
    is_list: bool,
}

/// What a container holds.
#[derive(Default)]
struct Container {
    blocks: Vec<Block>,
    /// It has paragraphs of its own: of a list item, that blank lines separate it.
    loose: bool,
}

impl Container {
    fn push(&mut self, lines: Vec<String>) {
        if !lines.is_empty() {
            let is_list = false;
            self.blocks.push(Block { lines, is_list });
        }
    }

    /// Ends a run of text.
    fn flush(&mut self, inline: &mut Inline) {
        inline.links.clear();
        if inline.out.is_empty() {
            return;
        }
        let text = std::mem::take(&mut inline.out);
        // A break at either end of a paragraph would show its backslash.
        let text = text.trim_matches(' ').trim_end_matches(HARD_BREAK);
        self.push(wrap(text.trim_start_matches(HARD_BREAK), WIDTH));
    }
}

/// Blocks one below the other; in tight ones a list follows its text directly.
fn join(blocks: Vec<Block>, loose: bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        if !lines.is_empty() && (loose || !block.is_list) {
            lines.push(String::new());
        }
        lines.extend(block.lines);
    }
    lines
}

/// Puts a marker before the first line and as many blanks before the others.
fn indent(marker: &str, lines: Vec<String>) -> Vec<String> {
    let blanks = " ".repeat(marker.len());
    lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| match (index, line.is_empty()) {
            (0, _) => format!("{marker}{line}"),
            (_, true) => line,
            (_, false) => format!("{blanks}{line}"),
        })
        .collect()
}

struct Writer<'a> {
    events: TextMergeStream<'a, Parser<'a>>,
}

impl Writer<'_> {
    /// Writes blocks up to the end of the container that was entered, or of the text.
    fn blocks(&mut self, depth: usize) -> Container {
        let mut container = Container::default();
        let mut inline = Inline::default();
        let mut unnested = 0_usize;
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::Paragraph) => {
                    container.flush(&mut inline);
                    container.loose = true;
                }
                Event::End(TagEnd::Paragraph | TagEnd::HtmlBlock) => container.flush(&mut inline),
                Event::Start(Tag::Heading { .. } | Tag::HtmlBlock) => container.flush(&mut inline),
                Event::End(TagEnd::Heading(level)) => container.push(heading(level, &mut inline)),
                Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) if depth >= DEEPEST => {
                    container.flush(&mut inline);
                    unnested += 1;
                }
                Event::Start(Tag::BlockQuote(_)) => {
                    container.flush(&mut inline);
                    let quoted = join(self.blocks(depth + 1).blocks, true);
                    let quote = |line: String| format!("> {line}").trim_end().to_owned();
                    container.push(quoted.into_iter().map(quote).collect());
                }
                Event::Start(Tag::List(first)) => {
                    container.flush(&mut inline);
                    let lines = self.list(first, depth + 1);
                    let is_list = true;
                    container.blocks.push(Block { lines, is_list });
                }
                Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) => {
                    if unnested == 0 {
                        break;
                    }
                    container.flush(&mut inline);
                    unnested -= 1;
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    container.flush(&mut inline);
                    container.push(self.code_block(&kind));
                }
                Event::Start(Tag::Table(alignments)) => {
                    container.flush(&mut inline);
                    container.push(self.table(&alignments));
                }
                Event::Rule => {
                    container.flush(&mut inline);
                    container.push(vec!["***".to_owned()]);
                }
                other => inline.event(other),
            }
        }
        container.flush(&mut inline);
        container
    }

    /// Writes the items of a list up to its end.
    fn list(&mut self, first: Option<u64>, depth: usize) -> Vec<String> {
        let mut items = Vec::new();
        let mut loose = false;
        let mut number = first;
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => {
                    let item = self.blocks(depth);
                    loose |= item.loose;
                    let marker = match &mut number {
                        Some(number) => {
                            let marker = format!("{number}. ");
                            *number = number.saturating_add(1);
                            marker
                        }
                        None => "- ".to_owned(),
                    };
                    items.push(indent(&marker, join(item.blocks, item.loose)));
                }
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        if loose {
            items.join(&String::new())
        } else {
            items.concat()
        }
    }

    /// Writes a code block as a fenced one, or as HTML when its text is not ASCII: a fence knows no escapes.
    fn code_block(&mut self, kind: &CodeBlockKind<'_>) -> Vec<String> {
        let mut text = String::new();
        for event in self.events.by_ref() {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
        }
        let text = text.replace('\t', "    ");
        let text = to_ascii(&text);
        let text = text.trim_end_matches('\n');
        if text.trim().is_empty() {
            return Vec::new();
        }
        if !text.is_ascii() {
            let html = format!("<pre><code>{}</code></pre>", escape_html(text));
            return html
                .lines()
                .map(|line| line.trim_end().to_owned())
                .collect();
        }
        let language = match kind {
            CodeBlockKind::Fenced(label) => LANGUAGES.into_iter().find(|known| {
                let word = label.split([' ', ',', '{']).next();
                word.is_some_and(|word| word.eq_ignore_ascii_case(known))
            }),
            CodeBlockKind::Indented => None,
        };
        let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
        let mut lines = vec![format!("{fence}{}", language.unwrap_or("text"))];
        lines.extend(text.lines().map(|line| line.trim_end().to_owned()));
        lines.push(fence);
        lines
    }

    /// Writes a table, one line a row.
    fn table(&mut self, alignments: &[Alignment]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut row = String::from("|");
        let mut inline = Inline {
            in_table: true,
            ..Inline::default()
        };
        for event in self.events.by_ref() {
            match event {
                Event::End(TagEnd::TableCell) => {
                    let cell = std::mem::take(&mut inline.out).replace('\n', " ");
                    let words: Vec<&str> = cell.split(' ').filter(|w| !w.is_empty()).collect();
                    row.push_str(&format!(" {} |", words.join(" ")));
                }
                Event::End(end @ (TagEnd::TableHead | TagEnd::TableRow)) => {
                    lines.push(
                        std::mem::replace(&mut row, String::from("|")).replace(UNBROKEN_BLANK, " "),
                    );
                    if end == TagEnd::TableHead {
                        let rules = alignments.iter().map(|alignment| match alignment {
                            Alignment::None => " --- |",
                            Alignment::Left => " :-- |",
                            Alignment::Center => " :-: |",
                            Alignment::Right => " --: |",
                        });
                        lines.push(std::iter::once("|").chain(rules).collect());
                    }
                }
                Event::End(TagEnd::Table) => break,
                other => inline.event(other),
            }
        }
        lines
    }
}

/// A heading on one line.
fn heading(level: HeadingLevel, inline: &mut Inline) -> Vec<String> {
    let text = std::mem::take(&mut inline.out).replace(HARD_BREAK, " ");
    match wrap(&text.replace('\n', " "), usize::MAX).pop() {
        Some(line) => vec![format!("{} {line}", "#".repeat(level as usize))],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::code;
    use super::{is_sentence, lines, parse, render};

    #[track_caller]
    fn check(markdown: &str, expected: &[&str]) {
        assert_eq!(lines(markdown).as_ref(), expected, "{markdown}");
    }

    #[test]
    fn code_blocks_are_fenced_and_never_rust() {
        check("    let x = 1;", &["```text", "let x = 1;", "```"]);
        check("```\na\n\n\tb\n```", &["```text", "a", "", "    b", "```"]);
        check("```json\n{}\n```", &["```json", "{}", "```"]);
        check("```rust,ignore\nfn\n```", &["```text", "fn", "```"]);
        check("````\n```\n````", &["````text", "```", "````"]);
        check(
            "```\n\u{e9} <&\n```",
            &["<pre><code>&#xe9; &lt;&amp;</code></pre>"],
        );
    }

    #[test]
    fn brackets_tags_and_references_are_text() {
        check(
            "[Team] and [`Vec`][x] <b>",
            &["\\[Team\\] and \\[`Vec`\\]\\[x\\] \\<b>"],
        );
        check(
            "Vec<String> &amp;lt; a_b _c",
            &["Vec\\<String> \\&lt; a_b \\_c"],
        );
        check("<div>\nhi\n</div>", &["\\<div> hi \\</div>"]);
        check("a<br/>b <!-- c -->", &["a\\", "b"]);
        check("a<br>", &["a"]);
    }

    #[test]
    fn links_lead_somewhere_or_are_their_text() {
        check("[docs](/api/pagination) [x](#y)", &["docs x"]);
        check(
            "[a](https://b.io/c?d&e \"t\")",
            &["[a](<https://b.io/c?d&amp;e>)"],
        );
        check(
            "<https://b.io> https://c.io.",
            &["<https://b.io> <https://c.io>."],
        );
        check("yes![a](https://b.io)", &["yes[a](<https://b.io>)"]);
        check("[j](javascript:x)", &["j"]);
    }

    #[test]
    fn everything_is_ascii() {
        check(
            "\u{201c}a\u{201d} \u{2014} caf\u{e9}\u{202e}\u{200b}",
            &["\"a\" --- caf&#xe9;"],
        );
        check("`caf\u{e9} <x>`", &["<code>caf&#xe9; \\<x></code>"]);
    }

    #[test]
    fn lists_quotes_headings_and_tables_survive() {
        check("* a\n  * b\n* c\n", &["- a", "  - b", "- c"]);
        check("3) a\n\n4) b\n", &["3. a", "", "4. b"]);
        check("> a\n>\n> b", &["> a", ">", "> b"]);
        check("Title\n=====\ntext", &["# Title", "", "text"]);
        check(
            "|a|b|\n|-|:-|\n|`x\\|y`|1|",
            &["| a | b |", "| --- | :-- |", "| `x\\|y` | 1 |"],
        );
        check("a\n\n***\n\nb", &["a", "", "***", "", "b"]);
    }

    #[test]
    fn a_sentence_is_what_markdown_makes_of_it() {
        for text in [
            "The `a_b` property, 50% # + - = > x!  y ",
            "`a` or `\\<&|*_[b`: \"c\" 'd' (e) {f} ^g$",
            "a 1. b 2) c",
        ] {
            assert!(is_sentence(text), "{text}");
            assert_eq!(render(text), parse(text), "{text}");
        }
        for text in [
            "", " a", "1. a", "- a", "# a", "> a", "a\nb", "a `b", "a ``b``", "`a``b`", "```",
            "a `b c`", "a_ b", "*a*", "[a]", "<a>", "&amp;", "a|b", "~a~", "a\\", "http://a",
            "\u{e9}", "a\tb",
        ] {
            assert!(!is_sentence(text), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_flattened_not_a_stack_overflow() {
        let quotes = ">".repeat(50_000) + " a";
        assert!(lines(&quotes).iter().any(|line| line.ends_with('a')));
        let lists = "- ".repeat(20_000) + "a";
        assert!(lines(&lists).iter().any(|line| line.ends_with('a')));
    }

    #[test]
    fn code_spans_hold_backticks_and_blanks() {
        assert_eq!(code("a `b`"), "`` a `b` ``");
        assert_eq!(code("a b"), "`a b`");
        check("a ``x` y``", &["a ``x` y``"]);
    }
}
